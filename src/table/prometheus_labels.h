// What the labels of Prometheus series name.
#ifndef ROLEMIX_TABLE_PROMETHEUS_LABELS_H_
#define ROLEMIX_TABLE_PROMETHEUS_LABELS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "table/notice.h"
#include "table/table_options.h"

namespace rolemix {

using Labels = std::map<std::string, std::string, std::less<>>;

/// A series, but for its values.
struct LabelledSeries {
  const Labels* labels;
  double from = 0;  ///< epoch seconds, of its first value
  double to = 0;    ///< of its last
};

/// Which host and which metric each series is of.
struct SeriesNames {
  std::vector<std::string> hosts;
  std::vector<std::string> host_labels;  ///< that name them
  std::vector<std::string> metrics;      ///< empty where the labels name none
  std::int64_t without_host = -1;        ///< the first series without a host, if any
  std::string gateway;                   ///< the one instance of all that several hosts are behind
  std::string host_label;                ///< what tells these apart, or was to name the hosts
  std::vector<std::string> left_out;     ///< labels that tell hosts apart, and so no metrics
};

/// The host is the label `instance`, else `host`, `hostname`, `node` or `nodename`; where all have
/// one instance, as behind a gateway, one of the others, or `exported_instance`, with several
/// values that all have. The metric is the label `metric`, else the series' name with the other
/// labels but `job`. Of these, labels each of whose values is of one host alone, as a pod's name,
/// are no part of it where no host has two series of one metric at one time without them: a pod may
/// follow another. Where the options say which label names the host, no other of these is part of a
/// metric's name, unless it tells two series of a host apart.
SeriesNames names_of(const std::vector<LabelledSeries>& series, const LabelOptions& options);

/// Whether one of the labels names a host.
bool name_host(const Labels& labels, const LabelOptions& options);

/// What a series without one lacks: "a label that names the host (instance, ...)".
std::string host_expected(const LabelOptions& options);

/// How hosts are told apart and what is no part of metric names, where it is not as usual.
std::vector<Notice> notices_of(const SeriesNames& names, std::string_view source);

/// name{label="value",...} of all labels but `job` and those left out.
std::string series_name(const Labels& labels, const LabelNames& left_out);

/// "days/cpu.user.json.gz" -> "cpu.user"; of CSV, too.
std::string_view stem(std::string_view file);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_PROMETHEUS_LABELS_H_
