#include "metrics/clinical_codes.h"

#include <gtest/gtest.h>

#include "metrics/clinical_rules.h"
#include "metrics/test_codes.h"

namespace understudy {
namespace {

Finding rule(const std::vector<Finding>& findings, const std::string& says) {
  for (const Finding& f : findings) {
    if (f.name == "broken_clinical_rule" && f.meaning.find(says) != std::string::npos) return f;
  }
  throw std::runtime_error("no rule " + says);
}

TEST(ClinicalCodes, RangesHoldWholeCategoriesAndTheirCodes) {
  EXPECT_TRUE(is_in_ranges("icd10:O14", "icd9:630-679|icd10:O00-O9A"));
  EXPECT_TRUE(is_in_ranges("icd10:O9A519", "icd10:O00-O9A"));
  EXPECT_TRUE(is_in_ranges("icd10:C61", "icd10:C60-C63"));
  EXPECT_TRUE(is_in_ranges("icd9:V270", "icd9:630-679|icd9:V27-V28"));
  EXPECT_TRUE(is_in_ranges("icd9:6000", "icd9:600-608"));
  EXPECT_FALSE(is_in_ranges("icd9:O14", "icd10:O00-O9A"));
  EXPECT_FALSE(is_in_ranges("icd10:O", "icd10:O00-O9A"));     // a chapter: not known
  EXPECT_FALSE(is_in_ranges("icd10:P05", "icd10:O00-O9A"));
  EXPECT_FALSE(is_in_ranges("icd9:E9600", "icd9:760-779"));
  EXPECT_FALSE(is_in_ranges("O14", "icd10:O00-O9A"));
}

// sex and age are static; the codes are pregnancy, prostate, newborn, and two that everybody may have.
Schema schema_with(ColumnSpec codes) {
  codes.categories = {"icd10:O14", "icd9:600", "icd10:P22", "icd10:I10", "omop:80502"};
  return person_schema({static_column(category_column("Gender", {"Male", "Female", "unknown"})),
                        static_column(number_column("age")), codes});
}

TEST(ClinicalCodes, SexAndAgeByHand) {
  Cohort made = people(schema_with(codes_column("codes", {})),
                       {{1, 0, 1, 1, 2, 0, kMissing}, {30, 30, 65, kMissing, 0, 1.9, 2}, {}});
  fill_codes(made.statics.column(2), {{0, 3}, {0, 1}, {0, 1}, {0}, {1, 2}, {2, 4}, {1, 2}});
  const auto findings = evaluate_clinical_rules({made, made, made}, {});
  EXPECT_DOUBLE_EQ(rule(findings, "pregnancy and childbirth: women").value, 1.0 / 4);
  EXPECT_DOUBLE_EQ(rule(findings, "9 to 64 years").value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(rule(findings, "male genital organs: men").value, 1.0 / 2);  // the others' sex is not known
  EXPECT_DOUBLE_EQ(rule(findings, "perinatal").value, 1.0 / 3);
  EXPECT_EQ(rule(findings, "perinatal").columns, (std::vector<std::string>{"codes", "age"}));
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations").value, 4);
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations_share").value, 4.0 / 12);
  EXPECT_DOUBLE_EQ(finding(findings, "clinical_rule_violations_share").reference, 4.0 / 12);
}

TEST(ClinicalCodes, RowsOfSeriesAreCheckedEach) {
  Schema schema = schema_with(codes_column("found", {}));
  schema.repeated = true;
  Cohort made = people_in_time(schema, {3, 1}, {{0, 1}, {40, 40}}, {std::vector<double>(4, kMissing)});
  fill_codes(made.series.column(0), {{0}, {}, {0, 1}, {0}});
  const auto findings = evaluate_clinical_rules({made, made, made}, {});
  EXPECT_DOUBLE_EQ(rule(findings, "pregnancy and childbirth: women").value, 2.0 / 3);
  EXPECT_DOUBLE_EQ(rule(findings, "male genital organs: men").value, 0);
  EXPECT_TRUE(std::isnan(findings.back().value));  // perinatal conditions: nobody has such a code
}

TEST(ClinicalCodes, WithoutSexAndAgeThereIsNoRule) {
  Cohort made = people(person_schema({codes_column("codes", {"icd10:O14"}), category_column("sex", {"F", "M"}),
                                      category_column("gender", {"F", "M"})}),
                       {{kMissing}, {0}, {1}});
  EXPECT_TRUE(evaluate_clinical_rules({made, made, made}, {}).empty());  // two columns for the sex are not guessed
}

}  // namespace
}  // namespace understudy
