#include "generators/panel/panel_code.h"

#include <gtest/gtest.h>

#include <cmath>

#include "generators/model_file.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

ColumnSpec number(std::string name, double maximum, bool is_static = false) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = ColumnType::real;
  spec.minimum = 0;
  spec.maximum = maximum;
  spec.is_static = is_static;
  return spec;
}

// Statics: age, ill, a note. Rows: load (sometimes missing), codes. Times in whole days.
Schema ward_schema() {
  Schema schema;
  schema.subject = std::string("id");
  schema.time = std::string("day");
  schema.time_spec.name = std::string("day");
  schema.time_spec.type = ColumnType::integer;
  schema.time_spec.minimum = 0;
  ColumnSpec ill, note, found;
  ill.name = std::string("ill");
  ill.type = ColumnType::boolean;
  ill.categories = {"no", "yes"};
  ill.nullable = false;
  ill.is_static = note.is_static = true;
  note.name = std::string("note");
  note.type = ColumnType::text;
  found.name = std::string("found");
  found.type = ColumnType::codes;
  found.categories = {"A", "B"};
  schema.columns = {number("age", 100, true), ill, note, number("load", 10), found};
  return schema;
}

// Subject s has s % 5 rows, 1 + s % 3 days apart.
Cohort ward(std::int64_t count) {
  Cohort cohort = make_cohort(ward_schema());
  cohort.statics.resize(count);
  std::int64_t rows = 0;
  for (std::int64_t s = 0; s < count; ++s) {
    cohort.subjects.push_back(std::to_string(s));
    cohort.offsets.push_back(rows += s % 5);
    if (s % 4 != 0) cohort.statics.column(0).set_number(s, static_cast<double>(20 + s % 50));
    cohort.statics.column(1).set_number(s, s % 2 == 0 ? 0 : 1);
    cohort.statics.column(2).set_string(s, "a note");
  }
  cohort.series.resize(rows);
  cohort.times.resize(rows);
  for (std::int64_t s = 0; s < count; ++s) {
    for (std::int64_t row = cohort.offsets[static_cast<std::size_t>(s)], i = 0; i < s % 5; ++i, ++row) {
      cohort.times.set_number(row, static_cast<double>(i * (1 + s % 3)));
      if (row % 7 != 0) cohort.series.column(0).set_number(row, static_cast<double>((row * 37) % 100) / 10);
      if (row % 3 == 0) cohort.series.column(1).set_codes(row, {static_cast<std::int32_t>(row % 2)});
    }
  }
  return cohort;
}

PanelSource source_of(const Cohort& cohort) {
  return {.schema = cohort.schema, .timeline = learn_timeline(cohort),
          .statics = learn_marginals(cohort.schema.statics(), cohort.statics),
          .series = learn_marginals(cohort.schema.series(), cohort.series)};
}

// Load: scalar, missing flag; found: two codes; the gap, and a flag for its least value, a day; existence; age: scalar, flag;
// ill: two categories.
TEST(PanelCode, LaysChannelsSideBySide) {
  const Cohort cohort = ward(60);
  const PanelCode code(source_of(cohort), {.rows = 4, .coding = Coding::bounds});
  EXPECT_EQ(code.steps(), 4);
  ASSERT_EQ(code.channels(), 2 + 2 + 2 + 1 + 2 + 2);
  const auto panels = code.encode(cohort);
  const auto at = [&](std::int64_t s, std::int64_t step, std::int64_t channel) {
    return panels[static_cast<std::size_t>((s * 4 + step) * 11 + channel)];
  };
  const auto first = cohort.offsets[7];  // subject 7: two rows, two days apart; age 27, ill
  for (std::int64_t step = 0; step < 4; ++step) {
    EXPECT_EQ(at(7, step, 6), step < 2 ? 1 : 0);
    EXPECT_FLOAT_EQ(at(7, step, 7), 0.27F);
    EXPECT_EQ(at(7, step, 8), 0);
    EXPECT_EQ(at(7, step, 9), 0);
    EXPECT_EQ(at(7, step, 10), 1);
  }
  EXPECT_NEAR(at(7, 1, 0), cohort.series.column(0).number(first + 1) / 10, 1e-6);
  for (const std::int64_t channel : {0, 4}) EXPECT_EQ(at(7, 2, channel), 0.5F);
  for (const std::int64_t channel : {1, 2, 3, 5}) EXPECT_EQ(at(7, 2, channel), 0);
}

TEST(PanelCode, DecodesWhatItEncoded) {
  const Cohort cohort = ward(200);
  for (const Coding coding : {Coding::quantile, Coding::bounds}) {
    const PanelCode code(source_of(cohort), {.rows = 4, .coding = coding, .sharpness = 8});
    Rng rng(2);
    const DecodedPanels back = code.decode(code.encode(cohort), {}, rng);
    ASSERT_EQ(back.series.rows(), cohort.series.rows());
    EXPECT_EQ(back.statics.column(1), cohort.statics.column(1));
    EXPECT_EQ(back.statics.column(2).validity().count(), 0);  // a text
    EXPECT_EQ(back.series.column(1), cohort.series.column(1));
    for (std::int64_t s = 0; s < 200; ++s) {
      ASSERT_EQ(back.rows[static_cast<std::size_t>(s)], s % 5);
      ASSERT_EQ(back.statics.column(0).is_valid(s), s % 4 != 0);
      if (s % 4 != 0) {
        EXPECT_NEAR(back.statics.column(0).number(s), cohort.statics.column(0).number(s), 0.4);
      }
      for (std::int64_t row = cohort.offsets[static_cast<std::size_t>(s)] + 1; row < cohort.offsets[static_cast<std::size_t>(s) + 1]; ++row) {
        EXPECT_EQ(back.gaps[static_cast<std::size_t>(row)], 1 + s % 3);
      }
    }
    for (std::int64_t row = 0; row < cohort.series.rows(); ++row) {
      ASSERT_EQ(back.series.column(0).is_valid(row), row % 7 != 0);
      if (row % 7 != 0) {
        EXPECT_NEAR(back.series.column(0).number(row), cohort.series.column(0).number(row), 0.1);
      }
    }
    EXPECT_EQ(back.select(std::vector<std::int64_t>{3, 9}).series, back.series.select(std::vector<std::int64_t>{3, 4, 5, 16, 17, 18, 19}));
  }
}

TEST(PanelCode, StepsFollowTheRows) {
  const Cohort cohort = ward(100);
  EXPECT_EQ(PanelCode(source_of(cohort), {}).steps(), 4);
  const PanelCode cut(source_of(cohort), {.most_rows = 2, .sharpness = 8});
  EXPECT_EQ(cut.steps(), 2);
  Rng rng(1);
  const DecodedPanels back = cut.decode(cut.encode(cohort), {}, rng);
  for (std::int64_t s = 0; s < 100; ++s) EXPECT_EQ(back.rows[static_cast<std::size_t>(s)], std::min<std::int64_t>(s % 5, 2));
}

// Existence that says nothing of how many rows there should be, but who should have more.
TEST(PanelCode, CalibratedRowsHaveTheirDistribution) {
  const Cohort cohort = ward(1000);
  const PanelCode code(source_of(cohort), {.rows = 4});
  std::vector<float> panels = code.encode(cohort);
  for (std::size_t i = 6; i < panels.size(); i += 11) panels[i] = 0.9F + 0.1F * panels[i];
  Rng rng(3);
  const DecodedPanels back = code.decode(panels, code.calibrated(panels, Rng(2)), rng);
  std::int64_t wrong = 0;
  for (std::int64_t s = 0; s < 1000; ++s) wrong += back.rows[static_cast<std::size_t>(s)] != s % 5;
  EXPECT_LE(wrong, 20);  // at the borders between knots
}

TEST(PanelCode, OneSideIsEnough) {
  Cohort table = make_cohort([] {
    Schema schema;
    schema.subject = "id";
    schema.columns = {number("age", 100, true)};
    return schema;
  }());
  table.statics.resize(3);
  for (std::int64_t s = 0; s < 3; ++s) {
    table.subjects.push_back(std::to_string(s));
    table.statics.column(0).set_number(s, 10.0 * static_cast<double>(s));
  }
  const PanelCode code(source_of(table), {});
  EXPECT_EQ(code.steps(), 1);
  EXPECT_EQ(code.channels(), 2);
  Rng rng(1);
  EXPECT_EQ(code.decode(code.encode(table), {}, rng).statics.rows(), 3);

  Schema nothing;
  nothing.subject = "id";
  ColumnSpec note;
  note.name = "note";
  note.type = ColumnType::text;
  note.is_static = true;
  nothing.columns = {note};
  EXPECT_EQ(kind_of([&] { PanelCode(source_of(make_cohort(nothing)), {}); }), ErrorKind::input);
}

}  // namespace
}  // namespace understudy
