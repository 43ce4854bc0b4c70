// The diagnoses that the wards write down at discharge: which codes there are, and what makes them likely.
//
// Codes are drawn one after the other, each by a coin with log odds that are linear in what is known of the stay and in
// the codes before it, so comorbidity is a matter of the table: hypertension makes diabetes likelier, both make kidney
// disease likelier. Only logits are shared between the hospitals; ward-b has habits of its own.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "cohort/simulators/ward_patient.h"

namespace understudy {

struct WardCause {
  std::string_view name;  // one of kWardFacts, a diagnosis (kWardDiagnoses), or a code further up
  double log_odds = 0;
};

struct WardCode {
  std::string_view category;        // of ICD-10
  double log_odds = 0;              // of a stay at ward where all causes are 0
  double habit_of_b = 0;            // what ward-b adds
  std::array<WardCause, 5> causes;  // unused ones have no name
  char only = 0;                    // 'F', 'M': nobody else has it
  std::int64_t oldest = 120;        // years; nobody older has it
};

// Decades of age beyond 60; kg/m2 of BMI beyond 30; the base of severity; organs; whether it happened in the stay.
inline constexpr std::string_view kWardFacts[] = {"age",   "male",         "bmi",   "severity", "kidney",
                                                  "liver", "lung",         "heart", "inflammation", "blood",
                                                  "brain", "ventilated", "norepinephrine", "died"};

inline constexpr WardCode kWardCodes[] = {
    // What the stay is for.
    {"A41", -3.4, 0, {{{"sepsis", 6}, {"pneumonia", 1.2}, {"inflammation", .4}}}},       // sepsis
    {"J18", -3.4, 0, {{{"pneumonia", 6.4}, {"sepsis", 1.8}, {"copd", 1.5}}}},            // pneumonia
    {"I21", -4, 0, {{{"myocardial_infarction", 7}}}},                                    // myocardial infarction
    {"I63", -4.5, 0, {{{"stroke", 5.3}, {"age", .1}}}},                                  // cerebral infarction
    {"I61", -5.5, 0, {{{"stroke", 4.7}}}},                                               // intracerebral haemorrhage
    {"S06", -6, 0, {{{"trauma", 5.8}}}},                                                 // intracranial injury
    {"S22", -6, 0, {{{"trauma", 5.9}}}},                                                 // fractured ribs or spine
    {"S72", -6, 0, {{{"trauma", 5.4}, {"age", .7}, {"male", -.5}}}},                     // fractured femur
    {"K92", -4.2, 0, {{{"gi_bleed", 7}}}},                                               // gastrointestinal bleeding
    {"T40", -7, 0, {{{"overdose", 6.6}}}},                                               // poisoning by narcotics
    {"T42", -7, 0, {{{"overdose", 7.4}}}},                                               // poisoning by sedatives
    {"K80", -4, 0, {{{"postoperative", 2.5}, {"bmi", .03}}}},                            // gallstones
    {"C18", -4.5, 0, {{{"postoperative", 3}, {"age", .2}}}},                             // cancer of the colon
    {"C50", -4.2, 0, {{{"postoperative", 1}, {"male", -4.5}}}},                          // of the breast
    {"C54", -5.5, 0, {{{"postoperative", 2.8}}}, 'F'},                                   // of the uterus
    {"C61", -4.2, 0, {{{"postoperative", 1.5}, {"age", .5}}}, 'M'},                      // of the prostate
    {"O14", -4, 0, {{{"other", 3}}}, 'F', 45},                                           // pre-eclampsia
    {"T81", -5, .8, {{{"postoperative", 3.6}}}},                                         // complication of a procedure
    // What people bring with them.
    {"F17", -1.4, -.4, {{{"age", -.3}, {"male", .4}, {"copd", 1}}}},                     // tobacco
    {"F10", -2.6, -.4, {{{"age", -.3}, {"male", .9}, {"overdose", .8}, {"gi_bleed", .9}, {"trauma", .6}}}},  // alcohol
    {"E66", -1.6, WardTruth::obesity_habit_of_b, {{{"bmi", .35}}}},                      // obesity
    {"I10", 0, -.3, {{{"age", WardTruth::hypertension_per_decade}, {"E66", .6}, {"stroke", .4}}}},  // hypertension
    {"E78", -.8, -.9, {{{"age", .3}, {"I10", .8}, {"myocardial_infarction", .8}}}},      // lipids
    {"E11", -1.9, 0, {{{"age", .15}, {"male", .2}, {"E66", .9}, {"I10", WardTruth::diabetes_with_hypertension}}}},
    {"N18", -2.8, 0,                                                                     // chronic kidney disease
     {{{"age", .35}, {"kidney", .4}, {"renal_failure", 1}, {"E11", WardTruth::kidney_disease_with_diabetes}, {"I10", .8}}}},
    {"I25", -2.4, 0,                                                                     // coronary heart disease
     {{{"age", .4}, {"male", .6}, {"E78", .6}, {"E11", .5}, {"myocardial_infarction", 2}}}},
    {"I48", -2.3, 0, {{{"age", .6}, {"heart_failure", 1}, {"stroke", .5}}}},             // atrial fibrillation
    {"I50", -3.2, 0, {{{"age", .3}, {"heart_failure", 7}, {"I25", .9}, {"I10", .4}, {"N18", .4}}}},  // heart failure
    {"J44", -2.8, 0, {{{"age", .2}, {"copd", 7}, {"F17", 1.2}}}},                        // chronic obstructive disease
    {"C34", -4.8, 0, {{{"age", .2}, {"postoperative", 2}, {"F17", 1}}}},                 // cancer of the lung
    {"K70", -4.8, 0, {{{"liver", .5}, {"gi_bleed", .8}, {"F10", 2.4}}}},                 // alcoholic liver disease
    {"F32", -2.2, -.7, {{{"male", -.5}, {"overdose", 1.6}}}},                            // depression
    {"F03", -4, 0, {{{"age", 1}}}},                                                      // dementia
    {"E03", -2.4, -.3, {{{"age", .15}, {"male", -1.1}}}},                                // hypothyroidism
    {"K21", -1.7, -1.2, {{{"E66", .3}}}},                                                // reflux
    {"G47", -3, -.8, {{{"male", .5}, {"E66", 1.6}}}},                                    // sleep apnoea
    {"G40", -3.4, 0, {{{"brain", .3}, {"stroke", .8}, {"overdose", .8}}}},               // epilepsy
    {"M81", -3.2, -.6, {{{"age", .5}, {"male", -1.5}, {"S72", .8}}}},                    // osteoporosis
    {"N40", -2.2, -.5, {{{"age", .7}}}, 'M'},                                            // hyperplasia of the prostate
    // What comes of it.
    {"N17", -2.4, 0, {{{"severity", .6}, {"kidney", .7}, {"renal_failure", 3.5}, {"N18", .6}}}},  // acute kidney failure
    {"J96", -2.6, 0, {{{"ventilated", 3}, {"lung", .5}, {"severity", .3}}}},             // respiratory failure
    {"R57", -3.8, 0, {{{"norepinephrine", WardTruth::shock_with_norepinephrine}, {"severity", .4}}}},  // shock
    {"R65", -4.5, 0, {{{"norepinephrine", 1.5}, {"severity", .4}, {"A41", 2.5}}}},       // severe sepsis
    {"E87", -1, .5, {{{"severity", .3}, {"kidney", .3}}}},                               // electrolytes
    {"D62", -3, .4, {{{"blood", .6}, {"gi_bleed", 1.6}, {"trauma", .8}}}},               // anaemia after bleeding
    {"D64", -1.6, .6, {{{"blood", .5}, {"N18", .5}}}},                                   // anaemia
    {"D69", -2.6, 0, {{{"severity", .3}, {"blood", .4}, {"K70", 1.2}}}},                 // low platelets
    {"G93", -3.2, 0, {{{"severity", .4}, {"brain", .6}}}},                               // encephalopathy
    {"L89", -3.6, .5, {{{"age", .3}, {"severity", .3}, {"F03", .8}}}},                   // pressure ulcer
    {"N39", -2.3, 0, {{{"age", .3}, {"male", -.9}, {"sepsis", .6}}}},                    // urinary infection
    {"I46", -4.5, 0, {{{"died", 2.3}, {"myocardial_infarction", 1}}}},                   // cardiac arrest
    {"Z51", -5, -.8, {{{"died", 3}, {"age", .4}}}},                                      // palliative care
};
inline constexpr std::size_t kWardCodeCount = std::size(kWardCodes);
inline constexpr std::int64_t kMostWardCodes = 20;  // of a stay; nobody in thousands has more

// What a code hangs on, by place: the facts, a 1 for the diagnosis, a 1 for each code that was drawn.
inline constexpr std::size_t kWardCauseCount = std::size(kWardFacts) + std::size(kWardDiagnoses) + kWardCodeCount;
using WardCauses = std::array<double, kWardCauseCount>;

// The log odds that a code is written down by the table; those whom it excludes have none.
double ward_code_log_odds(WardSite site, std::size_t code, const WardCauses& causes);

// Ascending, at most kMostWardCodes. Takes as many numbers from `rng` for one patient as for another.
std::vector<std::int32_t> draw_ward_codes(WardSite site, const WardPatient& patient, Rng& rng);

}  // namespace understudy
