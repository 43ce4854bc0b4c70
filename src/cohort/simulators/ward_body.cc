#include "cohort/simulators/ward_body.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// What treatment adds to a signal.
double effect(std::size_t variable, const WardHour& hour) {
  switch (variable) {
    case ward_variable("mean_arterial_pressure"):
      return hour.norepinephrine > 0 ? WardTruth::norepinephrine_mmhg : 0;
    case ward_variable("respiratory_rate"): return hour.ventilated ? WardTruth::ventilation_breaths : 0;
    case ward_variable("inspired_oxygen_percent"): return hour.ventilated ? 12 : 0;
    case ward_variable("glasgow_coma_scale"): return hour.ventilated ? -3 : 0;
    case ward_variable("haemoglobin"): return WardTruth::haemoglobin_per_litre * hour.fluid;
    default: return 0;
  }
}

double calibration(std::size_t variable, std::size_t site) {
  switch (variable) {
    case ward_variable("creatinine"): return WardTruth::creatinine_factor[site];
    case ward_variable("lactate"): return WardTruth::lactate_factor[site];
    case ward_variable("glucose"): return WardTruth::glucose_factor[site];
    default: return 1;
  }
}

}  // namespace

WardBody::WardBody(WardSite site, const WardPatient& patient, Rng& rng)
    : site_(static_cast<std::size_t>(site)), course_(patient.course), rng_(rng) {
  for (std::size_t v = 0; v < kWardWidth; ++v) {
    const WardVariable& variable = kWardVariables[v];
    const double organ = variable.organ == kNoOrgan ? 0 : course_.organs[variable.organ];
    level_[v] = (variable.scale == kLog ? std::log(variable.base) : variable.base) + variable.weight * organ;
    if (variable.person > 0) level_[v] += variable.person * rng.normal();
  }
}

double WardBody::noise(std::size_t variable, int minute) {
  Noise& noise = noise_[variable];
  if (noise.minute == minute) return noise.value;
  const double gap = static_cast<double>(minute - noise.minute) / 60;
  const double kept = noise.minute < 0 ? 0 : std::exp(-gap / kWardVariables[variable].hours);
  noise = {minute, kept * noise.value + std::sqrt(1 - kept * kept) * rng_.normal()};
  return noise.value;
}

double WardBody::signal(std::size_t variable, const WardHour& hour, int minute) {
  const WardVariable& spec = kWardVariables[variable];
  const double fluctuation = spec.noise > 0 ? spec.noise * noise(variable, minute) : 0;
  const double sum = level_[variable] + spec.severity * hour.severity + effect(variable, hour) + fluctuation;
  return spec.scale == kLog ? std::exp(sum) : sum;
}

double WardBody::measured(std::size_t variable, const WardHour& hour, int minute) {
  const auto of = [&](std::size_t other) { return signal(other, hour, minute); };
  const auto derived = [&](std::size_t other) { return measured(other, hour, minute); };
  switch (variable) {
    case ward_variable("mechanical_ventilation"): return hour.ventilated;
    case ward_variable("norepinephrine"): return hour.norepinephrine;
    case ward_variable("fluids"): return hour.bolus;
    case ward_variable("urine_output"): return of(variable) * rng_.gamma(4) / 4;
    case ward_variable("systolic_pressure"): return of(ward_variable("mean_arterial_pressure")) + of(variable) * 2 / 3;
    case ward_variable("diastolic_pressure"):
      return of(ward_variable("mean_arterial_pressure")) - of(ward_variable("systolic_pressure")) / 3;
    case ward_variable("oxygen_saturation"): return 100 - of(variable);
    case ward_variable("inspired_oxygen_percent"): return std::clamp(of(variable), 21.0, 100.0);
    case ward_variable("partial_pressure_o2"):
      return of(variable) * derived(ward_variable("inspired_oxygen_percent")) / 100;
    case ward_variable("ph_arterial"):  // Henderson and Hasselbalch
      return 6.1 + std::log10(std::max(of(ward_variable("bicarbonate")), 1.0) /
                              (0.0307 * of(ward_variable("partial_pressure_co2")))) + of(variable);
    case ward_variable("base_excess"):  // Siggaard-Andersen's equation for plasma
      return 0.93 * (of(ward_variable("bicarbonate")) - 24.4 + 14.8 * (derived(ward_variable("ph_arterial")) - 7.4)) +
             of(variable);
    case ward_variable("mean_cell_haemoglobin"):
      return of(ward_variable("mean_cell_volume")) * of(ward_variable("mean_cell_haemoglobin_concentration")) / 100;
    case ward_variable("bilirubin_direct"): return of(ward_variable("bilirubin_total")) * sigmoid(of(variable));
    case ward_variable("neutrophils_percent"): return 100 * sigmoid(of(variable));
    case ward_variable("band_neutrophils"):
      return (100 - derived(ward_variable("neutrophils_percent"))) * sigmoid(of(variable));
    case ward_variable("lymphocytes_percent"):
      return (100 - derived(ward_variable("neutrophils_percent")) - derived(ward_variable("band_neutrophils"))) *
             sigmoid(of(variable));
    default: return of(variable) * calibration(variable, site_);
  }
}

double WardBody::value(std::size_t variable, int minute) {
  const auto hour = std::min(static_cast<std::size_t>(minute / 60), course_.hours.size() - 1);
  return measured(variable, course_.hours[hour], minute);
}

}  // namespace understudy
