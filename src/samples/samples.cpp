#include "samples/samples.h"

#include <algorithm>
#include <utility>

namespace rolemix {

Index HostSamples::first_from(double time) const {
  return std::ranges::lower_bound(times, time) - times.begin();
}

const HostSamples* Samples::find(std::string_view name) const {
  const auto found = std::ranges::lower_bound(hosts, name, {}, &HostSamples::name);
  return found != hosts.end() && found->name == name ? &*found : nullptr;
}

std::vector<std::vector<double>> Samples::times() const {
  std::vector<std::vector<double>> times;
  for (const HostSamples& host : hosts) {
    times.push_back(host.times);
  }
  return times;
}

Result<Samples> samples_of(const RoleModel& model, const SampleTable& table, const Levels& before) {
  auto by_host = rows_by_host(table);
  if (!by_host) {
    return std::unexpected(by_host.error());
  }
  Samples samples;
  const std::vector<std::string> names = metric_names(model);
  const Matrix values = select_metrics(table, names, samples.missing_metrics);
  if (samples.missing_metrics.size() == names.size()) {
    return fail(ErrorCode::kInvalidArgument, "the table has none of the model's " +
                                                 std::to_string(names.size()) +
                                                 " metrics (the first is " + names.front() + ")");
  }
  const Vector role_medians = medians(model);
  samples.places.resize(static_cast<std::size_t>(table.rows()));
  for (HostRows& of_table : *by_host) {
    HostSamples host;
    host.name = table.hosts[of_table.host];
    host.rows = std::move(of_table.rows);
    host.values.resize(std::ssize(host.rows), values.cols());
    for (Index i = 0; i < host.size(); ++i) {
      const std::int32_t row = host.rows[i];
      host.times.push_back(table.timestamps[row]);
      host.values.row(i) = values.row(row);
      samples.places[row] = {static_cast<std::int32_t>(samples.hosts.size()),
                             static_cast<std::int32_t>(i)};
    }
    if (const auto known = before.find(host.name); known != before.end()) {
      host.level = known->second;
    }
    host.shifts = level_shifts(host.level, host.times, host.values, role_medians, &model);
    samples.hosts.push_back(std::move(host));
  }
  return samples;
}

}  // namespace rolemix
