#include "cohort/clinical/written_visits.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include "cohort/clinical/window.h"

namespace understudy {
namespace {

constexpr std::int64_t kFirstDay = 47482;  // 1 January 2100, in days since 1970
constexpr std::uint64_t kDays = 50 * 365;
constexpr std::int64_t kDay = 1440;        // minutes
constexpr std::array<std::pair<const char*, ColumnType>, 4> kOwn = {{{"key", ColumnType::integer},
                                                                     {"visit", ColumnType::integer},
                                                                     {"minutes", ColumnType::integer},
                                                                     {"origin", ColumnType::datetime}}};

std::vector<std::int64_t> keys_of(const Cohort& cohort) {
  constexpr std::int64_t kExact = 1LL << 53;
  std::vector<std::int64_t> keys;
  for (const std::string& subject : cohort.subjects) {
    std::int64_t key = 0;
    std::from_chars(subject.data(), subject.data() + subject.size(), key);
    if (std::to_string(key) != subject || key < 0 || key > kExact) break;
    keys.push_back(key);
  }
  if (keys.size() == cohort.subjects.size()) return keys;
  keys.resize(cohort.subjects.size());
  std::iota(keys.begin(), keys.end(), 1);
  return keys;
}

std::int64_t step_minutes(const Schema& schema) {
  if (schema.time.empty()) return 1;
  return is_by_visit(schema) ? 0 : window_of(schema).step;
}

std::vector<std::int64_t> first_visits(const Cohort& cohort, const std::vector<std::int64_t>& keys) {
  if (!is_by_visit(cohort.schema)) return keys;
  std::vector<std::int64_t> visits;
  for (std::int64_t s = 0; s < cohort.size(); ++s) visits.push_back(cohort.offsets[static_cast<std::size_t>(s)] + 1);
  return visits;
}

// Our own columns, still empty, and what the cohort has; no subjects yet.
Cohort known_of_visits(const Cohort& cohort, bool by_visit) {
  Schema schema;
  schema.subject = "subject";
  schema.columns.resize(kOwn.size());
  for (std::size_t c = 0; c < kOwn.size(); ++c) std::tie(schema.columns[c].name, schema.columns[c].type) = kOwn[c];
  std::vector<ColumnSpec> specs = cohort.schema.statics();
  const std::vector<ColumnSpec> series = by_visit ? cohort.schema.series() : std::vector<ColumnSpec>{};
  specs.insert(specs.end(), series.begin(), series.end());
  schema.columns.insert(schema.columns.end(), specs.begin(), specs.end());
  const Table known = by_visit ? cohort.flat() : cohort.statics;
  Cohort table = make_cohort(schema);
  table.statics.resize(known.rows());
  for (std::size_t c = 0; c < specs.size(); ++c) table.statics.column(c + kOwn.size()) = known.column(c);
  return table;
}

std::optional<double> number_of(const Cohort& table, const char* column, std::int64_t row) {
  const int at = table.statics.find(column);
  if (at < 0 || !table.statics.column(static_cast<std::size_t>(at)).is_valid(row)) return std::nullopt;
  return table.statics.column(static_cast<std::size_t>(at)).number(row);
}

std::int64_t minutes_of(const Cohort& cohort, const WrittenVisits& visits, std::int64_t row, std::int64_t person) {
  const std::optional<double> hours = number_of(visits.table, "length_of_stay_hours", row);
  const std::int64_t said = hours ? std::llround(60 * *hours) : 0;
  if (visits.by_visit()) return hours ? std::max<std::int64_t>(said, 0) : kDay;
  if (cohort.series_rows(person) == 0 || cohort.schema.time.empty()) return std::max(said, visits.step);
  const std::int64_t last = cohort.offsets[static_cast<std::size_t>(person) + 1] - 1;
  const auto steps = static_cast<std::int64_t>(cohort.times.number(last)) + 1;
  return std::max({said, visits.step, steps * visits.step - 1});
}

// `minute`: since 1970, where the person's first visit starts.
void place(const Cohort& cohort, std::int64_t person, double minute, WrittenVisits& visits) {
  const auto p = static_cast<std::size_t>(person);
  const std::int64_t count = visits.by_visit() ? cohort.series_rows(person) : 1;
  for (std::int64_t v = 0; v < count; ++v) {
    const auto row = static_cast<std::int64_t>(visits.table.subjects.size());
    visits.table.subjects.push_back(cohort.subjects[p]);
    if (v > 0) minute += std::round(kDay * number_of(visits.table, kDaysSincePrevious, row).value_or(1));
    const auto minutes = static_cast<double>(minutes_of(cohort, visits, row, person));
    const double own[] = {static_cast<double>(visits.keys[p]), static_cast<double>(visits.first[p] + v), minutes, minute * 60e6};
    for (std::size_t c = 0; c < kOwn.size(); ++c) visits.table.statics.column(c).set_number(row, own[c]);
    minute += minutes;
  }
}

}  // namespace

bool is_by_visit(const Schema& schema) { return !schema.time.empty() && window_of(schema).by_visit; }

WrittenVisits written_visits(const Cohort& cohort, const Context& context) {
  WrittenVisits visits;
  visits.keys = keys_of(cohort);
  visits.first = first_visits(cohort, visits.keys);
  visits.step = step_minutes(cohort.schema);
  visits.table = known_of_visits(cohort, visits.by_visit());
  Rng rng = context.rng("dates of a clinical folder");
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const std::int64_t day = kFirstDay + static_cast<std::int64_t>(rng.below(kDays));
    place(cohort, s, static_cast<double>(day * kDay), visits);
  }
  return visits;
}

}  // namespace understudy
