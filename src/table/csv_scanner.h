// CSV bytes -> fields, by RFC 4180.
#ifndef ROLEMIX_TABLE_CSV_SCANNER_H_
#define ROLEMIX_TABLE_CSV_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rolemix {

/// Reads one field after the other. Lines end with LF or CRLF; a UTF-8 byte order mark is skipped.
class CsvScanner {
 public:
  enum class Status : std::uint8_t {
    kField,           ///< a field was read
    kOpenQuote,       ///< a quoted field has no closing quote; text() is empty
    kTextAfterQuote,  ///< text() follows a closing quote
    kStrayQuote,      ///< text() has a quote inside although it does not start with one
  };

  /// line: at which the bytes begin, from 1.
  explicit CsvScanner(std::string_view bytes, char separator = ',', std::size_t line = 1);

  /// Asked between records: whether only blank lines are left.
  bool at_end() const;

  /// Reads the next field; there is one unless at_end(). After another status than kField the
  /// scanner stands where the next field would start.
  Status next();

  /// The field just read, without its quotes; valid until the next call of next().
  std::string_view text() const { return text_; }

  /// Whether the field just read was the last one of its record.
  bool ends_record() const { return ends_record_; }

  /// The line on which the field just read starts, from 1.
  std::size_t line() const { return field_line_; }

  char separator() const { return separator_; }

  /// What has not been read yet.
  std::string_view rest() const { return {next_, end_}; }

 private:
  Status next_quoted();
  std::string_view take_plain_text();
  void take_separator();

  const char* next_;
  const char* end_;
  char separator_;
  std::string_view text_;
  std::string unescaped_;  // the field just read when it holds doubled quotes
  std::size_t line_;
  std::size_t field_line_;
  bool ends_record_ = false;
};

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_SCANNER_H_
