// The values of one patient of the ward simulators: what a measurement shows at a minute of the stay.
#pragma once

#include "cohort/simulators/ward_variables.h"

namespace understudy {

class WardBody {
 public:
  // Draws what sets this person apart. The patient must outlive the body.
  WardBody(WardSite site, const WardPatient& patient, Rng& rng);

  // Before rounding. Minutes never go back; a variable asked twice for one minute has one noise.
  double value(std::size_t variable, int minute);

 private:
  double measured(std::size_t variable, const WardHour& hour, int minute);
  double signal(std::size_t variable, const WardHour& hour, int minute);
  double noise(std::size_t variable, int minute);

  struct Noise {
    int minute = -1;  // -1: not drawn yet
    double value = 0;
  };
  std::size_t site_;
  const WardCourse& course_;
  Rng& rng_;
  std::array<double, kWardWidth> level_;
  std::array<Noise, kWardWidth> noise_{};
};

}  // namespace understudy
