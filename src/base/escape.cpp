#include "base/escape.h"

#include <cstddef>

namespace rolemix {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// Where to cut the text so that at most 40 characters are left, and never much more when it is not
// UTF-8.
std::size_t cut_position(std::string_view text) {
  constexpr std::size_t kMaxCharacters = 40;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (byte_at(text, i) & 0xC0) != 0x80;
    if ((starts_character && ++characters > kMaxCharacters) || i == 4 * kMaxCharacters) return i;
  }
  return text.size();
}

constexpr char kHexDigits[] = "0123456789abcdef";

void append_byte(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 0xF];
}

/// What a terminal or a page obeys instead of showing it: control characters, separators of lines
/// and paragraphs, marks that turn the direction of text (Unicode TR 9), or hide.
bool commands(unsigned character) {
  return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x61C ||
         (character >= 0x200B && character <= 0x200F) ||
         (character >= 0x2028 && character <= 0x202E) ||
         (character >= 0x2060 && character <= 0x2069) || character == 0xFEFF;
}

/// That of a well-formed sequence.
unsigned character_of(std::string_view sequence) {
  unsigned character = byte_at(sequence, 0);
  if (sequence.size() > 1) {
    character &= 0x7FU >> sequence.size();
  }
  for (std::size_t i = 1; i < sequence.size(); ++i) {
    character = character << 6 | (byte_at(sequence, i) & 0x3F);
  }
  return character;
}

void append_character(std::string& out, unsigned character) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kHexDigits[character >> shift & 0xF];
  }
}

/// `also`: ASCII characters that get a backslash, `kept`: some that stay whatever they are.
std::string without_commands(std::string_view text, std::string_view also, std::string_view kept) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    text.remove_prefix(sequence.size());
    const char c = sequence[0];
    const auto is_of = [&](std::string_view some) {
      return length == 1 && some.find(c) != std::string_view::npos;
    };
    const bool obeyed = length > 0 && commands(character_of(sequence)) && !is_of(kept);
    if (is_of("\n\r\t") && obeyed) {
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else if (length == 0 || (length == 1 && obeyed)) {
      append_byte(out, c);
    } else if (obeyed) {
      append_character(out, character_of(sequence));
    } else {
      out += is_of(also) ? "\\" : "";
      out += sequence;
    }
  }
  return out;
}

}  // namespace

std::size_t utf8_sequence_length(std::string_view text) {
  const unsigned lead = byte_at(text, 0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte_at(text, 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second >= 0xA0;
  const bool beyond_unicode = lead == 0xF4 && second >= 0x90;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string escaped(std::string_view text) {
  const std::string_view shown = text.substr(0, cut_position(text));
  return without_commands(shown, "\"\\", "") + (shown.size() < text.size() ? "..." : "");
}

std::string visible(std::string_view name) { return without_commands(name, "", ""); }

std::string visible_lines(std::string_view text) { return without_commands(text, "", "\n"); }

std::string in_quotes(std::string_view text) { return '"' + escaped(text) + '"'; }

std::string csv_text(std::string_view text) {
  constexpr std::string_view kFormulas = "=+-@\t\r";  // OWASP, CSV Injection
  const bool is_formula = !text.empty() && kFormulas.find(text[0]) != std::string_view::npos;
  return csv_field((is_formula ? "'" : "") + std::string(text));
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

}  // namespace rolemix
