#include "config/role_config.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "config/edit_distance.h"
#include "config/presets.h"
#include "table/number.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

constexpr std::array<std::string_view, 6> kTopKeys = {"role",     "metrics",    "defaults",
                                                      "training", "components", "alerts"};
constexpr std::array<std::string_view, 7> kMetricKeys = {
    "unit", "full_scale", "tolerance", "detection_direction", "transform", "center", "drop"};
constexpr std::array<std::string_view, 1> kDefaultKeys = {"tolerance"};
constexpr std::array<std::string_view, 3> kTrainingKeys = {"from", "to", "exclude"};
constexpr std::array<std::string_view, 3> kAlertKeys = {
    "warning_sensitivity", "critical_sensitivity", "max_check_attempts"};

/// Thrown inside this file only: the way out of nested reading, as yaml-cpp's own errors.
struct ConfigError {
  YAML::Mark mark;
  std::string message;
};

[[noreturn]] void stop(const YAML::Node& node, std::string message) {
  throw ConfigError{node.Mark(), std::move(message)};
}

template <typename T>
T value_or_stop(const YAML::Node& node, Result<T> result) {
  if (!result) {
    stop(node, result.error().message);
  }
  return std::move(*result);
}

std::string text_of(const YAML::Node& node, std::string_view what) {
  if (!node.IsScalar()) {
    stop(node, fmt::format("{}: expected a single value", what));
  }
  return node.Scalar();
}

double number_of(const YAML::Node& node, std::string_view what) {
  const std::string text = text_of(node, what);
  const std::optional<double> number = parse_number(text);
  if (!number) {
    stop(node, fmt::format("{}: expected a number, got {}", what, in_quotes(text)));
  }
  return *number;
}

double time_of(const YAML::Node& node, std::string_view what) {
  const std::string text = text_of(node, what);
  const std::optional<double> time = parse_timestamp(text);
  if (!time) {
    stop(node, fmt::format("{}: expected epoch seconds or a date such as 2026-10-12T03:00Z, got {}",
                           what, shown_timestamp(text)));
  }
  return *time;
}

bool flag_of(const YAML::Node& node, std::string_view what) {
  const std::string text = text_of(node, what);
  if (text != "true" && text != "false") {
    stop(node, fmt::format("{}: expected true or false, got {}", what, in_quotes(text)));
  }
  return text == "true";
}

void check_keys(const YAML::Node& map, std::string_view where,
                std::span<const std::string_view> known) {
  if (!map.IsMap()) {
    stop(map, fmt::format("{}: expected a map of keys and values", where));
  }
  std::vector<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = text_of(entry.first, where);
    if (std::ranges::find(known, key) == known.end()) {
      const auto nearest = std::ranges::min_element(
          known, {}, [&](std::string_view other) { return edit_distance(key, other); });
      stop(entry.first,
           fmt::format("{}: unknown key {}; did you mean {}?", where, in_quotes(key), *nearest));
    }
    if (std::ranges::find(seen, key) != seen.end()) {
      stop(entry.first, fmt::format("{}: key {} appears twice", where, in_quotes(key)));
    }
    seen.push_back(key);
  }
}

void read_metric(const YAML::Node& node, const std::string& name, MetricRule& rule) {
  const std::string where = fmt::format("metric {}", in_quotes(name));
  check_keys(node, where, kMetricKeys);
  rule.from_preset = false;
  if (const auto unit = node["unit"]) {
    rule.unit = text_of(unit, where + " unit");
  }
  if (const auto scale = node["full_scale"]) {
    rule.full_scale = number_of(scale, where + " full_scale");
    if (rule.full_scale <= 0) {
      stop(scale, where + " full_scale: expected a number above 0");
    }
  }
  if (const auto tolerance = node["tolerance"]) {
    rule.tolerance = value_or_stop(tolerance, parse_tolerance(text_of(tolerance, where)));
  }
  if (const auto direction = node["detection_direction"]) {
    rule.detection_direction =
        value_or_stop(direction, parse_detection_direction(text_of(direction, where)));
  }
  if (const auto transform = node["transform"]) {
    rule.transform = value_or_stop(transform, parse_transform(text_of(transform, where)));
  }
  if (const auto center = node["center"]) {
    const std::string text = text_of(center, where + " center");
    if (text != "host" && text != "none") {
      stop(center, fmt::format("{} center: expected host or none, got {}", where, in_quotes(text)));
    }
    rule.center_by_host = text == "host";
  }
  if (const auto drop = node["drop"]) {
    rule.drop = flag_of(drop, where + " drop");
  }
}

void read_training(const YAML::Node& node, TrainOptions& options) {
  check_keys(node, "training", kTrainingKeys);
  if (const auto from = node["from"]) {
    options.from = time_of(from, "training from");
  }
  if (const auto to = node["to"]) {
    options.to = time_of(to, "training to");
  }
  for (const auto& period : node["exclude"]) {
    if (!period.IsSequence() || period.size() != 2) {
      stop(period, "training exclude: expected pairs [from, to]");
    }
    options.exclude.emplace_back(time_of(period[0], "training exclude"),
                                 time_of(period[1], "training exclude"));
  }
}

void read_alerts(const YAML::Node& node, AlertSettings& settings) {
  check_keys(node, "alerts", kAlertKeys);
  if (const auto warning = node["warning_sensitivity"]) {
    settings.warning = value_or_stop(warning, parse_sensitivity(text_of(warning, "alerts")));
  }
  if (const auto critical = node["critical_sensitivity"]) {
    settings.critical = value_or_stop(critical, parse_sensitivity(text_of(critical, "alerts")));
  }
  if (const auto attempts = node["max_check_attempts"]) {
    const double number = number_of(attempts, "alerts max_check_attempts");
    settings.max_check_attempts =
        number >= 1 && number <= kMaxCheckAttempts && number == static_cast<int>(number)
            ? static_cast<int>(number)
            : 0;
  }
  if (const auto checked = validate(settings); !checked) {
    stop(node, "alerts: " + checked.error().message);
  }
}

TrainOptions read_options(const YAML::Node& root, TrainOptions options) {
  if (root.IsNull()) {
    return options;
  }
  check_keys(root, "configuration", kTopKeys);
  if (const auto role = root["role"]) {
    options.role = value_or_stop(role, parse_role(text_of(role, "role")));
  }
  if (const auto metrics = root["metrics"]) {
    if (!metrics.IsMap()) {
      stop(metrics, "metrics: expected a map of metric names");
    }
    std::set<std::string> seen;
    for (const auto& entry : metrics) {
      const std::string name = text_of(entry.first, "metrics");
      if (!seen.insert(name).second) {
        stop(entry.first, fmt::format("metrics: {} appears twice", in_quotes(name)));
      }
      read_metric(entry.second, name, options.metrics[name]);
    }
  }
  if (const auto defaults = root["defaults"]) {
    check_keys(defaults, "defaults", kDefaultKeys);
    if (const auto tolerance = defaults["tolerance"]) {
      const ToleranceRule rule =
          value_or_stop(tolerance, parse_tolerance(text_of(tolerance, "defaults tolerance")));
      if (!rule.is_share) {
        stop(tolerance, "defaults tolerance: expected a share such as 2 %");
      }
      options.default_tolerance = rule.value;
    }
  }
  if (const auto training = root["training"]) {
    read_training(training, options);
  }
  if (const auto components = root["components"]) {
    std::tie(options.min_components, options.max_components) =
        value_or_stop(components, parse_components(text_of(components, "components")));
  }
  if (const auto alerts = root["alerts"]) {
    read_alerts(alerts, options.alert_settings);
  }
  return options;
}

}  // namespace

Result<TrainOptions> parse_role_config(const std::string& yaml, std::string_view source,
                                       TrainOptions base) {
  const auto located = [&](const YAML::Mark& mark, const std::string& message) {
    return fail(ErrorCode::kBadFormat,
                mark.is_null() ? fmt::format("{}: {}", source, message)
                               : fmt::format("{}:{}: {}", source, mark.line + 1, message));
  };
  try {
    return read_options(YAML::Load(yaml), std::move(base));
  } catch (const ConfigError& error) {
    return located(error.mark, error.message);
  } catch (const YAML::Exception& error) {
    return located(error.mark, error.msg);
  }
}

Result<TrainOptions> preset_options(std::string_view name) {
  const auto yaml = preset_yaml(name);
  if (!yaml) {
    return std::unexpected(yaml.error());
  }
  auto options = parse_role_config(*yaml, name);
  if (options) {
    for (auto& [metric, rule] : options->metrics) {
      rule.from_preset = true;
    }
  }
  return options;
}

Result<ToleranceRule> parse_tolerance(std::string_view text) {
  std::string_view number = text;
  const bool is_share = number.ends_with('%');
  if (is_share) {
    number.remove_suffix(1);
    while (number.ends_with(' ')) {
      number.remove_suffix(1);
    }
  }
  const std::optional<double> value = parse_number(number);
  if (!value || *value <= 0) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("tolerance: expected a number above 0 or a share such as 5 %, got {}",
                            in_quotes(text)));
  }
  return ToleranceRule{is_share ? *value / 100 : *value, is_share};
}

Result<std::pair<int, int>> parse_components(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto whole = [](std::string_view part) {
    const double value = parse_number(part).value_or(0);
    return value >= 1 && value <= kMaxComponents && value == std::floor(value)
               ? static_cast<int>(value)
               : 0;
  };
  const int least = whole(text.substr(0, dash));
  const int most = dash == std::string_view::npos ? least : whole(text.substr(dash + 1));
  if (least == 0 || most < least) {
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format("components: expected a number such as 3 or a range such as 1-8, got {}",
                    in_quotes(text)));
  }
  return std::pair(least, most);
}

}  // namespace rolemix
