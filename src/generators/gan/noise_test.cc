#include "generators/gan/noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "understudy/error.h"

namespace understudy {
namespace {

Schema schema() {
  Schema result;
  result.subject = "row";
  ColumnSpec x{.name = "x", .type = ColumnType::real};
  x.minimum = 0;
  x.maximum = 100;
  ColumnSpec c{.name = "c", .type = ColumnType::category};
  c.categories = {"a", "b", "d"};
  result.columns = {x, c};
  return result;
}

constexpr std::int64_t kRows = 40000;

Cohort middle() {
  Cohort cohort = make_cohort(schema());
  cohort.subjects.assign(kRows, "s");
  cohort.statics.resize(kRows);
  for (std::int64_t row = 0; row < kRows; ++row) {
    cohort.statics.column(0).set_number(row, 50);
    if (row % 2 == 0) cohort.statics.column(1).set_number(row, 1);
  }
  return cohort;
}

double mean_distance(const Cohort& cohort) {
  double sum = 0;
  for (const double x : cohort.statics.column(0).numbers()) sum += std::abs(x - 50);
  return sum / static_cast<double>(kRows);
}

// epsilon 20 over two columns: Laplace of scale 100 / 10 = 10 and, clamped at a distance of 50, mean size
// 10 (1 - e^-5) = 9.93. Its standard error is 0.05; a false alarm needs 6 of them, below 1e-8.
TEST(GanNoise, LaplaceHasTheStatedScale) {
  Cohort cohort = middle();
  add_cell_noise(cohort, {.epsilon = 20}, Rng(1));
  EXPECT_NEAR(mean_distance(cohort), 9.93, 0.3);
  for (const double x : cohort.statics.column(0).numbers()) EXPECT_TRUE(x >= 0 && x <= 100);
}

// Deviation 100 sqrt(2 ln(1.25 / 0.1)) / 20 = 11.24 with epsilon 40: mean size sqrt(2 / pi) 11.24 = 8.97, standard
// error 0.034.
TEST(GanNoise, GaussianHasTheStatedScale) {
  Cohort cohort = middle();
  add_cell_noise(cohort, {.kind = CellNoise::Kind::gaussian, .epsilon = 40, .delta = 0.1}, Rng(2));
  EXPECT_NEAR(mean_distance(cohort), 8.97, 0.25);
}

// Kept with probability e / (e + 2) = 0.576 at epsilon 1 a column; 20,000 valid cells, standard error 0.0035.
TEST(GanNoise, CategoriesAreRandomisedAndMissingStaysMissing) {
  Cohort cohort = middle();
  add_cell_noise(cohort, {.epsilon = 2}, Rng(3));
  const Column& column = cohort.statics.column(1);
  std::int64_t kept = 0, others[3] = {};
  for (std::int64_t row = 0; row < kRows; ++row) {
    ASSERT_EQ(column.is_valid(row), row % 2 == 0);
    if (row % 2 == 0) ++others[static_cast<std::size_t>(column.number(row))];
  }
  kept = others[1];
  EXPECT_NEAR(static_cast<double>(kept) / 20000, std::exp(1.0) / (std::exp(1.0) + 2), 0.025);
  EXPECT_NEAR(static_cast<double>(others[0]) / 20000, 1 / (std::exp(1.0) + 2), 0.025);
}

TEST(GanNoise, ColumnsWithoutPublicBoundsAreRefused) {
  const auto kind_of = [](const Schema& wrong) {
    try {
      check_public_bounds(wrong);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::internal;
  };
  check_public_bounds(schema());
  Schema unbounded = schema();
  unbounded.columns[0].maximum.reset();
  EXPECT_EQ(kind_of(unbounded), ErrorKind::input);
  Schema read_off = schema();
  read_off.columns[1].is_public = false;
  EXPECT_EQ(kind_of(read_off), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
