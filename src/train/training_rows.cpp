#include "train/training_rows.h"

#include <algorithm>
#include <cstddef>

#include "samples/host_level.h"

namespace rolemix {
namespace {

bool in_period(const TrainOptions& options, double timestamp) {
  return timestamp >= options.from && timestamp < options.to &&
         std::ranges::none_of(
             options.exclude,
             [&](const auto& period) {
               return timestamp >= period.first && timestamp < period.second;
             });
}

}  // namespace

TrainingRows collect_rows(const SampleTable& table, const std::vector<HostRows>& hosts,
                          const TrainOptions& options) {
  TrainingRows rows;
  for (const HostRows& host : hosts) {
    const std::size_t first = rows.host.size();
    for (const std::int32_t row : host.rows) {
      if (in_period(options, table.timestamps[row])) {
        rows.host.push_back(rows.hosts);
        rows.table_row.push_back(row);
        rows.timestamps.push_back(table.timestamps[row]);
      }
    }
    const auto count = static_cast<double>(rows.host.size() - first);
    for (std::size_t i = first; i < rows.host.size(); ++i) {
      rows.position.push_back(static_cast<double>(i - first) / count);
    }
    rows.hosts += rows.host.size() > first ? 1 : 0;
  }
  return rows;
}

std::vector<Index> measured_rows(const Matrix& samples) {
  std::vector<Index> rows;
  for (Index i = 0; i < samples.rows(); ++i) {
    if (!samples.row(i).array().isNaN().all()) {
      rows.push_back(i);
    }
  }
  return rows;
}

std::vector<Index> thin(const std::vector<Index>& rows, Index most) {
  const auto count = static_cast<Index>(rows.size());
  if (count <= most) {
    return rows;
  }
  std::vector<Index> result;
  for (Index i = 0; i < most; ++i) {
    result.push_back(rows[i * count / most]);
  }
  return result;
}

Matrix shifts_of(const Matrix& samples, const TrainingRows& rows, const Vector& medians) {
  Matrix shifts(samples.rows(), samples.cols());
  for (std::size_t first = 0; first < rows.host.size();) {
    const auto last = std::upper_bound(rows.host.begin() + static_cast<std::ptrdiff_t>(first),
                                       rows.host.end(), rows.host[first]);
    const auto count = (last - rows.host.begin()) - static_cast<std::ptrdiff_t>(first);
    const auto from = rows.timestamps.begin() + static_cast<std::ptrdiff_t>(first);
    const auto begin = static_cast<Index>(first);
    shifts.middleRows(begin, count) =
        levels_of({from, from + count}, samples.middleRows(begin, count)).rowwise() -
        medians.transpose();
    first += static_cast<std::size_t>(count);
  }
  return shifts;
}

Matrix less_levels(const SampleTable& table, const Matrix& values, const TrainingRows& rows,
                   const TrainOptions& options) {
  std::vector<Index> centred;
  for (std::size_t d = 0; d < table.metrics.size(); ++d) {
    const auto rule = options.metrics.find(table.metrics[d]);
    if (rule != options.metrics.end() && rule->second.center_by_host) {
      centred.push_back(static_cast<Index>(d));
    }
  }
  if (centred.empty()) {
    return {};
  }
  const Matrix levels =
      shifts_of(values(Eigen::all, centred), rows, Vector::Zero(std::ssize(centred)));
  Matrix result = values;
  for (std::size_t i = 0; i < centred.size(); ++i) {
    result.col(centred[i]) -= levels.col(static_cast<Index>(i));
  }
  return result;
}

}  // namespace rolemix
