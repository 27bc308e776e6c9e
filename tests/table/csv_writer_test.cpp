#include "table/csv_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/escape.h"
#include "table/csv.h"

namespace rolemix {
namespace {

SampleTable small_table() {
  SampleTable table;
  table.metrics = {"cpu.user.pct", "a \"b\", c"};
  table.hosts = {"web-1", "odd,\nhost"};
  table.host = {1, 0};
  table.timestamps = {1791158400, 1791158400.25};
  table.values.resize(2, 2);
  table.values << 0.1 + 0.2, std::numeric_limits<double>::quiet_NaN(), 17179869184, -1e-300;
  return table;
}

TEST(CsvWriter, WritesShortestNumbersEmptyFieldsAndQuotes) {
  EXPECT_EQ(to_csv(small_table()),
            "timestamp,host,cpu.user.pct,\"a \"\"b\"\", c\"\n"
            "1791158400,\"odd,\nhost\",0.30000000000000004,\n"
            "1791158400.25,web-1,17179869184,-1e-300\n");
}

TEST(CsvWriter, WritesWhatTheParserReads) {
  const SampleTable table = small_table();
  const auto read = parse_csv(to_csv(table), "test");
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->metrics, table.metrics);
  EXPECT_EQ(read->timestamps, table.timestamps);
  ASSERT_EQ(read->rows(), table.rows());
  for (Index i = 0; i < table.rows(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(read->hosts[static_cast<std::size_t>(read->host[at])],
              visible(table.hosts[static_cast<std::size_t>(table.host[at])]));
    for (Index d = 0; d < table.values.cols(); ++d) {
      const double expected = table.values(i, d);
      const double value = read->values(i, d);
      EXPECT_TRUE(value == expected || (std::isnan(value) && std::isnan(expected)));
    }
  }
}

TEST(CsvWriter, WritesATableWithoutRowsAsItsHeader) {
  SampleTable table;
  table.metrics = {"loadavg5"};
  EXPECT_EQ(to_csv(table), "timestamp,host,loadavg5\n");
}

}  // namespace
}  // namespace rolemix
