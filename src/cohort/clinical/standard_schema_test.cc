#include "cohort/clinical/standard_schema.h"

#include <gtest/gtest.h>

#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

TEST(StandardSchema, HasWhatTheFormatKeepsAndNothingOfTheData) {
  for (const char* format : {"mimic-iv", "mimic-iii", "eicu", "physionet-2012", "physionet-2019", "omop", "meds"}) {
    const Schema schema = standard_schema(format);
    EXPECT_GT(schema.columns.size(), 25) << format;
    EXPECT_TRUE(schema.is_public()) << format;
    EXPECT_EQ(to_toml(parse_schema(to_toml(schema), format)), to_toml(schema)) << format;
  }
  EXPECT_NE(standard_schema("mimic-iv").find("chloride"), nullptr);
  EXPECT_EQ(standard_schema("physionet-2012").find("chloride"), nullptr);
}

TEST(StandardSchema, FormatsWithoutConceptsNeedTheirOwner) {
  EXPECT_EQ(kind_of([] { standard_schema("long"); }), ErrorKind::usage);
}

}  // namespace
}  // namespace understudy
