// AlertState -> bytes.
#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert/alert_state_limits.h"
#include "alert_state_generated.h"
#include "base/escape.h"
#include "base/file_envelope.h"

namespace rolemix {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;

flatbuffers::Offset<file::FoundMetric> write_found(Builder& builder, const FoundMetric& metric) {
  return file::CreateFoundMetric(builder, metric.metric, metric.observed, metric.expected,
                                 metric.low, metric.high, metric.typical_low, metric.typical_high,
                                 metric.blame, static_cast<file::Reason>(metric.reason),
                                 static_cast<file::Direction>(metric.direction));
}

flatbuffers::Offset<file::Finding> write_finding(Builder& builder,
                                                 const std::optional<Finding>& finding) {
  if (!finding) {
    return 0;
  }
  std::vector<flatbuffers::Offset<file::FoundMetric>> metrics;
  for (const FoundMetric& metric : finding->metrics) {
    metrics.push_back(write_found(builder, metric));
  }
  const auto metric_list = builder.CreateVector(metrics);
  const auto predictors = builder.CreateVector(finding->predictors);
  return file::CreateFinding(builder, static_cast<file::FindingKind>(finding->kind), metric_list,
                             predictors, finding->alone);
}

/// Nothing stands for an alert that does not exist.
flatbuffers::Offset<file::Alert> write_alert(Builder& builder, const Alert& alert, bool exists) {
  if (!exists) {
    return 0;
  }
  const auto worst = builder.CreateString(alert.worst_host);
  const auto finding = write_finding(builder, alert.finding);
  return file::CreateAlert(builder, static_cast<file::AlertLevel>(alert.level), alert.started_at,
                           alert.opened_at, alert.last_sample_at, alert.samples, alert.severity,
                           alert.anomaly_score, worst, alert.worst_at, finding);
}

flatbuffers::Offset<file::HostAlertState> write_host(Builder& builder, const HostAlertState& host) {
  const auto name = builder.CreateString(host.host);
  const auto recent = builder.CreateVector(host.recent);
  const auto& [last_at, level, memory, against] = host.carried;
  const auto times = builder.CreateVector(level.times);
  const auto values = builder.CreateVector(level.values);
  const auto evidence_times = builder.CreateVector(against.times);
  const auto evidence = builder.CreateVector(against.values);
  const auto current = write_alert(builder, host.current, is_under_way(host));
  return file::CreateHostAlertState(
      builder, name, memory.slow, memory.fast, memory.timestamp, memory.excess, memory.started,
      memory.alone, memory.apart, times, values, evidence_times, evidence, last_at, host.last_at,
      host.last_score, host.apart, host.counted_at, recent, host.anomalous, host.normal,
      host.normal_samples, host.first_normal_at, host.habituation, host.used_to, current, host.open,
      static_cast<file::AlertReport>(host.report), host.joined, host.waited, host.awaited);
}

/// Bytes that a host takes, and some.
std::size_t size_of(const HostAlertState& host) {
  constexpr std::size_t kFixed = 1024;
  const auto numbers = [](const KeptRows& rows) { return rows.times.size() + rows.values.size(); };
  return kFixed + 3 * host.host.size() +
         sizeof(double) * (numbers(host.carried.level) + numbers(host.carried.evidence));
}

/// Leaves out what a state may not hold; a host that is left out begins anew.
std::vector<Notice> leave_out(AlertState& state, const RoleModel& model) {
  constexpr std::size_t kMostBytes = 1'900'000'000;  // of 2 GB that offsets in the file reach
  const std::size_t metrics = model.metrics.size();
  std::vector<Notice> notices;
  std::size_t bytes = 0;
  std::size_t kept = 0;
  std::size_t beyond = 0;
  std::erase_if(state.hosts, [&](const HostAlertState& host) {
    if (const auto valid = validate(host, metrics); !valid) {
      notices.push_back(
          notice("not_kept_in_state",
                 "host " + in_quotes(host.host) +
                     " is not kept, so it begins anew in the next run: " + valid.error().message));
      notices.back().host = host.host;
      return true;
    }
    if (kept == kMostStateHosts || bytes + size_of(host) > kMostBytes) {
      ++beyond;
      return true;
    }
    bytes += size_of(host);
    ++kept;
    return false;
  });
  if (beyond > 0) {
    notices.push_back(notice("not_kept_in_state",
                             std::to_string(beyond) + " hosts beyond the first " +
                                 std::to_string(kept) +
                                 " by name are not kept, since no state may be larger; they begin "
                                 "anew in the next run"));
  }
  std::erase_if(state.current.hosts, [&](const std::string& name) {
    return !std::ranges::binary_search(state.hosts, name, {}, &HostAlertState::host);
  });
  if (const auto valid = validate_role(state, metrics); !valid && state.open) {
    state.open = false;
    notices.push_back(
        notice("not_kept_in_state", "the role's open alert is not kept: " + valid.error().message));
  }
  return notices;
}

}  // namespace

std::string encode_alert_state(const AlertState& state, const RoleModel& model) {
  Builder builder(16384);
  std::vector<flatbuffers::Offset<file::HostAlertState>> hosts;
  for (const HostAlertState& host : state.hosts) {
    hosts.push_back(write_host(builder, host));
  }
  const auto id = builder.CreateString(model.model_id);
  const auto metrics = builder.CreateVectorOfStrings(metric_names(model));
  const auto host_list = builder.CreateVector(hosts);
  const auto current = write_alert(builder, state.current, state.open);
  file::FinishAlertStateBuffer(
      builder, file::CreateAlertState(builder, kAlertStateFormatVersion, id, metrics, host_list,
                                      state.tick, state.latest, state.settled, current, state.open,
                                      state.normal, state.first_normal_at));
  return seal({builder.GetBufferPointer(), builder.GetSize()});
}

Result<WrittenState> write_alert_state(AlertState state, const RoleModel& model) {
  WrittenState written;
  written.notices = leave_out(state, model);
  written.bytes = encode_alert_state(state, model);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(written.bytes.data());
  if (const auto again = read_alert_state({bytes, written.bytes.size()}, model); !again) {
    return std::unexpected(again.error());
  }
  return written;
}

}  // namespace rolemix
