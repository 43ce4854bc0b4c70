#include "cohort/clinical/concepts.h"

#include <set>

#include "cohort/catalogue.h"
#include "cohort/testing_files.h"

namespace understudy {
namespace {

Concepts parse(const std::string& text) { return parse_concepts(text, "own.toml"); }
std::string refusal(const std::string& text) {
  return error_of(ErrorKind::input, [&] { parse(text); });
}

TEST(Concepts, ItemsHaveTablesAndUnits) {
  const Concepts concepts = parse(
      "[body_temperature]\nmimic-iv = [\"chartevents/223762\", \"chartevents/223761@[degF]\"]\n"
      "physionet-2012 = [\"Temp\"]\n"
      "meds = [\"data/LAB//223761@[degF]\"]\nunits = { \"[degF]\" = [0.5555555555555556, -17.77777777777778] }\n");
  const Concept* temperature = concepts.find("body_temperature");
  ASSERT_NE(temperature, nullptr);
  const auto items = temperature->items_of("mimic-iv");
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].table, "chartevents");
  EXPECT_EQ(items[0].item, "223762");
  EXPECT_EQ(items[0].unit, "");
  EXPECT_EQ(items[1].unit, "[degF]");
  EXPECT_EQ(temperature->items_of("physionet-2012")[0].table, "");
  EXPECT_EQ(temperature->items_of("physionet-2012")[0].item, "Temp");
  EXPECT_EQ(temperature->items_of("meds")[0].item, "LAB//223761");
  EXPECT_TRUE(temperature->items_of("eicu").empty());
  EXPECT_EQ(temperature->aggregate, Aggregate::median);
  EXPECT_EQ(concepts.find("heart_rate"), nullptr);
}

TEST(Concepts, UnitsConvert) {
  const Concepts concepts = parse(
      "[same_unit]\n\"mg/dL\" = [\"mg%\"]\n[creatinine]\nunits = { \"umol/L\" = 0.0113096 }\n"
      "[body_temperature]\nunits = { \"[degF]\" = [0.5555555555555556, -17.77777777777778] }\n");
  const Concept* creatinine = concepts.find("creatinine");
  EXPECT_EQ(creatinine->conversion("")->factor, 1);
  EXPECT_EQ(creatinine->conversion(" MG / dl ")->factor, 1);
  EXPECT_EQ(creatinine->conversion("mg%")->factor, 1);
  EXPECT_EQ(creatinine->conversion("UMOL/L")->factor, 0.0113096);
  EXPECT_FALSE(creatinine->conversion("mmol/L"));
  const auto fahrenheit = *concepts.find("body_temperature")->conversion("[degF]");
  EXPECT_NEAR(fahrenheit.factor * 98.6 + fahrenheit.offset, 37, 1e-12);
  EXPECT_NEAR(fahrenheit.factor * 32 + fahrenheit.offset, 0, 1e-12);
}

TEST(Concepts, MistakesAreNamedWithTheirLine) {
  expect_parts(refusal("[creatinine\n"), {"own.toml line 1"});
  expect_parts(refusal("[creatinin]\n"), {"own.toml", "creatinin"});
  expect_parts(refusal("\ncreatinine = 5\n"), {"own.toml line 2", "must be a table"});
  expect_parts(refusal("[creatinine]\neicu = \"lab/x\"\n"), {"own.toml line 2", "'eicu' must be a list of texts"});
  expect_parts(refusal("[creatinine]\neicu = [\"lab/x\", 5]\n"), {"own.toml line 2", "list of texts"});
  expect_parts(refusal("[creatinine]\n\nunits = 5\n"), {"own.toml line 3", "'units'"});
  expect_parts(refusal("[creatinine]\nunits = { \"g/L\" = \"x\" }\n"), {"own.toml line 2", "[factor, offset]"});
  expect_parts(refusal("[creatinine]\nunits = { \"g/L\" = [1] }\n"), {"own.toml line 2", "[factor, offset]"});
  expect_parts(refusal("[creatinine]\neicu = [\"lab/x@stones\"]\n"), {"own.toml line 1", "'stones'", "eicu"});
  expect_parts(refusal("[creatinine]\naggregate = \"most\"\n"), {"most", "median"});
}

// An item that two variables claim would give its values to one of them by chance.
TEST(Concepts, EveryItemIsOfOneVariable) {
  std::set<std::string> seen;
  for (const auto& [name, variable] : standard_concepts().all()) {
    for (const auto& [format, items] : variable.items) {
      for (const ConceptItem& item : items) {
        EXPECT_TRUE(seen.insert(format + " " + item.table + "/" + item.item).second) << name << " " << item.item;
      }
    }
  }
}

TEST(Concepts, EveryVariableHasACodeOfOurOwn) {
  for (const auto& [name, variable] : standard_concepts().all()) {
    ASSERT_FALSE(variable.items_of("meds").empty()) << name;
    EXPECT_EQ(variable.items_of("meds")[0].item, "UNDERSTUDY//" + name);
    EXPECT_EQ(variable.items_of("meds")[0].table, "data");
  }
}

}  // namespace
}  // namespace understudy
