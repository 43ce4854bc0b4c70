#include "cohort/catalogue.h"
#include "cohort/testing_files.h"
#include "understudy/random.h"

namespace understudy {
namespace {

constexpr std::string_view kText = R"(
[schema]
name = "days \"quoted\""
subject = "Id"
time = "Day"
time_format = "%m/%d/%Y"
time_minimum = 2016-04-12
subjects = 33

[[column]]
name = "TotalSteps"
type = "integer"
range = "catalogue:steps_per_day"

[[column]]
name = "km"
type = "real"
unit = "km"
minimum = 0
maximum = 12.5
decimals = 2
nullable = false
description = "line\nbreak"

[[column]]
name = "sex"
type = "category"
categories = ["F", "M"]
static = true
sensitive = true

[[column]]
name = "worn"
type = "boolean"
public = false
target = true

[[column]]
name = "diagnoses"
type = "codes"
categories = ["I10", "E11.9", "a \"b\""]
max_codes = 2

[[column]]
name = "at"
type = "datetime"
maximum = 2016-04-12T10:00:00.25Z

[[constraint]]
kind = "sum_at_most"
columns = ["TotalSteps", "km"]
limit = 1440.5

[[constraint]]
kind = "less_equal"
columns = ["km", "TotalSteps"]
)";

std::string refusal(const std::string& text) {
  return error_of(ErrorKind::input, [&] { parse_schema(text, "days.toml"); });
}

TEST(SchemaToml, ReadsEveryKey) {
  const Schema schema = parse_schema(kText, "days.toml");
  EXPECT_EQ(schema.name, "days \"quoted\"");
  EXPECT_EQ(schema.subjects, 33);
  EXPECT_EQ(schema.time_spec.type, ColumnType::date);
  EXPECT_EQ(schema.time_spec.minimum, 16903.0);  // days from 1970-01-01 to 2016-04-12
  const ColumnSpec& steps = schema.column("TotalSteps");
  EXPECT_EQ(steps.minimum, 0.0);
  EXPECT_EQ(steps.maximum, 100000.0);
  EXPECT_EQ(steps.unit, "{steps}");
  EXPECT_EQ(schema.column("km").decimals, 2);
  EXPECT_FALSE(schema.column("km").nullable);
  EXPECT_TRUE(schema.column("sex").is_static);
  EXPECT_EQ(schema.column("worn").categories, (std::vector<std::string>{"false", "true"}));
  EXPECT_EQ(schema.column("diagnoses").type, ColumnType::codes);
  EXPECT_EQ(schema.column("diagnoses").max_codes, 2);
  EXPECT_EQ(schema.column("at").maximum, 16903 * 86400e6 + 36000.25e6);
  EXPECT_EQ(schema.constraints[0].limit, 1440.5);
  EXPECT_EQ(schema.constraints[1].kind, Constraint::Kind::less_equal);
}

TEST(SchemaToml, WritesWhatItReads) {
  const Schema schema = parse_schema(kText, "days.toml");
  const std::string text = to_toml(schema);
  const Schema again = parse_schema(text, "again");
  EXPECT_EQ(to_toml(again), text);
  ASSERT_EQ(again.columns.size(), schema.columns.size());
  for (std::size_t c = 0; c < schema.columns.size(); ++c) {
    const ColumnSpec& a = schema.columns[c];
    const ColumnSpec& b = again.columns[c];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.type, b.type);
    EXPECT_EQ(a.unit, b.unit);
    EXPECT_EQ(a.minimum, b.minimum);
    EXPECT_EQ(a.maximum, b.maximum);
    EXPECT_EQ(a.categories, b.categories);
    EXPECT_EQ(a.decimals, b.decimals);
    EXPECT_EQ(a.max_codes, b.max_codes);
    EXPECT_EQ(a.catalogue, b.catalogue);
    EXPECT_EQ(a.description, b.description);
    EXPECT_EQ(a.is_public, b.is_public);
    EXPECT_EQ(a.nullable, b.nullable);
    EXPECT_EQ(a.is_static, b.is_static);
    EXPECT_EQ(a.is_target, b.is_target);
    EXPECT_EQ(a.is_sensitive, b.is_sensitive);
  }
  EXPECT_EQ(again.time_spec.minimum, schema.time_spec.minimum);
  EXPECT_EQ(again.time_spec.format, schema.time_spec.format);
  EXPECT_EQ(again.subjects, schema.subjects);
}

TEST(SchemaToml, ErrorsSayFileLineAndCure) {
  const std::string head = "[schema]\nsubject = \"row\"\n\n[[column]]\nname = \"a\"\n";
  expect_parts(refusal(head + "typ = \"real\"\n"), {"days.toml line 6", "'typ'", "type"});
  expect_parts(refusal(head + "type = \"float\"\n"), {"days.toml line 6", "'float'", "integer"});
  expect_parts(refusal(head + "type = \"real\"\nrange = \"catalogue:steps\"\n"),
               {"line 7", "'steps'", "steps_per_day"});
  expect_parts(refusal(head + "type = \"real\"\nrange = \"mine\"\n"), {"line 7", "catalogue:NAME"});
  expect_parts(refusal(head + "type = \"real\"\nunit = \"h\"\nrange = \"catalogue:heart_rate\"\n"), {"line 7", "/min"});
  expect_parts(refusal(head + "type = \"text\"\nminimum = 3\n"), {"line 7", "text"});
  expect_parts(refusal(head + "type = \"real\"\nminimum = 2016-01-01\n"), {"line 7", "real"});
  expect_parts(refusal(head + "type = \"real\"\nminimum = nan\n"), {"line 7", "finite"});
  expect_parts(refusal(head + "type = \"real\"\nminimum = 5\nmaximum = 4\n"), {"days.toml", "'a'", "swap"});
  expect_parts(refusal(head + "type = \"real\"\ndecimals = 99\n"), {"line 7", "99"});
  expect_parts(refusal(head + "type = \"real\"\npublic = 1\n"), {"line 7", "true or false"});
  expect_parts(refusal(head + "type = \"real\"\nmax_codes = 3\n"), {"line 7", "'a'", "codes column"});
  expect_parts(refusal(head + "type = \"codes\"\ncategories = [\"x\"]\nmax_codes = 0\n"), {"line 8", "at least 1"});
  expect_parts(refusal(head + "type = \"codes\"\n"), {"days.toml", "'a'", "without categories"});
  expect_parts(refusal(head + "type = \"real\"\nname = \"b\"\n"), {"line 7"});
  expect_parts(refusal("[schema]\nsubject = \"row\"\n[column]\nname = \"a\"\n"), {"line 3", "[[column]]"});
  expect_parts(refusal("[schema]\nsubject = \"row\"\ntime_type = \"date\"\n"), {"line 3", "time_type"});
  expect_parts(refusal("[[column]]\nname = \"a\"\ntype = \"real\"\n"), {"[schema]"});
  expect_parts(refusal("[schema\n"), {"days.toml line 1"});
}

// Any bytes give a schema or an input error.
TEST(SchemaToml, NeverCrashes) {
  Rng rng(20);
  for (int i = 0; i < 400; ++i) {
    std::string text(kText);
    const auto changes = 1 + rng.below(8);
    for (std::uint64_t c = 0; c < changes; ++c) {
      const std::size_t at = rng.below(text.size());
      switch (rng.below(4)) {
        case 0:
          text[at] = static_cast<char>(rng.below(256));
          break;
        case 1:
          text.erase(at, rng.below(20));
          break;
        case 2:
          text.insert(at, text.substr(rng.below(text.size()), rng.below(30)));
          break;
        default:
          text.insert(at, "[[1e999,\"\\u0000\"]");
          break;
      }
    }
    try {
      const Schema schema = parse_schema(text, "mutant");
      EXPECT_EQ(to_toml(parse_schema(to_toml(schema), "again")), to_toml(schema));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
    }
  }
}

TEST(ReadSchema, PicksByEnding) {
  EXPECT_EQ(read_schema(test_file("s.toml", std::string(kText))).subject, "Id");
  expect_parts(error_of(ErrorKind::input, [] { read_schema("s.yaml"); }), {".yaml", ".toml"});
  expect_parts(error_of(ErrorKind::input, [] { read_schema("/nowhere/s.toml"); }), {"/nowhere/s.toml"});
}

}  // namespace
}  // namespace understudy
