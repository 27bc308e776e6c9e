// Text from outside: the numbers in it, and how messages show it.
#ifndef ROLEMIX_TABLE_TEXT_H_
#define ROLEMIX_TABLE_TEXT_H_

#include <optional>
#include <string>
#include <string_view>

namespace rolemix {

/// A finite decimal number that takes up the whole text; nothing else (no hexadecimal, no spaces,
/// no leading plus). A number too small for a double is zero.
std::optional<double> parse_number(std::string_view text);

/// Whether the text is a number beyond the finite ones: "inf", "-Infinity", "1e999".
bool is_infinite_number(std::string_view text);

/// Whether the bytes are well-formed UTF-8 (RFC 3629), as names must be to appear in JSON.
bool is_utf8(std::string_view text);

/// The text for use in a message: at most 40 characters, then "..."; control characters, quotes,
/// backslashes and bytes that are not UTF-8 escaped.
std::string escaped(std::string_view text);

/// escaped(text) in double quotes.
std::string in_quotes(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_TEXT_H_
