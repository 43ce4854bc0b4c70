#include "privacy/noise/randomised_response.h"

#include <gtest/gtest.h>

#include <cmath>

#include "privacy/noise/testing_fit.h"
#include "testing/kind_of.h"

namespace understudy {
namespace {

TEST(RandomisedResponse, TellsTheTruthAsOftenAsItSays) {
  const auto source = make_noise_source(0);
  std::vector<double> counts(4);
  for (int i = 0; i < 100000; ++i) ++counts.at(randomised_response(*source, 2, 4, {3, 2}));
  expect_fit(counts, {1, 1, std::exp(1.5L), 1});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(randomised_response(*source, 0, 1, {1, 1}), 0u);
}

TEST(RandomisedResponse, RefusesATruthThatIsNoChoice) {
  const auto source = make_noise_source(0);
  EXPECT_EQ(kind_of([&] { randomised_response(*source, 4, 4, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { randomised_response(*source, 0, 0, {1, 1}); }), ErrorKind::internal);
  EXPECT_EQ(kind_of([&] { randomised_response(*source, 0, 2, {0, 1}); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
