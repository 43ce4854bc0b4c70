#include "cohort/simulators/sines.h"

#include <cmath>

#include "cohort/simulators/shards.h"

namespace understudy {
namespace {

constexpr double kMost = 0.1;  // of frequencies and phases

void draw_person(std::int64_t first_row, Rng& rng, Cohort& cohort) {
  for (std::size_t c = 0; c < cohort.series.width(); ++c) {
    const double frequency = rng.uniform(0, kMost), phase = rng.uniform(0, kMost);
    const auto values = cohort.series.column(c).values<double>();
    for (std::int64_t step = 0; step < kSineSteps; ++step) {
      values[static_cast<std::size_t>(first_row + step)] = (1 + std::sin(frequency * static_cast<double>(step) + phase)) / 2;
    }
  }
}

// Validity words span shards of people, so they are written here, by one thread.
void set_all_valid(Cohort& cohort) {
  for (std::int64_t row = 0; row < cohort.series.rows(); ++row) {
    cohort.times.set_number(row, static_cast<double>(row % kSineSteps));
    for (std::size_t c = 0; c < cohort.series.width(); ++c) {
      Column& column = cohort.series.column(c);
      column.set_number(row, column.number(row));
    }
  }
}

}  // namespace

Schema sines_schema() {
  Schema schema;
  schema.name = std::string("sines");
  schema.subject = std::string("id");
  schema.time = std::string("step");
  schema.time_spec.name = std::string("step");
  schema.time_spec.type = ColumnType::integer;
  schema.time_spec.minimum = 0;
  schema.time_spec.maximum = static_cast<double>(kSineSteps) - 1;
  schema.time_spec.nullable = false;
  for (std::int64_t c = 0; c < kSineColumns; ++c) {
    ColumnSpec spec;
    spec.name = fmt::format("x{}", c + 1);
    spec.type = ColumnType::real;
    spec.minimum = 0;
    spec.maximum = 1;
    spec.nullable = false;
    schema.columns.push_back(spec);
  }
  schema.validate();
  return schema;
}

Cohort simulate_sines(std::int64_t subjects, const Context& context, std::int64_t first_person) {
  const std::int64_t skipped = first_shard(subjects, first_person);
  Cohort cohort = make_cohort(sines_schema());
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * kSineSteps);
  cohort.times.resize(subjects * kSineSteps);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back(fmt::format("s{:07}", first_person + s + 1));
    cohort.offsets.push_back((s + 1) * kSineSteps);
  }
  for_shards(subjects, context, [&](std::int64_t shard, std::int64_t first, std::int64_t end) {
    Rng rng = context.rng("sines", static_cast<std::uint64_t>(skipped + shard));
    for (std::int64_t s = first; s < end; ++s) draw_person(s * kSineSteps, rng, cohort);
  });
  set_all_valid(cohort);
  return cohort;
}

}  // namespace understudy
