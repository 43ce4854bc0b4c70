#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "metrics/profile.h"
#include "metrics/test_codes.h"
#include "metrics/test_learner.h"
#include "metrics/test_series.h"
#include "understudy/error.h"

namespace understudy {
namespace {

const HandLearner kLearner;

std::string metrics_page() {
  const auto page = std::filesystem::path(__FILE__).parent_path() / "../../docs/metrics.md";
  std::ifstream file(page);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The row of the page's table that starts with `name`; empty when there is none.
std::string table_row(const std::string& page, std::string_view name) {
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(fmt::format("| `{}` |", name), 0) == 0) return line;
  }
  return "";
}

struct Case {
  std::string name;
  Cohort train;
  Cohort holdout;
  Cohort synthetic;
};

Schema series_schema(bool with_static, bool with_series) {
  std::vector<ColumnSpec> columns;
  if (with_static) {
    columns.push_back(number_column("age"));
    columns.back().is_static = true;
  }
  if (with_series) columns.push_back(number_column("steps"));
  Schema schema = person_schema(columns);
  schema.repeated = true;
  return schema;
}

std::vector<Case> degenerate_cases() {
  std::vector<Case> cases;
  const auto same = [&](const std::string& name, const Cohort& c) { cases.push_back({name, c, c, c}); };
  const Schema mixed = person_schema({number_column("x"), category_column("c", {"r", "g"})});
  const double inf = std::numeric_limits<double>::infinity();
  same("one subject", people(mixed, {{1}, {0}}));
  same("two subjects", people(mixed, {{1, 2}, {0, 1}}));
  same("constant columns", people(mixed, {{3, 3, 3, 3}, {1, 1, 1, 1}}));
  same("all missing", people(mixed, {{kMissing, kMissing}, {kMissing, kMissing}}));
  same("infinite values", people(mixed, {{inf, -inf, 1, 2}, {0, 1, 0, 1}}));
  same("no numeric column", people(person_schema({category_column("c", {"r", "g"})}), {{0, 1, 1}}));
  same("no categorical column", people(person_schema({number_column("x")}), {{0, 1, 1}}));
  Cohort keys = make_cohort(person_schema({number_column("note", ColumnType::text)}));
  keys.subjects = {"a", "b"};
  keys.statics.resize(2);
  same("only text", keys);
  same("only series", people_in_time(series_schema(false, true), {2, 3}, {}, {{1, 2, 3, 4, 5}}));
  same("only statics in a series schema", people_in_time(series_schema(true, false), {2, 3}, {{1, 2}}, {}));
  same("no series rows", people_in_time(series_schema(true, true), {0, 0}, {{1, 2}}, {{}}));
  const Schema ward = small_ward_schema();
  const std::vector<double> none(4, kMissing);
  same("all of a series missing", people_at(ward, {2, 2}, none, {{1, 2}, {0, 1}}, {none, none, none}));
  same("infinite values and constant columns of a series",
       people_at(ward, {2, 2}, {0, inf, 1, 1}, {{1, inf}, {0, 1}}, {{inf, 1, -inf, 1}, {3, 3, 3, 3}, {0, 0, 0, 0}}));
  same("one subject with a series", people_at(ward, {3}, {0, 1, 2}, {{1}, {0}}, {{1, 2, 3}, {3, 1, 2}, {0, 1, 5}}));
  same("a subject without rows", people_in_time(series_schema(true, true), {0, 3}, {{1, 2}}, {{1, 2, 3}}));
  same("nobody has codes", coded_people({{}, {}, {}}));
  same("one subject with codes", coded_people({{0, 1}}));
  same("everybody has the same codes", coded_visits({2, 2, 0}, {{0, 1}, {0, 1}, {0, 1}, {0, 1}}));
  cases.push_back({"codes that others have", coded_visits({2}, {{0}, {1}}), coded_visits({1, 1}, {{0}, {1}}),
                   coded_visits({0, 2}, {{2, 3}, {2}})});
  cases.push_back({"one synthetic subject", people(mixed, {{1, 2, 3}, {0, 1, 0}}),
                   people(mixed, {{1, 2, 3}, {0, 1, 0}}), people(mixed, {{1}, {1}})});
  return cases;
}

TEST(Metrics, EveryEntryHasItsRow) {
  const std::string page = metrics_page();
  std::set<std::string_view> names;
  for (const MetricEntry& entry : metrics()) {
    const std::string row = table_row(page, entry.name);
    ASSERT_FALSE(row.empty()) << entry.name << " has no row in docs/metrics.md";
    EXPECT_NE(row.find(fmt::format("| {} |", entry.group)), std::string::npos) << row;
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.summary.empty());
    EXPECT_EQ(&find_metric(entry.name), &entry);
  }
}

void expect_well_formed(const Evaluation& evaluation) {
  const std::string page = metrics_page();
  for (const MetricEntry& entry : metrics()) {
    const std::string row = table_row(page, entry.name);
    for (const Finding& f : entry.evaluate(evaluation, {})) {
      EXPECT_NE(row.find(fmt::format("`{}`", f.name)), std::string::npos)
          << f.name << " is not in the row of " << entry.name;
      EXPECT_FALSE(std::isnan(f.value)) << f.name;
      EXPECT_FALSE(std::isnan(f.reference)) << f.name;
      EXPECT_FALSE(f.meaning.empty()) << f.name;
      EXPECT_TRUE(std::isnan(f.low) || (f.low <= f.value && f.value <= f.high)) << f.name;
    }
  }
}

TEST(Metrics, EveryFindingIsOnThePageAndWellFormed) {
  Schema schema = person_schema(
      {number_column("x"), number_column("y"), category_column("c", {"r", "g"}), category_column("d", {"r", "g"})});
  schema.columns[0].maximum = -100;
  const Cohort train = normal_people(schema, 40, 0.5, 1);
  const Cohort holdout = normal_people(schema, 40, 0.5, 2);
  expect_well_formed({train, holdout, normal_people(schema, 40, 0.5, 3), &kLearner});
}

// A ward with pressures, as real, with codes, and with bounds, so that every metric has something to say.
Cohort whole_ward(std::int64_t size, std::uint64_t seed) {
  Cohort cohort = with_codes(ward_people(size, seed), seed);
  cohort.schema.columns[2].catalogue = "diastolic_pressure";
  cohort.schema.columns[3].catalogue = "systolic_pressure";
  cohort.schema.columns[3].maximum = 0;
  return cohort;
}

TEST(Metrics, EveryFindingOnSeriesIsOnThePageAndWellFormed) {
  const Cohort train = whole_ward(40, 1);
  const Cohort holdout = whole_ward(40, 2);
  expect_well_formed({train, holdout, whole_ward(40, 3), &kLearner});
}

constexpr std::string_view kSeriesMetrics[] = {"autocorrelation",     "cross_correlation",    "sequence_length",
                                               "measurement_process", "transitions",          "clinical_rules",
                                               "predictive_score",    "discriminative_score", "code_prevalence",
                                               "code_cooccurrence",   "code_transitions"};

TEST(Metrics, OfSeriesDoNotDependOnThreadsOrTheOrderOfPeople) {
  const Cohort train = whole_ward(30, 1);
  const Cohort holdout = whole_ward(30, 2);
  const Cohort made = whole_ward(20, 3);
  const Cohort turned[] = {reversed(train), reversed(holdout), reversed(made)};
  Context two;
  two.threads = 2;
  for (const std::string_view name : kSeriesMetrics) {
    const auto once = find_metric(name).evaluate({train, holdout, made, &kLearner}, {});
    const auto threaded = find_metric(name).evaluate({train, holdout, made, &kLearner}, two);
    const auto again = find_metric(name).evaluate({turned[0], turned[1], turned[2], &kLearner}, {});
    ASSERT_EQ(once.size(), again.size());
    for (std::size_t i = 0; i < once.size(); ++i) {
      EXPECT_EQ(once[i].value, threaded[i].value) << once[i].name;
      EXPECT_NEAR(once[i].value, again[i].value, 1e-9) << once[i].name;
      EXPECT_NEAR(once[i].reference, again[i].reference, 1e-9) << once[i].name;
      if (std::isnan(once[i].low)) continue;
      EXPECT_EQ(once[i].low, threaded[i].low) << once[i].name;
      EXPECT_NEAR(once[i].high, again[i].high, 1e-9) << once[i].name;
    }
  }
}

TEST(Metrics, OfSeriesSayNothingWithoutSeries) {
  const Schema schema = person_schema({number_column("x"), category_column("c", {"r", "g"})});
  const Cohort cohort = normal_people(schema, 10, 0.5, 1);
  for (const std::string_view name : kSeriesMetrics) {
    EXPECT_TRUE(find_metric(name).evaluate({cohort, cohort, cohort, &kLearner}, {}).empty()) << name;
  }
}

TEST(Metrics, UnknownNamesAreUsageErrors) {
  try {
    find_metric("no such metric");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("ks"), std::string::npos);
  }
}

TEST(Metrics, DegenerateCohortsAreMeasuredOrSaidToBeUnmeasured) {
  for (const Case& c : degenerate_cases()) {
    for (const Learner* learner : {static_cast<const Learner*>(nullptr), static_cast<const Learner*>(&kLearner)}) {
      for (const MetricEntry& entry : metrics()) {
        if (learner != nullptr && !entry.learns) continue;
        for (const Finding& f : entry.evaluate({c.train, c.holdout, c.synthetic, learner}, {})) {
          EXPECT_EQ(std::isnan(f.value), f.meaning.rfind("Not measured", 0) == 0) << c.name << ": " << f.name;
          EXPECT_TRUE(std::isnan(f.low) || (f.low <= f.value && f.value <= f.high)) << c.name << ": " << f.name;
        }
      }
    }
    EXPECT_NO_THROW(profile_charts({c.train, c.holdout, c.synthetic}, {}).dump()) << c.name;
  }
}

TEST(Metrics, EmptyCohortsAreRefused) {
  const Schema schema = person_schema({number_column("x")});
  const Cohort some = people(schema, {{1, 2}});
  const Cohort none = make_cohort(schema);
  for (const MetricEntry& entry : metrics()) {
    for (const Evaluation& e :
         {Evaluation{some, some, none}, Evaluation{some, none, some}, Evaluation{none, some, some}}) {
      try {
        entry.evaluate(e, {});
        FAIL() << entry.name;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input) << entry.name;
      }
    }
  }
}

TEST(Metrics, StopWhenAsked) {
  const Schema schema = person_schema({number_column("x"), number_column("y"), category_column("c", {"r", "g"})});
  const Cohort cohort = normal_people(schema, 30, 0.5, 1);
  const std::atomic<bool> stop = true;
  Context context;
  context.cancelled = &stop;
  for (const std::string_view name : {"ks", "correlation", "discriminator", "near_copies"}) {
    EXPECT_THROW(find_metric(name).evaluate({cohort, cohort, cohort}, context), Error) << name;
  }
  const Cohort ward = whole_ward(5, 1);
  for (const std::string_view name : kSeriesMetrics) {
    EXPECT_THROW(find_metric(name).evaluate({ward, ward, ward, &kLearner}, context), Error) << name;
  }
}

}  // namespace
}  // namespace understudy
