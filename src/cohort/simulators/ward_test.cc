#include "cohort/simulators/ward.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cohort/simulators/ward_variables.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

// The statistical tests compare an estimate with the known truth and allow five of its standard errors, which take people
// to be independent and nothing else: the false-alarm probability of each is below 6e-7. Seeds are fixed.
namespace understudy {
namespace {

using Truth = WardTruth;
constexpr std::size_t kSites[] = {0, 1};

Context context(std::uint64_t seed, int threads = 2) {
  Context result;
  result.seed = seed;
  result.threads = threads;
  return result;
}

// A cohort beside its latent truth.
struct Ward {
  Cohort cohort;
  std::vector<WardCourse> courses;

  std::size_t size() const { return courses.size(); }
  double fact(std::string_view name, std::size_t person) const {
    return cohort.statics.column(name).number(static_cast<std::int64_t>(person));
  }
  std::string_view diagnosis(std::size_t person) const {
    return kWardDiagnoses[static_cast<std::size_t>(fact("diagnosis", person))].name;
  }
  double minute(std::int64_t row) const { return cohort.times.number(row); }
  const WardHour& hour(std::size_t person, std::int64_t row) const {
    const auto& hours = courses[person].hours;
    return hours[std::min(static_cast<std::size_t>(minute(row)) / 60, hours.size() - 1)];
  }
  // Calls visit(row, value) for the values of a person, in order of time.
  template <class Visit>
  void each_value(std::string_view name, std::size_t person, const Visit& visit) const {
    const Column& column = cohort.series.column(name);
    for (auto row = cohort.offsets[person]; row < cohort.offsets[person + 1]; ++row) {
      if (column.is_valid(row)) visit(row, column.number(row));
    }
  }
};

const Ward& ward(std::size_t site) {
  static const Ward wards[] = {
      {simulate_ward(2500, context(11)), ward_courses(WardSite::ward, 2500, context(11))},
      {simulate_ward_b(2500, context(11)), ward_courses(WardSite::ward_b, 2500, context(11))}};
  return wards[site];
}

struct Estimate {
  double value = 0;
  double error = 0;
};

void expect_near(const Estimate& estimate, double truth) {
  EXPECT_GT(estimate.error, 0);
  EXPECT_NEAR(estimate.value, truth, 5 * estimate.error);
}

Estimate mean(const std::vector<double>& values) {
  double sum = 0;
  double squares = 0;
  for (const double v : values) sum += v;
  const auto n = static_cast<double>(values.size());
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

struct Point {
  double x = 0;
  double y = 0;
  double offset = 0;
};
using People = std::vector<std::vector<Point>>;  // points of one person belong together

enum class Link { identity, log, logit };

// Intercept and slope of a regression with the canonical link. The errors are those of a sandwich over people.
struct Line {
  Estimate intercept;
  Estimate slope;
};

Line fit(const People& people, Link link) {
  double a = 0, b = 0, haa = 0, hab = 0, hbb = 0, vaa = 0, vab = 0, vbb = 0;
  for (int step = 0; step < 30; ++step) {
    double ua = 0, ub = 0;
    haa = hab = hbb = vaa = vab = vbb = 0;
    for (const auto& points : people) {
      double pa = 0, pb = 0;
      for (const auto& [x, y, offset] : points) {
        const double eta = offset + a + b * x;
        const double mu = link == Link::identity ? eta : link == Link::log ? std::exp(eta) : 1 / (1 + std::exp(-eta));
        const double weight = link == Link::identity ? 1 : link == Link::log ? mu : mu * (1 - mu);
        pa += y - mu, pb += (y - mu) * x;
        haa += weight, hab += weight * x, hbb += weight * x * x;
      }
      ua += pa, ub += pb, vaa += pa * pa, vab += pa * pb, vbb += pb * pb;
    }
    const double determinant = haa * hbb - hab * hab;
    a += (hbb * ua - hab * ub) / determinant;
    b += (haa * ub - hab * ua) / determinant;
  }
  const double determinant = haa * hbb - hab * hab;
  const double var_a = (hbb * hbb * vaa - 2 * hbb * hab * vab + hab * hab * vbb) / determinant / determinant;
  const double var_b = (haa * haa * vbb - 2 * haa * hab * vab + hab * hab * vaa) / determinant / determinant;
  return {{a, std::sqrt(var_a)}, {b, std::sqrt(var_b)}};
}

// The loading of a variable on severity, as a number or a logarithm.
double loading(std::string_view name) {
  const auto* at = std::find_if(std::begin(kWardVariables), std::end(kWardVariables),
                                [&](const WardVariable& variable) { return variable.name == name; });
  return at->severity;
}

// Slope inside people of a variable on `x` of the hour; of what severity leaves of it unless `x` is the severity.
template <class X>
Estimate slope_inside(const Ward& stays, std::string_view name, double severity, const X& x) {
  People people(stays.size());
  for (std::size_t p = 0; p < stays.size(); ++p) {
    stays.each_value(name, p, [&](std::int64_t row, double value) {
      const WardHour& hour = stays.hour(p, row);
      people[p].push_back({x(hour), value - severity * hour.severity});
    });
    Point centre;
    for (const Point& point : people[p]) centre.x += point.x, centre.y += point.y;
    const auto n = static_cast<double>(std::max<std::size_t>(people[p].size(), 1));
    for (Point& point : people[p]) point.x -= centre.x / n, point.y -= centre.y / n;
  }
  return fit(people, Link::identity).slope;
}

// Mean over people with a diagnosis (all when empty) of the mean of log value - loading s - adjust(course).
template <class Adjust>
Estimate level(const Ward& stays, std::string_view name, std::string_view diagnosis, const Adjust& adjust) {
  std::vector<double> means;
  for (std::size_t p = 0; p < stays.size(); ++p) {
    if (!diagnosis.empty() && stays.diagnosis(p) != diagnosis) continue;
    double sum = 0, n = 0;
    stays.each_value(name, p, [&](std::int64_t row, double value) {
      sum += std::log(value) - loading(name) * stays.hour(p, row).severity, n += 1;
    });
    if (n > 0) means.push_back(sum / n - adjust(stays.courses[p]));
  }
  return mean(means);
}

Estimate minus_other(const Ward& stays, std::string_view name, std::string_view diagnosis) {
  const auto nothing = [](const WardCourse&) { return 0.0; };
  const Estimate ill = level(stays, name, diagnosis, nothing);
  const Estimate other = level(stays, name, "other", nothing);
  return {ill.value - other.value, std::hypot(ill.error, other.error)};
}

// Measurements of a variable in each hour but the first, against the severity of the hour.
Line rate(const Ward& stays, std::string_view name) {
  People people(stays.size());
  for (std::size_t p = 0; p < stays.size(); ++p) {
    const auto& hours = stays.courses[p].hours;
    for (const WardHour& hour : hours) people[p].push_back({hour.severity, 0});
    stays.each_value(name, p, [&](std::int64_t row, double) {
      const auto h = static_cast<std::size_t>(stays.minute(row)) / 60;
      if (h < hours.size()) people[p][h].y += 1;
    });
    people[p].erase(people[p].begin());
  }
  return fit(people, Link::log);
}

// Share of the rows with `whole` that have `part` too.
Estimate share(const Ward& stays, std::string_view part, std::string_view whole) {
  std::vector<double> found;
  const Column& column = stays.cohort.series.column(part);
  for (std::size_t p = 0; p < stays.size(); ++p) {
    stays.each_value(whole, p, [&](std::int64_t row, double) { found.push_back(column.is_valid(row)); });
  }
  return mean(found);
}

TEST(Ward, SchemasArePublicAndValidAndReadBack) {
  for (const Schema& schema : {ward_schema(), ward_b_schema()}) {
    EXPECT_NO_THROW(schema.validate());
    EXPECT_TRUE(schema.is_public());
    for (const ColumnSpec& column : schema.columns) {
      EXPECT_EQ(is_numeric(column.type), column.minimum && column.maximum) << column.name;
    }
    EXPECT_EQ(to_toml(parse_schema(to_toml(schema), "ward")), to_toml(schema));
  }
}

TEST(Ward, KeepsBoundsConstraintsAndNullability) {
  for (const std::size_t site : kSites) {
    const Cohort& cohort = ward(site).cohort;
    for (const std::int64_t broken : constraint_violations(cohort)) EXPECT_EQ(broken, 0);
    for (const ColumnSpec& spec : cohort.schema.columns) {
      const Column& column = (spec.is_static ? cohort.statics : cohort.series).column(spec.name);
      EXPECT_EQ(column.validity().count() < column.size(), spec.nullable) << spec.name;
      EXPECT_EQ(column.validity().count() > 0, site == 0 || spec.name != "band_neutrophils") << spec.name;
      for (const double value : column.numbers()) {
        if (!is_numeric(spec.type) || std::isnan(value)) continue;
        ASSERT_GE(value, *spec.minimum) << spec.name;
        ASSERT_LE(value, *spec.maximum) << spec.name;
      }
    }
  }
}

TEST(Ward, StaysRunFromAdmissionToTheirLastMinute) {
  for (const std::size_t site : kSites) {
    const Ward& stays = ward(site);
    for (std::size_t p = 0; p < stays.size(); ++p) {
      const auto first = stays.cohort.offsets[p];
      const auto last = stays.cohort.offsets[p + 1] - 1;
      ASSERT_EQ(stays.minute(first), 0);
      ASSERT_EQ(stays.minute(last), 60 * stays.fact("length_of_stay_hours", p));
      for (auto row = first; row < last; ++row) ASSERT_LT(stays.minute(row), stays.minute(row + 1));
    }
  }
}

TEST(Ward, CoursesAreThoseOfTheCohort) {
  for (const std::size_t site : kSites) {
    const Ward& stays = ward(site);
    for (std::size_t p = 0; p < stays.size(); ++p) {
      ASSERT_EQ(static_cast<double>(stays.courses[p].hours.size()), stays.fact("length_of_stay_hours", p));
      ASSERT_EQ(stays.courses[p].died, stays.fact("died", p) == 1);
    }
  }
}

TEST(Ward, HasTheSizeOfAHospital) {
  std::vector<double> hours, cells, died;
  const Ward& stays = ward(0);
  for (std::size_t p = 0; p < stays.size(); ++p) {
    hours.push_back(stays.fact("length_of_stay_hours", p));
    died.push_back(stays.fact("died", p));
    double count = 0;
    for (const WardVariable& variable : kWardVariables) {
      stays.each_value(variable.name, p, [&](std::int64_t, double) { ++count; });
    }
    cells.push_back(count);
  }
  const auto quantile = [](std::vector<double>& values, double q) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size()))];
  };
  EXPECT_GT(quantile(hours, 0.5), 48);
  EXPECT_LT(quantile(hours, 0.5), 72);
  EXPECT_GT(quantile(cells, 0.05), 100);
  EXPECT_LT(quantile(cells, 0.85), 2000);
  EXPECT_NEAR(mean(died).value, 0.12, 0.04);
}

TEST(Ward, EmptyCellsAreEmptyAndNoRowIsEmpty) {
  const Table& series = ward(1).cohort.series;
  std::int64_t cells = 0;
  for (std::int64_t row = 0; row < series.rows(); ++row) {
    std::int64_t here = 0;
    for (std::size_t c = 0; c < series.width(); ++c) here += series.column(c).is_valid(row);
    ASSERT_GT(here, 0);
    cells += here;
  }
  EXPECT_LT(cells, series.rows() * static_cast<std::int64_t>(series.width()) / 8);
}

TEST(Ward, WhatWasGivenIsWrittenWhenItWasGiven) {
  const Ward& stays = ward(0);
  for (std::size_t p = 0; p < stays.size(); ++p) {
    stays.each_value("norepinephrine", p, [&](std::int64_t row, double dose) {
      ASSERT_NEAR(dose, stays.hour(p, row).norepinephrine, 0.005001);
    });
    stays.each_value("mechanical_ventilation", p, [&](std::int64_t row, double on) {
      ASSERT_EQ(on == 1, stays.hour(p, row).ventilated);
    });
    double written = 0, given = 0;
    stays.each_value("fluids", p, [&](std::int64_t, double volume) { written += volume; });
    for (const WardHour& hour : stays.courses[p].hours) given += hour.bolus;
    ASSERT_EQ(written, given);
  }
}

TEST(Ward, PressuresBelongTogether) {
  const Table& series = ward(0).cohort.series;
  const auto systolic = series.column("systolic_pressure").numbers();
  const auto diastolic = series.column("diastolic_pressure").numbers();
  const auto middle = series.column("mean_arterial_pressure").numbers();
  for (std::size_t row = 0; row < middle.size(); ++row) {
    if (std::isnan(middle[row])) continue;
    ASSERT_NEAR(middle[row], (systolic[row] + 2 * diastolic[row]) / 3, 1.0001);
  }
}

TEST(Ward, TheSickerAreMeasuredMoreOftenAsStated) {
  for (const std::size_t site : kSites) {
    const Line rounds = rate(ward(site), "heart_rate");
    expect_near(rounds.slope, Truth::vitals_log_rate);
    expect_near(rounds.intercept, std::log(Truth::rounds_per_hour[site]));
    expect_near(rate(ward(site), "creatinine").slope, Truth::laboratory_log_rate);
    expect_near(rate(ward(site), "haemoglobin").slope, Truth::laboratory_log_rate);
  }
}

TEST(Ward, SeverityDecidesDeathAndDischargeAsStated) {
  for (const std::size_t site : kSites) {
    const Ward& stays = ward(site);
    People deaths(stays.size()), discharges(stays.size());
    for (std::size_t p = 0; p < stays.size(); ++p) {
      const auto& [base, organs, hours, died] = stays.courses[p];
      for (std::size_t h = 0; h < hours.size(); ++h) {
        const bool last = h + 1 == hours.size();
        deaths[p].push_back({hours[h].severity, last && died ? 1.0 : 0.0});
        if (h < 11 || h == 167 || (last && died)) continue;  // 167: who would have left anyway is not known
        discharges[p].push_back({hours[h].severity, last ? 1.0 : 0.0});
      }
    }
    expect_near(fit(deaths, Link::logit).slope, Truth::death_log_odds);
    expect_near(fit(discharges, Link::logit).slope, Truth::discharge_log_odds);
  }
}

TEST(Ward, SeverityComesFromAgeAndDiagnosisAndLastsAsStated) {
  const Ward& stays = ward(0);
  People levels(stays.size()), steps(stays.size());
  for (std::size_t p = 0; p < stays.size(); ++p) {
    const WardCourse& course = stays.courses[p];
    const auto diagnosis = static_cast<std::size_t>(stays.fact("diagnosis", p));
    levels[p].push_back({stays.fact("age", p) - 60, course.severity - kWardDiagnoses[diagnosis].severity});
    const auto deviation = [&](std::size_t h) {
      return course.hours[h].severity - course.severity - 0.6 * std::exp(-static_cast<double>(h) / 24);
    };
    for (std::size_t h = 1; h < course.hours.size(); ++h) steps[p].push_back({deviation(h - 1), deviation(h)});
  }
  const Line by_age = fit(levels, Link::identity);
  expect_near(by_age.slope, Truth::severity_per_year);
  expect_near(by_age.intercept, 0);
  expect_near(fit(steps, Link::identity).slope, Truth::severity_lag);
}

TEST(Ward, HeartRateRisesWithSeverityAsStated) {
  for (const std::size_t site : kSites) {
    expect_near(slope_inside(ward(site), "heart_rate", 0, [](const WardHour& hour) { return hour.severity; }),
                Truth::heart_rate);
  }
}

// Two neighbouring values of a person, less what severity does, differ with the mean square
// 2 noise^2 (1 - exp(-gap / hours)), and 1 / 6 for the rounding of both.
TEST(Ward, NoiseOfTheHeartRateLastsAsStated) {
  const Ward& stays = ward(0);
  std::vector<double> surplus;
  for (std::size_t p = 0; p < stays.size(); ++p) {
    double before = 0, at = -1, sum = 0, n = 0;
    stays.each_value("heart_rate", p, [&](std::int64_t row, double value) {
      const double rest = value - Truth::heart_rate * stays.hour(p, row).severity;
      const double gap = (stays.minute(row) - at) / 60;
      const double apart = (std::pow(rest - before, 2) - 1.0 / 6) / (2 * std::pow(Truth::heart_rate_noise, 2));
      if (at >= 0) sum += apart - (1 - std::exp(-gap / Truth::heart_rate_hours)), n += 1;
      before = rest, at = stays.minute(row);
    });
    if (n > 0) surplus.push_back(sum / n);
  }
  expect_near(mean(surplus), 0);
}

TEST(Ward, TreatmentActsAsStated) {
  for (const std::size_t site : kSites) {
    const auto by = [&](std::string_view name, auto x) { return slope_inside(ward(site), name, loading(name), x); };
    expect_near(by("mean_arterial_pressure", [](const WardHour& h) { return h.norepinephrine > 0 ? 1.0 : 0.0; }),
                Truth::norepinephrine_mmhg);
    expect_near(by("respiratory_rate", [](const WardHour& h) { return h.ventilated ? 1.0 : 0.0; }),
                Truth::ventilation_breaths);
    expect_near(by("haemoglobin", [](const WardHour& h) { return h.fluid; }), Truth::haemoglobin_per_litre);
  }
}

TEST(Ward, UrineFallsWithSeverityAsStated) {
  const Ward& stays = ward(0);
  People people(stays.size());
  for (std::size_t p = 0; p < stays.size(); ++p) {
    stays.each_value("urine_output", p, [&](std::int64_t row, double volume) {
      people[p].push_back({stays.hour(p, row).severity, volume, std::log(75) - 0.35 * stays.courses[p].organs[kKidney]});
    });
  }
  expect_near(fit(people, Link::log).slope, Truth::urine_log_volume);
}

TEST(Ward, DiagnosesShowInTheirOrgansAsStated) {
  for (const std::size_t site : kSites) {
    expect_near(minus_other(ward(site), "creatinine", "renal_failure"), Truth::renal_failure_creatinine);
    expect_near(minus_other(ward(site), "troponin_t", "myocardial_infarction"), Truth::infarction_troponin);
    expect_near(minus_other(ward(site), "white_cell_count", "sepsis"), Truth::sepsis_white_cells);
  }
}

TEST(Ward, HospitalsDifferAsStated) {
  for (const std::size_t site : kSites) {
    const Ward& stays = ward(site);
    expect_near(mean(stays.cohort.statics.column("age").numbers()), Truth::age[site]);
    expect_near(share(stays, "lactate", "ph_arterial"), Truth::lactate_of_gases[site]);
    expect_near(share(stays, "body_temperature", "heart_rate"), Truth::temperature_of_rounds[site]);
    std::vector<double> cardiac;
    for (std::size_t p = 0; p < stays.size(); ++p) {
      if (stays.diagnosis(p) == "myocardial_infarction") cardiac.push_back(stays.fact("unit", p) == 2);
    }
    expect_near(mean(cardiac), Truth::infarctions_in_cardiac_unit[site]);
  }
}

TEST(Ward, DevicesAreCalibratedAsStated) {
  for (const std::size_t site : kSites) {
    const auto reads = [&](std::string_view name, double base, double weight, WardOrgan organ) {
      return level(ward(site), name, "",
                   [&](const WardCourse& course) { return std::log(base) + weight * course.organs[organ]; });
    };
    expect_near(reads("creatinine", 0.95, 0.45, kKidney), std::log(Truth::creatinine_factor[site]));
    expect_near(reads("lactate", 1.4, 0.15, kInflammation), std::log(Truth::lactate_factor[site]));
    expect_near(reads("glucose", 128, 0.06, kInflammation), std::log(Truth::glucose_factor[site]));
  }
}

TEST(Ward, HeightIsMissingMoreOftenInEmergencies) {
  const Ward& stays = ward(0);
  std::vector<double> missing[2];
  for (std::size_t p = 0; p < stays.size(); ++p) {
    const bool known = stays.cohort.statics.column("height_cm").is_valid(static_cast<std::int64_t>(p));
    missing[stays.fact("admission_type", p) == 0 ? 1 : 0].push_back(known ? 0 : 1);
  }
  expect_near(mean(missing[0]), Truth::height_missing);
  expect_near(mean(missing[1]), Truth::height_missing_emergency);
}

TEST(Ward, SameSeedSameCohortWithAnyNumberOfThreads) {
  const Cohort one = simulate_ward(1100, context(5, 1));
  EXPECT_TRUE(one == simulate_ward(1100, context(5, 2)));
  EXPECT_TRUE(one == simulate_ward(1100, context(5, 7)));
  EXPECT_FALSE(one == simulate_ward(1100, context(6, 1)));
  EXPECT_TRUE(simulate_ward_b(1100, context(5, 1)) == simulate_ward_b(1100, context(5, 2)));
}

TEST(Ward, OneSubjectIsEnoughAndNoneIsRefused) {
  EXPECT_EQ(simulate_ward(1, context(1)).size(), 1);
  try {
    simulate_ward_b(0, context(1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

TEST(Ward, BothHospitalsAreFoundByName) {
  EXPECT_EQ(find_simulator("ward").schema().name, "ward");
  EXPECT_EQ(find_simulator("ward-b").schema().name, "ward-b");
}

}  // namespace
}  // namespace understudy
