#include "config/role_config.h"

#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <sstream>
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

/// Far more than rules for 256 metrics take; what is larger is some other file.
constexpr std::size_t kMostBytes = 4 << 20;

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

/// For messages: what stands in the place of something else.
std::string shown(const YAML::Node& node) {
  return node.IsScalar()     ? in_quotes(node.Scalar())
         : node.IsSequence() ? "a list"
         : node.IsMap()      ? "a map"
                             : "nothing";
}

/// Tags such as !include or !!binary ask for something that is not done.
void refuse_tag(const YAML::Node& node, std::string_view what) {
  const std::string& tag = node.Tag();
  if (!tag.empty() && tag != "?" && tag != "!") {  // as YAML itself names plain and quoted text
    stop(node, fmt::format("{}: expected no tag, got {}", what, in_quotes(tag)));
  }
}

std::string text_of(const YAML::Node& node, std::string_view what) {
  refuse_tag(node, what);
  if (!node.IsScalar()) {
    stop(node, fmt::format("{}: expected a single value, got {}", what, shown(node)));
  }
  return node.Scalar();
}

/// A text that a model can hold.
std::string short_text_of(const YAML::Node& node, std::string_view what) {
  std::string text = text_of(node, what);
  if (text.size() > kLongestText) {
    stop(node,
         fmt::format("{}: expected at most {} bytes, got {}", what, kLongestText, text.size()));
  }
  return text;
}

double number_of(const YAML::Node& node, std::string_view what) {
  const std::string text = text_of(node, what);
  const std::optional<double> number = parse_number(text);
  if (!number) {
    stop(node, fmt::format("{}: expected a number, got {}", what, in_quotes(text)));
  }
  return *number;
}

/// 20261012, which as epoch seconds would be a time in 1970.
bool is_date_of_digits(const std::string& text) {
  return text.size() == 8 && text.find_first_not_of("0123456789") == std::string::npos &&
         parse_timestamp(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6));
}

double time_of(const YAML::Node& node, std::string_view what) {
  const std::string text = text_of(node, what);
  const std::optional<double> time = parse_timestamp(text);
  const bool is_date = is_date_of_digits(text);
  if (!time || is_date || *time < -kLatestTimestamp) {
    stop(node,
         fmt::format("{}: expected epoch seconds or a date such as 2026-10-12T03:00Z, got {}", what,
                     shown_timestamp(text) + (is_date ? ", which looks like a date" : "")));
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

/// Every key once, with a value, and one of those known; without any: every name is known.
void check_keys(const YAML::Node& map, std::string_view where,
                std::span<const std::string_view> known = {}) {
  refuse_tag(map, where);
  if (!map.IsMap()) {
    stop(map, fmt::format("{}: expected a map of {}, got {}", where,
                          known.empty() ? "names" : "keys and values", shown(map)));
  }
  std::set<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = short_text_of(entry.first, where);
    const bool merges = key == "<<" && entry.first.Tag() == "?";  // in quotes it is a name
    if (key.empty() || merges) {
      stop(entry.first, fmt::format("{}: expected a name, got {}", where,
                                    key.empty() ? "an empty one" : "<<; merge keys are not read"));
    }
    if (!known.empty() && std::ranges::find(known, key) == known.end()) {
      const auto nearest = std::ranges::min_element(
          known, {}, [&](std::string_view other) { return edit_distance(key, other); });
      stop(entry.first,
           fmt::format("{}: unknown key {}; did you mean {}?", where, in_quotes(key), *nearest));
    }
    if (!seen.insert(key).second) {
      stop(entry.first, fmt::format("{}: {} appears twice", where, in_quotes(key)));
    }
    if (entry.second.IsNull()) {
      stop(entry.first,
           fmt::format("{}: expected a value of {}, got nothing", where, in_quotes(key)));
    }
  }
}

/// A logit has no meaning without an end of the scale, well above the tolerance.
void check_logit(const YAML::Node& node, const std::string& where, const MetricRule& rule) {
  const double scale = rule.full_scale;
  double tolerance = rule.tolerance ? rule.tolerance->value : 0;
  if (rule.tolerance && rule.tolerance->is_share) {
    tolerance *= scale;
  }
  if (rule.transform == Transform::kLogit && !(scale > 2 * tolerance)) {
    stop(node, fmt::format("{} transform: expected a full_scale above two tolerances for logit, "
                           "got {}",
                           where, std::isnan(scale) ? "none" : fmt::format("{}", scale)));
  }
}

void read_metric(const YAML::Node& node, const std::string& name, MetricRule& rule) {
  const std::string where = fmt::format("metric {}", in_quotes(name));
  check_keys(node, where, kMetricKeys);
  rule.from_preset = false;
  if (const auto unit = node["unit"]) {
    rule.unit = short_text_of(unit, where + " unit");
    if (rule.unit.find('\n') != std::string::npos) {
      stop(unit, fmt::format("{} unit: expected one line, got {}", where, shown(unit)));
    }
  }
  if (const auto scale = node["full_scale"]) {
    rule.full_scale = number_of(scale, where + " full_scale");
    if (!is_scale(rule.full_scale)) {
      stop(scale, fmt::format("{} full_scale: expected a number above 0, in 1e-50..1e50, got {}",
                              where, shown(scale)));
    }
  }
  if (const auto tolerance = node["tolerance"]) {
    rule.tolerance =
        value_or_stop(tolerance, parse_tolerance(text_of(tolerance, where + " tolerance")));
  }
  if (const auto direction = node["detection_direction"]) {
    rule.detection_direction = value_or_stop(
        direction, parse_detection_direction(text_of(direction, where + " detection_direction")));
  }
  if (const auto transform = node["transform"]) {
    rule.transform =
        value_or_stop(transform, parse_transform(text_of(transform, where + " transform")));
    check_logit(transform, where, rule);
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

void read_exclude(const YAML::Node& node, TrainOptions& options) {
  constexpr std::string_view kWhat = "training exclude";
  constexpr std::string_view kExpected = "expected pairs such as [[2026-10-12, 2026-10-13]]";
  const auto check_list = [&](const YAML::Node& list, bool is_pair) {
    refuse_tag(list, kWhat);
    if (!list.IsSequence() || (is_pair && list.size() != 2)) {
      stop(list,
           fmt::format("{}: {}, got {}", kWhat, kExpected,
                       list.IsSequence() ? fmt::format("a list of {}", list.size()) : shown(list)));
    }
  };
  check_list(node, false);
  for (const auto& period : node) {
    check_list(period, true);
    const double from = time_of(period[0], kWhat);
    const double to = time_of(period[1], kWhat);
    if (!(from < to)) {
      stop(period, fmt::format("{}: expected an end after {}, got {}", kWhat, shown(period[0]),
                               shown(period[1])));
    }
    options.exclude.emplace_back(from, to);
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
  if (!(options.from < options.to)) {
    stop(node["to"] ? node["to"] : node, "training to: expected a time after from");
  }
  if (const auto exclude = node["exclude"]) {
    read_exclude(exclude, options);
  }
}

void read_alerts(const YAML::Node& node, AlertSettings& settings) {
  check_keys(node, "alerts", kAlertKeys);
  if (const auto warning = node["warning_sensitivity"]) {
    settings.warning =
        value_or_stop(warning, parse_sensitivity(text_of(warning, "alerts warning_sensitivity")));
  }
  if (const auto critical = node["critical_sensitivity"]) {
    settings.critical = value_or_stop(
        critical, parse_sensitivity(text_of(critical, "alerts critical_sensitivity")));
  }
  if (const auto attempts = node["max_check_attempts"]) {
    const double number = number_of(attempts, "alerts max_check_attempts");
    if (!(number >= 1 && number <= kMaxCheckAttempts && number == std::floor(number))) {
      stop(attempts, "alerts max_check_attempts: expected 1-10, got " + shown(attempts));
    }
    settings.max_check_attempts = static_cast<int>(number);
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
    check_keys(metrics, "metrics");
    for (const auto& entry : metrics) {
      const std::string name = visible(entry.first.Scalar());
      read_metric(entry.second, name, options.metrics[name]);
    }
  }
  if (const auto defaults = root["defaults"]) {
    check_keys(defaults, "defaults", kDefaultKeys);
    if (const auto tolerance = defaults["tolerance"]) {
      const ToleranceRule rule =
          value_or_stop(tolerance, parse_tolerance(text_of(tolerance, "defaults tolerance")));
      if (!rule.is_share || rule.value >= 1) {
        stop(tolerance, "defaults tolerance: expected a share such as 2 %, below 100 %, got " +
                            shown(tolerance));
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

/// Refuses what yaml-cpp passes over: bytes that are no text, and directives.
void check_lines(std::string_view yaml) {
  if (yaml.starts_with("\xff\xfe") || yaml.starts_with("\xfe\xff")) {
    return;  // UTF-16, which it reads
  }
  YAML::Mark mark;
  for (; !yaml.empty(); ++mark.line) {
    const std::string_view line = yaml.substr(0, yaml.find('\n'));
    if (!is_utf8(line) || line.find('\0') != std::string_view::npos) {
      throw ConfigError{mark, "expected text in UTF-8, got other bytes"};
    }
    if (line.starts_with('%') && !line.starts_with("%YAML ")) {
      throw ConfigError{mark, "expected no line that begins with %; comments begin with #"};
    }
    yaml.remove_prefix(std::min(line.size() + 1, yaml.size()));
  }
}

/// Told where the documents of a text begin, and of nothing else.
class Beginnings : public YAML::EventHandler {
 public:
  std::vector<YAML::Mark> marks;

  void OnDocumentStart(const YAML::Mark& mark) override { marks.push_back(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/,
                       YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}
};

/// Refuses a second document. YAML::LoadAll does not end where a comma stands outside of lists and
/// maps: it finds empty documents there for ever.
void check_documents(const std::string& yaml) {
  std::istringstream text(yaml);
  YAML::Parser parser(text);
  Beginnings beginnings;
  while (beginnings.marks.size() < 2 && parser.HandleNextDocument(beginnings)) {
  }
  if (beginnings.marks.size() > 1) {
    throw ConfigError{beginnings.marks[1], "expected one document and nothing after it"};
  }
}

}  // namespace

Result<TrainOptions> parse_role_config(const std::string& yaml, std::string_view source,
                                       TrainOptions base) {
  const auto located = [&](const YAML::Mark& mark, const std::string& message) {
    return fail(ErrorCode::kBadFormat,
                mark.is_null()
                    ? fmt::format("{}: {}", source, message)
                    : fmt::format("{}:{}:{}: {}", source, mark.line + 1, mark.column + 1, message));
  };
  if (yaml.size() > kMostBytes) {
    return fail(ErrorCode::kBadFormat, fmt::format("{}: expected at most {} bytes, got {}", source,
                                                   kMostBytes, yaml.size()));
  }
  try {
    check_lines(yaml);
    check_documents(yaml);
    return read_options(YAML::Load(yaml), std::move(base));
  } catch (const ConfigError& error) {
    return located(error.mark, error.message);
  } catch (const YAML::DeepRecursion& error) {
    return located(error.mark, "lists and maps are nested too deeply");
  } catch (const YAML::Exception& error) {
    // It may quote the first byte of a longer character.
    return located(error.mark, visible(error.msg));
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
  if (!is_scale(*value)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("tolerance: expected 1e-50..1e50, got {}", in_quotes(text)));
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
