// Text made safe for where it goes: messages, JSON, CSV.
#ifndef ROLEMIX_BASE_ESCAPE_H_
#define ROLEMIX_BASE_ESCAPE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace rolemix {

/// Whether the bytes are well-formed UTF-8 (RFC 3629), as names must be to appear in JSON.
bool is_utf8(std::string_view text);

/// The length of the well-formed UTF-8 sequence at the front of the text, 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text);

/// The text for use in a message: at most 40 characters, then "..."; quotes, backslashes and what
/// visible() escapes escaped.
std::string escaped(std::string_view text);

/// escaped(text) in double quotes.
std::string in_quotes(std::string_view text);

/// A name from outside, to be shown and not obeyed: control characters, separators of lines, marks
/// that turn the direction of text or hide, and bytes that are not UTF-8 as \n, \x1b, \u202e.
std::string visible(std::string_view name);

/// The same of text of several lines.
std::string visible_lines(std::string_view text);

/// A name or a sentence as a CSV field that spreadsheets take for text: with an apostrophe before
/// what they take for a formula.
std::string csv_text(std::string_view text);

/// The text as a CSV field, quoted where RFC 4180 asks for it.
std::string csv_field(std::string_view text);

}  // namespace rolemix

#endif  // ROLEMIX_BASE_ESCAPE_H_
