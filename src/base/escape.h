// Text made safe for where it goes: messages, JSON, CSV.
#ifndef ROLEMIX_BASE_ESCAPE_H_
#define ROLEMIX_BASE_ESCAPE_H_

#include <string>
#include <string_view>

namespace rolemix {

/// Whether the bytes are well-formed UTF-8 (RFC 3629), as names must be to appear in JSON.
bool is_utf8(std::string_view text);

/// The text for use in a message: at most 40 characters, then "..."; control characters, quotes,
/// backslashes and bytes that are not UTF-8 escaped.
std::string escaped(std::string_view text);

/// escaped(text) in double quotes.
std::string in_quotes(std::string_view text);

/// The text as a CSV field, quoted where RFC 4180 asks for it.
std::string csv_field(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_BASE_ESCAPE_H_
