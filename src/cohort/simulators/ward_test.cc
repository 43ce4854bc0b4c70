#include "cohort/simulators/ward.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cohort/simulators/ward_testing.h"
#include "testing/kind_of.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

// The estimates of what the wards are known to do stand in ward_truth_test.cc.
namespace understudy {
namespace {

TEST(Ward, SchemasArePublicAndValidAndReadBack) {
  for (const Schema& schema : {ward_schema(), ward_b_schema()}) {
    EXPECT_NO_THROW(schema.validate());
    EXPECT_TRUE(schema.is_public());
    for (const ColumnSpec& column : schema.columns) {
      EXPECT_EQ(is_numeric(column.type), column.minimum && column.maximum) << column.name;
    }
    EXPECT_EQ(to_toml(parse_schema(to_toml(schema), "ward")), to_toml(schema));
  }
}

// Of every simulator: a part is what stands there in the whole.
TEST(Simulators, PartsAreTheWhole) {
  for (const SimulatorEntry& entry : simulators()) {
    const Cohort whole = entry.simulate(1500, ward_context(3), 0), part = entry.simulate(476, ward_context(3), 1024);
    std::vector<std::int64_t> rest(476);
    std::iota(rest.begin(), rest.end(), 1024);
    EXPECT_TRUE(whole.select(rest) == part) << entry.name;
    EXPECT_EQ(part.subjects.front(), whole.subjects[1024]) << entry.name;
    EXPECT_EQ(kind_of([&] { entry.simulate(1, ward_context(3), 5); }), ErrorKind::usage);
  }
}

TEST(Ward, KeepsBoundsConstraintsAndNullability) {
  for (const std::size_t site : kWardSites) {
    const Cohort& cohort = ward(site).cohort;
    for (const std::int64_t broken : constraint_violations(cohort)) EXPECT_EQ(broken, 0);
    for (const ColumnSpec& spec : cohort.schema.columns) {
      const Column& column = (spec.is_static ? cohort.statics : cohort.series).column(spec.name);
      if (is_set(spec.type)) continue;  // ward_codes_test.cc
      EXPECT_EQ(column.validity().count() < column.size(), spec.nullable) << spec.name;
      EXPECT_EQ(column.validity().count() > 0, site == 0 || spec.name != "band_neutrophils") << spec.name;
      for (const double value : column.numbers()) {
        if (!is_numeric(spec.type) || std::isnan(value)) continue;
        ASSERT_GE(value, *spec.minimum) << spec.name;
        ASSERT_LE(value, *spec.maximum) << spec.name;
      }
    }
  }
}

TEST(Ward, StaysRunFromAdmissionToTheirLastMinute) {
  for (const std::size_t site : kWardSites) {
    const Ward& stays = ward(site);
    for (std::size_t p = 0; p < stays.size(); ++p) {
      const auto first = stays.cohort.offsets[p];
      const auto last = stays.cohort.offsets[p + 1] - 1;
      ASSERT_EQ(stays.minute(first), 0);
      ASSERT_EQ(stays.minute(last), 60 * stays.fact("length_of_stay_hours", p));
      for (auto row = first; row < last; ++row) ASSERT_LT(stays.minute(row), stays.minute(row + 1));
    }
  }
}

TEST(Ward, CoursesAreThoseOfTheCohort) {
  for (const std::size_t site : kWardSites) {
    const Ward& stays = ward(site);
    for (std::size_t p = 0; p < stays.size(); ++p) {
      ASSERT_EQ(static_cast<double>(stays.courses[p].hours.size()), stays.fact("length_of_stay_hours", p));
      ASSERT_EQ(stays.courses[p].died, stays.fact("died", p) == 1);
    }
  }
}

TEST(Ward, HasTheSizeOfAHospital) {
  std::vector<double> hours, cells;
  double deaths = 0;
  const Ward& stays = ward(0);
  for (std::size_t p = 0; p < stays.size(); ++p) {
    hours.push_back(stays.fact("length_of_stay_hours", p));
    deaths += stays.fact("died", p);
    double count = 0;
    for (const WardVariable& variable : kWardVariables) {
      stays.each_value(variable.name, p, [&](std::int64_t, double) { ++count; });
    }
    cells.push_back(count);
  }
  const auto quantile = [](std::vector<double>& values, double q) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size()))];
  };
  EXPECT_GT(quantile(hours, 0.5), 48);
  EXPECT_LT(quantile(hours, 0.5), 72);
  EXPECT_GT(quantile(cells, 0.05), 100);
  EXPECT_LT(quantile(cells, 0.85), 2000);
  EXPECT_NEAR(deaths / static_cast<double>(stays.size()), 0.12, 0.04);
}

TEST(Ward, EmptyCellsAreEmptyAndNoRowIsEmpty) {
  const Table& series = ward(1).cohort.series;
  std::int64_t cells = 0;
  for (std::int64_t row = 0; row < series.rows(); ++row) {
    std::int64_t here = 0;
    for (std::size_t c = 0; c < series.width(); ++c) here += series.column(c).is_valid(row);
    ASSERT_GT(here, 0);
    cells += here;
  }
  EXPECT_LT(cells, series.rows() * static_cast<std::int64_t>(series.width()) / 8);
}

TEST(Ward, WhatWasGivenIsWrittenWhenItWasGiven) {
  const Ward& stays = ward(0);
  for (std::size_t p = 0; p < stays.size(); ++p) {
    stays.each_value("norepinephrine", p, [&](std::int64_t row, double dose) {
      ASSERT_NEAR(dose, stays.hour(p, row).norepinephrine, 0.005001);
    });
    stays.each_value("mechanical_ventilation", p, [&](std::int64_t row, double on) {
      ASSERT_EQ(on == 1, stays.hour(p, row).ventilated);
    });
    double written = 0, given = 0;
    stays.each_value("fluids", p, [&](std::int64_t, double volume) { written += volume; });
    for (const WardHour& hour : stays.courses[p].hours) given += hour.bolus;
    ASSERT_EQ(written, given);
  }
}

TEST(Ward, PressuresBelongTogether) {
  const Table& series = ward(0).cohort.series;
  const auto systolic = series.column("systolic_pressure").numbers();
  const auto diastolic = series.column("diastolic_pressure").numbers();
  const auto middle = series.column("mean_arterial_pressure").numbers();
  for (std::size_t row = 0; row < middle.size(); ++row) {
    if (std::isnan(middle[row])) continue;
    ASSERT_NEAR(middle[row], (systolic[row] + 2 * diastolic[row]) / 3, 1.0001);
  }
}

TEST(Ward, SameSeedSameCohortWithAnyNumberOfThreads) {
  const Cohort one = simulate_ward(1100, ward_context(5, 1));
  EXPECT_TRUE(one == simulate_ward(1100, ward_context(5, 2)));
  EXPECT_TRUE(one == simulate_ward(1100, ward_context(5, 7)));
  EXPECT_FALSE(one == simulate_ward(1100, ward_context(6, 1)));
  EXPECT_TRUE(simulate_ward_b(1100, ward_context(5, 1)) == simulate_ward_b(1100, ward_context(5, 2)));
}

TEST(Ward, OneSubjectIsEnoughAndNoneIsRefused) {
  EXPECT_EQ(simulate_ward(1, ward_context(1)).size(), 1);
  try {
    simulate_ward_b(0, ward_context(1));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

TEST(Ward, BothHospitalsAreFoundByName) {
  EXPECT_EQ(find_simulator("ward").schema().name, "ward");
  EXPECT_EQ(find_simulator("ward-b").schema().name, "ward-b");
}

}  // namespace
}  // namespace understudy
