#include "cohort/catalogue.h"

#include <set>
#include <sstream>

#include "cohort/testing_files.h"

namespace understudy {
namespace {

TEST(Catalogue, EntriesAreWhole) {
  std::set<std::string_view> names;
  EXPECT_GE(catalogue().size(), 60U);
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_LT(entry.minimum, entry.maximum) << entry.name;
    EXPECT_FALSE(entry.unit.empty()) << entry.name;
    EXPECT_GE(entry.source.size(), 10U) << entry.name;
    EXPECT_GE(entry.decimals, 0);
  }
}

TEST(Catalogue, NoAliasMeansTwoThings) {
  for (const CatalogueEntry& entry : catalogue()) {
    std::istringstream aliases{std::string(entry.aliases)};
    for (std::string alias; std::getline(aliases, alias, '|');) {
      EXPECT_EQ(match_catalogue(alias), &entry) << alias;
    }
    EXPECT_EQ(match_catalogue(entry.name), &entry) << entry.name;
  }
}

TEST(Catalogue, MatchesNamesAndKeepsQuietWhenUnsure) {
  ASSERT_NE(match_catalogue("TotalSteps"), nullptr);
  EXPECT_EQ(match_catalogue("TotalSteps")->name, "steps_per_day");
  EXPECT_EQ(match_catalogue("SEDENTARY_MINUTES")->maximum, 1440);
  EXPECT_EQ(match_catalogue("StepTotal"), nullptr);  // of an hour, a day or a minute
  EXPECT_EQ(match_catalogue("weight"), nullptr);     // kg or lb
  EXPECT_EQ(match_catalogue("temp"), nullptr);
  EXPECT_EQ(match_catalogue("Calories"), nullptr);
  EXPECT_EQ(match_catalogue("%"), nullptr);
}

TEST(Catalogue, UnknownNameGivesTheNearOnes) {
  expect_parts(error_of(ErrorKind::input, [] { find_catalogue_entry("heart", "x line 3"); }),
               {"x line 3", "heart_rate"});
}

TEST(Catalogue, PageListsEveryEntry) {
  const std::string page = catalogue_markdown();
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_NE(page.find("| `" + std::string(entry.name) + "` |"), std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
