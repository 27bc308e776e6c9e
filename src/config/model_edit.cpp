#include "config/model_edit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "base/digest.h"
#include "base/escape.h"
#include "config/presets.h"
#include "config/role_config.h"
#include "model/edit.h"
#include "train/tolerance.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// What a configuration is read over: keys that it leaves out are as the model has them.
TrainOptions options_of(const RoleModel& model) {
  TrainOptions options;
  options.role = model.role;
  options.alert_settings = model.alert_settings;
  options.default_tolerance = kNaN;
  options.min_components = 0;  // not stated
  for (const MetricSpec& metric : model.metrics) {
    MetricRule& rule = options.metrics[metric.name];
    rule.unit = metric.unit;
    rule.full_scale = metric.full_scale;
    rule.detection_direction = metric.detection_direction;
    rule.transform = metric.transform;
    rule.center_by_host = metric.center_by_host;
  }
  return options;
}

/// Whether training would have passed the rule over, as a share of 0.
bool is_share_of_nothing(const MetricSpec& metric, const MetricRule& rule) {
  return rule.tolerance && rule.tolerance->is_share && std::isnan(rule.full_scale) &&
         metric.non_negative && metric.median == 0;
}

std::unexpected<Error> not_kept(const std::string& what) {
  return fail(ErrorCode::kInvalidArgument,
              what +
                  ", and the model does not keep what it is a share of: give the tolerance in "
                  "the metric's unit, or train again");
}

/// The tolerance that training would take, NaN where that is the model's own.
Result<double> changed_tolerance(const MetricSpec& metric, const MetricRule& rule) {
  if (!rule.tolerance) {
    return kNaN;
  }
  const std::string& trained = metric.tolerance_source;
  ValueSummary kept;  // of the training samples
  if (metric.non_negative && metric.median > 0) {
    kept.median_size = metric.median;
  }
  const double tolerance = tolerance_of(rule, kept, 0).value;
  if (tolerance > 0) {
    const bool raised = tolerance < metric.tolerance && trained.ends_with(kRaised);
    return raised || tolerance == metric.tolerance ? kNaN : tolerance;
  }
  const std::string share = share_text(rule.tolerance->value, kMedian);
  if (trained.starts_with(stated_text(share)) ||
      (is_share_of_nothing(metric, rule) && !trained.starts_with(kStated))) {
    return kNaN;
  }
  return not_kept(fmt::format("metric {}: tolerance: {}, the model has {}", in_quotes(metric.name),
                              share, in_quotes(trained)));
}

/// A default is known to be the one of training by what the model says of its tolerances.
Result<void> check_default(const RoleModel& model, const TrainOptions& options) {
  if (std::isnan(options.default_tolerance)) {
    return {};
  }
  const std::string share = share_text(options.default_tolerance, kRobustRange);
  for (const MetricSpec& metric : model.metrics) {
    const MetricRule& rule = options.metrics.at(metric.name);
    const bool by_default = !rule.tolerance || is_share_of_nothing(metric, rule);
    if (by_default && !rule.drop && metric.tolerance_source.ends_with(kRobustRange) &&
        metric.tolerance_source != share) {
      return not_kept(fmt::format("defaults tolerance: {}, the model has {} for {}", share,
                                  in_quotes(metric.tolerance_source), in_quotes(metric.name)));
    }
  }
  return {};
}

Result<std::vector<MetricEdit>> edits_of(const RoleModel& model, const TrainOptions& options) {
  std::vector<MetricEdit> edits(model.metrics.size());
  for (std::size_t d = 0; d < edits.size(); ++d) {
    const MetricSpec& metric = model.metrics[d];
    const MetricRule& rule = options.metrics.at(metric.name);
    edits[d].muted = rule.drop;
    if (!rule.drop) {
      const auto tolerance = changed_tolerance(metric, rule);
      if (!tolerance) {
        return std::unexpected(tolerance.error());
      }
      edits[d].tolerance = *tolerance;
    }
  }
  return edits;
}

std::vector<std::string> differences(const MetricSpec& metric, const MetricRule& rule) {
  std::vector<std::string> keys;
  const auto compare = [&](const char* key, bool same) {
    if (!same) {
      keys.push_back(fmt::format("{} of {}", key, in_quotes(metric.name)));
    }
  };
  compare("unit", rule.unit == metric.unit || rule.unit.empty());
  compare("full_scale", rule.full_scale == metric.full_scale || std::isnan(rule.full_scale));
  compare("detection_direction", rule.detection_direction == metric.detection_direction);
  compare("transform", rule.transform == metric.transform);
  compare("center", rule.center_by_host == metric.center_by_host);
  return keys;
}

/// Keys of which nobody can tell from the model whether they are as in training.
std::vector<std::string_view> keys_of_training(const TrainOptions& options) {
  std::vector<std::string_view> keys;
  if (std::isfinite(options.from)) {
    keys.emplace_back("training from");
  }
  if (std::isfinite(options.to)) {
    keys.emplace_back("training to");
  }
  if (!options.exclude.empty()) {
    keys.emplace_back("training exclude");
  }
  if (options.min_components > 0) {
    keys.emplace_back("components");
  }
  return keys;
}

/// Whether the model was trained with this configuration, over whichever preset.
bool is_of_training(const RoleModel& model, const std::string& yaml) {
  std::vector<std::string_view> presets = preset_names();
  presets.emplace_back("");
  return std::ranges::any_of(presets, [&](std::string_view preset) {
    return model.provenance.config_digest == hexadecimal(digest(std::string(preset) + yaml));
  });
}

std::vector<Notice> notices_of(const RoleModel& model, const TrainOptions& options,
                               bool of_training) {
  std::vector<std::string> unknown;
  for (const auto& [name, rule] : options.metrics) {
    if (std::ranges::find(model.metrics, name, &MetricSpec::name) == model.metrics.end()) {
      unknown.push_back(in_quotes(name));
    }
  }
  std::vector<std::string> different;
  for (const MetricSpec& metric : model.metrics) {
    const auto keys = differences(metric, options.metrics.at(metric.name));
    different.insert(different.end(), keys.begin(), keys.end());
  }
  constexpr const char* kCode = "config_without_effect";
  std::vector<Notice> notices;
  if (!unknown.empty()) {
    notices.push_back(
        notice(kCode, fmt::format("not among the model's metrics, so without effect: {}",
                                  fmt::join(unknown, ", "))));
  }
  if (!different.empty()) {
    notices.push_back(notice(
        kCode, fmt::format("not as in training, without effect until the role is trained again: {}",
                           fmt::join(different, ", "))));
  }
  const auto keys = keys_of_training(options);
  if (!of_training && !keys.empty()) {
    notices.push_back(
        notice(kCode, fmt::format("only training reads these: {}", fmt::join(keys, ", "))));
  }
  return notices;
}

Result<RoleModel> apply(const RoleModel& model, const TrainOptions& options) {
  if (options.role != model.role) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("role: {}, the model is of {}", in_quotes(options.role),
                            in_quotes(model.role)));
  }
  if (auto checked = check_default(model, options); !checked) {
    return std::unexpected(checked.error());
  }
  const auto edits = edits_of(model, options);
  if (!edits) {
    return std::unexpected(edits.error());
  }
  const bool any = std::ranges::any_of(
      *edits, [](const MetricEdit& edit) { return edit.muted || !std::isnan(edit.tolerance); });
  // Even without an edit `edited` would give the model another id.
  auto result = any ? edited(model, *edits) : model;
  if (result) {
    result->alert_settings = options.alert_settings;
  }
  return result;
}

}  // namespace

Result<ConfiguredModel> configured(const RoleModel& model, const std::string& yaml,
                                   std::string_view source) {
  const auto options = parse_role_config(yaml, source, options_of(model));
  if (!options) {
    return std::unexpected(options.error());
  }
  auto result = apply(model, *options);
  if (!result) {
    return fail(result.error().code, fmt::format("{}: {}", source, result.error().message));
  }
  return ConfiguredModel{std::move(*result),
                         notices_of(model, *options, is_of_training(model, yaml))};
}

}  // namespace rolemix
