// What a reader of tables must give, whatever it reads.
#ifndef ROLEMIX_TESTS_FUZZ_USE_TABLE_H_
#define ROLEMIX_TESTS_FUZZ_USE_TABLE_H_

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/escape.h"
#include "fuzz/message.h"
#include "table/notice.h"
#include "table/sample_table.h"

namespace rolemix {

/// An empty text when there is a valid table with rows, or an error that can be shown, and what was
/// left out can be shown too; else what is wrong.
inline std::string wrong_with(const Result<SampleTable>& table) {
  if (!table) {
    return wrong_with(table.error());
  }
  if (!validate(*table) || table->rows() == 0) {
    return "a table that is not valid, or without rows";
  }
  const bool shown = std::ranges::all_of(table->notices, [](const Notice& notice) {
    return !notice.text.empty() && is_utf8(notice.text);
  });
  return shown ? "" : "a notice that is empty or not in UTF-8";
}

/// Stops the fuzzer of this name when something is wrong with the table.
inline void expect_good(const char* fuzzer, const Result<SampleTable>& table) {
  if (std::string wrong = wrong_with(table); !wrong.empty()) {
    std::fprintf(stderr, "%s: %s\n", fuzzer, wrong.c_str());
    std::abort();
  }
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_FUZZ_USE_TABLE_H_
