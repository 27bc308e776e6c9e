#include "simulate/incidents_csv.h"

#include <gtest/gtest.h>

namespace rolemix {
namespace {

TEST(IncidentsCsv, JoinsTheCausesOfAnIncident) {
  const Incident incident{
      "leak", "web-1", 1791158400, 1791165600, {"a", "b"}, true, "It leaks, then swaps."};
  EXPECT_EQ(incidents_csv({incident}),
            "kind,host,from,to,anomalous,cause_metrics,description\n"
            "leak,web-1,1791158400,1791165600,true,a;b,\"It leaks, then swaps.\"\n");
}

}  // namespace
}  // namespace rolemix
