#include "cohort/simulators/ward_codes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "cohort/simulators/ward_testing.h"
#include "testing/estimates.h"

// Tests of known truths allow five standard errors: the false-alarm probability of each is below 6e-7 where counts are
// large. Seeds are fixed.
namespace understudy {
namespace {

std::size_t place_of_code(std::string_view category) {
  const auto* at = std::find_if(std::begin(kWardCodes), std::end(kWardCodes),
                                [&](const WardCode& code) { return code.category == category; });
  return static_cast<std::size_t>(at - std::begin(kWardCodes));
}

bool has(const Ward& stays, std::size_t person, std::string_view category) {
  const auto& codes = stays.cohort.statics.column("diagnoses").codes(static_cast<std::int64_t>(person));
  return std::find(codes.begin(), codes.end(), static_cast<std::int32_t>(place_of_code(category))) != codes.end();
}

bool may_have(const Ward& stays, std::size_t person, const WardCode& code) {
  const bool male = stays.fact("sex", person) == 1;
  return stays.fact("age", person) <= static_cast<double>(code.oldest) && (code.only == 0 || male == (code.only == 'M'));
}

// A cause by its name, read off the cohort and its latent truth.
double cause(const Ward& stays, std::size_t person, std::string_view name) {
  const WardCourse& course = stays.courses[person];
  const auto ever = [&](const auto& happens) {
    return std::any_of(course.hours.begin(), course.hours.end(), happens) ? 1.0 : 0.0;
  };
  const std::map<std::string_view, WardOrgan> organs = {
      {"kidney", kKidney}, {"liver", kLiver}, {"lung", kLung}, {"heart", kHeart}, {"inflammation", kInflammation},
      {"blood", kBlood}, {"brain", kBrain}};
  if (name == "age") return (stays.fact("age", person) - 60) / 10;
  if (name == "male") return stays.fact("sex", person);
  if (name == "bmi") return stays.fact("weight_kg", person) / std::pow(stays.fact("height_cm", person) / 100, 2) - 30;
  if (name == "severity") return course.severity;
  if (organs.contains(name)) return course.organs[organs.at(name)];
  if (name == "ventilated") return ever([](const WardHour& hour) { return hour.ventilated; });
  if (name == "norepinephrine") return ever([](const WardHour& hour) { return hour.norepinephrine > 0; });
  if (name == "died") return course.died;
  if (name == stays.diagnosis(person)) return 1;
  const bool is_code = place_of_code(name) < kWardCodeCount;
  return is_code && has(stays, person, name) ? 1 : 0;
}

// NaN where a height or weight is missing.
double log_odds(const Ward& stays, std::size_t site, std::size_t person, const WardCode& code, std::string_view without) {
  double sum = code.log_odds + (site == 1 ? code.habit_of_b : 0);
  for (const WardCause& one : code.causes) {
    if (one.log_odds != 0 && one.name != without) sum += one.log_odds * cause(stays, person, one.name);
  }
  return sum;
}

bool is_known(const Ward& stays, std::size_t person) {
  const auto row = static_cast<std::int64_t>(person);
  return stays.cohort.statics.column("height_cm").is_valid(row) && stays.cohort.statics.column("weight_kg").is_valid(row);
}

double share_of(double odds) { return 1 / (1 + std::exp(-odds)); }

// Log odds of a code per unit of a cause, the other causes given: the root of the score, and its error.
Estimate effect(std::size_t site, std::string_view category, std::string_view name) {
  const Ward& stays = ward(site);
  std::vector<double> x, y, others;
  for (std::size_t p = 0; p < stays.size(); ++p) {
    x.push_back(cause(stays, p, name));
    y.push_back(has(stays, p, category));
    others.push_back(log_odds(stays, site, p, kWardCodes[place_of_code(category)], name));
  }
  Estimate result;
  for (int step = 0; step < 30; ++step) {
    double score = 0, information = 0;
    for (std::size_t p = 0; p < x.size(); ++p) {
      const double share = share_of(others[p] + result.value * x[p]);
      score += x[p] * (y[p] - share), information += x[p] * x[p] * share * (1 - share);
    }
    result = {result.value + std::clamp(score / information, -1.0, 1.0), 1 / std::sqrt(information)};
  }
  return result;
}

TEST(WardCodes, CausesActAsStated) {
  for (const std::size_t site : kWardSites) {
    expect_near(effect(site, "I10", "age"), WardTruth::hypertension_per_decade);
    expect_near(effect(site, "E11", "I10"), WardTruth::diabetes_with_hypertension);
    expect_near(effect(site, "N18", "E11"), WardTruth::kidney_disease_with_diabetes);
    expect_near(effect(site, "R57", "norepinephrine"), WardTruth::shock_with_norepinephrine);
  }
}

// Observed less expected numbers of people. Codes that fewer than 30 are expected to have are left out.
TEST(WardCodes, EveryCodeIsAsCommonAsTheTableSays) {
  for (const std::size_t site : kWardSites) {
    const Ward& stays = ward(site);
    for (const WardCode& code : kWardCodes) {
      double surplus = 0, expected = 0, variance = 0;
      for (std::size_t p = 0; p < stays.size(); ++p) {
        if (!is_known(stays, p) || !may_have(stays, p, code)) continue;
        const double share = share_of(log_odds(stays, site, p, code, ""));
        surplus += (has(stays, p, code.category) ? 1 : 0) - share;
        expected += share, variance += share * (1 - share);
      }
      if (expected < 30) continue;
      EXPECT_LT(std::abs(surplus), 5 * std::sqrt(variance)) << code.category << " at " << site;
    }
  }
}

TEST(WardCodes, HospitalsCodeDifferently) {
  double obese[2] = {}, number[2] = {};
  for (const std::size_t site : kWardSites) {
    const Ward& stays = ward(site);
    for (std::size_t p = 0; p < stays.size(); ++p) {
      obese[site] += has(stays, p, "E66");
      number[site] += static_cast<double>(stays.cohort.statics.column("diagnoses").codes(static_cast<std::int64_t>(p)).size());
    }
  }
  EXPECT_LT(obese[1], 0.8 * obese[0]);
  for (const double sum : number) {
    EXPECT_GT(sum / 2500, 5);
    EXPECT_LT(sum / 2500, 10);
  }
}

TEST(WardCodes, NobodyHasACodeOfTheOtherSexOrOfOtherAges) {
  for (const std::size_t site : kWardSites) {
    const Ward& stays = ward(site);
    for (std::size_t p = 0; p < stays.size(); ++p) {
      for (const WardCode& code : kWardCodes) {
        ASSERT_TRUE(may_have(stays, p, code) || !has(stays, p, code.category)) << code.category;
      }
    }
  }
}

TEST(WardCodes, WhoHasShockDiesMoreOften) {
  const Ward& stays = ward(0);
  std::vector<double> deaths[2];
  for (std::size_t p = 0; p < stays.size(); ++p) deaths[has(stays, p, "R57") ? 1 : 0].push_back(stays.fact("died", p));
  const Estimate with = mean(deaths[1]), without = mean(deaths[0]);
  EXPECT_GT(with.value - without.value, 5 * std::hypot(with.error, without.error));
}

TEST(WardCodes, OnePersonMoreChangesNobody) {
  const Cohort few = simulate_ward(50, ward_context(3)), more = simulate_ward(51, ward_context(3));
  for (std::int64_t p = 0; p < few.size(); ++p) {
    ASSERT_EQ(few.statics.column("diagnoses").codes(p), more.statics.column("diagnoses").codes(p));
  }
}

}  // namespace
}  // namespace understudy
