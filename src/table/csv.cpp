#include "table/csv.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "table/csv_scanner.h"
#include "table/join.h"
#include "table/left_out.h"
#include "table/name_index.h"
#include "table/number.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

enum class Column : std::uint8_t { kTimestamp, kHost, kMetric, kValue, kLeftOut };

// What a record of either form says besides its values; `metric` in the long form only.
struct Record {
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
  CsvReader(std::string_view bytes, std::string_view source, std::uint64_t most_bytes)
      : bytes_(bytes),
        source_(source),
        most_bytes_(most_bytes),
        scanner_(bytes),
        left_out_(source) {}

  Result<SampleTable> read();

 private:
  bool read_header();
  bool check_required_columns();
  bool check_column_names();
  void assign_columns();

  bool read_wide(SampleTable& table);
  bool read_long(SampleTable& table);
  bool fill_long(SampleTable& table, const std::vector<Cell>& cells);

  bool read_record(Record& record, double* values);
  bool read_field(std::size_t column);
  bool read_timestamp(std::size_t column, double& timestamp);
  bool read_name(std::size_t column, NameIndex& names, std::int32_t& number, bool& left_out);
  bool read_value(std::size_t column, double& value);

  bool check_size(std::size_t rows, std::size_t metrics);
  std::string field_reason(std::size_t column, std::string_view expected) const;
  bool fail_at_left_out();
  bool fail_at(std::size_t line, std::string what);
  bool fail_at_field(std::size_t column, std::string_view expected);
  bool fail_at_quote(CsvScanner::Status status, const std::string& column);
  bool fail_at_field_count(std::size_t fields_so_far);

  std::string_view bytes_;
  std::string_view source_;
  std::uint64_t most_bytes_;
  CsvScanner scanner_;
  std::size_t max_records_ = 0;
  std::vector<std::string> column_names_;
  std::vector<Column> columns_;
  NameIndex hosts_;
  NameIndex metrics_;
  LeftOut left_out_;
  Error error_{ErrorCode::kBadFormat, {}};
};

Result<SampleTable> CsvReader::read() {
  if (!read_header()) return std::unexpected(std::move(error_));
  SampleTable table;
  const bool is_long = std::ranges::find(columns_, Column::kMetric) != columns_.end();
  if (!(is_long ? read_long(table) : read_wide(table))) return std::unexpected(std::move(error_));
  table.metrics = metrics_.names();
  table.hosts = hosts_.names();
  table.notices = left_out_.notices();
  return table;
}

bool CsvReader::read_header() {
  if (scanner_.at_end()) return fail_at(1, "expected a header and rows of data, got nothing");
  do {
    const CsvScanner::Status status = scanner_.next();
    if (status != CsvScanner::Status::kField) {
      return fail_at_quote(status, std::to_string(column_names_.size() + 1));
    }
    // Of a long one enough is kept to be told apart from a good one.
    column_names_.emplace_back(scanner_.text().substr(0, kLongestName + 1));
  } while (!scanner_.ends_record());
  if (!check_required_columns() || !check_column_names()) return false;
  assign_columns();

  const std::string_view rest = scanner_.rest();
  if (scanner_.at_end()) return fail_at(1, "expected rows of data after the header, got none");
  // A record takes a line of its own and at least one byte per field: the memory set aside for a
  // table is never out of proportion to its bytes.
  max_records_ =
      std::min<std::size_t>(std::ranges::count(rest, '\n') + (rest.ends_with('\n') ? 0 : 1),
                            rest.size() / column_names_.size() + 1);
  if (max_records_ > std::numeric_limits<std::int32_t>::max()) {
    return fail_at(1, "expected fewer than 2147483648 lines, got " + std::to_string(max_records_));
  }
  return true;
}

bool CsvReader::check_required_columns() {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(column_names_, name) != column_names_.end();
  };
  std::string expected;
  if (!has("timestamp") && !has("host")) {
    expected = "columns timestamp and host";
  } else if (!has("timestamp")) {
    expected = "a column timestamp";
  } else if (!has("host")) {
    expected = "a column host";
  } else if (column_names_.size() < 3) {
    expected = "a metric beside timestamp and host";
  } else {
    return true;
  }
  constexpr std::size_t kEnough = 1000;  // of what is shown
  std::string header;
  for (const std::string& name : column_names_) {
    if (header.size() < kEnough) header += (header.empty() ? "" : ",") + name;
  }
  return fail_at(1, "expected " + expected + ", got " + in_quotes(header));
}

bool CsvReader::check_column_names() {
  std::map<std::string_view, std::size_t> seen;
  columns_.assign(column_names_.size(), Column::kValue);
  for (std::size_t column = 0; column < column_names_.size(); ++column) {
    std::string& name = column_names_[column];
    const auto reason = [&](const std::string& expected) {
      return "column " + std::to_string(column + 1) + ": expected " + expected + ", got " +
             in_quotes(name);
    };
    if (name.empty()) return fail_at(1, reason("a name"));
    auto good = table_name(name);
    if (!good) {
      left_out_.add(std::move(good.error().code), "column", 1, reason(good.error().expected));
      columns_[column] = Column::kLeftOut;
      continue;
    }
    name = std::move(*good);
    const auto [first, is_new] = seen.try_emplace(name, column);
    if (!is_new) {
      return fail_at(
          1, reason("a name other than that of column " + std::to_string(first->second + 1)));
    }
  }
  const auto used = std::ranges::count(columns_, Column::kValue);
  return used > 2 || fail_at_left_out();
}

void CsvReader::assign_columns() {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(column_names_, name) != column_names_.end();
  };
  const bool is_long = column_names_.size() == 4 && has("metric") && has("value");
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string& name = column_names_[i];
    if (columns_[i] == Column::kLeftOut) continue;
    if (name == "timestamp") {
      columns_[i] = Column::kTimestamp;
    } else if (name == "host") {
      columns_[i] = Column::kHost;
    } else if (is_long && name == "metric") {
      columns_[i] = Column::kMetric;
    } else if (!is_long) {
      metrics_.find_or_add(name);
    }
  }
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

  std::vector<bool> seen(rows * metrics, false);
  table.values.setConstant(static_cast<Index>(rows), static_cast<Index>(metrics), kMissing);
  for (const Cell& cell : cells) {
    const std::size_t place = static_cast<std::size_t>(cell.row) * metrics + cell.metric;
    if (seen[place]) {
      return fail_at(cell.line,
                     "expected one value per timestamp, host and metric, got another of host " +
                         in_quotes(hosts_.names()[table.host[cell.row]]) + ", metric " +
                         in_quotes(metrics_.names()[cell.metric]));
    }
    seen[place] = true;
    table.values(cell.row, cell.metric) = cell.value;
  }
  return true;
}

bool CsvReader::read_record(Record& record, double* values) {
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (!read_field(column)) return false;
    if (column == 0) record.line = scanner_.line();
    bool good = false;
    switch (columns_[column]) {
      case Column::kTimestamp:
        good = read_timestamp(column, record.timestamp);
        break;
      case Column::kHost:
        good = read_name(column, hosts_, record.host, record.left_out);
        break;
      case Column::kMetric:
        good = read_name(column, metrics_, record.metric, record.left_out);
        break;
      case Column::kValue:
        good = read_value(column, *values++);
        break;
      case Column::kLeftOut:
        good = true;
        break;
    }
    if (!good) return false;
  }
  return true;
}

bool CsvReader::read_field(std::size_t column) {
  const CsvScanner::Status status = scanner_.next();
  if (status != CsvScanner::Status::kField) return fail_at_quote(status, column_names_[column]);
  const bool should_end = column + 1 == columns_.size();
  return scanner_.ends_record() == should_end || fail_at_field_count(column + 1);
}

bool CsvReader::read_timestamp(std::size_t column, double& timestamp) {
  const std::optional<double> parsed = parse_timestamp(scanner_.text());
  if (!parsed) {
    return fail_at(scanner_.line(),
                   "column " + escaped(column_names_[column]) +
                       ": expected epoch seconds or RFC 3339 (2026-10-12T03:00:00Z), got " +
                       shown_timestamp(scanner_.text()));
  }
  timestamp = *parsed;
  return true;
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
    return true;
  }
  value = kMissing;
  if (text.empty() || text == "nan" || text == "NaN") return true;
  return fail_at_field(column, is_infinite_number(text) ? "a finite number" : "a number");
}

bool CsvReader::check_size(std::size_t rows, std::size_t metrics) {
  auto size = check_table_size(rows, metrics, most_bytes_);
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
  return "column " + escaped(column_names_[column]) + ": expected " + std::string(expected) +
         ", got " + in_quotes(scanner_.text());
}

bool CsvReader::fail_at_quote(CsvScanner::Status status, const std::string& column) {
  std::string expected = "quotes around the whole field, got " + in_quotes(scanner_.text());
  if (status == CsvScanner::Status::kOpenQuote) expected = "a closing quote, got the end";
  if (status == CsvScanner::Status::kTextAfterQuote) {
    expected = "a comma after the closing quote, got " + in_quotes(scanner_.text());
  }
  return fail_at(scanner_.line(), "column " + escaped(column) + ": expected " + expected);
}

bool CsvReader::fail_at_field_count(std::size_t fields_so_far) {
  const std::size_t line = scanner_.line();
  const bool blank = fields_so_far == 1 && scanner_.text().empty();
  std::size_t fields = fields_so_far;
  for (; !scanner_.ends_record(); ++fields) scanner_.next();
  return fail_at(line, "expected " + std::to_string(columns_.size()) + " fields, got " +
                           (blank ? "a blank line" : std::to_string(fields)));
}

}  // namespace

Result<SampleTable> parse_csv(std::string_view bytes, std::string_view source,
                              std::uint64_t most_bytes) {
  return CsvReader(bytes, source, most_bytes).read();
}

}  // namespace rolemix
