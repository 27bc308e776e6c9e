// The language that people are told things in.
#include "cli/verbs.h"

namespace rolemix::cli {

void add_language(CLI::App& verb, std::string& language) {
  verb.add_option("--language", language, "of what people read: en or ja")
      ->check(CLI::IsMember({"en", "ja"}));
}

Language language_of(std::string_view option) {
  return option == "ja" ? Language::kJapanese : Language::kEnglish;
}

}  // namespace rolemix::cli
