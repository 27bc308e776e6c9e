// What people are told, in whole sentences. All texts are one table, with a column per language.
#ifndef ROLEMIX_SAY_SENTENCE_H_
#define ROLEMIX_SAY_SENTENCE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "alert/alert.h"
#include "explain/detail.h"
#include "explain/finding.h"
#include "model/role_model.h"
#include "text/language.h"

namespace rolemix {

/// Which metric is most to blame, what it is, and what it should have been.
std::string sentence(const RoleModel& model, const Finding& finding,
                     Language language = Language::kEnglish);

/// Of a role's alert: how many hosts it is about, and the sentence of the worst one, which may be
/// empty.
std::string role_sentence(std::size_t hosts, std::string_view worst_host, std::string_view of_worst,
                          Language language = Language::kEnglish);

/// Of an alert's worst sample, empty without its finding; of a role's alert also how many hosts it
/// is about.
std::string sentence(const RoleModel& model, const Alert& alert,
                     Language language = Language::kEnglish);

/// Which metrics left their ranges first, and when; empty without any. at: epoch seconds.
std::string left_first_sentence(std::span<const std::string> metrics, double at,
                                Language language = Language::kEnglish);

/// When a metric was what it was before.
enum class Before : std::uint8_t {
  kSameHour,    ///< at the same hour of the host's earlier days
  kHourBefore,  ///< in the hour before, where there are none
};

/// "same_hour", "hour_before".
std::string_view name(Before before);

/// What a metric was before, and is now; empty when either is NaN.
std::string changed_sentence(std::string_view metric, std::string_view unit, double before,
                             double now, Before when, Language language = Language::kEnglish);

/// What the other hosts of the role show of a metric at that time; empty without any.
std::string peers_sentence(int hosts, double low, double high, std::string_view unit,
                           Language language = Language::kEnglish);

/// Whether the host is alone in being unusual. unusual: hosts that are, itself among them; hosts:
/// those of the role that were measured then.
std::string others_sentence(std::size_t unusual, std::size_t hosts,
                            Language language = Language::kEnglish);

/// A metric and what it would have to be.
struct WantedValue {
  std::string_view metric;
  std::string_view unit;
  double value = 0;
};

/// What would make the host normal, or, where that is not enough, bring it nearest; empty without
/// values.
std::string remedy_sentence(std::span<const WantedValue> values,
                            Language language = Language::kEnglish, bool enough = true);

/// The remedy in words; empty when there is none, and of more than three metrics, which do not read
/// well.
std::string remedy_of(const RoleModel& model, const Detail& detail,
                      Language language = Language::kEnglish);

/// "Move together: a, b", a line rather than a sentence; empty without metrics.
std::string moves_with(std::span<const std::string> metrics,
                       Language language = Language::kEnglish);

}  // namespace rolemix

#endif  // ROLEMIX_SAY_SENTENCE_H_
