#include "cohort/testing_files.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

Schema small() {
  Schema schema;
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec = test_column("day", ColumnType::date);
  schema.columns = {test_column("a", ColumnType::integer), test_column("b", ColumnType::real),
                    test_column("s", ColumnType::real)};
  schema.columns[2].is_static = true;
  return schema;
}

std::string refusal(const Schema& schema) {
  return error_of(ErrorKind::input, [&] { schema.validate(); });
}

TEST(Schema, DividesStaticsAndSeries) {
  Schema schema = small();
  schema.validate();
  ASSERT_EQ(schema.statics().size(), 1U);
  EXPECT_EQ(schema.statics()[0].name, "s");
  EXPECT_EQ(schema.series().size(), 2U);
  schema.time.clear();
  EXPECT_EQ(schema.statics().size(), 3U);
  EXPECT_TRUE(schema.series().empty());
}

TEST(Schema, PublicOnlyWhenEveryColumnAndTheTimeAre) {
  Schema schema = small();
  EXPECT_TRUE(schema.is_public());
  schema.time_spec.is_public = false;
  EXPECT_FALSE(schema.is_public());
  schema.time_spec.is_public = true;
  schema.columns[1].is_public = false;
  EXPECT_FALSE(schema.is_public());
}

TEST(Schema, RefusesWhatCannotBe) {
  Schema schema = small();
  schema.columns[0].minimum = 3;
  schema.columns[0].maximum = 2;
  expect_parts(refusal(schema), {"'a'", "minimum 3", "maximum 2"});
  schema = small();
  schema.columns[1] = test_column("a", ColumnType::real);
  expect_parts(refusal(schema), {"'a'", "twice"});
  schema = small();
  schema.columns[1].type = ColumnType::category;
  expect_parts(refusal(schema), {"'b'", "without categories"});
  schema = small();
  schema.constraints = {{Constraint::Kind::sum_at_most, {"a", "zz"}, 1}};
  expect_parts(refusal(schema), {"'zz'", "a, b, s"});
  schema = small();
  schema.time_spec.type = ColumnType::text;
  expect_parts(refusal(schema), {"'day'", "text"});
  schema = small();
  schema.subject = std::string("row");
  expect_parts(refusal(schema), {"row"});
}

TEST(Schema, RefusesCodesThatCannotBe) {
  Schema schema = small();
  schema.columns[1].type = ColumnType::codes;
  expect_parts(refusal(schema), {"'b'", "without categories"});
  schema.columns[1].categories = {"I10", "E11;E12"};
  expect_parts(refusal(schema), {"'b'", "'E11;E12'", "';'"});
  schema.columns[1].categories = {"I10", ""};
  expect_parts(refusal(schema), {"'b'", "''", "text"});
  schema.columns[1].categories = {"I10", "E11"};
  schema.validate();
  schema.columns[1].max_codes = 0;
  expect_parts(refusal(schema), {"'b'", "max_codes = 0", "at least 1"});
  schema.columns[1].max_codes = 2;
  schema.columns[1].maximum = 4;
  expect_parts(refusal(schema), {"'b'", "maximum"});
  schema.columns[1].maximum.reset();
  schema.columns[0].max_codes = 2;
  expect_parts(refusal(schema), {"'a'", "integer", "max_codes"});
  schema.columns[0].max_codes.reset();
  schema.constraints = {{Constraint::Kind::sum_at_most, {"a", "b"}, 1}};
  expect_parts(refusal(schema), {"'b'", "codes"});
}

TEST(Schema, NamesEveryType) {
  for (const char* name : {"real", "integer", "category", "ordinal", "boolean", "date", "datetime", "id", "text",
                           "codes"}) {
    EXPECT_EQ(to_string(parse_column_type(name)), name);
  }
  expect_parts(error_of(ErrorKind::input, [] { parse_column_type("float"); }), {"'float'", "real"});
}

TEST(Schema, UnitIsAPersonUnlessItSaysStay) {
  Schema schema = parse_schema("[schema]\nsubject = \"stay_id\"\n[[column]]\nname = \"a\"\ntype = \"real\"\n", "test");
  EXPECT_EQ(unit_of(schema), "person");
  schema.unit = "stay";
  EXPECT_EQ(unit_of(parse_schema(to_toml(schema), "test")), "stay");
  schema.unit = "bed";
  EXPECT_EQ(kind_of([&] { schema.validate(); }), ErrorKind::input);
}

TEST(Schema, KnowsWhatKeysOfStaysAreCalled) {
  for (const char* name : {"stay_id", "ICUSTAY_ID", "patientunitstayid", "visit_occurrence_id", "Encounter"}) EXPECT_TRUE(names_a_stay(name)) << name;
  for (const char* name : {"subject_id", "person_id", "uniquepid", "Id", "RecordID", "length_of_stay"}) EXPECT_FALSE(names_a_stay(name)) << name;
}

}  // namespace
}  // namespace understudy
