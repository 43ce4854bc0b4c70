#include "cohort/simulators/ward_patient.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace understudy {
namespace {

constexpr std::size_t kMostHours = 168;
constexpr std::size_t kFirstDischarge = 12;  // hours
constexpr double kMedicalUnitB = 0.4;        // ward-b: share that lies there whatever the diagnosis is

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double tenths(double value, double low, double high) { return std::clamp(std::nearbyint(10 * value) / 10, low, high); }

std::size_t choose(std::span<const double> shares, Rng& rng) {
  double left = rng.uniform();
  std::size_t index = 0;
  while (index + 1 < shares.size() && left >= shares[index]) left -= shares[index++];
  return index;
}

std::size_t draw_diagnosis(WardSite site, Rng& rng) {
  std::array<double, std::size(kWardDiagnoses)> shares{};
  std::transform(std::begin(kWardDiagnoses), std::end(kWardDiagnoses), shares.begin(),
                 [&](const WardDiagnosis& d) { return d.share[static_cast<std::size_t>(site)]; });
  return choose(shares, rng);
}

void draw_statics(WardSite site, Rng& rng, WardPatient& p) {
  p.diagnosis = draw_diagnosis(site, rng);
  const WardDiagnosis& diagnosis = kWardDiagnoses[p.diagnosis];
  const double years = WardTruth::age[static_cast<std::size_t>(site)] + 13 * rng.normal();
  p.age = static_cast<std::int64_t>(std::clamp(std::nearbyint(years), 18.0, 120.0));
  p.male = rng.bernoulli(0.55);
  p.height = tenths((p.male ? 176 : 163) - 0.05 * (years - 60) + 7 * rng.normal(), 120, 230);
  p.weight = tenths(27 * std::exp(0.2 * rng.normal()) * p.height * p.height / 1e4, 25, 350);
  p.admission = choose(diagnosis.admission, rng);
  p.unit = choose(diagnosis.unit, rng);
  if (site == WardSite::ward_b && rng.bernoulli(kMedicalUnitB)) p.unit = 0;
  const bool emergency = p.admission == 0;
  p.height_missing = rng.bernoulli(emergency ? WardTruth::height_missing_emergency : WardTruth::height_missing);
  p.weight_missing = rng.bernoulli(0.04);
  WardCourse& course = p.course;
  for (std::size_t o = 0; o < course.organs.size(); ++o) course.organs[o] = diagnosis.organs[o] + 0.8 * rng.normal();
  const double by_age = WardTruth::severity_per_year * static_cast<double>(p.age - 60);
  course.severity = by_age + diagnosis.severity + 0.7 * rng.normal();
}

// What is given in an hour, knowing what was given in the hour before.
void treat(const WardCourse& course, const WardHour& before, Rng& rng, WardHour& hour) {
  const double s = hour.severity;
  const double breath = s + 0.3 * course.organs[kLung] + 0.3 * rng.normal();
  hour.ventilated = breath > (before.ventilated ? 0.9 : 1.7);
  const double shock = s + 0.2 * course.organs[kInflammation] + 0.3 * rng.normal();
  if (shock > (before.norepinephrine > 0 ? 1.2 : 1.9)) {
    const double dose = 0.12 * std::exp(0.7 * (s - 1.5) + 0.25 * rng.normal());
    hour.norepinephrine = std::clamp(dose, 0.01, 5.0);  // a dose that runs is written as more than nothing
  }
  hour.fluid = (before.fluid + before.bolus / 1000) * std::exp(-1.0 / 12);
  if (!rng.bernoulli(sigmoid(-2.4 + 0.8 * s))) return;
  constexpr double kVolumes[] = {250, 500, 1000};
  constexpr double kShares[] = {0.5, 0.35, 0.15};
  hour.bolus = kVolumes[choose(kShares, rng)];
  hour.bolus_minute = static_cast<int>(rng.below(60));
}

void draw_course(Rng& rng, WardCourse& course) {
  constexpr double kLag = WardTruth::severity_lag;
  const double spread = 0.6 * std::sqrt(1 - kLag * kLag);
  double deviation = 0.6 * rng.normal();
  WardHour before;
  while (course.hours.size() < kMostHours) {
    WardHour hour;
    hour.severity = course.severity + 0.6 * std::exp(-static_cast<double>(course.hours.size()) / 24) + deviation;
    treat(course, before, rng, hour);
    course.hours.push_back(hour);
    course.died = rng.bernoulli(sigmoid(-7.6 + WardTruth::death_log_odds * hour.severity));
    if (course.died) return;
    const double home = sigmoid(-4.3 + WardTruth::discharge_log_odds * hour.severity);
    if (course.hours.size() >= kFirstDischarge && rng.bernoulli(home)) return;
    deviation = kLag * deviation + spread * rng.normal();
    before = hour;
  }
}

}  // namespace

WardPatient draw_ward_patient(WardSite site, Rng& rng) {
  WardPatient patient;
  draw_statics(site, rng, patient);
  draw_course(rng, patient.course);
  return patient;
}

}  // namespace understudy
