#include "cohort/cohort_file.h"

#include <gtest/gtest.h>

#include "testing/kind_of.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

Cohort people() {
  Context context;
  context.seed = 3;
  Cohort cohort = find_simulator("wearable").simulate(20, context);
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
