#include "cohort/simulators/ward.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "cohort/simulators/shards.h"
#include "cohort/simulators/ward_body.h"
#include "cohort/simulators/ward_codes.h"
#include "cohort/simulators/ward_measuring.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kPeopleStreams[] = {"ward people", "ward-b people"};
constexpr std::string_view kChartStreams[] = {"ward chart", "ward-b chart"};
constexpr std::string_view kCodeStreams[] = {"ward codes", "ward-b codes"};

// What the values of a column are rounded to and held in.
struct Grid {
  double scale = 1;  // steps of 1
  double minimum = 0;
  double maximum = 1;

  double nearest(double value) const { return std::clamp(std::nearbyint(value * scale) / scale, minimum, maximum); }
};

std::vector<Grid> grids_of(const Schema& schema) {
  std::vector<Grid> grids;
  for (const ColumnSpec& spec : schema.series()) {
    grids.push_back({std::pow(10.0, spec.decimals.value_or(0)), spec.minimum.value_or(0), spec.maximum.value_or(1)});
  }
  return grids;
}

struct Cell {
  std::int64_t row = 0;  // of the shard
  double value = 0;
};

// The stays of one shard. Validity words span shards, so cells wait here, column by column, until all rows are counted.
struct Stays {
  std::vector<WardPatient> patients;
  std::vector<std::size_t> hours;  // of each patient; the courses themselves are not kept
  std::vector<std::int64_t> rows;  // of each patient
  std::vector<std::vector<std::int32_t>> codes;  // of each patient
  std::vector<std::int32_t> minutes;
  std::array<std::vector<Cell>, kWardWidth> cells;
  std::int64_t first_row = 0;  // of the cohort
};

void add_stay(WardSite site, WardPatient patient, const std::vector<Grid>& grids, Rng& rng, Stays& stays) {
  const auto visits = draw_ward_visits(site, patient, rng);
  WardBody body(site, patient, rng);
  for (const WardVisit& visit : visits) {
    const auto row = static_cast<std::int64_t>(stays.minutes.size());
    stays.minutes.push_back(visit.minute);
    for (std::uint64_t left = visit.variables; left != 0; left &= left - 1) {
      const auto v = static_cast<std::size_t>(std::countr_zero(left));
      stays.cells[v].push_back({row, grids[v].nearest(body.value(v, visit.minute))});
    }
  }
  stays.rows.push_back(static_cast<std::int64_t>(visits.size()));
  stays.hours.push_back(patient.course.hours.size());
  patient.course.hours = {};
  stays.patients.push_back(std::move(patient));
}

// Calls visit(shard, index, patient) for everyone, shard by shard, where shard 0 is the `skipped`th of all.
template <class Visit>
void for_patients(WardSite site, std::int64_t subjects, const Context& context, std::int64_t skipped, const Visit& visit) {
  for_shards(subjects, context, [&](std::int64_t shard, std::int64_t first, std::int64_t end) {
    Rng rng = context.rng(kPeopleStreams[static_cast<std::size_t>(site)], static_cast<std::uint64_t>(skipped + shard));
    for (std::int64_t s = first; s < end; ++s) visit(shard, s, draw_ward_patient(site, rng));
  });
}

std::vector<Stays> draw_stays(WardSite site, std::int64_t subjects, const Schema& schema, const Context& context,
                              std::int64_t skipped) {
  const std::vector<Grid> grids = grids_of(schema);
  std::vector<Stays> shards(static_cast<std::size_t>((subjects + kShard - 1) / kShard));
  std::vector<Rng> charts, codes;
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const auto shard = static_cast<std::uint64_t>(skipped) + i;
    charts.push_back(context.rng(kChartStreams[static_cast<std::size_t>(site)], shard));
    codes.push_back(context.rng(kCodeStreams[static_cast<std::size_t>(site)], shard));
  }
  for_patients(site, subjects, context, skipped, [&](std::int64_t shard, std::int64_t, WardPatient patient) {
    const auto i = static_cast<std::size_t>(shard);
    shards[i].codes.push_back(draw_ward_codes(site, patient, codes[i]));
    add_stay(site, std::move(patient), grids, charts[i], shards[i]);
  });
  return shards;
}

void put_statics(const WardPatient& p, std::size_t hours, std::int64_t s, Table& statics) {
  statics.column(0).set_number(s, static_cast<double>(p.age));
  statics.column(1).set_number(s, p.male);
  if (!p.height_missing) statics.column(2).set_number(s, p.height);
  if (!p.weight_missing) statics.column(3).set_number(s, p.weight);
  statics.column(4).set_number(s, static_cast<double>(p.admission));
  statics.column(5).set_number(s, static_cast<double>(p.unit));
  statics.column(6).set_number(s, static_cast<double>(p.diagnosis));
  statics.column(7).set_number(s, static_cast<double>(hours));
  statics.column(8).set_number(s, p.course.died);
}

void put_people(std::vector<Stays>& shards, std::int64_t subjects, std::int64_t number, Cohort& cohort) {
  cohort.statics.resize(subjects);
  std::int64_t s = 0;
  for (Stays& stays : shards) {
    stays.first_row = cohort.offsets.back();
    for (std::size_t i = 0; i < stays.patients.size(); ++i) {
      put_statics(stays.patients[i], stays.hours[i], s, cohort.statics);
      cohort.statics.column(9).set_codes(s++, std::move(stays.codes[i]));
      cohort.subjects.push_back(fmt::format("p{:07}", number + s));
      cohort.offsets.push_back(cohort.offsets.back() + stays.rows[i]);
    }
  }
}

void put_minutes(const std::vector<Stays>& shards, Column& times) {
  std::int64_t row = 0;
  for (const Stays& stays : shards) {
    for (const std::int32_t minute : stays.minutes) times.set_number(row++, minute);
  }
}

// One column, one thread.
void put_cells(const std::vector<Stays>& shards, Cohort& cohort, const Context& context) {
  cohort.series.resize(cohort.offsets.back());
  cohort.times.resize(cohort.offsets.back());
  parallel_for(static_cast<std::int64_t>(kWardWidth) + 1, context.threads, [&](std::int64_t index) {
    const auto v = static_cast<std::size_t>(index);
    if (v == kWardWidth) return put_minutes(shards, cohort.times);
    Column& column = cohort.series.column(v);
    for (const Stays& stays : shards) {
      for (const Cell& cell : stays.cells[v]) column.set_number(stays.first_row + cell.row, cell.value);
    }
  });
}

Cohort simulate(WardSite site, std::int64_t subjects, const Schema& schema, const Context& context, std::int64_t first) {
  Cohort cohort = make_cohort(schema);
  std::vector<Stays> shards = draw_stays(site, subjects, schema, context, first_shard(subjects, first));
  put_people(shards, subjects, first, cohort);
  put_cells(shards, cohort, context);
  return cohort;
}

}  // namespace

Cohort simulate_ward(std::int64_t subjects, const Context& context, std::int64_t first) {
  return simulate(WardSite::ward, subjects, ward_schema(), context, first);
}

Cohort simulate_ward_b(std::int64_t subjects, const Context& context, std::int64_t first) {
  return simulate(WardSite::ward_b, subjects, ward_b_schema(), context, first);
}

std::vector<WardCourse> ward_courses(WardSite site, std::int64_t subjects, const Context& context) {
  std::vector<WardCourse> courses(static_cast<std::size_t>(std::max<std::int64_t>(subjects, 0)));
  for_patients(site, subjects, context, 0, [&](std::int64_t, std::int64_t s, WardPatient patient) {
    courses[static_cast<std::size_t>(s)] = std::move(patient.course);
  });
  return courses;
}

}  // namespace understudy
