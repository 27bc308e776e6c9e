// How often a table is grouped by host: the linker puts a counter in front of rows_by_host.
#include <gtest/gtest.h>

#include <vector>

#include "base/shared.h"
#include "model/random_model.h"
#include "report/role_report.h"
#include "table/sample_table.h"

namespace rolemix {
namespace {

int groupings = 0;

}  // namespace

using Groups = Result<std::vector<HostRows>>;
using Notices = std::vector<Notice>;
Groups really_grouped(const TableView& table, Notices* notices) asm(
    "__real__ZN7rolemix12rows_by_hostERKNS_9TableViewEPSt6vectorINS_6NoticeESaIS4_EE");
Groups counted(const TableView& table, Notices* notices) asm(
    "__wrap__ZN7rolemix12rows_by_hostERKNS_9TableViewEPSt6vectorINS_6NoticeESaIS4_EE");

Groups counted(const TableView& table, Notices* notices) {
  ++groupings;
  return really_grouped(table, notices);
}

namespace {

TEST(ATable, is_grouped_once_for_all_that_is_said_of_it) {
  Random random(1);
  RoleModel model = plain_model({Vector::Ones(1), Matrix::Zero(1, 2), {Matrix::Identity(2, 2)}});
  model.calibration.memory_seconds = 0;
  std::vector<Row> rows;
  for (int i = 0; i < 200; ++i) {
    Vector values = random_normals(random, 2, 1);
    values[0] += i >= 100 && i < 110 ? 20 : 0;
    rows.push_back({i % 2 == 0 ? "a" : "b", 60.0 * (i / 2), values});
  }
  Scorer scorer = Scorer::create(model).value();
  Explainer explainer(scorer);
  groupings = 0;
  RoleReport role(explainer, Shared<Samples>::of(samples_of(model, table_of(model, rows)).value()));
  const std::vector<Alert> alerts = role.alerts({});
  ASSERT_FALSE(alerts.empty());
  EXPECT_TRUE(role.explain(alerts[0], {}, Language::kEnglish));
  const std::int32_t worst = role.worst_row();
  role.moment(worst, Language::kEnglish);
  role.moment_with(worst, role.values(worst), Language::kEnglish);
  role.similar(worst);
  role.prices(std::vector<AlertSettings>(3));
  role.notices();
  EXPECT_EQ(groupings, 1);
}

}  // namespace
}  // namespace rolemix
