// Any bytes as a role's configuration give an error with a message, or options and a model whose
// numbers are in bounds.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/escape.h"
#include "config/model_edit.h"
#include "config/role_config.h"
#include "fuzz/message.h"
#include "fuzz/seal_bytes.h"
#include "model/model_file.h"
#include "model/random_model.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

/// What was trained as `fuzz:role`, with something for each kind of edit.
RoleModel trained_model() {
  Parameters parameters{Eigen::Vector2d(0.75, 0.25), Matrix::Zero(2, 3), {}};
  parameters.means.row(1).setConstant(9);
  parameters.covariances.assign(2, 2 * Matrix::Identity(3, 3));
  RoleModel model = plain_model(parameters);
  model.role = "fuzz:role";
  model.unclipped_covariances = model.covariances;
  model.metrics[0].name = "cpu";
  model.metrics[0].full_scale = 100;
  model.metrics[0].transform = Transform::kLogit;
  model.metrics[1].name = "load";
  model.metrics[1].median = 3;
  model.metrics[1].non_negative = true;
  model.metrics[1].tolerance_source = "3 % of the robust range";
  model.metrics[2].name = "disk";
  model.metrics[2].transform = Transform::kLog1p;
  return read_model(bytes_of(write_model(model))).value();
}

bool is_time(double time) { return std::abs(time) <= kLatestTimestamp; }

std::string wrong_with(const std::string& name, const MetricRule& rule) {
  const bool good_texts = is_utf8(name) && is_utf8(rule.unit) && rule.unit.size() <= kLongestText;
  if (name.empty() || !good_texts) {
    return "a name or unit that no model can hold";
  }
  if (!std::isnan(rule.full_scale) && !is_scale(rule.full_scale)) {
    return "a full scale out of bounds";
  }
  const auto& tolerance = rule.tolerance;
  const bool good = !tolerance || is_scale(tolerance->value * (tolerance->is_share ? 100 : 1));
  return good ? "" : "a tolerance out of bounds";
}

std::string wrong_with(TrainOptions options) {
  if (options.role.empty()) {
    options.role = "fuzz:role";  // which may come from elsewhere
  }
  if (auto checked = validate(options); !checked) {
    return "options that training refuses: " + checked.error().message;
  }
  for (const auto& [name, rule] : options.metrics) {
    if (std::string wrong = wrong_with(name, rule); !wrong.empty()) {
      return wrong;
    }
  }
  const bool good = (std::isinf(options.from) || is_time(options.from)) &&
                    (std::isinf(options.to) || is_time(options.to)) &&
                    std::ranges::all_of(options.exclude, [](const auto& period) {
                      return is_time(period.first) && is_time(period.second);
                    });
  return good && is_utf8(options.role) ? "" : "times or a role out of bounds";
}

std::string wrong_with(const ConfiguredModel& configured) {
  const auto again = read_model(bytes_of(write_model(configured.model)));
  if (!again) {
    return "a model that is not read again: " + again.error().message;
  }
  const bool good = std::ranges::all_of(configured.notices, [](const Notice& notice) {
    return !notice.text.empty() && is_utf8(notice.text);
  });
  return good ? "" : "a notice that is empty or not in UTF-8";
}

/// Of a Result: of its error, or of what it holds.
template <typename T>
std::string wrong_with(const Result<T>& result) {
  if (result) {
    return wrong_with(*result);
  }
  return result.error().message.starts_with("fuzz.yaml") ? wrong_with(result.error())
                                                         : "an error without the file's name";
}

std::string wrong_with_yaml(const std::string& yaml) {
  static const RoleModel model = trained_model();
  static const TrainOptions preset = preset_options("node-exporter").value();
  constexpr const char* kSource = "fuzz.yaml";
  for (const std::string& wrong : {wrong_with(parse_role_config(yaml, kSource)),
                                   wrong_with(parse_role_config(yaml, kSource, preset)),
                                   wrong_with(configured(model, yaml, kSource))}) {
    if (!wrong.empty()) {
      return wrong;
    }
  }
  return "";
}

}  // namespace
}  // namespace rolemix

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string wrong = rolemix::wrong_with_yaml(std::string(data, data + size));
  if (!wrong.empty()) {
    std::fprintf(stderr, "config_fuzzer: %s\n", wrong.c_str());
    std::abort();
  }
  return 0;
}
