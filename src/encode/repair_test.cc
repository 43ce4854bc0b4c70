#include "encode/repair.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "understudy/random.h"

namespace understudy {
namespace {

ColumnSpec number(std::string name, ColumnType type, std::optional<double> minimum, std::optional<double> maximum) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.minimum = minimum;
  spec.maximum = maximum;
  return spec;
}

// Two activity columns that share a day, asleep <= in bed, and a level that the statics bound.
Schema day_schema() {
  Schema schema;
  schema.name = "days";
  schema.subject = "who";
  schema.repeated = true;
  schema.columns = {number("ceiling", ColumnType::integer, 0, 500),    number("low", ColumnType::real, 0, 10),
                    number("high", ColumnType::real, 0, 10),           number("active", ColumnType::integer, 0, 1440),
                    number("sedentary", ColumnType::integer, 0, 1440), number("asleep", ColumnType::integer, 60, 1440),
                    number("bed", ColumnType::real, 0, 1440),          number("level", ColumnType::integer, 0, 1000)};
  for (int c = 0; c < 3; ++c) schema.columns[static_cast<std::size_t>(c)].is_static = true;
  schema.columns[6].decimals = 1;
  using Kind = Constraint::Kind;
  schema.constraints = {{Kind::less_equal, {"low", "high"}, 0},
                        {Kind::sum_at_most, {"active", "sedentary", "bed"}, 1440},
                        {Kind::less_equal, {"asleep", "bed"}, 0},
                        {Kind::less_equal, {"level", "ceiling"}, 0}};
  return schema;
}

Cohort random_cohort(std::uint64_t seed, std::int64_t subjects, std::int64_t rows_each) {
  Rng rng(seed);
  Cohort cohort = make_cohort(day_schema());
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * rows_each);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    cohort.offsets.push_back((s + 1) * rows_each);
  }
  for (Table* table : {&cohort.statics, &cohort.series}) {
    for (std::size_t c = 0; c < table->width(); ++c) {
      for (std::int64_t row = 0; row < table->rows(); ++row) {
        if (!rng.bernoulli(0.1)) table->column(c).set_number(row, rng.uniform(-200, 2000));
      }
    }
  }
  return cohort;
}

// One subject, one row, with the given series values (NaN: missing).
Cohort one_row(std::vector<double> series, double ceiling = 400) {
  Cohort cohort = make_cohort(day_schema());
  cohort.subjects = {"1"};
  cohort.offsets = {0, 1};
  cohort.statics.resize(1);
  cohort.series.resize(1);
  cohort.statics.column(0).set_number(0, ceiling);
  for (std::size_t c = 0; c < series.size(); ++c) {
    if (!std::isnan(series[c])) cohort.series.column(c).set_number(0, series[c]);
  }
  return cohort;
}

std::vector<double> row_of(const Cohort& cohort) {
  std::vector<double> values;
  for (std::size_t c = 0; c < cohort.series.width(); ++c) values.push_back(cohort.series.column(c).number(0));
  return values;
}

TEST(Repair, ScalesSumsInProportion) {
  Cohort cohort = one_row({720, 1440, 60, 720, 10});
  repair(cohort);  // 2880 is twice the limit
  EXPECT_EQ(row_of(cohort), (std::vector<double>{360, 720, 60, 360, 10}));
}

TEST(Repair, SumsBelowZeroLowerTowardsTheMinima) {
  Schema schema;
  schema.name = "balance";
  schema.subject = "row";
  schema.columns = {number("a", ColumnType::integer, -10, 10), number("b", ColumnType::integer, 1, 10)};
  schema.constraints = {{Constraint::Kind::sum_at_most, {"a", "b"}, -6}};
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"1"};
  cohort.statics.resize(1);
  cohort.statics.column(0).set_number(0, 4);
  cohort.statics.column(1).set_number(0, 9);
  repair(cohort);
  EXPECT_EQ(cohort.statics.column(0).number(0), -7);
  EXPECT_EQ(cohort.statics.column(1).number(0), 1);
}

TEST(Repair, LowersTheSmallerSideFirst) {
  Cohort cohort = one_row({0, 0, 500, 400.5, 10});
  repair(cohort);
  EXPECT_EQ(row_of(cohort), (std::vector<double>{0, 0, 400, 400.5, 10}));
  cohort = one_row({0, 0, 500, 20, 10});  // asleep is at least 60
  repair(cohort);
  EXPECT_EQ(row_of(cohort), (std::vector<double>{0, 0, 60, 60, 10}));
}

TEST(Repair, LeavesStaticsAlone) {
  Cohort cohort = one_row({0, 0, 60, 60, 900}, 123);
  repair(cohort);
  EXPECT_EQ(cohort.statics.column(0).number(0), 123);
  EXPECT_EQ(cohort.series.column("level").number(0), 123);
}

TEST(Repair, AMissingOperandHolds) {
  Cohort cohort = one_row({1400, 1400, std::nan(""), 10, 10});
  cohort.series.column(3).set_missing(0);
  const Cohort before = cohort;
  repair(cohort);
  EXPECT_EQ(cohort, before);
}

TEST(Repair, ValidRecordsStayAsTheyAre) {
  Cohort cohort = one_row({100, 900, 300, 320.5, 400});
  const Cohort before = cohort;
  repair(cohort);
  EXPECT_EQ(cohort, before);
}

TEST(Repair, RandomRecordsKeepTheSchemaAfterIt) {
  Cohort cohort = random_cohort(21, 300, 5);
  repair(cohort);
  EXPECT_EQ(constraint_violations(cohort), (std::vector<std::int64_t>{0, 0, 0, 0}));
  for (const ColumnSpec& spec : cohort.schema.columns) {
    const Column& column = spec.is_static ? cohort.statics.column(spec.name) : cohort.series.column(spec.name);
    for (const double x : column.numbers()) {
      if (std::isnan(x)) continue;
      ASSERT_GE(x, *spec.minimum) << spec.name;
      ASSERT_LE(x, *spec.maximum) << spec.name;
      if (spec.decimals) {
        ASSERT_EQ(x, std::round(x * 10) / 10) << spec.name;
      }
    }
  }
  const Cohort once = cohort;
  repair(cohort);
  EXPECT_EQ(cohort, once);
}

TEST(Repair, CodesAreDeclaredAndNotTooMany) {
  Schema schema;
  schema.subject = "who";
  schema.columns = {number("found", ColumnType::codes, {}, {})};
  schema.columns[0].categories = {"a", "b", "c", "d"};
  schema.columns[0].max_codes = 2;
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"1", "2"};
  cohort.statics.resize(2);
  cohort.statics.column(0).set_codes(0, {3, 1, 0, 9, -1});
  cohort.statics.column(0).set_codes(1, {2, 3});
  repair(cohort);
  EXPECT_EQ(cohort.statics.column(0).codes(0), (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(cohort.statics.column(0).codes(1), (std::vector<std::int32_t>{2, 3}));
}

TEST(Repair, NumbersThatAreNoneBecomeMissing) {
  const double infinity = std::numeric_limits<double>::infinity();
  Schema schema;
  schema.name = "odd";
  schema.subject = "row";
  schema.columns = {number("free", ColumnType::real, {}, {}), number("bounded", ColumnType::real, -1, 1),
                    number("never", ColumnType::real, 2, 3)};
  schema.columns[2].nullable = false;
  Cohort cohort = make_cohort(schema);
  cohort.subjects = {"1", "2", "3"};
  cohort.statics.resize(3);
  for (std::size_t c = 0; c < 3; ++c) {
    cohort.statics.column(c).set_number(0, std::nan(""));
    cohort.statics.column(c).set_number(1, infinity);
    cohort.statics.column(c).set_number(2, -infinity);
  }
  repair(cohort);
  EXPECT_EQ(cohort.statics.column(0).validity().count(), 0);
  EXPECT_FALSE(cohort.statics.column(1).is_valid(0));
  EXPECT_EQ(cohort.statics.column(1).number(1), 1);
  EXPECT_EQ(cohort.statics.column(1).number(2), -1);
  EXPECT_EQ(cohort.statics.column(2).number(0), 2);
  EXPECT_EQ(cohort.statics.column(2).number(1), 3);
}

}  // namespace
}  // namespace understudy
