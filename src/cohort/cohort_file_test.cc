#include "cohort/cohort_file.h"

#include <gtest/gtest.h>

#include "testing/kind_of.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

Cohort people() {
  Context context;
  context.seed = 3;
  Cohort cohort = find_simulator("wearable").simulate(20, context, 0);
  for (std::size_t s = 0; s < cohort.subjects.size(); ++s) cohort.subjects[s] = std::to_string(s + 1);
  return cohort;
}

TEST(CohortFile, GivesTheSameCohortBack) {
  const Cohort cohort = people();
  EXPECT_EQ(cohort_from_tensors(to_tensors(cohort), cohort.schema), cohort);
}

TEST(CohortFile, SubjectsWithoutRowsAreKept) {
  Cohort cohort = people();
  cohort.subjects.push_back("21");
  cohort.statics.resize(21);
  cohort.offsets.push_back(cohort.offsets.back());
  EXPECT_EQ(cohort_from_tensors(to_tensors(cohort), cohort.schema), cohort);
}

// Of the keys, all values and their order.
TEST(CohortFile, DigestsTellCohortsApart) {
  const Cohort cohort = people();
  const std::string digest = digest_of(cohort);
  EXPECT_EQ(digest_of(people()), digest);
  Cohort renamed = cohort, changed = cohort, later = cohort;
  std::swap(renamed.subjects[0], renamed.subjects[1]);
  changed.series.column(0).set_missing(3);
  later.times.set_number(0, later.times.number(0) - 1);
  for (const Cohort& other : {renamed, changed, later, cohort.select(std::vector<std::int64_t>{1, 0})}) EXPECT_NE(digest_of(other), digest);
}

// Static codes, and codes in a series that begins and ends with an empty cell.
Cohort coded() {
  Schema schema;
  schema.subject = "id";
  schema.repeated = true;
  schema.columns = {{.name = "history", .type = ColumnType::codes, .categories = {"x", "y"}, .is_static = true},
                    {.name = "found", .type = ColumnType::codes, .categories = {"a", "b", "c"}}};
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"1", "2"};
  cohort.offsets = {0, 3, 4};
  cohort.statics.resize(2);
  cohort.series.resize(4);
  cohort.statics.column(0).set_codes(1, {0, 1});
  cohort.series.column(0).set_codes(1, {0, 2});
  cohort.series.column(0).set_codes(2, {1});
  return cohort;
}

TEST(CohortFile, CodesComeBack) {
  const Cohort cohort = coded();
  EXPECT_EQ(cohort_from_tensors(to_tensors(cohort), cohort.schema), cohort);
  const Cohort nobody = make_cohort(cohort.schema);
  EXPECT_EQ(cohort_from_tensors(to_tensors(nobody), nobody.schema), nobody);
}

TEST(CohortFile, DamagedCodesAreRefused) {
  const Cohort cohort = coded();
  const auto load = [&](const std::string& name, std::vector<std::int64_t> values) {
    TensorFile file = to_tensors(cohort);
    file.put(name, {static_cast<std::int64_t>(values.size())}, std::span<const std::int64_t>(values));
    return kind_of([&] { cohort_from_tensors(file, cohort.schema); });
  };
  EXPECT_EQ(load("series.0", {0, 2, 3}), ErrorKind::input);            // code 3 of 3
  EXPECT_EQ(load("series.0", {0, -1, 1}), ErrorKind::input);
  EXPECT_EQ(load("series.0", {0, 2}), ErrorKind::input);               // fewer than the cells have
  EXPECT_EQ(load("series.0.starts", {0, 0, 2, 3}), ErrorKind::input);  // a row too few
  EXPECT_EQ(load("series.0.starts", {0, 2, 0, 3, 3}), ErrorKind::input);
  EXPECT_EQ(load("series.0.starts", {-1, 0, 2, 3, 3}), ErrorKind::input);
  TensorFile cut = to_tensors(cohort);
  cut.tensors.erase("statics.0.starts");
  EXPECT_EQ(kind_of([&] { cohort_from_tensors(cut, cohort.schema); }), ErrorKind::input);
}

TEST(CohortFile, OtherSchemasAreRefused) {
  const Cohort cohort = people();
  Schema other = cohort.schema;
  other.columns[1].categories = {"one"};
  EXPECT_EQ(kind_of([&] { cohort_from_tensors(to_tensors(cohort), other); }), ErrorKind::input);
  TensorFile cut = to_tensors(cohort);
  cut.tensors.erase("offsets");
  EXPECT_EQ(kind_of([&] { cohort_from_tensors(cut, cohort.schema); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
