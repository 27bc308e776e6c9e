#include "table/row_origins.h"

#include <gtest/gtest.h>

#include "table/csv.h"
#include "table/sample_table.h"

namespace rolemix {
namespace {

TEST(RowOrigins, NameFileAndLineOfEachRow) {
  RowOrigins origins;
  EXPECT_EQ(origins.place(3), "row 3, counted from 0");
  origins.add(0, "a.csv", 2);
  origins.add(1, "a.csv", 3);
  origins.add(2, "a.csv", 7);  // some lines are left out
  origins.add(3, "a.csv", 8);
  origins.add(4, "a.csv", 9);
  origins.add(5, "answer.json", 0);
  origins.add(6, "answer.json", 0);
  EXPECT_EQ(origins.place(0), "a.csv:2");
  EXPECT_EQ(origins.place(1), "a.csv:3");
  EXPECT_EQ(origins.place(2), "a.csv:7");
  EXPECT_EQ(origins.place(4), "a.csv:9");
  EXPECT_EQ(origins.place(6), "answer.json");
}

TEST(RowOrigins, FollowTablesThatAreConcatenated) {
  std::vector<SampleTable> tables;
  tables.push_back(*parse_csv("timestamp,host,x\n0,a,1\n60,a,2\n", "one.csv"));
  tables.push_back(
      *parse_csv("timestamp,host,metric,value\n"
                 "0,b,x,1\n0,b,y,1\n60,b,x,2\n60,b,y,2\n120,b,x,1\n",
                 "two.csv"));
  const SampleTable all = concatenate(std::move(tables));
  EXPECT_EQ(all.origins.place(1), "one.csv:3");
  EXPECT_EQ(all.origins.place(2), "two.csv:2");
  EXPECT_EQ(all.origins.place(3), "two.csv:4");
  EXPECT_EQ(all.origins.place(4), "two.csv:6");
}

}  // namespace
}  // namespace rolemix
