// What is measured and given on the wards, in the order of the columns, and how each value comes about.
#pragma once

#include <string_view>

#include "cohort/simulators/ward_patient.h"

namespace understudy {

// A variable's signal is base + severity s + weight organ + person N + noise e, with e of variance 1 and correlation
// exp(-t / hours) over a time t. Its value is the signal, or exp of it, unless ward_body.cc derives it otherwise.
struct WardVariable {
  enum Scale { number, logarithm };
  std::string_view name;  // of the catalogue
  Scale scale = number;
  double base = 0;        // a logarithm's base is given as its exponential
  double severity = 0;
  WardOrgan organ = kNoOrgan;
  double weight = 0;
  double person = 0;
  double noise = 0;
  double hours = 1;
};

inline constexpr auto kNumber = WardVariable::number;
inline constexpr auto kLog = WardVariable::logarithm;

inline constexpr WardVariable kWardVariables[] = {
    {"albumin", kNumber, 3.4, -.15, kLiver, -.25, .35, .15, 48},
    {"alkaline_phosphatase", kLog, 80, .02, kLiver, .25, .3, .1, 48},
    {"alanine_aminotransferase", kLog, 28, .08, kLiver, .7, .5, .2, 36},
    {"aspartate_aminotransferase", kLog, 35, .12, kLiver, .7, .45, .25, 36},
    {"base_excess", kNumber, 0, 0, kNoOrgan, 0, 0, .4, 1},  // signal: what is added to the derived value
    {"bicarbonate", kNumber, 24.5, -1, kKidney, -1.3, 1.5, 1.2, 24},
    {"bilirubin_total", kLog, .7, .1, kLiver, .5, .4, .15, 48},
    {"bilirubin_direct", kNumber, -.85, .05, kLiver, .3, .3, .2, 48},  // logit of the share of the total
    {"band_neutrophils", kNumber, -2.2, .2, kInflammation, .3, .3, .4, 24},  // logit of the share of what is left
    {"blood_urea_nitrogen", kLog, 18, .08, kKidney, .4, .3, .1, 36},
    {"calcium", kNumber, 8.7, -.1, kKidney, -.15, .3, .2, 36},
    {"calcium_ionised", kNumber, 1.15, -.015, kKidney, -.02, .04, .03, 24},
    {"creatine_kinase", kLog, 120, .1, kHeart, .35, .6, .3, 24},
    {"creatine_kinase_mb", kLog, 3, .05, kHeart, .7, .5, .3, 12},
    {"chloride", kNumber, 103, .3, kKidney, .4, 2.5, 1.5, 24},
    {"creatinine", kLog, .95, .12, kKidney, .45, .25, .06, 36},
    {"c_reactive_protein", kLog, 25, .25, kInflammation, .8, .6, .3, 48},
    {"diastolic_pressure"},
    {"fibrinogen", kLog, 330, -.05, kInflammation, .15, .25, .1, 48},
    {"inspired_oxygen_percent", kNumber, 20, 6, kLung, 5, 3, 4, 6},
    {"glucose", kLog, 128, .06, kInflammation, .06, .2, .16, 8},
    {"haemoglobin", kNumber, 11.6, -.25, kBlood, -1.3, 1, .3, 24},
    {"heart_rate", kNumber, 84, WardTruth::heart_rate, kInflammation, 3, 9, WardTruth::heart_rate_noise,
     WardTruth::heart_rate_hours},
    {"inr", kLog, 1.15, .06, kLiver, .15, .12, .05, 36},
    {"potassium", kNumber, 4.1, .08, kKidney, .3, .25, .25, 12},
    {"lactate", kLog, 1.4, .28, kInflammation, .15, .2, .2, 6},
    {"lymphocytes_percent", kNumber, .6, -.15, kInflammation, -.2, .3, .25, 24},  // logit of the share of what is left
    {"mean_arterial_pressure", kNumber, 82, -4, kHeart, -1.5, 6, 6, 2},
    {"mean_cell_haemoglobin"},
    {"mean_cell_haemoglobin_concentration", kNumber, 33.3, 0, kBlood, -.2, .8, .3, 72},
    {"mean_cell_volume", kNumber, 90, 0, kBlood, -1, 5, .6, 72},
    {"methaemoglobin", kLog, .6, 0, kNoOrgan, 0, .2, .2, 24},
    {"magnesium", kNumber, 2, .03, kKidney, .12, .18, .12, 24},
    {"sodium", kNumber, 139, .2, kKidney, -.4, 3, 1.4, 24},
    {"neutrophils_percent", kNumber, 1.15, .15, kInflammation, .3, .4, .3, 24},  // logit of the share
    {"oxygen_saturation", kLog, 3.2, .15, kLung, .25, .25, .3, 2},               // what is missing to 100 %
    {"partial_pressure_co2", kLog, 37, .02, kLung, .11, .1, .09, 6},
    {"ph_arterial", kNumber, 0, 0, kNoOrgan, 0, 0, .012, 1},  // signal: what is added to the derived value
    {"phosphate", kLog, 3.4, .05, kKidney, .15, .18, .13, 24},
    {"platelets", kLog, 205, -.1, kBlood, -.12, .35, .07, 72},
    {"partial_pressure_o2", kLog, 340, -.15, kLung, -.22, .2, .2, 6},  // at an inspired share of 1
    {"partial_thromboplastin_time", kLog, 32, .06, kLiver, .1, .15, .12, 24},
    {"respiratory_rate", kNumber, 18.5, 2, kLung, 1.5, 2, 3, 2},
    {"systolic_pressure", kLog, 48, -.03, kHeart, -.03, .2, .14, 2},  // pulse pressure
    {"body_temperature", kNumber, 36.9, .08, kInflammation, .3, .25, .35, 8},
    {"troponin_t", kLog, .03, .15, kHeart, .9, .7, .3, 24},
    {"urine_output", kLog, 75, WardTruth::urine_log_volume, kKidney, -.35, .3, 0, 1},  // mean of a gamma of shape 4
    {"white_cell_count", kLog, 9.6, .06, kInflammation, .2, .3, .12, 36},
    {"mechanical_ventilation"},
    {"glasgow_coma_scale", kNumber, 14.4, -.9, kBrain, -2.2, .8, .6, 12},
    {"norepinephrine"},
    {"fluids"},
};
inline constexpr std::size_t kWardWidth = std::size(kWardVariables);

// The place of a variable; a name that is none does not compile.
consteval std::size_t ward_variable(std::string_view name) {
  std::size_t index = 0;
  while (kWardVariables[index].name != name) ++index;
  return index;
}

}  // namespace understudy
