// What stands for a value in CSV, besides plain numbers.
#ifndef ROLEMIX_TABLE_CSV_VALUE_H_
#define ROLEMIX_TABLE_CSV_VALUE_H_

#include <optional>
#include <string_view>

namespace rolemix {

/// Nothing, or one of the words that stand for a missing value, in upper or lower case.
bool is_missing(std::string_view text);

/// "12,5" -> 12.5. Nothing where the text has no comma.
std::optional<double> parse_decimal_comma(std::string_view text);

/// What to do about a number with a unit or with commas between thousands; nothing of others.
std::string_view advice_on_value(std::string_view text);

/// Whether the texts are the same but for the case of letters; `lower` is in lower case.
bool same_word(std::string_view text, std::string_view lower);

}  // namespace rolemix

#endif  // ROLEMIX_TABLE_CSV_VALUE_H_
