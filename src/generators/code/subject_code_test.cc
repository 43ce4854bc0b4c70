#include "generators/code/subject_code.h"

#include <gtest/gtest.h>

#include "generators/model_file.h"

namespace understudy {
namespace {

// Two people: one of 3 rows at 0, 2, 3, one of none.
Cohort two_people() {
  Schema schema;
  schema.subject = "id";
  schema.time = "t";
  schema.time_spec = {.name = "t", .type = ColumnType::integer, .nullable = false};
  schema.columns = {{.name = "sex", .type = ColumnType::category, .categories = {"f", "m"}, .nullable = false, .is_static = true},
                    {.name = "x", .type = ColumnType::integer, .minimum = 0, .maximum = 9, .nullable = false}};
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"1", "2"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_number(0, 1);
  cohort.statics.column(0).set_number(1, 0);
  cohort.series.resize(3);
  cohort.times.resize(3);
  cohort.offsets = {0, 3, 3};
  for (std::int64_t row = 0; row < 3; ++row) {
    cohort.series.column(0).set_number(row, 4);
    cohort.times.set_number(row, std::vector<double>{0, 2, 3}[static_cast<std::size_t>(row)]);
  }
  return cohort;
}

TEST(SubjectCode, ByHand) {
  const Cohort cohort = two_people();
  const SubjectCode code(cohort.schema, learn_timeline(cohort), learn_marginals(cohort.schema.statics(), cohort.statics),
                         learn_marginals(cohort.schema.series(), cohort.series));
  ASSERT_EQ(code.statics().columns(), 2U);  // sex, rows
  ASSERT_EQ(code.series().columns(), 2U);   // x, gap
  const auto statics = code.encode_statics(cohort);
  Table table(cohort.schema.statics());
  table.resize(2);
  Rng rng(1);
  for (std::int64_t s = 0; s < 2; ++s) {
    const auto rows = code.statics().decode(std::span(statics).subspan(static_cast<std::size_t>(2 * s), 2), table, s, rng);
    EXPECT_EQ(table.column(0).number(s), cohort.statics.column(0).number(s));
    ASSERT_TRUE(rows.has_value());
  }
  const auto series = code.encode_series(cohort);
  ASSERT_EQ(series.size(), 6U);
  const auto missing = code.series().missing();
  const std::size_t gap = missing[0] >= 0 ? 0 : 1;
  EXPECT_EQ(series[gap], missing[gap]);  // the first row has no gap
  EXPECT_NE(series[2 + gap], missing[gap]);

  // Told: one number for each category of a column that has few.
  const auto sizes = code.statics().sizes();
  EXPECT_EQ(code.numbers(), sizes[0] + sizes[1]);
  const auto numbers = code.describe(statics);
  ASSERT_EQ(static_cast<std::int64_t>(numbers.size()), 2 * code.numbers());
  for (std::size_t s = 0; s < 2; ++s) {
    float sum = 0;
    for (std::int64_t i = 0; i < code.numbers(); ++i) sum += numbers[s * static_cast<std::size_t>(code.numbers()) + static_cast<std::size_t>(i)];
    EXPECT_EQ(sum, 2);  // one for each column
  }
}

}  // namespace
}  // namespace understudy
