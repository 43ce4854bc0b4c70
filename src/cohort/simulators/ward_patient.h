// The patients of the ward simulators: who comes, how the illness runs, and what is given against it.
#pragma once

#include <string_view>

#include "cohort/simulators/ward.h"

namespace understudy {

enum WardOrgan { kKidney, kLiver, kLung, kHeart, kInflammation, kBlood, kBrain, kNoOrgan };

struct WardDiagnosis {
  std::string_view name;
  std::array<double, 2> share;      // of the patients of {ward, ward-b}
  double severity;                  // shift of b
  std::array<double, 7> organs;     // means, in the order of WardOrgan
  std::array<double, 3> admission;  // shares of emergency, elective, urgent
  std::array<double, 4> unit;       // shares of medical, surgical, cardiac, neuro
};

inline constexpr WardDiagnosis kWardDiagnoses[] = {
    {"sepsis", {.14, .12}, 0.6, {.5, .4, .4, .2, 2, .2, .2}, {.8, 0, .2}, {.8, .2, 0, 0}},
    {"pneumonia", {.10, .14}, 0.3, {.2, .1, 2, .1, 1.5, 0, .1}, {.8, 0, .2}, {1, 0, 0, 0}},
    {"heart_failure", {.09, .16}, 0.2, {.7, .3, .6, 1, 0, .2, 0}, {.6, .1, .3}, {.4, 0, .6, 0}},
    {"myocardial_infarction", {.10, .08}, 0, {.2, .1, .2, 3, .2, 0, 0}, {.9, 0, .1}, {.1, 0, .9, 0}},
    {"stroke", {.08, .10}, 0.2, {0, 0, .1, .2, .1, 0, 2}, {.9, 0, .1}, {.2, 0, 0, .8}},
    {"trauma", {.08, .04}, 0.1, {.1, .2, .4, .3, .6, 1, .6}, {1, 0, 0}, {0, .7, 0, .3}},
    {"gi_bleed", {.07, .06}, 0, {.4, .7, 0, .1, .1, 2, .1}, {.8, 0, .2}, {.7, .3, 0, 0}},
    {"renal_failure", {.06, .06}, 0.2, {2.5, .1, .2, .2, .2, .5, .1}, {.5, .1, .4}, {.9, .1, 0, 0}},
    {"copd", {.06, .10}, 0.1, {0, 0, 2.2, .3, .5, 0, .1}, {.7, 0, .3}, {1, 0, 0, 0}},
    {"overdose", {.05, .02}, -0.4, {.2, .9, .5, 0, 0, 0, 1.6}, {1, 0, 0}, {1, 0, 0, 0}},
    {"postoperative", {.12, .08}, -0.5, {.1, .1, .2, .2, .6, .8, .1}, {.1, .7, .2}, {0, .7, .2, .1}},
    {"other", {.05, .04}, 0, {0, 0, 0, 0, 0, 0, 0}, {.5, .2, .3}, {.7, .2, .05, .05}},
};

struct WardPatient {
  std::int64_t age = 0;
  bool male = false;
  double height = 0;  // cm
  double weight = 0;  // kg
  bool height_missing = false;
  bool weight_missing = false;
  std::size_t diagnosis = 0;
  std::size_t admission = 0;
  std::size_t unit = 0;
  WardCourse course;
};

WardPatient draw_ward_patient(WardSite site, Rng& rng);

}  // namespace understudy
