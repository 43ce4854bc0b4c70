#include "generators/condition.h"

#include <gtest/gtest.h>

#include "understudy/error.h"

namespace understudy {
namespace {

Schema schema() {
  Schema result;
  result.subject = "Id";
  result.time = "day";
  ColumnSpec age{.name = "age", .type = ColumnType::integer, .is_static = true};
  age.minimum = 0;
  age.maximum = 120;
  ColumnSpec sex{.name = "sex", .type = ColumnType::category, .is_static = true};
  sex.categories = {"f", "m"};
  ColumnSpec born{.name = "born", .type = ColumnType::date, .is_static = true};
  ColumnSpec steps{.name = "steps", .type = ColumnType::integer};
  result.columns = {age, sex, born, steps};
  return result;
}

TEST(GanCondition, ReadsCategoriesAndNumbers) {
  const auto conditions = parse_conditions(schema(), {{"age", "40"}, {"sex", "m"}});
  ASSERT_EQ(conditions.size(), 2U);
  EXPECT_EQ(conditions[0].value, 40);
  EXPECT_NEAR(conditions[0].tolerance, 1.2, 1e-12);  // 1 % of 120
  EXPECT_EQ(conditions[1].value, 1);
  EXPECT_EQ(conditions[1].tolerance, 0);
}

TEST(GanCondition, RefusesWhatTheColumnCannotHold) {
  for (const auto& [column, text] : std::vector<std::pair<std::string, std::string>>{
           {"age", "121"}, {"age", "40.5"}, {"age", "old"}, {"age", ""}, {"age", "nan"}, {"sex", "x"},
           {"steps", "100"}, {"height", "1"}, {"born", "2000-01-01"}}) {
    try {
      parse_conditions(schema(), {{column, text}});
      ADD_FAILURE() << column << " = " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
    }
  }
}

TEST(GanCondition, FindsAndImposes) {
  Table table(schema().statics());
  table.resize(4);
  const double ages[] = {40, 41, 30, 40};
  for (std::int64_t row = 0; row < 4; ++row) {
    table.column(0).set_number(row, ages[row]);
    if (row < 3) table.column(1).set_number(row, 1);
  }
  const auto conditions = parse_conditions(schema(), {{"age", "40"}, {"sex", "m"}});
  EXPECT_EQ(matching_rows(table, conditions), (std::vector<std::int64_t>{0, 1}));  // 3: sex is missing
  impose(conditions, table);
  for (std::int64_t row = 0; row < 4; ++row) EXPECT_EQ(table.column(0).number(row), 40);
}

// Rounds of 4 people aged 40, 45, 50, 55, then 45, 50, 55, 60, ...: one aged 55 in each of four rounds.
TEST(Condition, DrawsUntilEnoughMeetIt) {
  const auto conditions = parse_conditions(schema(), {{"age", "55"}});
  std::vector<std::int64_t> firsts, taken;
  const auto draw = [&](std::int64_t first) {
    firsts.push_back(first);
    Table table(schema().statics());
    table.resize(4);
    for (std::int64_t row = 0; row < 4; ++row) table.column(0).set_number(row, static_cast<double>(40 + 5 * (first / 4 + row)));
    return table;
  };
  const auto take = [&](std::span<const std::int64_t> rows) { taken.insert(taken.end(), rows.begin(), rows.end()); };
  const Table found = draw_until_met(3, conditions, {.round = 4, .most = 16}, draw, take);
  EXPECT_EQ(firsts, (std::vector<std::int64_t>{0, 4, 8}));
  EXPECT_EQ(taken, (std::vector<std::int64_t>{3, 2, 1}));
  ASSERT_EQ(found.rows(), 3);
  for (std::int64_t row = 0; row < 3; ++row) EXPECT_EQ(found.column(0).number(row), 55);
  try {
    draw_until_met(5, conditions, {.round = 4, .most = 16}, draw, take);
    ADD_FAILURE() << "there are only four";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

}  // namespace
}  // namespace understudy
