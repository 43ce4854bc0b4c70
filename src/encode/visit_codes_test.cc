#include "encode/visit_codes.h"

#include <gtest/gtest.h>

#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kSchema = R"toml(
[schema]
name = "visits"
subject = "person"
time = "visit"
time_type = "integer"
time_unit = "visit"
[[column]]
name = "diagnoses"
type = "codes"
categories = ["a", "b", "c"]
[[column]]
name = "length"
type = "real"
[[column]]
name = "drugs"
type = "codes"
categories = ["x", "y"]
)toml";

// The first person comes twice, the second never.
Cohort two_people() {
  Cohort cohort = make_cohort(parse_schema(kSchema, "test"));
  cohort.subjects = {"1", "2"};
  cohort.statics.resize(2);
  cohort.series.resize(2);
  cohort.times.resize(2);
  cohort.offsets = {0, 2, 2};
  cohort.times.set_number(1, 1);
  cohort.series.column(0).set_codes(0, {0, 2});
  cohort.series.column(2).set_codes(1, {1});
  return cohort;
}

TEST(VisitCodes, ColumnsStandSideBySide) {
  const Cohort cohort = two_people();
  const CodeVocabulary words(cohort.schema);
  EXPECT_EQ(words.size(), 5);
  EXPECT_EQ(code_sets(words, cohort, 0), (std::vector<std::vector<std::int32_t>>{{0, 2}, {4}}));
  EXPECT_TRUE(code_sets(words, cohort, 1).empty());
  EXPECT_EQ(multi_hot(words, cohort, 0, 3), (std::vector<float>{1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(multi_hot(words, cohort, 0, 1), (std::vector<float>{1, 0, 1, 0, 0}));
  EXPECT_EQ(multi_hot(words, cohort, 1, 1), (std::vector<float>(5, 0)));
}

TEST(VisitCodes, ComeBack) {
  const Cohort cohort = two_people();
  const CodeVocabulary words(cohort.schema);
  const std::vector<float> hot = multi_hot(words, cohort, 0, 2);
  Table series = make_cohort(cohort.schema).series;
  series.resize(2);
  for (std::int64_t row = 0; row < 2; ++row) set_codes(words, hot.data() + row * words.size(), series, row);
  for (std::int64_t row = 0; row < 2; ++row) {
    for (const std::size_t c : {std::size_t{0}, std::size_t{2}}) {
      const auto had = cohort.series.column(c).codes(row), has = series.column(c).codes(row);
      EXPECT_TRUE(std::equal(had.begin(), had.end(), has.begin(), has.end()));
    }
  }
}

TEST(VisitCodes, NeedACodesColumn) {
  Schema schema = parse_schema(kSchema, "test");
  schema.columns = {schema.columns[1]};
  EXPECT_EQ(kind_of([&] { CodeVocabulary words(schema); }), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
