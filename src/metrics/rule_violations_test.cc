#include "metrics/rule_violations.h"

#include <gtest/gtest.h>

#include "metrics/test_cohorts.h"

namespace understudy {
namespace {

Schema minutes_schema() {
  Schema schema =
      person_schema({number_column("active"), number_column("rest"), category_column("colour", {"red", "green"})});
  schema.columns[0].minimum = 0;
  schema.columns[0].maximum = 1440;
  schema.columns[1].nullable = false;
  schema.constraints.push_back({Constraint::Kind::sum_at_most, {"active", "rest"}, 1440});
  return schema;
}

TEST(RuleViolations, HandComputed) {
  const Schema schema = minutes_schema();
  const Cohort real = people(schema, {{10, 20}, {30, 40}, {0, 1}});
  // Row 0: fine. Row 1: active below 0. Row 2: sum too large. Row 3: rest is missing, colour is undeclared.
  const Cohort made = people(schema, {{100, -1, 1000, 5}, {100, 1, 1000, kMissing}, {0, 1, kMissing, 2}});
  const auto findings = evaluate_rule_violations({real, real, made}, {});
  EXPECT_EQ(finding(findings, "rule_violations").value, 4);
  EXPECT_EQ(finding(findings, "rule_violations").reference, 0);
  // Checks: 4 of the constraint, 4 of active's bounds, 4 of rest's presence, 3 of colour.
  EXPECT_DOUBLE_EQ(finding(findings, "rule_violations_share").value, 4.0 / 15);
  EXPECT_DOUBLE_EQ(finding(findings, "out_of_bounds", "active").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "required_missing", "rest").value, 0.25);
  EXPECT_DOUBLE_EQ(finding(findings, "undeclared_category", "colour").value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(finding(findings, "broken_constraint").value, 0.25);
}

TEST(RuleViolations, CodesAreDeclaredAndNotTooMany) {
  ColumnSpec found = number_column("found", ColumnType::codes);
  found.categories = {"a", "b"};
  found.max_codes = 1;
  const Schema schema = person_schema({found});
  Cohort real = make_cohort(schema);
  real.subjects = {"p", "q"};
  real.statics.resize(2);
  real.statics.column(0).set_codes(0, {1});
  Cohort made = real;
  made.statics.column(0).set_codes(1, {0, 2});
  const auto findings = evaluate_rule_violations({real, real, made}, {});
  EXPECT_EQ(finding(findings, "rule_violations").value, 2);
  EXPECT_DOUBLE_EQ(finding(findings, "undeclared_category", "found").value, 1.0 / 3);
  EXPECT_DOUBLE_EQ(finding(findings, "too_many_codes", "found").value, 0.5);
}

TEST(RuleViolations, RealDataIsTheReference) {
  const Schema schema = minutes_schema();
  const Cohort train = people(schema, {{2000, 20}, {30, 40}, {0, 1}});  // out of bounds, and the sum is too large
  const Cohort made = people(schema, {{10, 20}, {30, 40}, {0, 1}});
  const auto findings = evaluate_rule_violations({train, made, made}, {});
  EXPECT_EQ(finding(findings, "rule_violations").value, 0);
  EXPECT_DOUBLE_EQ(finding(findings, "rule_violations_share").reference, 2.0 / 16);
  EXPECT_DOUBLE_EQ(finding(findings, "rule_violations").reference, 1);  // 2/16 of 8 checks
  EXPECT_DOUBLE_EQ(finding(findings, "out_of_bounds", "active").reference, 0.25);
}

TEST(RuleViolations, NoRules) {
  const Schema schema = person_schema({number_column("x")});
  const Cohort cohort = people(schema, {{1, 2}});
  const auto findings = evaluate_rule_violations({cohort, cohort, cohort}, {});
  EXPECT_TRUE(std::isnan(finding(findings, "rule_violations").value));
}

}  // namespace
}  // namespace understudy
