#include "metrics/code_cooccurrence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "metrics/code_prevalence.h"
#include "metrics/test_codes.h"

namespace understudy {
namespace {

TEST(CodeCooccurrence, HandComputed) {
  // Pairs 01, 02, 12, 23: shares 3/4, 1/4, 1/4, 0 against 1/4, 0, 0, 1/4.
  const Cohort real = coded_people({{0, 1}, {0, 1}, {0, 1, 2}, {3}});
  const Cohort made = coded_people({{0, 1}, {0}, {2, 3}, {}});
  const auto findings = evaluate_code_cooccurrence({real, real, made}, {});
  EXPECT_DOUBLE_EQ(finding(findings, "code_pair_r2").value, 1 - 0.4375 / 0.296875);
  EXPECT_DOUBLE_EQ(finding(findings, "code_pair_difference_mean").value, 0.3125);
  EXPECT_DOUBLE_EQ(finding(findings, "code_pair_difference_worst").value, 0.5);
  EXPECT_EQ(finding(findings, "code_pair_r2").reference, 1);
}

TEST(CodeCooccurrence, PairsAreOfOneCell) {
  const Cohort apart = coded_visits({2, 1}, {{0}, {1}, {2}});
  const auto findings = evaluate_code_cooccurrence({apart, apart, apart}, {});
  EXPECT_EQ(finding(findings, "code_pair_difference_mean").meaning, "Not measured: nobody has two codes.");
}

// 30 codes of which neighbours share a cause, in people who have a few of them.
Cohort comorbid(std::int64_t size, std::uint64_t seed) {
  Rng rng(seed);
  Cells cells(static_cast<std::size_t>(size));
  for (auto& cell : cells) {
    for (std::int32_t cause = 0; cause < 10; ++cause) {
      const double share = rng.bernoulli(0.2) ? 0.7 : 0.05;
      for (std::int32_t k = 0; k < 3; ++k) {
        if (rng.bernoulli(share)) cell.push_back(3 * cause + k);
      }
    }
  }
  return coded_people(cells, 30);
}

// As common as before, each with other people.
Cohort dealt_anew(const Cohort& cohort, std::uint64_t seed) {
  Rng rng(seed);
  Cells cells(static_cast<std::size_t>(cohort.size()));
  std::vector<std::size_t> order(cells.size());
  std::iota(order.begin(), order.end(), 0);
  for (std::int32_t code = 0; code < 30; ++code) {
    rng.shuffle(order);
    for (std::int64_t s = 0; s < cohort.size(); ++s) {
      const auto& codes = cohort.statics.column(0).codes(s);
      const bool has = std::find(codes.begin(), codes.end(), code) != codes.end();
      if (has) cells[order[static_cast<std::size_t>(s)]].push_back(code);
    }
  }
  return coded_people(cells, 30);
}

// Over 60 other seeds R squared is 0.893 with standard deviation 0.016 between equal people, and the upper end for codes
// dealt anew -0.017 with 0.021. Bounds are more than five standard deviations away: false alarm below 1e-6.
TEST(CodeCooccurrence, ComorbidityThatIsLostIsSeenWherePrevalenceSeesNothing) {
  const Cohort train = comorbid(2000, 1);
  const Cohort holdout = comorbid(2000, 2);
  const auto good = evaluate_code_cooccurrence({train, holdout, comorbid(2000, 3)}, {});
  const Cohort lost = dealt_anew(holdout, 4);
  const auto bad = evaluate_code_cooccurrence({train, holdout, lost}, {});
  EXPECT_GT(finding(good, "code_pair_r2").value, 0.8);
  EXPECT_GT(finding(good, "code_pair_r2").reference, 0.8);
  EXPECT_LT(finding(bad, "code_pair_r2").high, 0.1);
  EXPECT_EQ(finding(evaluate_code_prevalence({train, holdout, lost}, {}), "code_prevalence_r2").value, 1);
}

}  // namespace
}  // namespace understudy
