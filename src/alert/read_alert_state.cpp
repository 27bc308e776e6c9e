// Bytes -> AlertState.
#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "alert/alert_id.h"
#include "alert/alert_state_file.h"
#include "alert/alert_state_limits.h"
#include "alert_state_generated.h"
#include "base/file_envelope.h"
#include "score/score_memory.h"

namespace rolemix {
namespace {

using Doubles = flatbuffers::Vector<double>;
using Strings = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

/// Entries may share their bytes: many with a long text would make a small file fill the memory.
Result<std::string> read_text(const flatbuffers::String* from, const char* what) {
  if (from == nullptr || from->size() > kLongestStateName) {
    return std::unexpected(bad_state(std::string(what) + ": expected a text of at most " +
                                     std::to_string(kLongestStateName) + " bytes"));
  }
  return from->str();
}

Result<std::vector<std::string>> read_texts(const Strings* from, std::size_t most,
                                            const char* what) {
  if (from == nullptr || from->size() > most) {
    return std::unexpected(
        bad_state(std::string(what) + ": expected at most " + std::to_string(most) + " texts"));
  }
  std::vector<std::string> texts;
  for (const flatbuffers::String* entry : *from) {
    auto text = read_text(entry, what);
    if (!text) {
      return std::unexpected(text.error());
    }
    texts.push_back(std::move(*text));
  }
  return texts;
}

template <typename T>
Result<std::vector<T>> read_numbers(const flatbuffers::Vector<T>* from, std::size_t most,
                                    const char* what) {
  const std::size_t size = from == nullptr ? 0 : from->size();
  if (size > most) {
    return std::unexpected(
        bad_state(std::string(what) + ": expected at most " + std::to_string(most) + " numbers"));
  }
  // The verifier does not see to their alignment.
  std::vector<T> numbers(size);
  if (size > 0) {
    std::memcpy(numbers.data(), from->Data(), size * sizeof(T));
  }
  return numbers;
}

/// How the metrics of the file and those of the model go together, by their names.
struct Columns {
  std::vector<int> in_file;   ///< of each metric of the model; -1: the file has none of its name
  std::vector<int> in_model;  ///< of each metric of the file
};

Columns columns_of(const RoleModel& model, const std::vector<std::string>& metrics) {
  Columns columns{{}, std::vector<int>(metrics.size(), -1)};
  for (const MetricSpec& metric : model.metrics) {
    const auto found = std::ranges::find(metrics, metric.name);
    const auto place = static_cast<int>(found - metrics.begin());
    if (found != metrics.end()) {
      columns.in_model[place] = static_cast<int>(columns.in_file.size());
    }
    columns.in_file.push_back(found == metrics.end() ? -1 : place);
  }
  return columns;
}

bool is_column(int place, const Columns& columns) {
  return place >= 0 && place < std::ssize(columns.in_model);
}

Result<FoundMetric> read_found(const file::FoundMetric& from, const Columns& columns) {
  if (!is_column(from.metric(), columns) || from.reason() > file::Reason::MAX ||
      from.direction() > file::Direction::MAX) {
    return std::unexpected(bad_state("a finding has an unknown metric, reason or direction"));
  }
  FoundMetric metric{.metric = columns.in_model[from.metric()],
                     .observed = from.observed(),
                     .expected = from.expected(),
                     .low = from.low(),
                     .high = from.high(),
                     .typical_low = from.typical_low(),
                     .typical_high = from.typical_high(),
                     .blame = from.blame(),
                     .reason = static_cast<Reason>(from.reason()),
                     .direction = static_cast<Direction>(from.direction())};
  return metric;
}

/// What the model no longer has is left out; nothing without any of it.
Result<std::optional<Finding>> read_finding(const file::Finding* from, const Columns& columns) {
  if (from == nullptr) {
    return std::nullopt;
  }
  if (from->kind() > file::FindingKind::MAX || from->metrics() == nullptr ||
      from->metrics()->size() > kMostFoundMetrics) {
    return std::unexpected(bad_state("a finding of an unknown kind, or with too many metrics"));
  }
  Finding finding;
  finding.kind = static_cast<FindingKind>(from->kind());
  finding.alone = from->alone();
  const bool needs_metric =
      finding.kind != FindingKind::kNotMeasured && finding.kind != FindingKind::kNoLevel;
  if (needs_metric && from->metrics()->size() == 0) {
    return std::unexpected(bad_state("a finding lacks its metric"));
  }
  for (const file::FoundMetric* entry : *from->metrics()) {
    const auto metric = read_found(*entry, columns);
    if (!metric) {
      return std::unexpected(metric.error());
    }
    if (metric->metric >= 0) {
      finding.metrics.push_back(*metric);
    }
  }
  if (needs_metric && finding.metrics.empty()) {
    return std::nullopt;
  }
  const auto predictors = read_numbers<int>(from->predictors(), kMostFoundMetrics, "predictors");
  if (!predictors) {
    return std::unexpected(predictors.error());
  }
  for (const int place : *predictors) {
    if (!is_column(place, columns)) {
      return std::unexpected(bad_state("a finding has an unknown predictor"));
    }
    if (columns.in_model[place] >= 0) {
      finding.predictors.push_back(columns.in_model[place]);
    }
  }
  return finding;
}

Result<Alert> read_alert(const file::Alert* from, const Columns& columns) {
  if (from == nullptr) {
    return std::unexpected(bad_state("an open alert is missing"));
  }
  Alert alert;
  auto worst_host = read_text(from->worst_host(), "alert");
  if (!worst_host) {
    return std::unexpected(worst_host.error());
  }
  alert.worst_host = std::move(*worst_host);
  auto finding = read_finding(from->finding(), columns);
  if (!finding) {
    return std::unexpected(finding.error());
  }
  alert.finding = std::move(*finding);
  if (from->level() > file::AlertLevel::MAX) {
    return std::unexpected(bad_state("unknown level"));
  }
  alert.level = static_cast<AlertLevel>(from->level());
  alert.started_at = from->started_at();
  alert.opened_at = from->opened_at();
  alert.last_sample_at = from->last_sample_at();
  alert.samples = from->samples();
  alert.severity = from->severity();
  alert.anomaly_score = from->anomaly_score();
  alert.worst_at = from->worst_at();
  return alert;
}

/// What is kept of a host's samples: how many at most, how many values each metric has in one, in
/// blocks of all metrics, and what stands for those of metrics that the file does not have.
struct RowsForm {
  const char* what;
  std::size_t most;
  std::size_t values = 1;
  double absent = 0;
};

/// In the order of the model's metrics.
Result<KeptRows> read_rows(const Doubles* from_times, const Doubles* from_values,
                           const Columns& columns, const RowsForm& form) {
  auto times = read_numbers(from_times, form.most, form.what);
  const auto values = read_numbers(from_values, form.most * form.values * kMaxMetrics, form.what);
  if (!times || !values) {
    return std::unexpected(times ? values.error() : times.error());
  }
  const std::size_t metrics = columns.in_model.size();
  if (values->size() != times->size() * form.values * metrics) {
    return std::unexpected(bad_state(std::string("a host has ") + form.what + " out of range"));
  }
  KeptRows rows{std::move(*times), {}};
  for (std::size_t i = 0; i < rows.times.size() * form.values; ++i) {
    for (const int place : columns.in_file) {
      rows.values.push_back(place < 0 ? form.absent : (*values)[i * metrics + place]);
    }
  }
  return rows;
}

Result<HostState> read_carried(const file::HostAlertState& from, const Columns& columns) {
  auto level =
      read_rows(from.level_times(), from.level_values(), columns,
                {"a level", kMostLevelSamples, 1, std::numeric_limits<double>::quiet_NaN()});
  auto evidence =
      read_rows(from.evidence_times(), from.evidence(), columns, {"evidence", kMostRemembered, 2});
  if (!level || !evidence) {
    return std::unexpected(level ? evidence.error() : level.error());
  }
  const ScoreMemory memory = {from.memory_slow(),    from.memory_fast(),   from.memory_timestamp(),
                              from.memory_started(), from.memory_excess(), from.memory_alone(),
                              from.memory_apart()};
  return HostState{from.last_sample_at(), std::move(*level), memory, std::move(*evidence)};
}

Result<HostAlertState> read_host(const file::HostAlertState& from, const Columns& columns) {
  HostAlertState host;
  auto name = read_text(from.host(), "host");
  auto recent = read_numbers(from.recent(), kMaxCheckAttempts, "recent");
  auto carried = read_carried(from, columns);
  if (!name || !recent) {
    return std::unexpected(name ? recent.error() : name.error());
  }
  if (!carried) {
    return std::unexpected(carried.error());
  }
  if (from.report() > file::AlertReport::MAX) {
    return std::unexpected(bad_state("a host has an unknown report"));
  }
  host.host = std::move(*name);
  host.recent = std::move(*recent);
  host.carried = std::move(*carried);
  host.habituation = from.habituation();
  host.last_at = from.last_at();
  host.last_score = from.last_score();
  host.apart = from.apart();
  host.counted_at = from.counted_at();
  host.anomalous = from.anomalous();
  host.normal = from.normal();
  host.normal_samples = from.normal_samples();
  host.first_normal_at = from.first_normal_at();
  host.open = from.open();
  host.report = static_cast<AlertReport>(from.report());
  host.joined = from.joined();
  host.waited = from.waited();
  host.awaited = from.awaited();
  host.used_to = from.used_to();
  if (host.open || from.current() != nullptr) {
    auto alert = read_alert(from.current(), columns);
    if (!alert) {
      return std::unexpected(alert.error());
    }
    host.current = std::move(*alert);
    host.current.hosts = {host.host};
  }
  if (auto valid = validate(host, columns.in_file.size()); !valid) {
    return std::unexpected(valid.error());
  }
  return host;
}

Result<std::vector<HostAlertState>> read_hosts(const file::AlertState& from,
                                               const Columns& columns) {
  std::vector<HostAlertState> hosts;
  if (from.hosts() == nullptr || from.hosts()->size() > kMostStateHosts) {
    return std::unexpected(
        bad_state("expected at most " + std::to_string(kMostStateHosts) + " hosts"));
  }
  for (const file::HostAlertState* entry : *from.hosts()) {
    auto host = read_host(*entry, columns);
    if (!host) {
      return std::unexpected(host.error());
    }
    if (!hosts.empty() && host->host <= hosts.back().host) {
      return std::unexpected(bad_state("expected hosts in order of their names, each once"));
    }
    hosts.push_back(std::move(*host));
  }
  return hosts;
}

/// The role's own part.
Result<void> read_role(const file::AlertState& from, const Columns& columns, AlertState& state) {
  state.tick = from.tick();
  state.latest = from.latest();
  state.settled = from.settled();
  state.open = from.open();
  state.normal = from.normal();
  state.first_normal_at = from.first_normal_at();
  state.awaited = static_cast<int>(std::ranges::count_if(state.hosts, &HostAlertState::awaited));
  if (!state.open) {
    return validate_role(state, columns.in_file.size());
  }
  auto alert = read_alert(from.current(), columns);
  if (!alert) {
    return std::unexpected(alert.error());
  }
  for (const HostAlertState& host : state.hosts) {
    if (host.joined) {
      alert->hosts.push_back(host.host);
    }
  }
  state.current = std::move(*alert);
  state.current.scope = AlertScope::kRole;
  return validate_role(state, columns.in_file.size());
}

}  // namespace

Result<AlertState> read_alert_state(std::span<const std::uint8_t> bytes, const RoleModel& model) {
  const auto body = open_sealed(bytes, file::AlertStateIdentifier(), kAlertStateFormatVersion,
                                "alert state file");
  if (!body) {
    return std::unexpected(body.error());
  }
  flatbuffers::Verifier verifier(body->data(), body->size());
  if (!file::VerifyAlertStateBuffer(verifier)) {
    return std::unexpected(bad_state("its structure is not valid"));
  }
  const file::AlertState& from = *file::GetAlertState(body->data());
  auto id = read_text(from.model_id(), "model_id");
  if (!id) {
    return std::unexpected(id.error());
  }
  const auto metrics = read_texts(from.metrics(), kMaxMetrics, "metrics");
  if (!metrics) {
    return std::unexpected(metrics.error());
  }
  const Columns columns = columns_of(model, *metrics);
  auto hosts = read_hosts(from, columns);
  if (!hosts) {
    return std::unexpected(hosts.error());
  }
  AlertState state;
  state.model_id = std::move(*id);
  state.hosts = std::move(*hosts);
  for (HostAlertState& host : state.hosts) {
    host.watched = true;
    state.watched.push_back(static_cast<std::int32_t>(state.watched.size()));
  }
  if (auto role = read_role(from, columns, state); !role) {
    return std::unexpected(role.error());
  }
  for (HostAlertState& host : state.hosts) {
    host.current.alert_id = make_alert_id(model.role, host.host, host.current.started_at);
  }
  state.current.alert_id = make_alert_id(model.role, {}, state.current.started_at);
  return state;
}

}  // namespace rolemix
