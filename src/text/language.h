// The languages that people are told things in.
#ifndef ROLEMIX_TEXT_LANGUAGE_H_
#define ROLEMIX_TEXT_LANGUAGE_H_

#include <cstdint>

namespace rolemix {

enum class Language : std::uint8_t { kEnglish, kJapanese };

}  // namespace rolemix

#endif  // ROLEMIX_TEXT_LANGUAGE_H_
