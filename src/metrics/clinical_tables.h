// The general clinical rules, a line each. docs/metrics.md says how they are counted.
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>

namespace understudy {

using Operands = std::span<const double>;  // in the order of the rule's columns, NaN where missing

inline bool at_most(Operands v, double tolerance) { return v[0] <= v[1] + tolerance; }

inline bool sums_up(Operands v, double tolerance) {
  double sum = 0;
  for (const double share : v) sum += std::isnan(share) ? 0 : share;
  return sum <= 100 + tolerance;
}

// bmi, height in cm, weight in kg; the tolerance is a share of the bmi.
inline bool is_bmi(Operands v, double tolerance) {
  const double expected = v[2] / (v[1] * v[1] / 10000);
  return std::abs(v[0] - expected) <= tolerance * expected;
}

// `fewest` operands must be there for a check. `holds` gets them with the tolerance.
struct RowRule {
  std::string_view says;
  std::array<std::string_view, 3> columns;  // entries of the catalogue; empty: none
  std::size_t fewest;
  double tolerance;
  bool (*holds)(Operands, double);
};

// Tolerances are half a unit of the usual resolution; 1 point for shares, 5 % for a BMI from rounded height and weight.
inline constexpr RowRule kRowRules[] = {
    {"diastolic <= mean arterial pressure", {"diastolic_pressure", "mean_arterial_pressure"}, 2, 0.5, at_most},
    {"mean arterial <= systolic pressure", {"mean_arterial_pressure", "systolic_pressure"}, 2, 0.5, at_most},
    {"diastolic <= systolic pressure", {"diastolic_pressure", "systolic_pressure"}, 2, 0.5, at_most},
    {"direct <= total bilirubin", {"bilirubin_direct", "bilirubin_total"}, 2, 0.05, at_most},
    {"minutes asleep <= minutes in bed", {"minutes_asleep_per_day", "minutes_in_bed_per_day"}, 2, 0.5, at_most},
    {"white cells <= 100 %", {"neutrophils_percent", "lymphocytes_percent", "band_neutrophils"}, 2, 1, sums_up},
    {"bmi = weight / height^2", {"bmi", "height_cm", "weight_kg"}, 3, 0.05, is_bmi},
};

// Static columns after which nothing is measured, by their name or catalogue entry without case and punctuation.
// `hours`: of one unit of the column, counted from time 0 (from the first row where times are dates); 0: the column is
// a date or datetime itself.
struct EndRule {
  std::string_view says;
  std::string_view names;  // separated by '|'
  double hours;
};

inline constexpr EndRule kEndRules[] = {
    {"nothing is measured after death", "timeofdeath|deathtime|deathdatetime|dateofdeath|deathdate|dod", 0},
    {"nothing is measured after death", "hourstodeath|hoursuntildeath|deathhour|deathhours", 1},
    {"nothing is measured after the stay", "lengthofstayhours|loshours|stayhours|icustayhours", 1},
    {"nothing is measured after the stay", "lengthofstaydays|losdays|icustaydays", 24},
};

// Series columns that stay the same in a person, but for what `per_year` the time that passes adds.
struct ConstantRule {
  std::string_view says;
  std::string_view column;  // entry of the catalogue
  double tolerance;
  double per_year;
};

inline constexpr ConstantRule kConstantRules[] = {
    {"age stays the same, or rises with time", "age", 1, 1},
    {"age stays the same, or rises with time", "age_adult", 1, 1},
    {"height stays the same within 5 cm", "height_cm", 5, 10},
};

// Codes that only people of one sex or of some ages have. `codes`: ranges of whole ICD categories (three characters), as
// "icd10:O00-O9A", separated by '|'. `sex`: 'F', 'M', or 0 for both; ages in whole years, inclusive.
//
// Sources: the tabular lists of ICD-10-CM and ICD-9-CM for what the categories are; the Medicare Code Editor of the
// Centers for Medicare and Medicaid Services for the edits of sex (in force until 2024) and of maternity (9 to 64
// years). Its edit for newborns is age 0; a year is added, because what began at birth may be coded while it lasts.
// Categories that only partly belong to one sex (the breast, carcinoma in situ, malformations in ICD-9) are left out.
struct CodeRule {
  std::string_view says;
  std::string_view codes;
  char sex;
  double youngest;
  double oldest;
};

inline constexpr double kAnyAge = std::numeric_limits<double>::infinity();
inline constexpr std::string_view kPregnancyCodes =
    "icd10:O00-O9A|icd10:Z33-Z34|icd10:Z36-Z37|icd10:Z39-Z39|icd10:Z3A-Z3A|icd9:630-679|icd9:V22-V24|icd9:V27-V28";

inline constexpr CodeRule kCodeRules[] = {
    {"pregnancy and childbirth: women", kPregnancyCodes, 'F', -kAnyAge, kAnyAge},
    {"pregnancy and childbirth: 9 to 64 years", kPregnancyCodes, 0, 9, 64},
    {"female genital organs: women",
     "icd10:C51-C58|icd10:D06-D06|icd10:D25-D28|icd10:D39-D39|icd10:E28-E28|icd10:N70-N77|icd10:N80-N98|icd10:Q50-Q52|"
     "icd9:179-184|icd9:218-221|icd9:256-256|icd9:614-629",
     'F', -kAnyAge, kAnyAge},
    {"male genital organs: men",
     "icd10:C60-C63|icd10:D29-D29|icd10:D40-D40|icd10:E29-E29|icd10:N40-N53|icd10:Q53-Q55|"
     "icd9:185-187|icd9:222-222|icd9:257-257|icd9:600-608",
     'M', -kAnyAge, kAnyAge},
    {"perinatal conditions: up to 1 year", "icd10:P00-P96|icd9:760-779", 0, 0, 1},
};

}  // namespace understudy
