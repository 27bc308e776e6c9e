// What the names in data are called: levels, sensitivities, directions, reasons.
#ifndef ROLEMIX_SAY_NAMES_H_
#define ROLEMIX_SAY_NAMES_H_

#include <cstdint>
#include <string_view>

#include "explain/explain.h"
#include "model/calibration.h"
#include "text/language.h"

namespace rolemix {

/// Severities in the steps of the sensitivities: from 25, 50 and 75 on; an alert is one of the last
/// two.
enum class Level : std::uint8_t { kNormal, kUnusual, kWarning, kCritical };

std::string_view name(Level level);

/// "critical", "重大".
std::string_view word(Level level, Language language);
std::string_view word(Sensitivity sensitivity, Language language);
std::string_view word(Direction direction, Language language);

/// Of none: that the metric is within its ranges.
std::string_view word(Reason reason, Language language);

/// Why a metric has no reason: it was not measured, or its host has no level yet.
std::string_view no_reason(bool measured, Language language);

}  // namespace rolemix

#endif  // ROLEMIX_SAY_NAMES_H_
