#include <gtest/gtest.h>

#include <cmath>

#include "cohort/simulators/ward_testing.h"
#include "testing/estimates.h"

// The tests compare an estimate with the known truth and allow five of its standard errors: the false-alarm probability
// of each is below 6e-7. Regressions take people to be independent and nothing else. Seeds are fixed.
namespace understudy {
namespace {

using Truth = WardTruth;

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

TEST(WardTruth, TheSickerAreMeasuredMoreOftenAsStated) {
  for (const std::size_t site : kWardSites) {
    const Line rounds = rate(ward(site), "heart_rate");
    expect_near(rounds.slope, Truth::vitals_log_rate);
    expect_near(rounds.intercept, std::log(Truth::rounds_per_hour[site]));
    expect_near(rate(ward(site), "creatinine").slope, Truth::laboratory_log_rate);
    expect_near(rate(ward(site), "haemoglobin").slope, Truth::laboratory_log_rate);
  }
}

TEST(WardTruth, SeverityDecidesDeathAndDischargeAsStated) {
  for (const std::size_t site : kWardSites) {
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

TEST(WardTruth, SeverityComesFromAgeAndDiagnosisAndLastsAsStated) {
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

TEST(WardTruth, HeartRateRisesWithSeverityAsStated) {
  for (const std::size_t site : kWardSites) {
    expect_near(slope_inside(ward(site), "heart_rate", 0, [](const WardHour& hour) { return hour.severity; }),
                Truth::heart_rate);
  }
}

// Two neighbouring values of a person, less what severity does, differ with the mean square
// 2 noise^2 (1 - exp(-gap / hours)), and 1 / 6 for the rounding of both.
TEST(WardTruth, NoiseOfTheHeartRateLastsAsStated) {
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

TEST(WardTruth, TreatmentActsAsStated) {
  for (const std::size_t site : kWardSites) {
    const auto by = [&](std::string_view name, auto x) { return slope_inside(ward(site), name, loading(name), x); };
    expect_near(by("mean_arterial_pressure", [](const WardHour& h) { return h.norepinephrine > 0 ? 1.0 : 0.0; }),
                Truth::norepinephrine_mmhg);
    expect_near(by("respiratory_rate", [](const WardHour& h) { return h.ventilated ? 1.0 : 0.0; }),
                Truth::ventilation_breaths);
    expect_near(by("haemoglobin", [](const WardHour& h) { return h.fluid; }), Truth::haemoglobin_per_litre);
  }
}

TEST(WardTruth, UrineFallsWithSeverityAsStated) {
  const Ward& stays = ward(0);
  People people(stays.size());
  for (std::size_t p = 0; p < stays.size(); ++p) {
    const double usual = std::log(75) - 0.35 * stays.courses[p].organs[kKidney];
    stays.each_value("urine_output", p, [&](std::int64_t row, double volume) {
      people[p].push_back({stays.hour(p, row).severity, volume, usual});
    });
  }
  expect_near(fit(people, Link::log).slope, Truth::urine_log_volume);
}

TEST(WardTruth, DiagnosesShowInTheirOrgansAsStated) {
  for (const std::size_t site : kWardSites) {
    expect_near(minus_other(ward(site), "creatinine", "renal_failure"), Truth::renal_failure_creatinine);
    expect_near(minus_other(ward(site), "troponin_t", "myocardial_infarction"), Truth::infarction_troponin);
    expect_near(minus_other(ward(site), "white_cell_count", "sepsis"), Truth::sepsis_white_cells);
  }
}

TEST(WardTruth, HospitalsDifferAsStated) {
  for (const std::size_t site : kWardSites) {
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

TEST(WardTruth, DevicesAreCalibratedAsStated) {
  for (const std::size_t site : kWardSites) {
    const auto reads = [&](std::string_view name, double base, double weight, WardOrgan organ) {
      return level(ward(site), name, "",
                   [&](const WardCourse& course) { return std::log(base) + weight * course.organs[organ]; });
    };
    expect_near(reads("creatinine", 0.95, 0.45, kKidney), std::log(Truth::creatinine_factor[site]));
    expect_near(reads("lactate", 1.4, 0.15, kInflammation), std::log(Truth::lactate_factor[site]));
    expect_near(reads("glucose", 128, 0.06, kInflammation), std::log(Truth::glucose_factor[site]));
  }
}

TEST(WardTruth, HeightIsMissingMoreOftenInEmergencies) {
  const Ward& stays = ward(0);
  std::vector<double> missing[2];
  for (std::size_t p = 0; p < stays.size(); ++p) {
    const bool known = stays.cohort.statics.column("height_cm").is_valid(static_cast<std::int64_t>(p));
    missing[stays.fact("admission_type", p) == 0 ? 1 : 0].push_back(known ? 0 : 1);
  }
  expect_near(mean(missing[0]), Truth::height_missing);
  expect_near(mean(missing[1]), Truth::height_missing_emergency);
}

}  // namespace
}  // namespace understudy
