#include "table/csv.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "table/csv_header.h"
#include "table/csv_scanner.h"
#include "table/csv_value.h"
#include "table/join.h"
#include "table/left_out.h"
#include "table/name_index.h"
#include "table/number.h"
#include "table/time_reader.h"

namespace rolemix {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// What a record of either form says besides its values; `metric` in the long form only.
struct Record {
  LocalTime when;
  double timestamp = 0;
  std::int32_t host = 0;
  std::int32_t metric = 0;
  std::size_t line = 0;
  bool left_out = false;
};

// One record of the long form.
struct Cell {
  std::int32_t row;
  std::int32_t metric;
  double value;
  std::size_t line;
};

// Reads one CSV. A member that returns bool returns false after setting error_.
class CsvReader {
 public:
  CsvReader(std::string_view bytes, std::string_view source, const TableOptions& options)
      : source_(source),
        options_(options),
        scanner_(csv_scanner(bytes)),
        has_decimal_comma_(scanner_.separator() != ','),
        times_(source, options.zone),
        left_out_(source) {}

  Result<CsvTable> read();

 private:
  bool read_header();

  bool read_wide(SampleTable& table);
  bool read_long(SampleTable& table);
  bool fill_long(SampleTable& table, const std::vector<Cell>& cells);
  bool read_by_series(SampleTable& table);

  bool read_record(Record& record, double* values);
  bool read_field(std::size_t column);
  bool read_timestamp(std::size_t column, LocalTime& time);
  bool read_name(std::size_t column, NameIndex& names, std::int32_t& number, bool& left_out);
  bool read_value(std::size_t column, double& value);
  bool read_decimal_comma(std::size_t column, double& value);

  bool check_size(std::size_t rows, std::size_t metrics);
  bool check_times();
  std::string field_reason(std::size_t column, std::string_view expected) const;
  bool fail_at_left_out();
  bool fail_at(std::size_t line, std::string what);
  bool fail_at_field(std::size_t column, std::string_view expected);
  bool fail_at_field_count(std::size_t fields_so_far);

  std::string_view source_;
  const TableOptions& options_;
  CsvScanner scanner_;
  bool has_decimal_comma_;      // numbers may have one
  std::size_t comma_line_ = 0;  // of the first number with a decimal comma
  std::size_t point_line_ = 0;  // and with a point; kept where there may be either
  std::size_t max_records_ = 0;
  CsvHeader header_;
  TimeReader times_;
  NameIndex hosts_;
  NameIndex metrics_;
  LeftOut left_out_;
  Error error_{ErrorCode::kBadFormat, {}};
};

Result<CsvTable> CsvReader::read() {
  if (!read_header()) return std::unexpected(std::move(error_));
  CsvTable read;
  read.by_series = header_.by_series();
  SampleTable& table = read.table;
  const bool good = read.by_series    ? read_by_series(table)
                    : header_.is_long ? read_long(table)
                                      : read_wide(table);
  if (!good || !check_times()) return std::unexpected(std::move(error_));
  table.metrics = metrics_.names();
  table.hosts = hosts_.names();
  table.notices = left_out_.notices();
  std::ranges::move(header_.notices, std::back_inserter(table.notices));
  std::ranges::move(times_.notices(), std::back_inserter(table.notices));
  return read;
}

bool CsvReader::read_header() {
  auto header = read_csv_header(scanner_, source_, options_, left_out_);
  if (!header) {
    error_ = std::move(header.error());
    return false;
  }
  header_ = std::move(*header);
  hosts_ = header_.hosts;
  metrics_ = header_.metrics;

  const std::size_t line = scanner_.line();
  const std::string_view rest = scanner_.rest();
  if (scanner_.at_end()) return fail_at(line, "expected rows of data after the header, got none");
  // A record takes a line of its own and at least one byte per field: the memory set aside for a
  // table is never out of proportion to its bytes.
  max_records_ =
      std::min<std::size_t>(std::ranges::count(rest, '\n') + (rest.ends_with('\n') ? 0 : 1),
                            rest.size() / header_.columns.size() + 1);
  if (max_records_ > std::numeric_limits<std::int32_t>::max()) {
    return fail_at(line,
                   "expected fewer than 2147483648 lines, got " + std::to_string(max_records_));
  }
  return true;
}

bool CsvReader::read_wide(SampleTable& table) {
  const std::size_t metrics = metrics_.names().size();
  if (!check_size(max_records_, metrics)) return false;
  table.values.resize(static_cast<Index>(max_records_), static_cast<Index>(metrics));
  table.timestamps.reserve(max_records_);
  table.host.reserve(max_records_);
  Index rows = 0;
  while (!scanner_.at_end()) {
    Record record;
    if (!read_record(record, &table.values(rows, 0))) return false;
    if (record.left_out) continue;
    table.timestamps.push_back(record.timestamp);
    table.host.push_back(record.host);
    table.origins.add(static_cast<std::int32_t>(rows), source_, record.line);
    ++rows;
  }
  table.values.conservativeResize(rows, Eigen::NoChange);
  return rows > 0 || fail_at_left_out();
}

bool CsvReader::read_long(SampleTable& table) {
  RowIndex rows;
  std::size_t next_row = 0;  // the first that is not there yet
  std::vector<Cell> cells;
  cells.reserve(max_records_);
  while (!scanner_.at_end()) {
    Record record;
    double value = 0;
    if (!read_record(record, &value)) return false;
    if (record.left_out) continue;
    const std::int32_t row = rows.find_or_add(record.timestamp, record.host);
    if (static_cast<std::size_t>(row) == next_row) {
      table.origins.add(row, source_, record.line);
      ++next_row;
    }
    cells.push_back({row, record.metric, value, scanner_.line()});
  }
  table.timestamps = std::move(rows.timestamps);
  table.host = std::move(rows.hosts);
  return cells.empty() ? fail_at_left_out() : fill_long(table, cells);
}

bool CsvReader::fill_long(SampleTable& table, const std::vector<Cell>& cells) {
  const std::size_t rows = table.timestamps.size();
  const std::size_t metrics = metrics_.names().size();
  std::string sparse = sparseness(cells.size(), rows, metrics);
  if (!sparse.empty()) return fail_at(scanner_.line(), std::move(sparse));
  if (!check_size(rows, metrics)) return false;

  table.values.setConstant(static_cast<Index>(rows), static_cast<Index>(metrics), kMissing);
  JoinedValues joined(table);
  std::vector<std::size_t> lines;  // of values that contradict another
  for (const Cell& cell : cells) {
    if (joined.put(cell.row, cell.metric, cell.value)) lines.push_back(cell.line);
  }
  joined.finish();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    table.origins.add(static_cast<std::int32_t>(rows + i), source_, lines[i]);
  }
  return true;
}

/// A row for each host that has a value.
bool CsvReader::read_by_series(SampleTable& table) {
  const std::size_t hosts = hosts_.names().size();
  const std::size_t metrics = metrics_.names().size();
  const std::size_t most_rows = max_records_ * hosts;
  std::string sparse = sparseness(max_records_ * header_.host.size(), most_rows, metrics);
  if (!sparse.empty()) return fail_at(scanner_.line(), std::move(sparse));
  if (!check_size(most_rows, metrics)) return false;
  table.values.setConstant(static_cast<Index>(most_rows), static_cast<Index>(metrics), kMissing);
  std::vector<double> values(header_.host.size());
  std::vector<std::int32_t> row_of(hosts);
  std::int32_t rows = 0;
  while (!scanner_.at_end()) {
    Record record;
    if (!read_record(record, values.data())) return false;
    std::ranges::fill(row_of, -1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(values[i])) continue;
      std::int32_t& row = row_of[header_.host[i]];
      if (row < 0) {
        row = rows++;
        table.timestamps.push_back(record.timestamp);
        table.host.push_back(header_.host[i]);
        table.origins.add(row, source_, record.line);
      }
      table.values(row, header_.metric[i]) = values[i];
    }
  }
  table.values.conservativeResize(rows, Eigen::NoChange);
  return rows > 0 || fail_at(scanner_.line(), "expected a value in some row, got none");
}

bool CsvReader::read_record(Record& record, double* values) {
  for (std::size_t column = 0; column < header_.columns.size(); ++column) {
    if (!read_field(column)) return false;
    if (column == 0) record.line = scanner_.line();
    bool good = false;
    switch (header_.columns[column]) {
      case CsvColumn::kTimestamp:
        good = read_timestamp(column, record.when);
        break;
      case CsvColumn::kHost:
        good = read_name(column, hosts_, record.host, record.left_out);
        break;
      case CsvColumn::kMetric:
        good = read_name(column, metrics_, record.metric, record.left_out);
        break;
      case CsvColumn::kValue:
        good = read_value(column, *values++);
        break;
      case CsvColumn::kLeftOut:
        good = true;
        break;
    }
    if (!good) return false;
  }
  record.timestamp = times_.settle(record.when, record.host, record.metric);
  return true;
}

bool CsvReader::read_field(std::size_t column) {
  const CsvScanner::Status status = scanner_.next();
  if (status != CsvScanner::Status::kField) {
    return fail_at(scanner_.line(), quote_reason(scanner_, status, header_.names[column]));
  }
  const bool should_end = column + 1 == header_.columns.size();
  return scanner_.ends_record() == should_end || fail_at_field_count(column + 1);
}

bool CsvReader::read_timestamp(std::size_t column, LocalTime& time) {
  std::string_view text = scanner_.text();
  std::string with_point;
  if (has_decimal_comma_ && parse_decimal_comma(text)) {
    with_point = text;
    std::ranges::replace(with_point, ',', '.');
    text = with_point;
  }
  if (const std::optional<LocalTime> read = times_.read(text, scanner_.line())) {
    time = *read;
    return true;
  }
  return fail_at(scanner_.line(),
                 "column " + escaped(header_.names[column]) + ": " + times_.reason(text));
}

bool CsvReader::read_name(std::size_t column, NameIndex& names, std::int32_t& number,
                          bool& left_out) {
  const std::string_view name = scanner_.text();
  number = names.find(name);
  if (number >= 0) return true;
  if (name.empty()) return fail_at_field(column, "a name");
  auto good = table_name(name);
  if (good) {
    number = names.find_or_add(*good);
  } else if (!left_out) {
    left_out_.add(std::move(good.error().code), "row", scanner_.line(),
                  field_reason(column, good.error().expected));
    left_out = true;
  }
  return true;
}

bool CsvReader::read_value(std::size_t column, double& value) {
  const std::string_view text = scanner_.text();
  if (const std::optional<double> parsed = parse_number(text)) {
    value = *parsed;
    if (!has_decimal_comma_ || text.find('.') == std::string_view::npos) return true;
    if (point_line_ == 0) point_line_ = scanner_.line();
    return comma_line_ == 0 ||
           fail_at_field(column, "a decimal comma as in line " + std::to_string(comma_line_));
  }
  value = kMissing;
  if (is_missing(text)) return true;
  if (has_decimal_comma_ && parse_decimal_comma(text)) return read_decimal_comma(column, value);
  if (is_infinite_number(text)) return fail_at_field(column, "a finite number");
  std::string reason = field_reason(column, "a number").append(advice_on_value(text));
  if (!header_.has_host && !header_.by_series()) {
    reason += "; a column of hosts is called host, hostname, instance or node";
  }
  return fail_at(scanner_.line(), std::move(reason));
}

bool CsvReader::read_decimal_comma(std::size_t column, double& value) {
  value = parse_decimal_comma(scanner_.text()).value_or(kMissing);
  if (comma_line_ == 0) comma_line_ = scanner_.line();
  return point_line_ == 0 ||
         fail_at_field(column, "a decimal point as in line " + std::to_string(point_line_));
}

bool CsvReader::check_times() {
  const std::optional<TimeReader::Fault> fault = times_.day_numbers();
  if (!fault) return true;
  const auto column = std::ranges::find(header_.columns, CsvColumn::kTimestamp);
  return fail_at(fault->line, "column " + escaped(header_.names[column - header_.columns.begin()]) +
                                  ": " + fault->reason);
}

bool CsvReader::check_size(std::size_t rows, std::size_t metrics) {
  auto size = check_table_size(rows, metrics, options_.most_bytes);
  if (size) return true;
  error_ = std::move(size.error());
  return fail_at(1, std::move(error_.message));
}

// Nothing is left.
bool CsvReader::fail_at_left_out() {
  error_.message = left_out_.first();
  return false;
}

bool CsvReader::fail_at(std::size_t line, std::string what) {
  error_.message = std::string(source_) + ':' + std::to_string(line) + ": " + std::move(what);
  return false;
}

bool CsvReader::fail_at_field(std::size_t column, std::string_view expected) {
  return fail_at(scanner_.line(), field_reason(column, expected));
}

std::string CsvReader::field_reason(std::size_t column, std::string_view expected) const {
  return "column " + escaped(header_.names[column]) + ": expected " + std::string(expected) +
         ", got " + in_quotes(scanner_.text());
}

bool CsvReader::fail_at_field_count(std::size_t fields_so_far) {
  const std::size_t line = scanner_.line();
  const bool blank = fields_so_far == 1 && scanner_.text().empty();
  std::size_t fields = fields_so_far;
  for (; !scanner_.ends_record(); ++fields) scanner_.next();
  return fail_at(line, "expected " + std::to_string(header_.columns.size()) + " fields, got " +
                           (blank ? "a blank line" : std::to_string(fields)));
}

}  // namespace

Result<CsvTable> read_csv(std::string_view bytes, std::string_view source,
                          const TableOptions& options) {
  return CsvReader(bytes, source, options).read();
}

Result<SampleTable> parse_csv(std::string_view bytes, std::string_view source,
                              std::uint64_t most_bytes) {
  Result<CsvTable> read = read_csv(bytes, source, {.most_bytes = most_bytes});
  if (!read) return std::unexpected(std::move(read.error()));
  return std::move(read->table);
}

}  // namespace rolemix
