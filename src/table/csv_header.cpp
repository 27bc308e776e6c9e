#include "table/csv_header.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "base/escape.h"
#include "table/csv_value.h"
#include "table/number.h"
#include "table/prometheus_labels.h"
#include "table/sample_table.h"
#include "table/series_name.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

using Names = std::span<const std::string_view>;

// In lower case; docs/input.md has them.
constexpr std::array<std::string_view, 7> kTimes = {"timestamp", "@timestamp", "time", "_time",
                                                    "datetime",  "date",       "ts"};
constexpr std::array<std::string_view, 7> kHosts = {
    "host", "hostname", "host_name", "host.name", "instance", "node", "nodename"};
constexpr std::array<std::string_view, 3> kMetrics = {"metric", "variable", "__name__"};
constexpr std::array<std::string_view, 1> kValues = {"value"};

// Of numbers in an index the least that is a time rather than a count: 1973.
constexpr double kLeastTime = 1e8;

bool is_one_of(std::string_view name, Names names) {
  return std::ranges::any_of(names, [&](std::string_view each) { return same_word(name, each); });
}

// As pandas names an index that has no name, and as it reads its own.
bool is_index(std::string_view name, std::size_t column) {
  constexpr std::string_view kUnnamed = "unnamed: 0";
  return (column == 0 && name.empty()) || same_word(name.substr(0, kUnnamed.size()), kUnnamed);
}

// Reads one header. A member that returns bool returns false after setting error_.
class HeaderReader {
 public:
  HeaderReader(CsvScanner& scanner, std::string_view source, const TableOptions& options,
               LeftOut& left_out)
      : scanner_(scanner), source_(source), options_(options), left_out_(left_out) {}

  Result<CsvHeader> read();

 private:
  bool read_names();
  bool check_names();
  bool check_name(std::size_t column, std::map<std::string_view, std::size_t>& seen);
  bool find_columns();
  bool find_one(Names names, CsvColumn kind, std::string_view what, bool& found);
  bool find_time();
  bool find_host();
  void leave_dropped_out();
  bool index_has_times() const;
  void leave_index_out();
  void find_metrics();
  bool find_series();
  bool name_series(const std::vector<Labels>& labels, const std::vector<std::size_t>& places);
  bool name_host_by_file();
  bool name_by_file(std::string_view what, std::string& name);

  std::vector<std::size_t> places_of(CsvColumn kind) const;
  bool fail_at_header(std::string_view expected);
  bool fail(std::string what);

  CsvScanner& scanner_;
  std::string_view source_;
  const TableOptions& options_;
  LeftOut& left_out_;
  std::size_t line_ = 1;
  CsvHeader header_;
  Error error_{ErrorCode::kBadFormat, {}};
};

Result<CsvHeader> HeaderReader::read() {
  if (!read_names() || !check_names() || !find_columns()) {
    return std::unexpected(std::move(error_));
  }
  return std::move(header_);
}

bool HeaderReader::read_names() {
  if (scanner_.at_end()) return fail("expected a header and rows of data, got nothing");
  do {
    const CsvScanner::Status status = scanner_.next();
    if (header_.names.empty()) line_ = scanner_.line();
    if (status != CsvScanner::Status::kField) {
      line_ = scanner_.line();
      return fail(quote_reason(scanner_, status, std::to_string(header_.names.size() + 1)));
    }
    // Of a long one enough is kept to be told apart from a good one.
    header_.names.emplace_back(scanner_.text().substr(0, kLongestName + 1));
  } while (!scanner_.ends_record());
  return true;
}

bool HeaderReader::check_names() {
  std::map<std::string_view, std::size_t> seen;
  header_.columns.assign(header_.names.size(), CsvColumn::kValue);
  for (std::size_t column = 0; column < header_.names.size(); ++column) {
    if (!is_index(header_.names[column], column) && !check_name(column, seen)) return false;
  }
  return true;
}

bool HeaderReader::check_name(std::size_t column, std::map<std::string_view, std::size_t>& seen) {
  std::string& name = header_.names[column];
  const auto reason = [&](const std::string& expected) {
    return "column " + std::to_string(column + 1) + ": expected " + expected + ", got " +
           in_quotes(name);
  };
  if (name.empty()) return fail(reason("a name"));
  auto good = table_name(name);
  if (!good) {
    left_out_.add(std::move(good.error().code), "column", line_, reason(good.error().expected));
    header_.columns[column] = CsvColumn::kLeftOut;
    return true;
  }
  name = std::move(*good);
  const auto [first, is_new] = seen.try_emplace(name, column);
  return is_new ||
         fail(reason("a name other than that of column " + std::to_string(first->second + 1)));
}

bool HeaderReader::find_columns() {
  bool has_metric = false;
  bool has_value = false;
  leave_dropped_out();
  if (!find_time() || !find_host()) return false;
  leave_index_out();
  const std::vector<std::size_t> others = places_of(CsvColumn::kValue);
  if (others.empty()) {
    if (left_out_.empty()) return fail_at_header("a metric beside times and hosts");
    error_.message = left_out_.first();
    return false;
  }
  if (others.size() == 2) {
    for (const std::size_t column : others) {
      has_metric |= is_one_of(header_.names[column], kMetrics);
      has_value |= is_one_of(header_.names[column], kValues);
    }
  }
  header_.is_long = has_metric && has_value;
  if (header_.is_long) {
    bool found = false;
    if (!find_one(kMetrics, CsvColumn::kMetric, "metrics", found)) return false;
  } else {
    find_metrics();
    if (!header_.has_host && !find_series()) return false;
  }
  if (header_.has_host || header_.by_series()) return true;
  return options_.labels.host.empty()
             ? name_host_by_file()
             : fail_at_header("a column " + in_quotes(options_.labels.host) +
                              ", which names hosts");
}

void HeaderReader::leave_dropped_out() {
  for (std::size_t column = 0; column < header_.names.size(); ++column) {
    if (options_.labels.dropped.contains(header_.names[column])) {
      header_.columns[column] = CsvColumn::kLeftOut;
    }
  }
}

/// Where another column is to name hosts, those that usually do are not read.
bool HeaderReader::find_host() {
  const std::string& given = options_.labels.host;
  if (given.empty()) return find_one(kHosts, CsvColumn::kHost, "hosts", header_.has_host);
  for (const std::size_t column : places_of(CsvColumn::kValue)) {
    if (header_.names[column] == given) {
      header_.columns[column] = CsvColumn::kHost;
      header_.has_host = true;
    } else if (is_one_of(header_.names[column], kHosts)) {
      header_.columns[column] = CsvColumn::kLeftOut;
    }
  }
  return true;
}

/// The first of the names, as this project writes it, comes before the others, which are metrics
/// beside it.
bool HeaderReader::find_one(Names names, CsvColumn kind, std::string_view what, bool& found) {
  const auto plain = std::ranges::find(header_.names, names.front());
  if (plain != header_.names.end()) {
    header_.columns[static_cast<std::size_t>(plain - header_.names.begin())] = kind;
    found = true;
    return true;
  }
  std::size_t first = 0;
  for (std::size_t column = 0; column < header_.names.size(); ++column) {
    if (header_.columns[column] != CsvColumn::kValue) continue;
    if (!is_one_of(header_.names[column], names)) continue;
    if (found) {
      return fail("expected one column of " + std::string(what) + ", got column " +
                  std::to_string(first + 1) + ' ' + in_quotes(header_.names[first]) +
                  " and column " + std::to_string(column + 1) + ' ' +
                  in_quotes(header_.names[column]) + "; rename or remove one");
    }
    header_.columns[column] = kind;
    first = column;
    found = true;
  }
  return true;
}

/// Else the first column, where it is an index of times.
bool HeaderReader::find_time() {
  bool found = false;
  if (!find_one(kTimes, CsvColumn::kTimestamp, "times", found)) return false;
  if (found) return true;
  const std::string& first = header_.names.front();
  if ((is_index(first, 0) || same_word(first, "index")) && index_has_times()) {
    header_.columns.front() = CsvColumn::kTimestamp;
    return true;
  }
  return fail_at_header("a column of times (timestamp, time, datetime, date or ts)");
}

/// By its first value.
bool HeaderReader::index_has_times() const {
  CsvScanner ahead = scanner_;
  if (ahead.at_end() || ahead.next() != CsvScanner::Status::kField) return false;
  const std::optional<double> number = parse_number(ahead.text());
  return number ? *number >= kLeastTime : parse_written_time(ahead.text()).has_value();
}

void HeaderReader::leave_index_out() {
  for (std::size_t column = 0; column < header_.names.size(); ++column) {
    if (header_.columns[column] != CsvColumn::kValue) continue;
    if (!is_index(header_.names[column], column)) continue;
    header_.columns[column] = CsvColumn::kLeftOut;
    Notice& said = header_.notices.emplace_back(
        notice("index_left_out", "a column without a name is an index, and no metric"));
    said.file = source_;
    said.line = line_;
  }
}

void HeaderReader::find_metrics() {
  for (const std::size_t column : places_of(CsvColumn::kValue)) {
    header_.metrics.find_or_add(header_.names[column]);
  }
}

/// Columns named by labels, one of which names the host, are series.
bool HeaderReader::find_series() {
  std::vector<Labels> labels;
  const std::vector<std::size_t> places = places_of(CsvColumn::kValue);
  std::size_t other = header_.names.size();
  for (const std::size_t column : places) {
    std::optional<Labels> of = parse_series_name(header_.names[column]);
    if (of && name_host(*of, options_.labels)) {
      labels.push_back(std::move(*of));
    } else {
      other = std::min(other, column);
    }
  }
  if (labels.empty()) return true;
  if (labels.size() < places.size()) {
    return fail("column " + std::to_string(other + 1) +
                ": expected a series with a label that names its host, as in cpu{instance=\"a\"}, "
                "as other columns are, got " +
                in_quotes(header_.names[other]));
  }
  return name_series(labels, places);
}

bool HeaderReader::name_series(const std::vector<Labels>& labels,
                               const std::vector<std::size_t>& places) {
  std::vector<LabelledSeries> series;
  for (const Labels& of : labels) series.push_back({&of, 0, 0});
  const SeriesNames names = names_of(series, options_.labels);
  std::ranges::move(notices_of(names, source_), std::back_inserter(header_.notices));
  header_.metrics = {};
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> seen;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string host = visible(names.hosts[i]);
    std::string metric = visible(names.metrics[i]);
    if (metric.empty() && !name_by_file("metric", metric)) return false;
    if (host.empty()) {
      return fail("column " + std::to_string(places[i] + 1) + ": expected a host's name as label " +
                  names.host_labels[i] + ", got \"\"");
    }
    header_.host.push_back(header_.hosts.find_or_add(host));
    header_.metric.push_back(header_.metrics.find_or_add(metric));
    const auto [first, is_new] =
        seen.try_emplace({header_.host.back(), header_.metric.back()}, places[i]);
    if (!is_new) {
      return fail("column " + std::to_string(places[i] + 1) +
                  ": expected another host or metric than in column " +
                  std::to_string(first->second + 1) + ", got " +
                  in_quotes(header_.names[places[i]]));
    }
  }
  return true;
}

bool HeaderReader::name_host_by_file() {
  std::string host;
  if (!name_by_file("host", host)) return false;
  header_.hosts.find_or_add(host);
  Notice& said = header_.notices.emplace_back(
      notice("host_by_file", "no column names hosts: the file's name is the host's"));
  said.file = source_;
  said.line = line_;
  return true;
}

/// For what no column names. Grafana adds to a panel's name how and when it was exported.
bool HeaderReader::name_by_file(std::string_view what, std::string& name) {
  if (!options_.named) {
    return fail_at_header(what == "host" ? "a column of hosts (host, hostname, instance or node)"
                                         : "series with names, as in cpu{instance=\"a\"}");
  }
  std::string_view file = stem(source_);
  const std::size_t panel = file.rfind("-data-");
  if (panel != 0 && panel != std::string_view::npos) file = file.substr(0, panel);
  auto good = table_name(file);
  if (!good) {
    return fail("expected, as the name of the " + std::string(what) + ", a file with " +
                good.error().expected + ", got " + in_quotes(file));
  }
  name = std::move(*good);
  return true;
}

std::vector<std::size_t> HeaderReader::places_of(CsvColumn kind) const {
  std::vector<std::size_t> places;
  for (std::size_t column = 0; column < header_.columns.size(); ++column) {
    if (header_.columns[column] == kind) places.push_back(column);
  }
  return places;
}

bool HeaderReader::fail_at_header(std::string_view expected) {
  constexpr std::size_t kEnough = 1000;  // of what is shown
  std::string shown;
  for (std::size_t column = 0; column < header_.names.size() && shown.size() < kEnough; ++column) {
    if (column > 0) shown += scanner_.separator();
    shown += header_.names[column];
  }
  return fail("expected " + std::string(expected) + ", got " + in_quotes(shown));
}

bool HeaderReader::fail(std::string what) {
  error_.message = std::string(source_) + ':' + std::to_string(line_) + ": " + std::move(what);
  return false;
}

/// The first of these outside of quotes in the first line.
char separator_of(std::string_view bytes) {
  bool quoted = false;
  for (const char c : bytes) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',' || c == ';' || c == '\t') return c;
    if (c == '\n') break;
  }
  return ',';
}

}  // namespace

CsvScanner csv_scanner(std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  constexpr std::string_view kStated = "sep=";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  std::string_view line = bytes.substr(0, bytes.find('\n'));
  const std::size_t end = line.size();
  if (line.ends_with('\r')) line.remove_suffix(1);
  const bool is_stated = line.size() == kStated.size() + 1 &&
                         same_word(line.substr(0, kStated.size()), kStated) &&
                         std::string_view(",;\t|").find(line.back()) != std::string_view::npos;
  if (!is_stated) {
    return CsvScanner(bytes, separator_of(bytes));
  }
  return CsvScanner(bytes.substr(std::min(end + 1, bytes.size())), line.back(), 2);
}

Result<CsvHeader> read_csv_header(CsvScanner& scanner, std::string_view source,
                                  const TableOptions& options, LeftOut& left_out) {
  return HeaderReader(scanner, source, options, left_out).read();
}

std::string quote_reason(const CsvScanner& scanner, CsvScanner::Status status,
                         std::string_view column) {
  std::string expected = "quotes around the whole field, got " + in_quotes(scanner.text());
  if (status == CsvScanner::Status::kOpenQuote) expected = "a closing quote, got the end";
  if (status == CsvScanner::Status::kTextAfterQuote) {
    const std::string separator =
        scanner.separator() == ',' ? "a comma" : in_quotes(std::string(1, scanner.separator()));
    expected = separator + " after the closing quote, got " + in_quotes(scanner.text());
  }
  return "column " + escaped(column) + ": expected " + expected;
}

}  // namespace rolemix
