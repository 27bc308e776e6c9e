// name{label="value",...} -> labels.
#ifndef ROLEMIX_TABLE_SERIES_NAME_H_
#define ROLEMIX_TABLE_SERIES_NAME_H_

#include <optional>
#include <string_view>

#include "table/prometheus_labels.h"

namespace rolemix {

/// The labels of a series as Prometheus and Grafana write them, the name as `__name__`: spaces may
/// stand before the brace and after commas. Nothing where there are no labels.
std::optional<Labels> parse_series_name(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_SERIES_NAME_H_
