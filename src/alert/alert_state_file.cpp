#include "alert/alert_state_file.h"

#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "alert_state_generated.h"
#include "base/file_envelope.h"

namespace rolemix {
namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Doubles = flatbuffers::Vector<double>;
using Strings = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

constexpr std::size_t kMostHosts = 100000;
constexpr std::size_t kMostTopMetrics = 16;
constexpr std::size_t kLongestText = 1 << 16;  // bytes; a sentence names several metrics
constexpr int kMostCount = 1 << 30;
constexpr std::size_t kMostLevelSamples = 64;  // half-hours in a day, and some
constexpr std::size_t kMostEvidenceSamples = kMostRemembered;

Error bad(const std::string& what) { return {ErrorCode::kBadFormat, "alert state file: " + what}; }

/// Nothing stands for an alert that does not exist.
flatbuffers::Offset<file::Alert> write_alert(Builder& builder, const Alert& alert, bool exists) {
  if (!exists) {
    return 0;
  }
  const auto id = builder.CreateString(alert.alert_id);
  const auto worst = builder.CreateString(alert.worst_host);
  const auto metrics = builder.CreateVectorOfStrings(alert.top_metrics);
  const auto sentence = builder.CreateString(alert.sentence);
  return file::CreateAlert(builder, id, static_cast<file::AlertLevel>(alert.level),
                           alert.started_at, alert.opened_at, alert.last_sample_at, alert.samples,
                           alert.severity, alert.anomaly_score, worst, alert.worst_at, metrics,
                           sentence);
}

flatbuffers::Offset<file::HostAlertState> write_host(Builder& builder, const HostAlertState& host) {
  const auto name = builder.CreateString(host.host);
  const auto recent = builder.CreateVector(host.recent);
  const auto times = builder.CreateVector(host.memory.level.times);
  const auto samples = builder.CreateVector(host.memory.level.values);
  const auto evidence_times = builder.CreateVector(host.evidence.times);
  const auto evidence = builder.CreateVector(host.evidence.values);
  const auto current = write_alert(builder, host.current, host.open || host.anomalous > 0);
  return file::CreateHostAlertState(
      builder, name, host.memory.slow, host.memory.timestamp, host.memory.started, host.last_at,
      recent, host.anomalous, host.normal, host.first_normal_at, current, host.open,
      static_cast<file::AlertReport>(host.report), host.joined, host.waited, host.awaited,
      host.memory.fast, times, samples, host.habituation, evidence_times, evidence);
}

bool finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

bool finite(std::initializer_list<double> values) {
  return finite(std::span(values.begin(), values.size()));
}

bool counts(std::initializer_list<int> values) {
  return std::ranges::all_of(values, [](int value) { return value >= 0 && value <= kMostCount; });
}

/// Entries may share their bytes: many with a long text would make a small file fill the memory.
Result<std::string> read_text(const flatbuffers::String* from, const char* what) {
  if (from == nullptr || from->size() > kLongestText) {
    return std::unexpected(bad(std::string(what) + ": expected a text of at most " +
                               std::to_string(kLongestText) + " bytes"));
  }
  return from->str();
}

Result<std::vector<std::string>> read_top_metrics(const Strings* from) {
  if (from == nullptr || from->size() > kMostTopMetrics) {
    return std::unexpected(
        bad("top_metrics: expected at most " + std::to_string(kMostTopMetrics) + " metrics"));
  }
  std::vector<std::string> metrics;
  for (const flatbuffers::String* entry : *from) {
    auto metric = read_text(entry, "top_metrics");
    if (!metric) {
      return std::unexpected(metric.error());
    }
    metrics.push_back(std::move(*metric));
  }
  return metrics;
}

/// `normal`: how many normal samples in a row its last ones are.
Result<Alert> read_alert(const file::Alert* from, int normal) {
  if (from == nullptr) {
    return std::unexpected(bad("an open alert is missing"));
  }
  Alert alert;
  for (const auto& [text, field] : {std::pair{from->alert_id(), &alert.alert_id},
                                    {from->worst_host(), &alert.worst_host},
                                    {from->sentence(), &alert.sentence}}) {
    auto read = read_text(text, "alert");
    if (!read) {
      return std::unexpected(read.error());
    }
    *field = std::move(*read);
  }
  auto metrics = read_top_metrics(from->top_metrics());
  if (!metrics) {
    return std::unexpected(metrics.error());
  }
  alert.top_metrics = std::move(*metrics);
  if (from->level() > file::AlertLevel::MAX) {
    return std::unexpected(bad("unknown level"));
  }
  alert.level = static_cast<AlertLevel>(from->level());
  alert.started_at = from->started_at();
  alert.opened_at = from->opened_at();
  alert.last_sample_at = from->last_sample_at();
  alert.samples = from->samples();
  alert.severity = from->severity();
  alert.anomaly_score = from->anomaly_score();
  alert.worst_at = from->worst_at();
  if (!finite({alert.started_at, alert.opened_at, alert.last_sample_at, alert.severity,
               alert.anomaly_score, alert.worst_at})) {
    return fail(ErrorCode::kNotFinite,
                "alert state file: an alert has a number that is not finite");
  }
  if (!counts({alert.samples}) || alert.samples <= normal || alert.worst_at < alert.started_at ||
      alert.severity < 0 || alert.severity > 100) {
    return std::unexpected(bad("an alert has a number out of range"));
  }
  return alert;
}

Result<std::vector<double>> read_numbers(const Doubles* from, std::size_t most, const char* what) {
  const std::size_t size = from == nullptr ? 0 : from->size();
  if (size > most) {
    return std::unexpected(
        bad(std::string(what) + ": expected at most " + std::to_string(most) + " numbers"));
  }
  // The verifier does not see to their alignment.
  std::vector<double> numbers(size);
  if (size > 0) {
    std::memcpy(numbers.data(), from->Data(), size * sizeof(double));
  }
  return numbers;
}

Result<std::vector<double>> read_recent(const Doubles* from) {
  auto recent = read_numbers(from, kMaxCheckAttempts, "recent");
  if (recent && !finite(*recent)) {
    return fail(ErrorCode::kNotFinite, "alert state file: an alert score is not finite");
  }
  return recent;
}

/// what: of which rows; `least`: that their values can be; where that is below 0 also NaN.
Result<KeptRows> read_rows(const Doubles* from_times, const Doubles* from_values, double last_at,
                           double least, std::size_t most, const char* what) {
  auto times = read_numbers(from_times, most, what);
  auto values = read_numbers(from_values, most * kMaxMetrics, what);
  if (!times || !values) {
    return std::unexpected(times ? values.error() : times.error());
  }
  const bool possible = std::ranges::all_of(*values, [&](double x) {
    return std::isnan(x) ? least < 0 : x >= least && x <= kLargestValue;
  });
  const bool ascending = std::ranges::adjacent_find(*times, std::greater_equal<>()) == times->end();
  if (!finite(*times) || !ascending || !possible || (!times->empty() && times->back() > last_at) ||
      (times->empty() ? !values->empty() : values->size() % times->size() != 0)) {
    return std::unexpected(bad(std::string("a host has ") + what + " out of range"));
  }
  return KeptRows{std::move(*times), std::move(*values)};
}

Result<HostAlertState> read_host(const file::HostAlertState& from) {
  HostAlertState host;
  auto name = read_text(from.host(), "host");
  auto recent = read_recent(from.recent());
  auto level = read_rows(from.level_times(), from.level_samples(), from.last_at(), -kLargestValue,
                         kMostLevelSamples, "a level");
  auto evidence = read_rows(from.evidence_times(), from.evidence(), from.last_at(), 0,
                            kMostEvidenceSamples, "evidence");
  if (!name || !recent) {
    return std::unexpected(name ? recent.error() : name.error());
  }
  if (!level || !evidence) {
    return std::unexpected(level ? evidence.error() : level.error());
  }
  host.evidence = std::move(*evidence);
  host.host = std::move(*name);
  host.recent = std::move(*recent);
  host.memory = {from.memory_slow(), from.memory_fast(), from.memory_timestamp(),
                 from.memory_started(), std::move(*level)};
  host.habituation = from.habituation();
  host.last_at = from.last_at();
  host.anomalous = from.anomalous();
  host.normal = from.normal();
  host.first_normal_at = from.first_normal_at();
  host.open = from.open();
  host.joined = from.joined();
  host.waited = from.waited();
  host.awaited = from.awaited();
  if (!finite({host.memory.slow, host.memory.fast, host.memory.timestamp, host.habituation,
               host.last_at, host.first_normal_at})) {
    return fail(ErrorCode::kNotFinite, "alert state file: a host has a number that is not finite");
  }
  if (host.host.empty() || !counts({host.anomalous, host.normal, host.waited}) ||
      std::min({host.memory.slow, host.memory.fast, host.habituation}) < 0 ||
      (host.memory.started && host.memory.timestamp > host.last_at) ||
      from.report() > file::AlertReport::MAX) {
    return std::unexpected(bad("a host has a field out of range"));
  }
  host.report = static_cast<AlertReport>(from.report());
  if (host.open || host.anomalous > 0) {
    auto alert = read_alert(from.current(), host.open ? host.normal : 0);
    if (!alert) {
      return std::unexpected(alert.error());
    }
    host.current = std::move(*alert);
    if (host.current.worst_host != host.host) {
      return std::unexpected(bad("a host has an alert of another one"));
    }
    if (host.current.worst_at > host.last_at) {
      return std::unexpected(bad("a host has an alert whose worst sample is yet to come"));
    }
    host.current.hosts = {host.host};
  }
  return host;
}

Result<std::vector<HostAlertState>> read_hosts(const file::AlertState& from) {
  std::vector<HostAlertState> hosts;
  if (from.hosts() == nullptr || from.hosts()->size() > kMostHosts) {
    return std::unexpected(bad("expected at most " + std::to_string(kMostHosts) + " hosts"));
  }
  for (const file::HostAlertState* entry : *from.hosts()) {
    auto host = read_host(*entry);
    if (!host) {
      return std::unexpected(host.error());
    }
    if (!hosts.empty() && host->host <= hosts.back().host) {
      return std::unexpected(bad("expected hosts in order of their names, each once"));
    }
    hosts.push_back(std::move(*host));
  }
  return hosts;
}

/// The role's own part.
Result<void> read_role(const file::AlertState& from, AlertState& state) {
  state.tick = from.tick();
  state.latest = from.latest();
  state.settled = from.settled();
  state.open = from.open();
  state.normal = from.normal();
  state.first_normal_at = from.first_normal_at();
  state.awaited = static_cast<int>(std::ranges::count_if(state.hosts, &HostAlertState::awaited));
  if (!finite({state.tick, state.latest, state.first_normal_at})) {
    return fail(ErrorCode::kNotFinite, "alert state file: a time is not finite");
  }
  if (!counts({state.normal})) {
    return std::unexpected(bad("a count is out of range"));
  }
  if (std::ranges::any_of(
          state.hosts, [&](const HostAlertState& host) { return host.last_at > state.latest; })) {
    return std::unexpected(bad("a host has a sample after the latest"));
  }
  if (!state.open) {
    return {};
  }
  auto alert = read_alert(from.current(), state.normal);
  if (!alert) {
    return std::unexpected(alert.error());
  }
  for (const HostAlertState& host : state.hosts) {
    if (host.joined) {
      alert->hosts.push_back(host.host);
    }
  }
  if (alert->worst_at > state.latest) {
    return std::unexpected(bad("the worst sample of the role's alert is yet to come"));
  }
  if (!std::ranges::binary_search(alert->hosts, alert->worst_host)) {
    return std::unexpected(bad("the worst host of the role's alert takes no part in it"));
  }
  state.current = std::move(*alert);
  state.current.scope = AlertScope::kRole;
  return {};
}

}  // namespace

std::string write_alert_state(const AlertState& state, std::string_view model_id) {
  Builder builder(16384);
  std::vector<flatbuffers::Offset<file::HostAlertState>> hosts;
  for (const HostAlertState& host : state.hosts) {
    hosts.push_back(write_host(builder, host));
  }
  const auto id = builder.CreateString(model_id);
  const auto host_list = builder.CreateVector(hosts);
  const auto current = write_alert(builder, state.current, state.open);
  file::FinishAlertStateBuffer(
      builder, file::CreateAlertState(builder, kAlertStateFormatVersion, id, host_list, state.tick,
                                      state.latest, state.settled, current, state.open,
                                      state.normal, state.first_normal_at));
  return seal({builder.GetBufferPointer(), builder.GetSize()});
}

Result<AlertState> read_alert_state(std::span<const std::uint8_t> bytes,
                                    std::string_view model_id) {
  const auto body = open_sealed(bytes, file::AlertStateIdentifier(), "alert state file");
  if (!body) {
    return std::unexpected(body.error());
  }
  flatbuffers::Verifier verifier(body->data(), body->size());
  if (!file::VerifyAlertStateBuffer(verifier)) {
    return std::unexpected(bad("its structure is not valid"));
  }
  const file::AlertState& from = *file::GetAlertState(body->data());
  if (from.format_version() != kAlertStateFormatVersion) {
    return fail(ErrorCode::kUnsupportedVersion,
                "alert state file: format version " + std::to_string(from.format_version()) +
                    ", this program reads version " + std::to_string(kAlertStateFormatVersion));
  }
  const auto id = read_text(from.model_id(), "model_id");
  if (!id) {
    return std::unexpected(id.error());
  }
  if (*id != model_id) {
    return fail(ErrorCode::kInvalidArgument,
                "alert state file: it belongs to model " + *id + ", not to " +
                    std::string(model_id) +
                    "; begin a new one for another model, other tolerances or "
                    "other muted metrics");
  }
  AlertState state;
  auto hosts = read_hosts(from);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  state.hosts = std::move(*hosts);
  if (auto role = read_role(from, state); !role) {
    return std::unexpected(role.error());
  }
  return state;
}

}  // namespace rolemix
