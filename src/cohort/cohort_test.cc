#include "understudy/cohort.h"

#include <set>

#include "cohort/testing_files.h"

namespace understudy {
namespace {

// Three people with 2, 0 and 1 days.
Cohort three_people() {
  Schema schema;
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec = test_column("day", ColumnType::date);
  schema.columns = {test_column("age", ColumnType::integer), test_column("steps", ColumnType::integer),
                    test_column("active", ColumnType::integer)};
  schema.columns[0].is_static = true;
  schema.constraints = {{Constraint::Kind::sum_at_most, {"steps", "active"}, 10},
                        {Constraint::Kind::less_equal, {"active", "age"}, 0}};
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"a", "b", "c"};
  cohort.statics.resize(3);
  for (std::int64_t s = 0; s < 3; ++s) cohort.statics.column(0).set_number(s, 5.0 * static_cast<double>(s + 1));
  cohort.series.resize(3);
  cohort.times.resize(3);
  cohort.offsets = {0, 2, 2, 3};
  for (std::int64_t row = 0; row < 3; ++row) {
    cohort.times.set_number(row, static_cast<double>(100 + row));
    cohort.series.column(0).set_number(row, static_cast<double>(row + 4));
    cohort.series.column(1).set_number(row, 6);
  }
  return cohort;
}

TEST(Cohort, SelectsPeopleAlsoTwice) {
  const Cohort cohort = three_people();
  const std::vector<std::int64_t> wanted = {2, 0, 2};
  const Cohort picked = cohort.select(wanted);
  EXPECT_EQ(picked.subjects, (std::vector<std::string>{"c", "a", "c"}));
  EXPECT_EQ(picked.offsets, (std::vector<std::int64_t>{0, 1, 3, 4}));
  EXPECT_EQ(picked.series.column(0).number(3), 6);
  EXPECT_EQ(picked.times.number(0), 102);
  EXPECT_EQ(picked.owners(), (std::vector<std::int64_t>{0, 1, 1, 2}));
}

TEST(Cohort, FlatRepeatsStatics) {
  const Table flat = three_people().flat();
  EXPECT_EQ(flat.rows(), 3);
  EXPECT_EQ(flat.column("age").number(1), 5);
  EXPECT_EQ(flat.column("age").number(2), 15);
}

TEST(Cohort, CountsBrokenConstraints) {
  Cohort cohort = three_people();
  // sums 10, 11, 12 against 10; active 6 against ages 5, 5, 15
  EXPECT_EQ(constraint_violations(cohort), (std::vector<std::int64_t>{2, 2}));
  cohort.series.column(1).set_missing(1);
  EXPECT_EQ(constraint_violations(cohort), (std::vector<std::int64_t>{1, 1}));
}

TEST(Cohort, SplitIgnoresTheOrderOfSubjects) {
  Cohort cohort = three_people();
  cohort.schema.time.clear();
  cohort = make_cohort(cohort.schema);
  for (int i = 0; i < 101; ++i) cohort.subjects.push_back(fmt::format("p{}", i));
  cohort.statics.resize(101);
  Cohort reversed = cohort;
  std::reverse(reversed.subjects.begin(), reversed.subjects.end());
  const std::vector<double> shares = {0.5, 0.25};
  const auto parts = split_subjects(cohort, shares, Rng(7));
  const auto other = split_subjects(reversed, shares, Rng(7));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].size(), 51U);  // llround(50.5)
  EXPECT_EQ(parts[0].size() + parts[1].size(), 76U);
  std::set<std::string> names;
  std::set<std::string> other_names;
  for (const auto s : parts[0]) names.insert(cohort.subjects[static_cast<std::size_t>(s)]);
  for (const auto s : other[0]) other_names.insert(reversed.subjects[static_cast<std::size_t>(s)]);
  EXPECT_EQ(names, other_names);
  const std::vector<double> too_much = {0.7, 0.7};
  error_of(ErrorKind::usage, [&] { split_subjects(cohort, too_much, Rng(7)); });
}

}  // namespace
}  // namespace understudy
