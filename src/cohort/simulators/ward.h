// The ward cohorts: people who do not exist, in a hospital bed for up to 7 days. One row is a minute in which something
// was measured or given; most of its cells are missing. `ward` and `ward-b` are two hospitals: the same physiology,
// other patients, other habits of measuring.
//
// The model, in the order in which values are drawn (N: standard normal, every draw independent unless said; h: hours
// since admission; tables of numbers stand where they are used):
//   person    diagnosis by the hospital's mix (ward_patient.h); age = 62 + 13 N, at ward-b 69 + 13 N; sex; height;
//             weight; admission type and unit by diagnosis, at ward-b 40 % lie on the medical unit whatever they have;
//             height is missing for 20 % of emergencies and 5 % of the others, weight for 4 %
//   organs    seven latent factors: mean by diagnosis + 0.8 N
//   severity  s_h = b + 0.6 exp(-h / 24) + d_h;   b = 0.015 (age - 60) + shift of the diagnosis + 0.7 N;
//             d_0 = 0.6 N, d_h = 0.96 d_(h-1) + 0.6 sqrt(1 - 0.96^2) N
//   treatment ventilation starts where s + 0.3 lung + 0.3 N > 1.7 and ends below 0.9; norepinephrine starts where
//             s + 0.2 inflammation + 0.3 N > 1.9 and ends below 1.2, dose 0.12 exp(0.7 (s - 1.5) + 0.25 N); a bolus of
//             250, 500 or 1000 mL with logit -2.4 + 0.8 s in each hour, of which exp(-1 / 12) is left an hour later
//   end       after each hour: death with logit -7.6 + 1.2 s; discharge, from hour 12 on, with logit -4.3 - 0.7 s; all
//             leave after 168 hours
//   measuring every minute holds a round of vital signs with probability exp(0.35 s) / 60, at ward-b half of it, and
//             each of six laboratory panels with a rate proportional to exp(0.5 s); a round or panel has each of its
//             variables with a fixed probability (ward_measuring.cc). Rounds at admission and at the end are certain.
//             Urine is measured on the hour; treatment is written down when it changes, while it runs, when it is given
//   values    base + loading on s + loading on one organ + person N + noise e, as a number, a logarithm or a logit
//             (ward_variables.h); e is an Ornstein-Uhlenbeck process with a time constant of its own. Derived from
//             others (ward_body.cc): pH and base excess from bicarbonate and carbon dioxide, the pressures from mean
//             and pulse pressure, the partial pressure of oxygen from the inspired share, indices of red cells, shares
//             of white cells, direct bilirubin
//   effects   of treatment on the values: norepinephrine +12 mmHg, ventilation -4 breaths a minute, fluid in the body
//             -0.4 g/dL haemoglobin a litre
//   codes     the diagnoses of a stay, one after the other, each with log odds that are linear in age, sex, BMI, b, organs,
//             diagnosis, treatment, death and the codes before it (ward_codes.h); some only of women, men or the young.
//             They are drawn last and change nothing else. ward-b has other habits of coding
//   devices   of ward-b read creatinine 5 % and lactate 10 % higher, glucose 3 % lower
// Missingness is therefore informative: who is sicker is measured more often.
#pragma once

#include <array>
#include <vector>

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

// Effects that hold in the limit of many people; rounding and clamping change them by less than 0.1 %.
struct WardTruth {
  static constexpr double vitals_log_rate = 0.35;      // log rate of rounds per unit of severity
  static constexpr double laboratory_log_rate = 0.5;   // the same of panels
  static constexpr double death_log_odds = 1.2;        // of an hour, per unit of severity
  static constexpr double discharge_log_odds = -0.7;   // of an hour from the twelfth on
  static constexpr double severity_per_year = 0.015;
  static constexpr double severity_lag = 0.96;         // correlation of neighbouring hours' d
  static constexpr double heart_rate = 6;              // beats a minute per unit of severity, inside a person
  static constexpr double heart_rate_noise = 5;        // standard deviation of its noise
  static constexpr double heart_rate_hours = 3;        // time constant of its noise
  static constexpr double urine_log_volume = -0.3;     // per unit of severity
  static constexpr double norepinephrine_mmhg = 12;    // on mean arterial pressure, while it runs
  static constexpr double ventilation_breaths = -4;    // on respiratory rate
  static constexpr double haemoglobin_per_litre = -0.4;
  // Logarithms at equal severity, this diagnosis minus `other`.
  static constexpr double renal_failure_creatinine = 1.125;
  static constexpr double infarction_troponin = 2.7;
  static constexpr double sepsis_white_cells = 0.4;
  // Log odds of a code: hypertension (I10) by a decade of age; diabetes (E11) where hypertension is written down; chronic
  // kidney disease (N18) where diabetes is; shock (R57) where norepinephrine ran; obesity (E66) at ward-b beside ward.
  static constexpr double hypertension_per_decade = 0.45;
  static constexpr double diabetes_with_hypertension = 0.7;
  static constexpr double kidney_disease_with_diabetes = 0.9;
  static constexpr double shock_with_norepinephrine = 3.5;
  static constexpr double obesity_habit_of_b = -0.8;
  static constexpr double height_missing = 0.05;
  static constexpr double height_missing_emergency = 0.20;
  // The two hospitals: {ward, ward-b}.
  static constexpr std::array<double, 2> age = {62, 69};
  static constexpr std::array<double, 2> rounds_per_hour = {1, 0.5};  // at severity 0
  static constexpr std::array<double, 2> lactate_of_gases = {0.5, 0.95};
  static constexpr std::array<double, 2> temperature_of_rounds = {0.3, 0.6};
  static constexpr std::array<double, 2> infarctions_in_cardiac_unit = {0.9, 0.54};
  static constexpr std::array<double, 2> creatinine_factor = {1, 1.05};
  static constexpr std::array<double, 2> lactate_factor = {1, 1.10};
  static constexpr std::array<double, 2> glucose_factor = {1, 0.97};
};

enum class WardSite { ward, ward_b };

// One hour of a stay as it was, whether or not anybody looked.
struct WardHour {
  double severity = 0;
  double norepinephrine = 0;  // ug/kg/min, 0: none
  double fluid = 0;           // L, given in earlier hours and still in the body
  double bolus = 0;           // mL, given in this hour
  int bolus_minute = 0;       // of the hour
  bool ventilated = false;
};

struct WardCourse {
  double severity = 0;              // b
  std::array<double, 7> organs{};   // kidney, liver, lung, heart, inflammation, blood, brain
  std::vector<WardHour> hours;      // of the whole stay
  bool died = false;
};

Schema ward_schema();
Schema ward_b_schema();

// ErrorKind::usage when `subjects` is below 1. Work is cut into shards of 1024 people, each with streams of its own.
Cohort simulate_ward(std::int64_t subjects, const Context& context, std::int64_t first = 0);
Cohort simulate_ward_b(std::int64_t subjects, const Context& context, std::int64_t first = 0);

// The latent truth of the cohort of the same site, number of people and seed, person by person.
std::vector<WardCourse> ward_courses(WardSite site, std::int64_t subjects, const Context& context);

}  // namespace understudy
