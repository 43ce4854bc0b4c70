#include "cohort/testing_files.h"
#include "understudy/random.h"

namespace understudy {
namespace {

constexpr std::string_view kV2 = R"({"METADATA_SPEC_VERSION": "V2", "tables": {"visits": {
  "primary_key": "visit", "sequence_key": "person", "sequence_index": "when",
  "columns": {
    "visit": {"sdtype": "id"},
    "person": {"sdtype": "id"},
    "when": {"sdtype": "datetime", "datetime_format": "%d/%m/%Y", "range_min": "01/02/2020"},
    "age": {"sdtype": "numerical", "range_min": 0, "range_max": 120, "decimal_places": 0, "range_is_nullable": false},
    "weight": {"sdtype": "numerical", "decimal_places": 1},
    "tax": {"sdtype": "categorical", "range_values": ["single", "married"]},
    "likert": {"sdtype": "ordinal", "range_values": [1, 2, 3]},
    "smokes": {"sdtype": "boolean"},
    "mail": {"sdtype": "email", "pii": true}}}}})";

TEST(SdvMetadata, ReadsV2WithItsRanges) {
  const Schema schema = parse_sdv_metadata(kV2, "meta.json");
  schema.validate();
  EXPECT_EQ(schema.name, "visits");
  EXPECT_EQ(schema.subject, "person");
  EXPECT_EQ(schema.time, "when");
  EXPECT_EQ(schema.time_spec.type, ColumnType::date);
  EXPECT_EQ(schema.time_spec.minimum, 18293.0);  // 1 February 2020
  EXPECT_FALSE(schema.time_spec.maximum);
  EXPECT_EQ(schema.column("age").type, ColumnType::integer);
  EXPECT_EQ(schema.column("age").maximum, 120.0);
  EXPECT_FALSE(schema.column("age").nullable);
  EXPECT_EQ(schema.column("weight").decimals, 1);
  EXPECT_FALSE(schema.column("weight").minimum);
  EXPECT_EQ(schema.column("tax").categories, (std::vector<std::string>{"single", "married"}));
  EXPECT_EQ(schema.column("likert").type, ColumnType::ordinal);
  EXPECT_EQ(schema.column("likert").categories, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(schema.column("mail").type, ColumnType::text);
  EXPECT_EQ(schema.column("visit").type, ColumnType::id);
}

TEST(SdvMetadata, ReadsV1AndLeavesBoundsUnset) {
  const std::string columns = R"("columns": {"id": {"sdtype": "id"},
    "n": {"sdtype": "numerical", "computer_representation": "Int64"}, "x": {"sdtype": "numerical"},
    "at": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d %H:%M:%S"},
    "c": {"sdtype": "categorical", "order": ["low", "high"]}, "free": {"sdtype": "categorical"}},
    "primary_key": "id")";
  const std::string single = R"({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", )" + columns + "}";
  const std::string v1 = R"({"METADATA_SPEC_VERSION": "V1", "tables": {"t": {)" + columns + "}}}";
  for (const std::string& text : {single, v1}) {
    const Schema schema = parse_sdv_metadata(text, "meta.json");
    EXPECT_EQ(schema.subject, "id");
    EXPECT_FALSE(schema.has_series());
    EXPECT_EQ(schema.column("n").type, ColumnType::integer);
    EXPECT_FALSE(schema.column("n").minimum);
    EXPECT_EQ(schema.column("x").type, ColumnType::real);
    EXPECT_EQ(schema.column("at").type, ColumnType::datetime);
    EXPECT_EQ(schema.column("c").type, ColumnType::ordinal);
    EXPECT_TRUE(schema.column("free").categories.empty());
    expect_parts(error_of(ErrorKind::input, [&] { schema.validate(); }), {"'free'", "categories"});
  }
}

TEST(SdvMetadata, PicksTheTableAskedFor) {
  const std::string text = R"({"METADATA_SPEC_VERSION": "MULTI_TABLE_V1", "relationships": [], "tables": {
    "a": {"columns": {"x": {"sdtype": "numerical"}}}, "b": {"columns": {"y": {"sdtype": "boolean"}}}}})";
  expect_parts(error_of(ErrorKind::input, [&] { parse_sdv_metadata(text, "m.json"); }), {"a, b", "m.json#a"});
  EXPECT_EQ(parse_sdv_metadata(text, "m.json#b").columns[0].name, "y");
  expect_parts(error_of(ErrorKind::input, [&] { parse_sdv_metadata(text, "m.json#c"); }), {"'c'", "a, b"});
  EXPECT_EQ(read_schema(test_file("multi.json", text) + "#b").name, "b");
}

TEST(SdvMetadata, RefusesWhatItDoesNotKnow) {
  const auto refusal = [](const std::string& text) {
    return error_of(ErrorKind::input, [&] { parse_sdv_metadata(text, "m.json"); });
  };
  expect_parts(refusal("[1]"), {"m.json"});
  expect_parts(refusal(R"({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": )" + std::string(200000, '[') +
                       std::string(200000, ']') + "}"), {"m.json"});
  expect_parts(refusal("{}"), {"METADATA_SPEC_VERSION", "V2"});
  expect_parts(refusal(R"({"METADATA_SPEC_VERSION": "V9"})"), {"V9"});
  expect_parts(refusal(R"({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {"x": {}}})"), {"'x'", "sdtype"});
  expect_parts(refusal(R"({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "primary_key": ["a", "b"], "columns": {}})"),
               {"primary_key"});
  expect_parts(refusal(R"({"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
      "columns": {"x": {"sdtype": "datetime", "datetime_format": "%Y", "range_min": "soon"}}})"),
               {"'soon'", "%Y"});
}

TEST(SdvMetadata, NeverCrashes) {
  Rng rng(21);
  const std::vector<std::string> words = {"null", "1e400", "{}", "[]", "\"V1\"", "\"columns\"", "-1", "true", "\xff"};
  for (int i = 0; i < 300; ++i) {
    std::string text(kV2);
    for (std::uint64_t c = 0; c <= rng.below(5); ++c) {
      const std::size_t colon = text.find(':', rng.below(text.size()));
      const std::size_t at = colon == std::string::npos ? rng.below(text.size()) : colon + 1;
      const std::size_t end = std::min(text.find_first_of(",}", at), text.size());
      text.replace(at, end - at, words[rng.below(words.size())]);
    }
    try {
      parse_sdv_metadata(text, "mutant.json");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input) << error.what();
    }
  }
}

}  // namespace
}  // namespace understudy
