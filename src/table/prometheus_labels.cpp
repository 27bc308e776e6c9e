#include "table/prometheus_labels.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <utility>

#include "base/escape.h"

namespace rolemix {
namespace {

// As Prometheus writes a label's value.
std::string label_value(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out += '"';
}

constexpr std::array<std::string_view, 6> kHostLabels = {
    "instance", "host", "hostname", "node", "nodename", "exported_instance"};

/// The label that names the host, or the end.
Labels::const_iterator host_label(const Labels& labels) {
  for (const std::string_view name : kHostLabels) {
    const auto found = labels.find(name);
    if (found != labels.end()) return found;
  }
  return labels.end();
}

/// How many values a label has over all series; 0 where one lacks it.
std::size_t values_of(const std::vector<LabelledSeries>& series, std::string_view label) {
  std::set<std::string_view> values;
  for (const LabelledSeries& of : series) {
    const auto found = of.labels->find(label);
    if (found == of.labels->end()) return 0;
    values.insert(found->second);
  }
  return values.size();
}

/// Tells hosts apart that are behind one instance, if others are.
void look_behind_gateway(const std::vector<LabelledSeries>& series, SeriesNames& names) {
  if (values_of(series, kHostLabels.front()) != 1) return;
  for (std::size_t i = 1; i < kHostLabels.size(); ++i) {
    if (values_of(series, kHostLabels[i]) > 1) {
      names.gateway = series.front().labels->find(kHostLabels.front())->second;
      names.host_label = kHostLabels[i];
      return;
    }
  }
}

/// Labels each of whose values is of one host alone, where there are several hosts.
LabelNames labels_of_hosts(const std::vector<LabelledSeries>& series, const SeriesNames& names,
                           const LabelNames& named) {
  std::map<std::string_view, std::map<std::string_view, std::string_view>> hosts;  // by value
  LabelNames shared;
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (const auto& [label, value] : *series[i].labels) {
      if (label == "__name__" || label == "job" || named.contains(label)) continue;
      const auto [entry, added] = hosts[label].try_emplace(value, names.hosts[i]);
      if (entry->second != names.hosts[i]) shared.insert(label);
    }
  }
  LabelNames found;
  for (const auto& [label, of_values] : hosts) {
    const bool several = std::ranges::any_of(
        of_values, [&](const auto& entry) { return entry.second != of_values.begin()->second; });
    if (several && !shared.contains(label)) found.emplace(label);
  }
  return found;
}

/// Whether no host has two series of one metric at one time.
bool tell_apart(const std::vector<LabelledSeries>& series, const std::vector<std::string>& hosts,
                const std::vector<std::string>& metrics) {
  using Key = std::tuple<std::string_view, std::string_view, double, double>;
  std::vector<Key> sorted;
  for (std::size_t i = 0; i < series.size(); ++i) {
    sorted.emplace_back(hosts[i], metrics[i], series[i].from, series[i].to);
  }
  std::ranges::sort(sorted);
  return std::ranges::adjacent_find(sorted, [](const Key& a, const Key& b) {
           return std::get<0>(a) == std::get<0>(b) && std::get<1>(a) == std::get<1>(b) &&
                  std::get<2>(b) <= std::get<3>(a);
         }) == sorted.end();
}

std::vector<std::string> metric_names(const std::vector<LabelledSeries>& series,
                                      const LabelNames& left_out) {
  std::vector<std::string> metrics;
  for (const LabelledSeries& of : series) {
    const auto given = of.labels->find("metric");
    metrics.push_back(given != of.labels->end() ? given->second
                                                : series_name(*of.labels, left_out));
  }
  return metrics;
}

/// Where another label names the hosts: a gateway's instance tells nothing of a metric.
void leave_usual_hosts_out(const std::vector<LabelledSeries>& series, LabelNames& named,
                           SeriesNames& names) {
  LabelNames with = named;
  with.insert(kHostLabels.begin(), kHostLabels.end());
  std::vector<std::string> metrics = metric_names(series, with);
  if (tell_apart(series, names.hosts, metrics)) {
    names.metrics = std::move(metrics);
    named = std::move(with);
  }
}

}  // namespace

SeriesNames names_of(const std::vector<LabelledSeries>& series, const LabelOptions& options) {
  SeriesNames names;
  names.host_label = options.host;
  if (options.host.empty()) look_behind_gateway(series, names);
  LabelNames named = options.dropped;  // and what names hosts
  if (!names.gateway.empty()) named.emplace(kHostLabels.front());
  for (std::size_t i = 0; i < series.size(); ++i) {
    const auto found = names.host_label.empty() ? host_label(*series[i].labels)
                                                : series[i].labels->find(names.host_label);
    if (found == series[i].labels->end()) {
      names.without_host = static_cast<std::int64_t>(i);
      return names;
    }
    names.hosts.push_back(found->second);
    names.host_labels.push_back(found->first);
    named.insert(found->first);
  }
  names.metrics = metric_names(series, named);
  if (!options.host.empty()) leave_usual_hosts_out(series, named, names);
  const LabelNames of_hosts = labels_of_hosts(series, names, named);
  if (of_hosts.empty() || !tell_apart(series, names.hosts, names.metrics)) return names;
  LabelNames left_out = named;
  left_out.insert(of_hosts.begin(), of_hosts.end());
  std::vector<std::string> metrics = metric_names(series, left_out);
  if (tell_apart(series, names.hosts, metrics)) {
    names.metrics = std::move(metrics);
    names.left_out.assign(of_hosts.begin(), of_hosts.end());
  }
  return names;
}

bool name_host(const Labels& labels, const LabelOptions& options) {
  return options.host.empty() ? host_label(labels) != labels.end() : labels.contains(options.host);
}

std::string host_expected(const LabelOptions& options) {
  return options.host.empty()
             ? "a label that names the host (instance, host, hostname, node or nodename)"
             : "the label " + in_quotes(options.host) + ", which names hosts";
}

std::vector<Notice> notices_of(const SeriesNames& names, std::string_view source) {
  std::vector<Notice> notices;
  if (!names.gateway.empty()) {
    notices.push_back(
        notice("host_by_label", "all series have the instance " + in_quotes(names.gateway) +
                                    ", but several values of " + names.host_label +
                                    ": hosts are told apart by " + names.host_label +
                                    "; if that is wrong, leave that label out of the query, or say "
                                    "which label names hosts"));
  }
  if (!names.left_out.empty()) {
    std::string all;
    for (const std::string& label : names.left_out) all += (all.empty() ? "" : ", ") + label;
    notices.push_back(
        notice("labels_left_out",
               "labels that differ from host to host are no part of metric names: " + visible(all) +
                   "; sum by (instance) (...) in the query leaves them out"));
  }
  for (Notice& said : notices) said.file = source;
  return notices;
}

std::string series_name(const Labels& labels, const LabelNames& left_out) {
  std::string name;
  std::string list;
  for (const auto& [label, value] : labels) {
    if (label == "__name__") {
      name = value;
    } else if (label != "job" && !left_out.contains(label)) {
      list += (list.empty() ? "{" : ",") + label + '=' + label_value(value);
    }
  }
  return list.empty() ? name : name + list + '}';
}

std::string_view stem(std::string_view file) {
  file = file.substr(file.find_last_of("/\\") + 1);
  for (const std::string_view extension : {".gz", ".json", ".csv"}) {
    if (file.size() > extension.size() && file.ends_with(extension)) {
      file.remove_suffix(extension.size());
    }
  }
  return file;
}

}  // namespace rolemix
