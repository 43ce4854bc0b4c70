// The wearable cohort: people who do not exist, with a wrist device worn for up to 28 days.
//
// The model, in the order in which values are drawn (N: standard normal, every draw independent unless said):
//   person   age uniform on 18..80; sex; region; habit h = N, latent, never written;
//            BMI = 17 + 2 Gamma(5) - 0.8 h; chronic_condition with logit -2.2 + 0.05 (age - 45) + 0.08 (BMI - 27)
//   series   starts on a day uniform on 364 days of 2024; stops early with a daily hazard 0.01 exp(-0.5 h)
//   non-wear a day is not worn with logit -2.4 - 0.6 h: zero steps and active minutes, 1440 sedentary minutes, heart
//            rates and sleep missing
//   steps    log steps = 8.9 + 0.35 h - 0.006 (age - 45) - 0.02 (BMI - 27) - 0.25 chronic + weekday + season + 0.4 e_t,
//            e_t = 0.3 e_(t-1) + sqrt(0.91) N;   season = 0.12 cos(2 pi (day of the year - 196) / 365.25)
//   calories = 1250 + 250 male + 18 (BMI - 27) - 5 (age - 45) + 0.04 steps + 60 N
//   resting  = 66 + 3 female - 2.5 h + 0.3 (BMI - 27) + 3 chronic + 4 N (person) + 1.5 N (day)
//   heart    = resting + 12 + steps / 1000 - 0.1 (age - 45) + 2 N; missing on 4 % of the worn days
//   sleep    missing on 12 % of the worn days, 30 % with a chronic condition
//   BMI      missing for 4 % of the people, 20 % where it is above 33
// Missingness is therefore informative: who is ill, heavy or inactive is seen less.
#pragma once

#include <array>

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

// Effects that hold in the limit of many people; rounding and clamping change them by less than 0.1 %.
struct WearableTruth {
  static constexpr double kcal_per_step = 0.04;  // slope of calories on steps inside a person, all days
  static constexpr double bpm_per_thousand_steps =
      1;                                          // slope of heart_rate - resting_heart_rate on steps inside a person
  static constexpr double male_kcal = 250;        // mean calories, men minus women
  static constexpr double male_resting_bpm = -3;  // mean resting heart rate, men minus women
  static constexpr double sleep_missing = 0.12;   // share of worn days without sleep
  static constexpr double sleep_missing_chronic = 0.30;  // the same with a chronic condition
  static constexpr double lag_one = 0.3;                 // correlation of neighbouring days' e_t
  // Shift of mean log steps on worn days, Monday first.
  static constexpr std::array<double, 7> weekday_log_steps = {0, 0.02, 0.02, 0, 0.05, 0.10, -0.15};
};

Schema wearable_schema();

// ErrorKind::usage when `subjects` is below 1. Work is cut into shards of 1024 people, each with streams of its own.
Cohort simulate_wearable(std::int64_t subjects, const Context& context, std::int64_t first = 0);

}  // namespace understudy
