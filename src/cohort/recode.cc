#include <algorithm>

#include "understudy/cohort.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// Where each category of `from` stands in `to`; -1: nowhere.
std::vector<std::int64_t> positions(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  std::vector<std::int64_t> result;
  for (const std::string& category : from) {
    const auto found = std::find(to.begin(), to.end(), category);
    result.push_back(found == to.end() ? -1 : found - to.begin());
  }
  return result;
}

void recode_categories(const ColumnSpec& from, const ColumnSpec& to, Column& column) {
  const auto place = positions(from.categories, to.categories);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    const std::int64_t now = place[static_cast<std::size_t>(column.number(row))];
    if (now < 0) {
      column.set_missing(row);
    } else {
      column.set_number(row, static_cast<double>(now));
    }
  }
}

void recode_codes(const ColumnSpec& from, const ColumnSpec& to, Column& column) {
  const auto place = positions(from.categories, to.categories);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    std::vector<std::int32_t> codes;
    for (const std::int32_t code : column.codes(row)) {
      const std::int64_t now = place[static_cast<std::size_t>(code)];
      if (now >= 0) codes.push_back(static_cast<std::int32_t>(now));
    }
    column.set_codes(row, as_set(std::move(codes), to.max_codes));
  }
}

void clamp_numbers(const ColumnSpec& to, Column& column) {
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    double x = column.number(row);
    if (to.minimum) x = std::max(x, *to.minimum);
    if (to.maximum) x = std::min(x, *to.maximum);
    column.set_number(row, x);
  }
}

void recode_table(const std::vector<ColumnSpec>& from, const std::vector<ColumnSpec>& to, Table& table) {
  const auto same = [](const ColumnSpec& a, const ColumnSpec& b) { return a.name == b.name && a.type == b.type; };
  if (!std::equal(from.begin(), from.end(), to.begin(), to.end(), same)) {
    fail(ErrorKind::internal, "records are recoded to a schema with other columns");
  }
  for (std::size_t c = 0; c < to.size(); ++c) {
    if (is_categorical(to[c].type)) recode_categories(from[c], to[c], table.column(c));
    if (is_set(to[c].type)) recode_codes(from[c], to[c], table.column(c));
    if (is_numeric(to[c].type)) clamp_numbers(to[c], table.column(c));
  }
}

}  // namespace

Cohort recode(const Cohort& cohort, const Schema& schema) {
  Cohort result = cohort;
  recode_table(cohort.schema.statics(), schema.statics(), result.statics);
  if (schema.has_series()) recode_table(cohort.schema.series(), schema.series(), result.series);
  result.schema = schema;
  return result;
}

}  // namespace understudy
