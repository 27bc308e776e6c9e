#include "table/prometheus.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/escape.h"
#include "table/left_out.h"
#include "table/marked_text.h"
#include "table/number.h"
#include "table/prometheus_labels.h"
#include "table/prometheus_series.h"
#include "table/timestamp.h"

namespace rolemix {
namespace {

// What is shown of a server's own message.
constexpr std::size_t kMostErrorBytes = 1000;

// Warnings of one answer.
constexpr std::size_t kMostPassedOn = 10;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// A type that nobody else uses, for its code differs from that of rooms with exceptions.
using Json =
    nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t,
                         double, std::allocator, nlohmann::adl_serializer, std::vector<char>>;

// Where in an answer a value stands.
enum class Place : std::uint8_t {
  kAnswer,
  kStatus,
  kErrorType,
  kErrorText,
  kWarnings,
  kWarning,
  kIsPartial,
  kData,
  kResultType,
  kResult,
  kSeries,
  kLabels,
  kLabel,
  kPoints,
  kPoint,
  kTime,
  kValue,
  kPastPoint,
  kHistogram,
  kOther,
};

std::string_view expected_at(Place place) {
  switch (place) {
    case Place::kAnswer:
      return R"(the answer of a Prometheus query, {"status": ..., "data": ...})";
    case Place::kResult:
      return "an array of series";
    case Place::kPoints:
      return R"(an array of [time, "value"])";
    case Place::kPoint:
    case Place::kPastPoint:
      return R"([time, "value"])";
    case Place::kTime:
      return "epoch seconds";
    case Place::kValue:
      return "a number in quotes";
    case Place::kData:
    case Place::kSeries:
    case Place::kLabels:
      return "an object";
    default:
      return "a string";
  }
}

// What an answer's numbers in quotes mean; nothing when it is none.
std::optional<double> sample_value(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (const std::optional<double> number = parse_number(text)) return number;
  if (text == "NaN" || is_infinite_number(text)) return kMissing;
  return std::nullopt;
}

std::string message_of_server(std::string text) {
  text.resize(std::min(text.size(), kMostErrorBytes));
  while (!is_utf8(text)) text.pop_back();
  std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return text;
}

// Gets an answer piece by piece from the parser. A member that returns bool returns false after
// setting error_, which stops the parser.
class AnswerReader {
 public:
  AnswerReader(std::string_view json, std::string_view source, const TableOptions& options)
      : json_(json), source_(source), series_(source, options), left_out_(source) {}

  Result<SampleTable> read();

  // What nlohmann::json calls.
  bool null() { return next_ == Place::kData || other("null"); }
  bool boolean(bool value);
  bool number_integer(std::int64_t value);
  bool number_unsigned(std::uint64_t value);
  bool number_float(double value, const std::string& text);
  bool string(std::string& text);
  bool binary(Json::binary_t&) { return other("bytes"); }
  bool start_object(std::size_t) { return open(true); }
  bool start_array(std::size_t) { return open(false); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name);
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception&);

 private:
  bool open(bool is_object);
  bool close();
  Place member(const std::string& name);
  // Whether nothing is read from what comes.
  bool is_other() const {
    return next_ == Place::kOther || next_ == Place::kHistogram || next_ == Place::kWarning ||
           next_ == Place::kIsPartial;
  }
  bool other(const std::string& what);
  bool time(double seconds, const std::string& text);
  void start_series();
  bool finish_series();
  bool finish_answer();

  std::string path() const;
  bool fail_at(const std::string& where, const std::string& what);
  bool fail_here(const std::string& got);
  void check_label(std::string_view text);
  void pass_on(std::string code, std::string text);

  std::string_view json_;
  std::string_view source_;
  MarkedText marked_;        // empty where all is UTF-8
  std::vector<Place> open_;  // objects and arrays around the next value
  Place next_ = Place::kAnswer;
  std::string key_;
  std::size_t depth_of_other_ = 0;  // of objects and arrays that nothing is read from

  std::string first_keys_;
  std::string status_;
  std::string error_type_;
  std::string error_text_;
  std::size_t next_series_ = 0;
  bool has_result_ = false;

  // Of the series that is being read.
  Labels labels_;
  std::vector<SeriesPoint> points_;
  SeriesPoint point_{};
  bool is_instant_ = false;
  bool has_points_ = false;
  bool has_histogram_ = false;
  bool is_left_out_ = false;

  SeriesJoin series_;
  LeftOut left_out_;
  std::vector<Notice> notices_;
  Error error_{ErrorCode::kBadFormat, {}};
};

Result<SampleTable> AnswerReader::read() {
  // JSON's reader takes nothing but UTF-8; with marks in the other bytes' places the rest is read.
  std::string_view text = json_;
  if (!is_utf8(json_)) {
    marked_ = mark_other_bytes(json_);
    text = marked_.text;
  }
  if (!Json::sax_parse(text.begin(), text.end(), this)) {
    return std::unexpected(std::move(error_));
  }
  Result<SampleTable> table = series_.join();
  if (!table) {
    table.error().message.insert(0, std::string(source_) + ": ");
    return table;
  }
  if (table->rows() > 0) table->origins.add(0, source_, 0);  // rows of JSON have no lines
  std::vector<Notice> notices = left_out_.notices();
  std::ranges::move(notices_, std::back_inserter(notices));
  table->notices.insert(table->notices.begin(), notices.begin(), notices.end());
  return table;
}

// A series with other bytes among its labels has no name that can be trusted.
void AnswerReader::check_label(std::string_view text) {
  if (is_left_out_ || marked_.text.empty() || !text.contains(MarkedText::kMark)) return;
  left_out_.add("name_not_utf8", "series", marked_.line, marked_.reason);
  is_left_out_ = true;
}

// The data are used, and what the server says of them is passed on.
void AnswerReader::pass_on(std::string code, std::string text) {
  if (notices_.size() >= kMostPassedOn) return;
  Notice said = notice(std::move(code), std::move(text));
  said.file = source_;
  notices_.push_back(std::move(said));
}

bool AnswerReader::open(bool is_object) {
  if (depth_of_other_ > 0 || is_other() || (next_ == Place::kWarnings && is_object)) {
    ++depth_of_other_;
    return true;
  }
  switch (next_) {
    case Place::kWarnings:
      break;
    case Place::kAnswer:
    case Place::kData:
    case Place::kLabels:
      if (!is_object) return fail_here("an array");
      break;
    case Place::kSeries:
      if (!is_object) return fail_here("an array");
      start_series();
      break;
    case Place::kResult:
    case Place::kPoints:
    case Place::kPoint:
      if (is_object) return fail_here("an object");
      break;
    default:
      return fail_here(is_object ? "an object" : "an array");
  }
  open_.push_back(next_);
  if (next_ == Place::kResult) {
    has_result_ = true;
    next_ = Place::kSeries;
  } else if (next_ == Place::kWarnings) {
    next_ = Place::kWarning;
  } else if (next_ == Place::kPoints) {
    next_ = Place::kPoint;
  } else if (next_ == Place::kPoint) {
    next_ = Place::kTime;
  }
  return true;
}

bool AnswerReader::close() {
  if (depth_of_other_ > 0) {
    --depth_of_other_;
    return true;
  }
  const Place closed = open_.back();
  if (closed == Place::kPoint) {
    if (next_ != Place::kPastPoint) return fail_here("the end of the array");
    points_.push_back(point_);
  }
  open_.pop_back();
  next_ = closed;  // an array goes on with more of the same
  if (closed == Place::kSeries) return finish_series();
  if (closed == Place::kAnswer) return finish_answer();
  return true;
}

Place AnswerReader::member(const std::string& name) {
  switch (open_.back()) {
    case Place::kAnswer:
      if (name == "status") return Place::kStatus;
      if (name == "errorType") return Place::kErrorType;
      if (name == "error") return Place::kErrorText;
      if (name == "warnings") return Place::kWarnings;
      if (name == "isPartial") return Place::kIsPartial;
      if (name == "data") return Place::kData;
      return Place::kOther;
    case Place::kData:
      if (name == "resultType") return Place::kResultType;
      if (name == "result") return Place::kResult;
      return Place::kOther;
    case Place::kSeries:
      if (name == "metric") return Place::kLabels;
      if (name == "values") return Place::kPoints;
      if (name == "value") return Place::kPoint;
      if (name == "histogram" || name == "histograms") return Place::kHistogram;
      return Place::kOther;
    default:
      return Place::kLabel;
  }
}

bool AnswerReader::key(std::string& name) {
  if (depth_of_other_ > 0) return true;
  constexpr std::size_t kMaxKeysShown = 100;
  if (open_.back() == Place::kAnswer && first_keys_.size() < kMaxKeysShown) {
    first_keys_ += (first_keys_.empty() ? "" : ", ") + in_quotes(name);
  }
  next_ = member(name);
  if (next_ == Place::kPoints || next_ == Place::kPoint) {
    has_points_ = true;
    is_instant_ = next_ == Place::kPoint;
  }
  has_histogram_ |= next_ == Place::kHistogram;
  if (next_ == Place::kLabel) check_label(name);
  key_ = std::move(name);
  return true;
}

bool AnswerReader::other(const std::string& what) {
  return depth_of_other_ > 0 || is_other() || next_ == Place::kWarnings || fail_here(what);
}

bool AnswerReader::boolean(bool value) {
  if (value && depth_of_other_ == 0 && next_ == Place::kIsPartial) {
    pass_on("answer_partial", "the answer is partial: not all of the servers with data answered");
  }
  return other(value ? "true" : "false");
}

bool AnswerReader::number_integer(std::int64_t value) {
  return time(static_cast<double>(value), std::to_string(value));
}

bool AnswerReader::number_unsigned(std::uint64_t value) {
  return time(static_cast<double>(value), std::to_string(value));
}

bool AnswerReader::number_float(double, const std::string& text) {
  return time(parse_number(text).value_or(kMissing), escaped(text));
}

// `text` as the answer has it; NaN for a time beyond the numbers.
bool AnswerReader::time(double seconds, const std::string& text) {
  if (next_ != Place::kTime) return other(text);
  if (!(seconds <= kLatestTimestamp)) return fail_here(text + std::string(other_unit(seconds)));
  point_.time = seconds;
  next_ = Place::kValue;
  return true;
}

bool AnswerReader::string(std::string& text) {
  if (depth_of_other_ > 0) return true;
  switch (next_) {
    case Place::kStatus:
      status_ = text;
      return true;
    case Place::kErrorType:
      error_type_ = escaped(text);
      return true;
    case Place::kErrorText:
      error_text_ = message_of_server(std::move(text));
      return true;
    case Place::kWarning:
      pass_on("answer_warning", "the server warns: " + message_of_server(std::move(text)));
      return true;
    case Place::kResultType:
      return text == "matrix" || text == "vector" ||
             fail_at(path(), R"(expected "matrix" (query_range) or "vector" (query), got )" +
                                 in_quotes(text));
    case Place::kLabel:
      check_label(text);
      // To Prometheus an empty label is none.
      if (!text.empty()) labels_[std::move(key_)] = std::move(text);
      return true;
    case Place::kValue: {
      const std::optional<double> value = sample_value(text);
      if (!value) return fail_here(in_quotes(text));
      point_.value = *value;
      next_ = Place::kPastPoint;
      return true;
    }
    default:
      return other(in_quotes(text));
  }
}

void AnswerReader::start_series() {
  labels_.clear();
  points_.clear();
  has_points_ = false;
  has_histogram_ = false;
  is_left_out_ = false;
  ++next_series_;
}

bool AnswerReader::finish_series() {
  const std::size_t number = next_series_ - 1;
  const std::string where = "data.result[" + std::to_string(number) + ']';
  if (!has_points_) {
    return fail_at(
        where,
        R"(expected "values" or "value", got )" +
            std::string(has_histogram_ ? "a native histogram; query a number of it" : "neither"));
  }
  if (points_.empty() || is_left_out_) return true;
  points_.shrink_to_fit();
  series_.add({std::move(labels_), number, std::move(points_)});
  return true;
}

bool AnswerReader::finish_answer() {
  if (status_ == "error") {
    error_.code = ErrorCode::kSourceFailed;
    return fail_at("", "the server answered with an error: " + error_type_ +
                           (error_type_.empty() ? "" : ": ") + error_text_);
  }
  if (status_.empty()) {
    return fail_at("", "expected " + std::string(expected_at(Place::kAnswer)) + ", got " +
                           (first_keys_.empty() ? "an empty object"
                                                : "an object with the keys " + first_keys_));
  }
  if (status_ != "success") {
    return fail_at("status", R"(expected "success" or "error", got )" + in_quotes(status_));
  }
  if (!has_result_) return fail_at("data.result", "expected an array of series, got none");
  if (!series_.empty()) return true;
  if (!left_out_.empty()) {
    error_.message = left_out_.first();
    return false;
  }
  return fail_at("data.result",
                 "expected at least one series with values, got " +
                     (next_series_ == 0 ? std::string("an empty array")
                                        : std::to_string(next_series_) + " without any"));
}

// As jq would write it.
std::string AnswerReader::path() const {
  const std::string series =
      "data.result[" + std::to_string(std::max<std::size_t>(next_series_, 1) - 1) + ']';
  std::string point =
      series + (is_instant_ ? ".value" : ".values[" + std::to_string(points_.size()) + ']');
  switch (next_) {
    case Place::kAnswer:
    case Place::kOther:
    case Place::kHistogram:
      return "";
    case Place::kStatus:
      return "status";
    case Place::kErrorType:
      return "errorType";
    case Place::kErrorText:
      return "error";
    case Place::kWarnings:
    case Place::kWarning:
      return "warnings";
    case Place::kIsPartial:
      return "isPartial";
    case Place::kData:
      return "data";
    case Place::kResultType:
      return "data.resultType";
    case Place::kResult:
      return "data.result";
    case Place::kSeries:
      return "data.result[" + std::to_string(next_series_) + ']';
    case Place::kLabels:
      return series + ".metric";
    case Place::kLabel:
      return series + ".metric." + escaped(key_);
    case Place::kPoints:
      return series + ".values";
    case Place::kPoint:
    case Place::kPastPoint:
      return point;
    case Place::kTime:
      return point + "[0]";
    case Place::kValue:
      return point + "[1]";
  }
  return "";
}

bool AnswerReader::fail_at(const std::string& where, const std::string& what) {
  error_.message = std::string(source_) + ": " + where + (where.empty() ? "" : ": ") + what;
  return false;
}

bool AnswerReader::fail_here(const std::string& got) {
  return fail_at(path(), "expected " + std::string(expected_at(next_)) + ", got " + got);
}

bool AnswerReader::parse_error(std::size_t position, const std::string&,
                               const nlohmann::detail::exception&) {
  constexpr std::size_t kBytesShown = 20;
  const bool at_end = position > json_.size();
  const std::string_view read = json_.substr(0, position);
  const std::size_t shown = std::min(read.size(), kBytesShown);
  error_.message = std::string(source_) + ':' + std::to_string(std::ranges::count(read, '\n') + 1) +
                   ": byte " + std::to_string(read.size()) + ": expected JSON, got " +
                   (at_end ? "the end" : in_quotes(read.substr(read.size() - shown)));
  return false;
}

}  // namespace

bool looks_like_json(std::string_view bytes) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

Result<SampleTable> parse_prometheus(std::string_view json, std::string_view source,
                                     const TableOptions& options) {
  return AnswerReader(json, source, options).read();
}

}  // namespace rolemix
