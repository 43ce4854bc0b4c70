#include "vault/cell_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/kind_of.h"

namespace understudy {
namespace {

Schema days() {
  Schema schema;
  schema.name = "days";
  schema.subject = "id";
  schema.time = "day";
  schema.time_spec.type = ColumnType::date;
  schema.subjects = 400;
  schema.max_rows = 5;
  schema.columns = {
      {.name = "sex", .type = ColumnType::category, .categories = {"f", "m"}, .nullable = false, .is_static = true},
      {.name = "steps", .type = ColumnType::integer, .minimum = 0, .maximum = 1000},
      {.name = "load", .type = ColumnType::real, .minimum = -1, .maximum = 1, .nullable = false}};
  return schema;
}

Cohort everybody_the_same(std::int64_t subjects) {
  Cohort cohort = make_cohort(days());
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * 5);
  cohort.times.resize(subjects * 5);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    cohort.statics.column(0).set_number(s, 1);
    cohort.offsets.push_back((s + 1) * 5);
  }
  for (std::int64_t row = 0; row < cohort.series.rows(); ++row) {
    cohort.series.column(0).set_number(row, 250);
    cohort.series.column(1).set_number(row, 0.5);
    cohort.times.set_number(row, 20000 + static_cast<double>(row % 5));
  }
  return cohort;
}

// sex: a choice. steps: a number, and whether it is there. load: a number. Each row: whether it is there.
TEST(CellNoise, EveryMechanismOfARecordIsCounted) {
  const CellNoise noise = share_noise(days(), 1, 1);
  const auto events = cell_events(days(), noise, 3);
  ASSERT_EQ(events.size(), 5u);
  std::int64_t uses = 0;
  for (const PrivacyEvent& event : events) uses += event.count;
  EXPECT_EQ(uses, 3 * (1 + 5 * (2 + 1 + 1)));
  EXPECT_NEAR(noise.mu, 1 / std::sqrt(21.0), 1e-6);
}

TEST(CellNoise, SharedNoiseCostsWhatWasAsked) {
  for (const std::int64_t records : {1, 30}) {
    const CellNoise noise = share_noise(days(), records, 0.7);
    const GaussianCost cost = gaussian_cost({.purpose = "x", .events = cell_events(days(), noise, records)}, 1e-9);
    EXPECT_LE(cost.mu, 0.7);
    EXPECT_GT(cost.mu, 0.7 * (1 - 1e-6));
    EXPECT_EQ(cost.delta, 0);
  }
}

TEST(CellNoise, LittleNoiseKeepsTheRecordsAndMuchHidesThem) {
  const auto source = make_noise_source(1);
  const Cohort cohort = everybody_the_same(400);
  const Cohort near = add_cell_noise(cohort, 400, {.rows = 5, .mu = 50}, *source);
  EXPECT_EQ(near.series.rows(), 2000);
  for (const double x : near.series.column(0).numbers()) EXPECT_NEAR(x, 250, 200);  // 10 standard deviations
  // Cells of mu 0.01: each answer is nearly a fair coin. 400 coins within 100 of 200: 10 standard deviations.
  const Cohort far = add_cell_noise(cohort, 400, {.rows = 5, .mu = 0.01}, *source);
  double males = 0;
  for (const double x : far.statics.column(0).numbers()) males += x;
  EXPECT_NEAR(males, 200, 100);
  EXPECT_NEAR(static_cast<double>(far.series.rows()), 1000, 250);
}

TEST(CellNoise, RealTimesAndOrderAreNotKept) {
  const auto source = make_noise_source(1);
  const Cohort noised = add_cell_noise(everybody_the_same(20), 20, {.rows = 5, .mu = 50}, *source);
  EXPECT_EQ(noised.times.number(0), public_time(days().time_spec, 0));
  EXPECT_EQ(noised.subjects.front(), "1");
}

TEST(CellNoise, CodesAreRefused) {
  Schema coded = days();
  coded.columns.push_back({.name = "found", .type = ColumnType::codes, .categories = {"a"}});
  EXPECT_EQ(kind_of([&] { check_public(coded); }), ErrorKind::usage);  // how many count?
  coded.columns.back().max_codes = 1;
  check_public(coded);
  EXPECT_EQ(kind_of([&] { check_cell_noise(coded); }), ErrorKind::usage);
  EXPECT_EQ(kind_of([&] { share_noise(coded, 1, 1); }), ErrorKind::usage);
  coded.columns.back().is_public = false;
  for (const bool will_buy : {false, true}) {
    EXPECT_EQ(kind_of([&] { check_public(coded, will_buy); }), ErrorKind::input);
  }
  check_cell_noise(days());
}

TEST(CellNoise, WhatIsNotPublicIsRefused) {
  Schema open = days();
  open.columns[1].maximum.reset();
  EXPECT_EQ(kind_of([&] { share_noise(open, 1, 1); }), ErrorKind::input);
  open = days();
  open.columns[0].is_public = false;
  EXPECT_EQ(kind_of([&] { share_noise(open, 1, 1); }), ErrorKind::input);
  open = days();
  open.max_rows.reset();
  EXPECT_EQ(kind_of([&] { share_noise(open, 1, 1); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
