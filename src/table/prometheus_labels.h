// What the labels of a Prometheus series name.
#ifndef ROLEMIX_TABLE_PROMETHEUS_LABELS_H_
#define ROLEMIX_TABLE_PROMETHEUS_LABELS_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace rolemix {

using Labels = std::map<std::string, std::string, std::less<>>;

/// The label that names the host, or the end.
Labels::const_iterator host_label(const Labels& labels);

/// name{label="value",...} of all labels but `job` and the one left out.
std::string series_name(const Labels& labels, std::string_view left_out);

/// "days/cpu.user.json.gz" -> "cpu.user"
std::string_view stem(std::string_view file);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_PROMETHEUS_LABELS_H_
