// Bytes -> AlertState.
#include <flatbuffers/flatbuffers.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "alert/alert_state_file.h"
#include "alert_state_generated.h"
#include "base/file_envelope.h"

namespace rolemix {
namespace {

using Doubles = flatbuffers::Vector<double>;
using Strings = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

constexpr std::size_t kMostHosts = 100000;
constexpr std::size_t kMostFound = 16;         // metrics and predictors of a finding
constexpr std::size_t kLongestName = 1 << 16;  // bytes
constexpr int kMostCount = 1 << 30;
constexpr std::size_t kMostLevelSamples = 64;  // half-hours in a day, and some
constexpr std::size_t kMostEvidenceSamples = kMostRemembered;

Error bad(const std::string& what) { return {ErrorCode::kBadFormat, "alert state file: " + what}; }

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
  if (from == nullptr || from->size() > kLongestName) {
    return std::unexpected(bad(std::string(what) + ": expected a text of at most " +
                               std::to_string(kLongestName) + " bytes"));
  }
  return from->str();
}

Result<std::vector<std::string>> read_texts(const Strings* from, std::size_t most,
                                            const char* what) {
  if (from == nullptr || from->size() > most) {
    return std::unexpected(
        bad(std::string(what) + ": expected at most " + std::to_string(most) + " texts"));
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
        bad(std::string(what) + ": expected at most " + std::to_string(most) + " numbers"));
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
    return std::unexpected(bad("a finding has an unknown metric, reason or direction"));
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
  if (!finite({metric.observed, metric.expected, metric.low, metric.high, metric.typical_low,
               metric.typical_high, metric.blame})) {
    return fail(ErrorCode::kNotFinite,
                "alert state file: a finding has a number that is not finite");
  }
  if (metric.low > metric.high || metric.typical_low > metric.typical_high || metric.blame < 0 ||
      metric.blame > 1) {
    return std::unexpected(bad("a finding has a number out of range"));
  }
  return metric;
}

/// What the model no longer has is left out; nothing without any of it.
Result<std::optional<Finding>> read_finding(const file::Finding* from, const Columns& columns) {
  if (from == nullptr) {
    return std::nullopt;
  }
  if (from->kind() > file::FindingKind::MAX || from->metrics() == nullptr ||
      from->metrics()->size() > kMostFound) {
    return std::unexpected(bad("a finding of an unknown kind, or with too many metrics"));
  }
  Finding finding;
  finding.kind = static_cast<FindingKind>(from->kind());
  finding.alone = from->alone();
  const bool needs_metric =
      finding.kind != FindingKind::kNotMeasured && finding.kind != FindingKind::kNoLevel;
  if (needs_metric && from->metrics()->size() == 0) {
    return std::unexpected(bad("a finding lacks its metric"));
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
  const auto predictors = read_numbers<int>(from->predictors(), kMostFound, "predictors");
  if (!predictors) {
    return std::unexpected(predictors.error());
  }
  for (const int place : *predictors) {
    if (!is_column(place, columns)) {
      return std::unexpected(bad("a finding has an unknown predictor"));
    }
    if (columns.in_model[place] >= 0) {
      finding.predictors.push_back(columns.in_model[place]);
    }
  }
  return finding;
}

/// `normal`: how many normal samples in a row its last ones are.
Result<Alert> read_alert(const file::Alert* from, const Columns& columns, int normal) {
  if (from == nullptr) {
    return std::unexpected(bad("an open alert is missing"));
  }
  Alert alert;
  for (const auto& [text, field] :
       {std::pair{from->alert_id(), &alert.alert_id}, {from->worst_host(), &alert.worst_host}}) {
    auto read = read_text(text, "alert");
    if (!read) {
      return std::unexpected(read.error());
    }
    *field = std::move(*read);
  }
  auto finding = read_finding(from->finding(), columns);
  if (!finding) {
    return std::unexpected(finding.error());
  }
  alert.finding = std::move(*finding);
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

Result<std::vector<double>> read_recent(const Doubles* from) {
  auto recent = read_numbers(from, kMaxCheckAttempts, "recent");
  if (recent && !finite(*recent)) {
    return fail(ErrorCode::kNotFinite, "alert state file: an alert score is not finite");
  }
  return recent;
}

/// What is kept of a host, and what numbers it can have.
struct KeptKind {
  const char* what;
  std::size_t most;  ///< rows
  double least;      ///< value; where that is below 0 also NaN
  double absent;     ///< of a metric that the file does not have
};

constexpr KeptKind kLevel = {"a level", kMostLevelSamples, -std::numeric_limits<double>::max(),
                             std::numeric_limits<double>::quiet_NaN()};
constexpr KeptKind kEvidence = {"evidence", kMostEvidenceSamples, 0, 0};

/// The rows in the order of the model's metrics; columns: how many metrics the file has.
Result<KeptRows> read_rows(const Doubles* from_times, const Doubles* from_values, double last_at,
                           const Columns& columns, const KeptKind& kind) {
  auto times = read_numbers(from_times, kind.most, kind.what);
  const auto values = read_numbers(from_values, kind.most * kMaxMetrics, kind.what);
  if (!times || !values) {
    return std::unexpected(times ? values.error() : times.error());
  }
  const bool possible = std::ranges::all_of(*values, [&](double x) {
    return std::isnan(x) ? kind.least < 0 : x >= kind.least && !std::isinf(x);
  });
  const bool ascending = std::ranges::adjacent_find(*times, std::greater_equal<>()) == times->end();
  if (!finite(*times) || !ascending || !possible || (!times->empty() && times->back() > last_at) ||
      values->size() != times->size() * columns.in_model.size()) {
    return std::unexpected(bad(std::string("a host has ") + kind.what + " out of range"));
  }
  KeptRows rows{std::move(*times), {}};
  for (std::size_t row = 0; row < rows.times.size(); ++row) {
    for (const int place : columns.in_file) {
      rows.values.push_back(place < 0 ? kind.absent
                                      : (*values)[row * columns.in_model.size() + place]);
    }
  }
  return rows;
}

Result<HostAlertState> read_host(const file::HostAlertState& from, const Columns& columns) {
  HostAlertState host;
  auto name = read_text(from.host(), "host");
  auto recent = read_recent(from.recent());
  auto level = read_rows(from.level_times(), from.level_values(), from.last_at(), columns, kLevel);
  auto evidence =
      read_rows(from.evidence_times(), from.evidence(), from.last_at(), columns, kEvidence);
  if (!name || !recent) {
    return std::unexpected(name ? recent.error() : name.error());
  }
  if (!level || !evidence) {
    return std::unexpected(level ? evidence.error() : level.error());
  }
  host.host = std::move(*name);
  host.recent = std::move(*recent);
  const ScoreMemory memory = {from.memory_slow(), from.memory_fast(), from.memory_timestamp(),
                              from.memory_started()};
  host.carried = {from.last_at(), std::move(*level), memory, std::move(*evidence)};
  host.habituation = from.habituation();
  host.last_at = from.last_at();
  host.anomalous = from.anomalous();
  host.normal = from.normal();
  host.first_normal_at = from.first_normal_at();
  host.open = from.open();
  host.joined = from.joined();
  host.waited = from.waited();
  host.awaited = from.awaited();
  if (!finite({memory.slow, memory.fast, memory.timestamp, host.habituation, host.last_at,
               host.first_normal_at})) {
    return fail(ErrorCode::kNotFinite, "alert state file: a host has a number that is not finite");
  }
  if (host.host.empty() || !counts({host.anomalous, host.normal, host.waited}) ||
      std::min({memory.slow, memory.fast, host.habituation}) < 0 ||
      (memory.started && memory.timestamp > host.last_at) ||
      from.report() > file::AlertReport::MAX) {
    return std::unexpected(bad("a host has a field out of range"));
  }
  host.report = static_cast<AlertReport>(from.report());
  if (host.open || host.anomalous > 0) {
    auto alert = read_alert(from.current(), columns, host.open ? host.normal : 0);
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

Result<std::vector<HostAlertState>> read_hosts(const file::AlertState& from,
                                               const Columns& columns) {
  std::vector<HostAlertState> hosts;
  if (from.hosts() == nullptr || from.hosts()->size() > kMostHosts) {
    return std::unexpected(bad("expected at most " + std::to_string(kMostHosts) + " hosts"));
  }
  for (const file::HostAlertState* entry : *from.hosts()) {
    auto host = read_host(*entry, columns);
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
Result<void> read_role(const file::AlertState& from, const Columns& columns, AlertState& state) {
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
  auto alert = read_alert(from.current(), columns, state.normal);
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

Result<AlertState> read_alert_state(std::span<const std::uint8_t> bytes, const RoleModel& model) {
  const auto body = open_sealed(bytes, file::AlertStateIdentifier(), kAlertStateFormatVersion,
                                "alert state file");
  if (!body) {
    return std::unexpected(body.error());
  }
  flatbuffers::Verifier verifier(body->data(), body->size());
  if (!file::VerifyAlertStateBuffer(verifier)) {
    return std::unexpected(bad("its structure is not valid"));
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
  if (auto role = read_role(from, columns, state); !role) {
    return std::unexpected(role.error());
  }
  return state;
}

}  // namespace rolemix
