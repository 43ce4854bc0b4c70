#include "cohort/simulators/wearable.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "testing/estimates.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

// The statistical tests compare an estimate with the known truth and allow five of its standard errors: the
// false-alarm probability of each is below 6e-7. Seeds are fixed.
namespace understudy {
namespace {

Context context(std::uint64_t seed, int threads = 2) {
  Context result;
  result.seed = seed;
  result.threads = threads;
  return result;
}

const Cohort& people() {
  static const Cohort cohort = simulate_wearable(6000, context(11));
  return cohort;
}

// Slope of y on x after taking each subject's mean from both; NaN in either leaves the row out.
Estimate slope_inside(const Cohort& cohort, const std::vector<double>& x, const std::vector<double>& y) {
  double xx = 0, xy = 0, yy = 0, rows = 0;
  for (std::size_t s = 0; s + 1 < cohort.offsets.size(); ++s) {
    double mean_x = 0, mean_y = 0, n = 0;
    const auto each = [&](auto&& f) {
      for (auto row = static_cast<std::size_t>(cohort.offsets[s]);
           row < static_cast<std::size_t>(cohort.offsets[s + 1]); ++row) {
        if (!std::isnan(x[row] + y[row])) f(x[row], y[row]);
      }
    };
    each([&](double a, double b) { mean_x += a, mean_y += b, n += 1; });
    each([&](double a, double b) {
      a -= mean_x / n, b -= mean_y / n;
      xx += a * a, xy += a * b, yy += b * b;
    });
    rows += std::max(n - 1, 0.0);
  }
  const double slope = xy / xx;
  return {slope, std::sqrt((yy - slope * xy) / rows / xx)};
}

// Difference of the subjects' means of a series column between men and women.
Estimate men_minus_women(const Cohort& cohort, const std::string& name) {
  const Column& column = cohort.series.column(name);
  std::vector<double> means[2];
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    double sum = 0, n = 0;
    for (auto row = cohort.offsets[static_cast<std::size_t>(s)]; row < cohort.offsets[static_cast<std::size_t>(s) + 1];
         ++row) {
      if (column.is_valid(row)) sum += column.number(row), n += 1;
    }
    if (n > 0) means[cohort.statics.column("sex").number(s) == 1 ? 1 : 0].push_back(sum / n);
  }
  const Estimate women = mean(means[0]);
  const Estimate men = mean(means[1]);
  return {men.value - women.value, std::hypot(men.error, women.error)};
}

TEST(Wearable, SchemaIsPublicAndValid) {
  const Schema schema = wearable_schema();
  EXPECT_NO_THROW(schema.validate());
  EXPECT_TRUE(schema.is_public());
  for (const ColumnSpec& column : schema.columns) {
    EXPECT_EQ(is_numeric(column.type), column.minimum && column.maximum) << column.name;
  }
}

TEST(Wearable, KeepsBoundsConstraintsAndNullability) {
  const Cohort& cohort = people();
  for (const std::int64_t broken : constraint_violations(cohort)) EXPECT_EQ(broken, 0);
  for (const ColumnSpec& spec : cohort.schema.columns) {
    const Column& column = (spec.is_static ? cohort.statics : cohort.series).column(spec.name);
    const bool any_missing = column.validity().count() < column.size();
    EXPECT_EQ(any_missing, spec.nullable) << spec.name;
    for (const double value : column.numbers()) {
      if (!is_numeric(spec.type) || std::isnan(value)) continue;
      ASSERT_GE(value, *spec.minimum) << spec.name;
      ASSERT_LE(value, *spec.maximum) << spec.name;
    }
  }
}

TEST(Wearable, SubjectsHaveOneToTwentyEightNeighbouringDays) {
  const Cohort& cohort = people();
  std::int64_t full = 0;
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const auto first = cohort.offsets[static_cast<std::size_t>(s)];
    ASSERT_GE(cohort.series_rows(s), 1);
    ASSERT_LE(cohort.series_rows(s), 28);
    full += cohort.series_rows(s) == 28;
    for (std::int64_t d = 1; d < cohort.series_rows(s); ++d) {
      ASSERT_EQ(cohort.times.number(first + d), cohort.times.number(first) + static_cast<double>(d));
    }
  }
  EXPECT_GT(full, cohort.size() / 2);
  EXPECT_LT(full, cohort.size());
}

TEST(Wearable, DaysWithoutTheDeviceAreEmpty) {
  const Table& days = people().series;
  std::int64_t unworn = 0;
  for (std::int64_t row = 0; row < days.rows(); ++row) {
    if (days.column("worn_minutes").number(row) > 0) continue;
    ++unworn;
    ASSERT_EQ(days.column("steps").number(row), 0);
    ASSERT_EQ(days.column("sedentary_minutes").number(row), 1440);
    for (const auto* name : {"resting_heart_rate", "heart_rate", "minutes_asleep", "minutes_in_bed"}) {
      ASSERT_FALSE(days.column(name).is_valid(row)) << name;
    }
  }
  EXPECT_GT(unworn, days.rows() / 50);
  EXPECT_LT(unworn, days.rows() / 5);
}

TEST(Wearable, CaloriesRiseWithStepsAsStated) {
  const Table& days = people().series;
  expect_near(slope_inside(people(), days.column("steps").numbers(), days.column("calories").numbers()),
              WearableTruth::kcal_per_step);
}

TEST(Wearable, HeartRateRisesWithStepsAsStated) {
  const Table& days = people().series;
  auto steps = days.column("steps").numbers();
  auto rise = days.column("heart_rate").numbers();
  const auto resting = days.column("resting_heart_rate").numbers();
  for (std::size_t i = 0; i < rise.size(); ++i) rise[i] -= resting[i], steps[i] /= 1000;
  expect_near(slope_inside(people(), steps, rise), WearableTruth::bpm_per_thousand_steps);
}

TEST(Wearable, MenAndWomenDifferAsStated) {
  expect_near(men_minus_women(people(), "calories"), WearableTruth::male_kcal);
  expect_near(men_minus_women(people(), "resting_heart_rate"), WearableTruth::male_resting_bpm);
}

// Per subject: mean log steps of worn Sundays minus worn Mondays; subjects without both are left out.
TEST(Wearable, SundaysDifferFromMondaysAsStated) {
  const Cohort& cohort = people();
  std::vector<double> differences;
  for (std::size_t s = 0; s + 1 < cohort.offsets.size(); ++s) {
    double sum[7] = {}, n[7] = {};
    for (std::int64_t row = cohort.offsets[s]; row < cohort.offsets[s + 1]; ++row) {
      const double steps = cohort.series.column("steps").number(row);
      const auto weekday = (static_cast<std::int64_t>(cohort.times.number(row)) + 3) % 7;  // 1 January 1970: Thursday
      if (steps > 0) sum[weekday] += std::log(steps), n[weekday] += 1;
    }
    if (n[0] > 0 && n[6] > 0) differences.push_back(sum[6] / n[6] - sum[0] / n[0]);
  }
  expect_near(mean(differences), WearableTruth::weekday_log_steps[6] - WearableTruth::weekday_log_steps[0]);
}

// Of two neighbouring worn days, log steps less the weekday's effect differ by 0.4 (e_(t+1) - e_t), whose mean square
// is 2 x 0.16 x (1 - lag_one), whoever the subject is.
TEST(Wearable, NeighbouringDaysAreAlikeAsStated) {
  const Cohort& cohort = people();
  const Column& steps = cohort.series.column("steps");
  const auto level = [&](std::int64_t row) {
    const auto weekday = static_cast<std::size_t>(cohort.times.number(row) + 3) % 7;
    return std::log(steps.number(row)) - WearableTruth::weekday_log_steps[weekday];
  };
  std::vector<double> lags;
  for (std::size_t s = 0; s + 1 < cohort.offsets.size(); ++s) {
    double sum = 0, n = 0;
    for (std::int64_t row = cohort.offsets[s] + 1; row < cohort.offsets[s + 1]; ++row) {
      if (steps.number(row) == 0 || steps.number(row - 1) == 0) continue;
      sum += std::pow(level(row) - level(row - 1), 2), n += 1;
    }
    if (n > 0) lags.push_back(1 - sum / n / 0.32);
  }
  expect_near(mean(lags), WearableTruth::lag_one);
}

TEST(Wearable, SleepIsMissingMoreOftenWithAChronicCondition) {
  const Cohort& cohort = people();
  const auto owner = cohort.owners();
  std::vector<double> missing[2];
  for (std::int64_t row = 0; row < cohort.series.rows(); ++row) {
    if (cohort.series.column("worn_minutes").number(row) == 0) continue;
    const auto chronic = cohort.statics.column("chronic_condition").number(owner[static_cast<std::size_t>(row)]);
    missing[chronic == 1 ? 1 : 0].push_back(cohort.series.column("minutes_asleep").is_valid(row) ? 0 : 1);
  }
  expect_near(mean(missing[0]), WearableTruth::sleep_missing);
  expect_near(mean(missing[1]), WearableTruth::sleep_missing_chronic);
}

TEST(Wearable, SameSeedSameCohortWithAnyNumberOfThreads) {
  const Cohort one = simulate_wearable(3000, context(5, 1));
  EXPECT_TRUE(one == simulate_wearable(3000, context(5, 2)));
  EXPECT_TRUE(one == simulate_wearable(3000, context(5, 7)));
  EXPECT_FALSE(one == simulate_wearable(3000, context(6, 1)));
}

TEST(Wearable, OneSubjectIsEnoughAndNoneIsRefused) {
  EXPECT_EQ(simulate_wearable(1, context(1)).size(), 1);
  try {
    simulate_wearable(0, context(1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

TEST(Simulators, AreFoundByName) {
  EXPECT_EQ(find_simulator("wearable").name, "wearable");
  EXPECT_EQ(find_simulator("wearable").schema().name, "wearable");
  try {
    find_simulator("hospital");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(std::string(error.what()).find("wearable"), std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
