// Sources joined by subject and time: a full outer join whose result does not depend on the order of the files.
#include <algorithm>
#include <bit>
#include <numeric>

#include "cohort/readers/cell_text.h"
#include "cohort/readers/part.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// A row's place in the cohort: the subject's rank, then the time as an integer that sorts like it.
struct RowKey {
  std::int32_t rank;
  std::int64_t time;
  auto operator<=>(const RowKey&) const = default;
};

std::int64_t ordered(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value + 0.0);  // -0 is 0
  return bits >= 0 ? bits : static_cast<std::int64_t>(~static_cast<std::uint64_t>(bits) | (1ULL << 63));
}

std::int64_t time_key(const Column& times, std::int64_t row) {
  if (times.type() == ColumnType::real) return ordered(times.values<double>()[static_cast<std::size_t>(row)]);
  return times.values<std::int64_t>()[static_cast<std::size_t>(row)];
}

void copy_cell(const Column& from, std::int64_t row, Column& to, std::int64_t target) {
  if (!from.is_valid(row)) return;
  if (from.type() == ColumnType::id || from.type() == ColumnType::text) {
    to.set_string(target, from.string(row));
    return;
  }
  if (is_set(from.type())) return to.set_codes(target, from.codes(row));
  to.set_number(target, from.number(row));
  if (from.type() == ColumnType::integer || from.type() == ColumnType::datetime) {
    const auto at = static_cast<std::size_t>(target);
    to.values<std::int64_t>()[at] = from.values<std::int64_t>()[static_cast<std::size_t>(row)];
  }
}

std::string cell_text(const Column& column, const ColumnSpec& spec, std::int64_t row) {
  if (column.type() == ColumnType::id || column.type() == ColumnType::text) return column.string(row);
  if (is_set(column.type())) return codes_text(column.codes(row), spec.categories);
  if (is_categorical(column.type())) return spec.categories[static_cast<std::size_t>(column.number(row))];
  return fmt::format("{}", column.number(row));
}

bool same_cell(const Column& a, std::int64_t row_a, const Column& b, std::int64_t row_b) {
  if (a.type() == ColumnType::id || a.type() == ColumnType::text) return a.string(row_a) == b.string(row_b);
  if (is_set(a.type())) return a.codes(row_a) == b.codes(row_b);
  return a.number(row_a) == b.number(row_b);
}

class Joiner {
 public:
  Joiner(const std::vector<Part>& parts, const Schema& schema, const SubjectKeys& subjects, Problems& problems)
      : parts_(parts), schema_(schema), subjects_(subjects), problems_(problems), cohort_(make_cohort(schema)) {}

  Cohort join() {
    rank_subjects();
    for (std::size_t p = 0; p < parts_.size(); ++p) order_part(p);
    if (schema_.has_series()) place_series_rows();
    for (std::size_t p = 0; p < parts_.size(); ++p) fill_part(p);
    return std::move(cohort_);
  }

 private:
  struct Ordered {
    std::vector<std::int64_t> rows;  // of the part, in the order of the cohort, without duplicates
    std::vector<RowKey> keys;        // of those rows
    bool makes_rows = false;         // has a series column, or the time
  };

  void rank_subjects() {
    const auto& keys = subjects_.keys();
    std::vector<std::int32_t> order(keys.size());
    std::iota(order.begin(), order.end(), 0);
    const auto key = [&](std::int32_t i) -> const std::string& { return keys[static_cast<std::size_t>(i)]; };
    if (!schema_.row_is_subject()) {
      std::sort(order.begin(), order.end(), [&](auto a, auto b) { return subject_before(key(a), key(b)); });
    }
    ranks_.resize(keys.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      ranks_[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
      cohort_.subjects.push_back(key(order[i]));
    }
    cohort_.statics.resize(cohort_.size());
  }

  bool has_series_column(const Part& part) const {
    return std::any_of(part.specs.begin(), part.specs.end(),
                       [&](const ColumnSpec& spec) { return cohort_.series.find(spec.name) >= 0; });
  }

  // A repeated row without a time keeps its place in the file.
  RowKey key_of(const Part& part, std::size_t index, std::int64_t row) const {
    const std::int32_t rank = ranks_[static_cast<std::size_t>(part.subjects[static_cast<std::size_t>(row)])];
    if (part.has_time) return {rank, time_key(part.times, row)};
    const bool counts = schema_.has_series() && has_series_column(part);
    return {rank, counts ? (static_cast<std::int64_t>(index) << 48) + row : 0};
  }

  void order_part(std::size_t index) {
    const Part& part = parts_[index];
    Ordered result;
    result.makes_rows = schema_.has_series() && (part.has_time || has_series_column(part));
    std::vector<RowKey> keys(static_cast<std::size_t>(part.rows()));
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; row < part.rows(); ++row) {
      if (part.subjects[static_cast<std::size_t>(row)] < 0) continue;
      keys[static_cast<std::size_t>(row)] = key_of(part, index, row);
      rows.push_back(row);
    }
    const auto key = [&](std::int64_t row) -> const RowKey& { return keys[static_cast<std::size_t>(row)]; };
    const auto before = [&](std::int64_t a, std::int64_t b) { return key(a) < key(b); };
    if (!std::is_sorted(rows.begin(), rows.end(), before)) std::stable_sort(rows.begin(), rows.end(), before);
    for (const std::int64_t row : rows) {
      if (!result.rows.empty() && key(row) == result.keys.back()) {
        report_duplicate(part, row);
        continue;
      }
      result.rows.push_back(row);
      result.keys.push_back(key(row));
    }
    ordered_.push_back(std::move(result));
  }

  void report_duplicate(const Part& part, std::int64_t row) {
    const Part::Begin origin = part.origin(row);
    const auto subject = static_cast<std::size_t>(part.subjects[static_cast<std::size_t>(row)]);
    problems_.add(Problems::Kind::duplicate, origin.file, "",
                  part.has_time ? "duplicate of subject and time" : "duplicate of subject", origin.row,
                  "'" + subjects_.keys()[subject] + "'");
  }

  void place_series_rows() {
    for (const Ordered& part : ordered_) {
      if (part.makes_rows) keys_.insert(keys_.end(), part.keys.begin(), part.keys.end());
    }
    if (!std::is_sorted(keys_.begin(), keys_.end())) std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    const auto rows = static_cast<std::int64_t>(keys_.size());
    cohort_.series.resize(rows);
    if (!schema_.time.empty()) cohort_.times.resize(rows);
    cohort_.offsets.assign(static_cast<std::size_t>(cohort_.size()) + 1, 0);
    for (const RowKey& key : keys_) ++cohort_.offsets[static_cast<std::size_t>(key.rank) + 1];
    std::partial_sum(cohort_.offsets.begin(), cohort_.offsets.end(), cohort_.offsets.begin());
    taken_.resize(cohort_.series.width());
  }

  void fill_part(std::size_t index) {
    const Part& part = parts_[index];
    const Ordered& rows = ordered_[index];
    std::vector<std::int64_t> targets;
    if (rows.makes_rows) {
      targets = series_targets(rows);
      if (part.has_time) {
        for (std::size_t i = 0; i < targets.size(); ++i) copy_cell(part.times, rows.rows[i], cohort_.times, targets[i]);
      }
    }
    std::vector<bool> reported(rows.rows.size(), false);
    for (std::size_t c = 0; c < part.specs.size(); ++c) {
      const int at = cohort_.series.find(part.specs[c].name);
      if (at < 0) {
        fill_static(part, rows, c);
      } else {
        fill_series(part, rows, c, static_cast<std::size_t>(at), targets, reported);
      }
    }
  }

  std::vector<std::int64_t> series_targets(const Ordered& rows) const {
    std::vector<std::int64_t> targets;
    auto at = keys_.begin();
    for (const RowKey& key : rows.keys) {
      while (*at < key) ++at;
      targets.push_back(at - keys_.begin());
    }
    return targets;
  }

  // Another source may have brought the same row already: then this one is a duplicate.
  void fill_series(const Part& part, const Ordered& rows, std::size_t c, std::size_t at,
                   const std::vector<std::int64_t>& targets, std::vector<bool>& reported) {
    std::vector<bool>& taken = taken_[at];
    const bool shared = !taken.empty();
    taken.resize(keys_.size(), false);
    Column& out = cohort_.series.column(at);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const auto target = static_cast<std::size_t>(targets[i]);
      if (shared && taken[target]) {
        if (!reported[i]) report_duplicate(part, rows.rows[i]);
        reported[i] = true;
        continue;
      }
      taken[target] = true;
      copy_cell(part.columns[c], rows.rows[i], out, targets[i]);
    }
  }

  // The first value in time order is kept; another one later is a problem.
  void fill_static(const Part& part, const Ordered& rows, std::size_t c) {
    const ColumnSpec& spec = part.specs[c];
    const Column& from = part.columns[c];
    Column& to = cohort_.statics.column(static_cast<std::size_t>(cohort_.statics.find(spec.name)));
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      const std::int64_t row = rows.rows[i];
      if (!from.is_written(row)) continue;
      const std::int64_t subject = rows.keys[i].rank;
      if (!to.is_written(subject)) {
        copy_cell(from, row, to, subject);
      } else if (!same_cell(from, row, to, subject)) {
        const Part::Begin origin = part.origin(row);
        problems_.add(Problems::Kind::cell, origin.file, spec.name, "unlike an earlier row of the subject (static)",
                      origin.row, cell_text(from, spec, row));
      }
    }
  }

  const std::vector<Part>& parts_;
  const Schema& schema_;
  const SubjectKeys& subjects_;
  Problems& problems_;
  Cohort cohort_;
  std::vector<std::int32_t> ranks_;       // of each subject key
  std::vector<Ordered> ordered_;          // per part
  std::vector<RowKey> keys_;              // of the cohort's series rows
  std::vector<std::vector<bool>> taken_;  // per series column: rows that a source has brought; empty: none yet
};

bool is_whole(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool subject_before(std::string_view a, std::string_view b) {
  const bool whole_a = is_whole(a);
  if (whole_a != is_whole(b)) return whole_a;
  if (!whole_a) return a < b;
  const std::string_view digits_a = a.substr(std::min(a.find_first_not_of('0'), a.size()));
  const std::string_view digits_b = b.substr(std::min(b.find_first_not_of('0'), b.size()));
  if (digits_a.size() != digits_b.size()) return digits_a.size() < digits_b.size();
  return digits_a != digits_b ? digits_a < digits_b : a < b;
}

Cohort join_parts(const std::vector<Part>& parts, const Schema& schema, const SubjectKeys& subjects,
                  Problems& problems) {
  return Joiner(parts, schema, subjects, problems).join();
}

}  // namespace understudy
