// The general clinical rules, a line each. docs/metrics.md says how they are counted.
#pragma once

#include <array>
#include <cmath>
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

}  // namespace understudy
