#include "cohort/cohort_file.h"

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kMostSubjects = 1'000'000'000;

bool is_kept(const ColumnSpec& spec) { return is_numeric(spec.type) || is_categorical(spec.type); }

std::string starts_of(const std::string& name) { return name + ".starts"; }

void put_codes(const Column& column, const std::string& name, TensorFile& file) {
  std::vector<std::int64_t> codes, starts = {0};
  for (std::int64_t row = 0; row < column.size(); ++row) {
    codes.insert(codes.end(), column.codes(row).begin(), column.codes(row).end());
    starts.push_back(static_cast<std::int64_t>(codes.size()));
  }
  file.put(name, {starts.back()}, std::span<const std::int64_t>(codes));
  file.put(starts_of(name), {column.size() + 1}, std::span<const std::int64_t>(starts));
}

void put_table(const std::vector<ColumnSpec>& specs, const Table& table, const std::string& part, TensorFile& file) {
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const std::string name = part + "." + std::to_string(c);
    if (is_set(specs[c].type)) put_codes(table.column(c), name, file);
    if (is_kept(specs[c])) file.put(name, {table.rows()}, table.column(c).numbers());
  }
}

void fill_column(const ColumnSpec& spec, const std::vector<double>& numbers, Column& column) {
  if (static_cast<std::int64_t>(numbers.size()) != column.size()) {
    fail(ErrorKind::input, "the kept cohort has {} values in column '{}', expected {}", numbers.size(), spec.name,
         column.size());
  }
  for (std::int64_t row = 0; row < column.size(); ++row) {
    const double x = numbers[static_cast<std::size_t>(row)];
    if (std::isnan(x)) continue;
    const bool fits = !is_categorical(spec.type) || (x >= 0 && x < static_cast<double>(spec.categories.size()));
    if (!fits) fail(ErrorKind::input, "the kept cohort has a category in column '{}' that the schema lacks", spec.name);
    column.set_number(row, x);
  }
}

void fill_codes(const ColumnSpec& spec, const std::vector<std::int64_t>& codes, const std::vector<std::int64_t>& starts,
                Column& column) {
  const auto declared = static_cast<std::int64_t>(spec.categories.size());
  const bool good = starts.front() == 0 && starts.back() == static_cast<std::int64_t>(codes.size()) &&
                    std::is_sorted(starts.begin(), starts.end()) &&
                    std::all_of(codes.begin(), codes.end(), [&](std::int64_t k) { return k >= 0 && k < declared; });
  if (!good) fail(ErrorKind::input, "the kept cohort's codes in column '{}' are not those of the schema", spec.name);
  for (std::size_t row = 0; row + 1 < starts.size(); ++row) {
    column.set_codes(static_cast<std::int64_t>(row), {codes.begin() + starts[row], codes.begin() + starts[row + 1]});
  }
}

// Makes room only for as many rows as the file has values.
void fill_table(const std::vector<ColumnSpec>& specs, const TensorFile& file, const std::string& part, std::int64_t rows,
                Table& table) {
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const std::string name = part + "." + std::to_string(c);
    const bool codes = is_set(specs[c].type);
    if (!is_kept(specs[c]) && !codes) continue;
    const auto& shape = file.tensor(codes ? starts_of(name) : name).shape;
    if (shape != std::vector<std::int64_t>{rows + (codes ? 1 : 0)}) {
      fail(ErrorKind::input, "the kept cohort does not have {} values in column '{}'", rows, specs[c].name);
    }
  }
  table.resize(rows);
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const std::string name = part + "." + std::to_string(c);
    Column& column = table.column(c);
    if (is_set(specs[c].type)) fill_codes(specs[c], file.integers(name), file.integers(starts_of(name)), column);
    if (is_kept(specs[c])) fill_column(specs[c], file.doubles(name), column);
  }
}

}  // namespace

TensorFile to_tensors(const Cohort& cohort) {
  TensorFile file;
  put_table(cohort.schema.statics(), cohort.statics, "statics", file);
  file.put("offsets", {static_cast<std::int64_t>(cohort.offsets.size())}, std::span<const std::int64_t>(cohort.offsets));
  file.metadata["subjects"] = cohort.size();
  if (cohort.schema.has_series()) put_table(cohort.schema.series(), cohort.series, "series", file);
  if (cohort.times.size() > 0) file.put("times", {cohort.times.size()}, cohort.times.numbers());
  return file;
}

Cohort cohort_from_tensors(const TensorFile& file, const Schema& schema) {
  Cohort cohort = make_cohort(schema);
  const auto count = file.metadata.find("subjects");
  const bool counted = count != file.metadata.end() && count->is_number_integer();
  const std::int64_t subjects = counted ? count->get<std::int64_t>() : -1;
  const auto offsets = file.integers("offsets");
  const bool good = subjects >= 0 && subjects <= kMostSubjects && !offsets.empty() && offsets.front() == 0 &&
                    std::is_sorted(offsets.begin(), offsets.end()) &&
                    (!schema.has_series() || static_cast<std::int64_t>(offsets.size()) == subjects + 1);
  if (!good) fail(ErrorKind::input, "the file holds no cohort of schema '{}'", schema.name);
  fill_table(schema.statics(), file, "statics", subjects, cohort.statics);
  for (std::int64_t s = 0; s < subjects; ++s) cohort.subjects.push_back(std::to_string(s + 1));
  if (!schema.has_series()) return cohort;
  cohort.offsets = offsets;
  fill_table(schema.series(), file, "series", offsets.back(), cohort.series);
  if (schema.time.empty()) return cohort;
  cohort.times.resize(offsets.back());
  if (offsets.back() > 0) fill_column(schema.time_spec, file.doubles("times"), cohort.times);
  return cohort;
}

std::string digest_of(const Cohort& cohort) {
  std::string all;
  for (const std::string& key : cohort.subjects) all += fmt::format("{} {}\n", key.size(), key);
  for (const auto& [name, tensor] : to_tensors(cohort).tensors) all += fmt::format("{} {}\n", name, sha256(tensor.bytes));
  return sha256(all);
}

}  // namespace understudy
