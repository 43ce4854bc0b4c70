#include <gtest/gtest.h>

#include "testing/kind_of.h"
#include "understudy/cohort.h"

namespace understudy {
namespace {

Schema schema_of(std::vector<std::string> colours, double high) {
  Schema schema;
  schema.subject = "id";
  schema.columns = {{.name = "age", .type = ColumnType::integer, .minimum = 0, .maximum = high},
                    {.name = "colour", .type = ColumnType::category, .categories = std::move(colours)}};
  return schema;
}

Cohort two_people() {
  Cohort cohort = make_cohort(schema_of({"red", "green", "blue"}, 100));
  cohort.subjects = {"a", "b"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_number(0, 30);
  cohort.statics.column(0).set_number(1, 90);
  cohort.statics.column(1).set_number(0, 2);
  cohort.statics.column(1).set_number(1, 1);
  return cohort;
}

TEST(Recode, NumbersAreClampedAndCategoriesFoundByTheirText) {
  const Cohort after = recode(two_people(), schema_of({"blue", "red"}, 80));
  EXPECT_EQ(after.statics.column(0).number(0), 30);
  EXPECT_EQ(after.statics.column(0).number(1), 80);
  EXPECT_EQ(after.statics.column(1).number(0), 0);
  EXPECT_FALSE(after.statics.column(1).is_valid(1));  // green is no category now
  EXPECT_EQ(after.schema.columns[1].categories, (std::vector<std::string>{"blue", "red"}));
}

TEST(Recode, CodesAreFoundByTheirTextAndCut) {
  const auto coded = [](std::vector<std::string> vocabulary, std::optional<std::int64_t> most) {
    Schema schema;
    schema.subject = "id";
    schema.columns = {{.name = "found", .type = ColumnType::codes, .categories = std::move(vocabulary)}};
    schema.columns[0].max_codes = most;
    return schema;
  };
  Cohort before = make_cohort(coded({"a", "b", "c", "d"}, {}));
  before.subjects = {"1", "2", "3"};
  before.statics.resize(3);
  before.statics.column(0).set_codes(0, {0, 1, 2, 3});
  before.statics.column(0).set_codes(1, {1});
  const Cohort after = recode(before, coded({"d", "c", "a"}, 2));
  EXPECT_EQ(after.statics.column(0).codes(0), (std::vector<std::int32_t>{0, 1}));  // d and c; a is one too many
  EXPECT_TRUE(after.statics.column(0).codes(1).empty());                          // b is no code now
  EXPECT_TRUE(after.statics.column(0).codes(2).empty());
  EXPECT_EQ(recode(before, before.schema), before);
}

TEST(Recode, TheSameSchemaChangesNothing) {
  const Cohort before = two_people();
  EXPECT_EQ(recode(before, before.schema), before);
}

TEST(Recode, OtherColumnsAreRefused) {
  Schema other = schema_of({"red"}, 100);
  other.columns[0].name = "height";
  EXPECT_EQ(kind_of([&] { recode(two_people(), other); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
