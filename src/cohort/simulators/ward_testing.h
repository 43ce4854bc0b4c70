// The two cohorts that the tests of the ward simulators look at, beside their latent truth. Header only.
#pragma once

#include <algorithm>

#include "cohort/simulators/ward_variables.h"

namespace understudy {

inline constexpr std::size_t kWardSites[] = {0, 1};

inline Context ward_context(std::uint64_t seed, int threads = 2) {
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

inline const Ward& ward(std::size_t site) {
  static const Ward wards[] = {
      {simulate_ward(2500, ward_context(11)), ward_courses(WardSite::ward, 2500, ward_context(11))},
      {simulate_ward_b(2500, ward_context(11)), ward_courses(WardSite::ward_b, 2500, ward_context(11))}};
  return wards[site];
}

}  // namespace understudy
