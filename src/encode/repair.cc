#include "encode/repair.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "encode/grid.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-9;  // as constraint_violations has it

double fit(double x, const ColumnSpec& spec, double step) {
  double y = to_grid(x, step);
  if (spec.maximum && y > *spec.maximum) y = grid_below(*spec.maximum, step);
  if (spec.minimum && y < *spec.minimum) {
    y = std::min(grid_above(*spec.minimum, step), spec.maximum.value_or(kInfinity));
  }
  return y;
}

void fit_numbers(const ColumnSpec& spec, Column& column) {
  const double step = step_of(spec);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    if (!column.is_valid(row)) continue;
    const double x = column.number(row);
    double y = std::isnan(x) ? spec.minimum.value_or(0) : fit(x, spec, step);
    if ((std::isnan(x) || std::isinf(y)) && spec.nullable) {
      column.set_missing(row);
      continue;
    }
    if (std::isinf(y)) y = spec.minimum.value_or(0);
    if (y != x) column.set_number(row, y);
  }
}

void fit_categories(const ColumnSpec& spec, Column& column) {
  const auto last = static_cast<std::int32_t>(spec.categories.size()) - 1;
  for (std::int32_t& index : column.values<std::int32_t>()) index = std::clamp(index, 0, last);
}

void fit_codes(const ColumnSpec& spec, Column& column) {
  const auto declared = static_cast<std::int32_t>(spec.categories.size());
  for (std::int64_t row = 0; row < column.size(); ++row) {
    std::vector<std::int32_t> codes = column.codes(row);
    std::erase_if(codes, [&](std::int32_t code) { return code < 0 || code >= declared; });
    codes = as_set(std::move(codes), spec.max_codes);
    if (codes.size() != column.codes(row).size()) column.set_codes(row, std::move(codes));
  }
}

void fit_table(const Schema& schema, Table& table) {
  for (std::size_t c = 0; c < table.width(); ++c) {
    const ColumnSpec& spec = schema.column(table.name(c));
    if (is_numeric(spec.type)) fit_numbers(spec, table.column(c));
    if (is_categorical(spec.type)) fit_categories(spec, table.column(c));
    if (is_set(spec.type)) fit_codes(spec, table.column(c));
  }
}

// One column of the constraints' records.
struct Field {
  Column* column;
  bool in_series;
  double step;
  double minimum, maximum;
};

// A constraint over the fields by their numbers.
struct Rule {
  Constraint::Kind kind;
  std::vector<std::size_t> fields;
  double limit;
};

// One record: its values (NaN: missing), the least each may become, and which of them may change.
struct Record {
  std::vector<double> values;
  std::vector<double> floors;
  std::vector<bool> fixed;
};

bool broken(const Rule& rule, const std::vector<double>& values) {
  if (rule.kind == Constraint::Kind::less_equal) return values[rule.fields[0]] > values[rule.fields[1]] + kRounding;
  double sum = 0;
  for (const std::size_t f : rule.fields) sum += values[f];
  return sum > rule.limit + kRounding;
}

// Scales the positive changeable values of a sum by one factor; those that would fall below their floors stay there.
void scale_down(const Rule& rule, const std::vector<Field>& fields, Record& record) {
  std::vector<std::size_t> scaled;
  double rest = 0;
  for (const std::size_t f : rule.fields) {
    if (!record.fixed[f] && record.values[f] > 0) {
      scaled.push_back(f);
    } else {
      rest += record.values[f];
    }
  }
  double factor = 0;
  for (std::size_t settled = scaled.size() + 1; settled != scaled.size();) {
    settled = scaled.size();
    double sum = 0;
    for (const std::size_t f : scaled) sum += record.values[f];
    factor = sum > 0 ? std::clamp((rule.limit - rest) / sum * (1 - 1e-14), 0.0, 1.0) : 0;
    std::erase_if(scaled, [&](std::size_t f) {
      if (record.values[f] * factor >= record.floors[f]) return false;
      rest += record.values[f] = record.floors[f];
      return true;
    });
  }
  for (const std::size_t f : scaled) {
    record.values[f] = std::max(grid_below(record.values[f] * factor, fields[f].step), record.floors[f]);
  }
}

// Where scaling to 0 is not enough, lowers one value after the other towards its floor.
void repair_sum(const Rule& rule, const std::vector<Field>& fields, Record& record) {
  scale_down(rule, fields, record);
  for (const std::size_t f : rule.fields) {
    if (!broken(rule, record.values)) return;
    double excess = -rule.limit;
    for (const std::size_t other : rule.fields) excess += record.values[other];
    if (record.fixed[f]) continue;
    record.values[f] = std::max(grid_below(record.values[f] - excess, fields[f].step), record.floors[f]);
  }
}

// Raises floors so that what must not exceed a value finds room below it: a <= b means b is never below a's floor.
void raise_floors(const std::vector<Rule>& rules, const std::vector<Field>& fields, Record& record) {
  for (std::size_t pass = 0; pass < rules.size(); ++pass) {
    for (const Rule& rule : rules) {
      if (rule.kind != Constraint::Kind::less_equal) continue;
      const std::size_t low = rule.fields[0];
      const std::size_t high = rule.fields[1];
      if (std::isnan(record.values[low]) || std::isnan(record.values[high]) || record.fixed[high]) continue;
      const double needed = record.fixed[low] ? record.values[low] : record.floors[low];
      const double raised = std::max(record.floors[high], grid_above(needed, fields[high].step));
      record.floors[high] = std::min(raised, fields[high].maximum);
    }
  }
  for (std::size_t f = 0; f < fields.size(); ++f) {
    if (!record.fixed[f] && record.values[f] < record.floors[f]) record.values[f] = record.floors[f];
  }
}

// After the floors, values only go down, so a pass per rule settles any chain of them.
void repair_record(const std::vector<Rule>& rules, const std::vector<Field>& fields, Record& record) {
  raise_floors(rules, fields, record);
  for (std::size_t pass = 0; pass <= rules.size(); ++pass) {
    for (const Rule& rule : rules) {
      if (!broken(rule, record.values)) continue;
      if (rule.kind == Constraint::Kind::sum_at_most) {
        repair_sum(rule, fields, record);
      } else if (const std::size_t low = rule.fields[0]; !record.fixed[low]) {
        record.values[low] = std::max(grid_below(record.values[rule.fields[1]], fields[low].step), record.floors[low]);
      }
    }
  }
}

// The constraints of one level (subjects or series rows) and the columns they speak of.
class Repairer {
 public:
  Repairer(Cohort& cohort, bool series) : cohort_(cohort), series_(series) {
    for (const Constraint& constraint : cohort.schema.constraints) {
      const bool any_series = std::any_of(constraint.columns.begin(), constraint.columns.end(),
                                          [&](const auto& name) { return cohort.series.find(name) >= 0; });
      if (any_series != series) continue;
      Rule rule{constraint.kind, {}, constraint.limit};
      for (const std::string& name : constraint.columns) rule.fields.push_back(field(name));
      rules_.push_back(std::move(rule));
    }
  }

  void run() {
    if (rules_.empty()) return;
    const auto owners = series_ ? cohort_.owners() : std::vector<std::int64_t>{};
    const std::int64_t rows = series_ ? cohort_.series.rows() : cohort_.size();
    Record record;
    for (std::int64_t row = 0; row < rows; ++row) {
      load(series_ ? owners[static_cast<std::size_t>(row)] : row, row, record);
      if (std::none_of(rules_.begin(), rules_.end(), [&](const Rule& r) { return broken(r, record.values); })) continue;
      repair_record(rules_, fields_, record);
      store(row, record);
    }
  }

 private:
  std::size_t field(const std::string& name) {
    const bool in_series = cohort_.series.find(name) >= 0;
    Table& table = in_series ? cohort_.series : cohort_.statics;
    Column* column = &table.column(static_cast<std::size_t>(table.find(name)));
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      if (fields_[f].column == column) return f;
    }
    const ColumnSpec& spec = cohort_.schema.column(name);
    const double step = step_of(spec);
    fields_.push_back({column, in_series, step, spec.minimum ? grid_above(*spec.minimum, step) : -kInfinity,
                       spec.maximum ? grid_below(*spec.maximum, step) : kInfinity});
    return fields_.size() - 1;
  }

  void load(std::int64_t subject, std::int64_t row, Record& record) const {
    record.values.clear();
    record.floors.clear();
    record.fixed.clear();
    for (const Field& f : fields_) {
      const std::int64_t at = f.in_series ? row : subject;
      record.values.push_back(f.column->is_valid(at) ? f.column->number(at) : std::nan(""));
      record.floors.push_back(f.minimum);
      record.fixed.push_back(f.in_series != series_);
    }
  }

  void store(std::int64_t row, const Record& record) const {
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      if (!record.fixed[f] && !std::isnan(record.values[f])) fields_[f].column->set_number(row, record.values[f]);
    }
  }

  Cohort& cohort_;
  bool series_;
  std::vector<Field> fields_;
  std::vector<Rule> rules_;
};

}  // namespace

void repair(Cohort& cohort) {
  fit_table(cohort.schema, cohort.statics);
  fit_table(cohort.schema, cohort.series);
  Repairer(cohort, false).run();
  Repairer(cohort, true).run();
}

}  // namespace understudy
