#include "cohort/simulators/sines.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/estimates.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

Context context(int threads) {
  Context result;
  result.seed = 5;
  result.threads = threads;
  return result;
}

TEST(Sines, TheSameWithAnyThreadsAndInParts) {
  const SimulatorEntry& entry = find_simulator("sines");
  const Cohort all = entry.simulate(2100, context(1), 0);
  EXPECT_EQ(all, entry.simulate(2100, context(2), 0));
  const Cohort part = entry.simulate(76, context(1), 2048);
  EXPECT_EQ(part.subjects[0], all.subjects[2048]);
  EXPECT_EQ(part.series.column(3).number(100), all.series.column(3).number(2048 * kSineSteps + 100));
}

// Every column is a sine: with y = 2 x - 1, y[j + 1] + y[j - 1] = 2 cos(f) y[j], with one f in [0, 0.1) for all j.
TEST(Sines, EveryColumnIsOne) {
  const Cohort cohort = simulate_sines(50, context(1));
  for (std::int64_t s = 0; s < 50; ++s) {
    for (std::size_t c = 0; c < 5; ++c) {
      const auto y = [&](std::int64_t step) { return 2 * cohort.series.column(c).number(s * kSineSteps + step) - 1; };
      const double twice_cosine = (y(23) + y(21)) / y(22);
      EXPECT_GE(twice_cosine, 2 * std::cos(0.1) - 1e-9);
      EXPECT_LE(twice_cosine, 2 + 1e-9);
      for (std::int64_t step = 1; step < 23; ++step) EXPECT_NEAR(y(step + 1) + y(step - 1), twice_cosine * y(step), 1e-9);
    }
  }
}

// E sin(f j + p) over the square [0, a)^2 is (2 sin(a j / 2) / (a j)) (2 sin(a / 2) / a) sin(a (j + 1) / 2). Five standard errors.
TEST(Sines, MeansAreThoseOfTheDraws) {
  const Cohort cohort = simulate_sines(4000, context(2));
  for (const std::int64_t step : {1, 12, 23}) {
    std::vector<double> values;
    for (std::int64_t s = 0; s < 4000; ++s) values.push_back(cohort.series.column(0).number(s * kSineSteps + step));
    const double a = 0.1, j = static_cast<double>(step);
    const double sine = 2 * std::sin(a * j / 2) / (a * j) * (2 * std::sin(a / 2) / a) * std::sin(a * (j + 1) / 2);
    expect_near(mean(values), (1 + sine) / 2);
  }
}

}  // namespace
}  // namespace understudy
