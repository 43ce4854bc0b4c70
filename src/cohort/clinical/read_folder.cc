#include "cohort/clinical/read_folder.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "cohort/clinical/codes.h"
#include "cohort/clinical/events.h"
#include "cohort/readers/cell_text.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// The longest window that a stay without an end can have, so that keys stay small: the longest stay there is.
Window closed(Window window, const Stays& stays) {
  if (!window.open_end) return window;
  std::int64_t longest = window.step;
  for (const std::int64_t stop : stays.stop) longest = std::max(longest, stop);
  for (const std::int64_t stop : stays.stop) {
    if (stop == kNoMinute) return window;
  }
  window.last = std::max(window.first, (longest / window.step + 1) * window.step - 1);
  return window;
}

class FolderReader {
 public:
  FolderReader(const Layout& layout, const Source& source, const Schema& schema, const ReadOptions& options,
               Folder::Cells cells, const Context& context)
      : layout_(layout), path_(source.path), options_(options), context_(context), cohort_(make_cohort(schema)),
        folder_(layout, source, options, cells, context) {}

  Cohort read(ReadReport& report) {
    const Window asked = window_of(cohort_.schema);
    folder_.database().query(fmt::format("SET VARIABLE step = {}", asked.step));
    const Stays stays = choose_stays(folder_, layout_, path_, context_);
    problems_.leave_out(path_, "stays without a person or a start", stays.unusable);
    problems_.leave_out(path_, "further stays of a person", stays.further);
    order_people(stays);
    std::vector<FileScan> files;
    Problems cells;
    const auto others = fill_attributes(folder_, stays, path_, options_, cohort_, files, cells);
    plan_columns(others);
    problems_.leave_out(path_, fmt::format("columns that {} does not keep: {}", layout_.name, fmt::join(not_kept_, ", ")),
                        static_cast<std::int64_t>(not_kept_.size()));
    const Window window = closed(asked, stays);
    Measured series({.people = cohort_.size(), .first_minute = window.first, .last_minute = window.last, .step = window.step,
                     .columns = columns(), .items = item_count(layout_, columns_)});
    const std::int64_t whole = window.last - window.first + 1;
    Measured statics({.people = cohort_.size(), .first_minute = 0, .last_minute = whole - 1, .step = whole,
                      .columns = columns(), .items = item_count(layout_, columns_)});
    const std::int64_t rows = read_events(folder_, layout_, stays, window, columns_, context_, series, statics, problems_);
    fill_statics(statics);
    read_codes(folder_, layout_, stays, cohort_, problems_);
    if (cohort_.schema.has_series()) fill_series(series);
    name_unmeasured();
    cells.settle(files, options_, report);
    problems_.settle(cohort_.subjects, options_, report);
    report.rows += rows;
    return std::move(cohort_);
  }

 private:
  std::int64_t columns() const { return std::max<std::int64_t>(1, static_cast<std::int64_t>(columns_.size())); }

  void order_people(const Stays& stays) {
    cohort_.subjects.resize(stays.subjects.size());
    for (std::size_t row = 0; row < stays.subjects.size(); ++row) {
      cohort_.subjects[static_cast<std::size_t>(stays.rank[row])] = stays.subjects[row];
    }
    cohort_.statics.resize(cohort_.size());
  }

  void plan_columns(const std::vector<std::string>& statics) {
    for (const ColumnSpec& spec : cohort_.schema.columns) {
      const bool is_static = spec.is_static || !cohort_.schema.has_series();
      const bool attribute = is_static && std::find(statics.begin(), statics.end(), spec.name) == statics.end();
      if (is_set(spec.type) && !is_static) {
        fail(ErrorKind::input, "column '{}' is of type codes and changes with time; codes are read once a person: static = true",
             spec.name);
      }
      if (!attribute && !is_set(spec.type)) plan_column(spec, is_static);
    }
  }

  void plan_column(const ColumnSpec& spec, bool is_static) {
    if (!is_numeric(spec.type) && !is_categorical(spec.type)) {
      fail(ErrorKind::input, "column '{}' is a {}, but a measurement is a number or a category", spec.name,
           to_string(spec.type));
    }
    MeasuredColumn column{.spec = spec, .variable = nullptr, .is_static = is_static};
    if (layout_.uses_concepts) {
      column.variable = concept_of(spec);
      if (column.variable == nullptr) refuse_column(spec, is_static);
      column.aggregate = column.variable->aggregate;
      if (column.variable->items_of(layout_.name).empty()) not_kept_.push_back(spec.name);
    }
    column.aggregate = spec.aggregate.value_or(is_categorical(spec.type) ? Aggregate::last : column.aggregate);
    columns_.push_back(std::move(column));
  }

  [[noreturn]] void refuse_column(const ColumnSpec& spec, bool is_static) {
    Result names = folder_.database().query("SELECT column_name FROM (DESCRIBE chosen)");
    std::vector<std::string> known;
    while (names.next()) {
      for (std::int64_t row = 0; row < names.rows(); ++row) known.emplace_back(names.text(0, row));
    }
    fail(ErrorKind::input, "column '{}' is no variable that is known in clinical data ({}){}", spec.name,
         "name it, or its range, as the catalogue does: understudy list variables",
         is_static ? fmt::format(", and the stays of {} have no such column; they have {}", layout_.name,
                                 fmt::join(known, ", ")) : "");
  }

  static double stored(const MeasuredColumn& column, double value) {
    return column.spec.type == ColumnType::real && column.spec.decimals ? round_to(value, *column.spec.decimals) : value;
  }

  void fill_statics(Measured& statics) {
    problems_.repeat("static columns", statics.sort(context_.threads));
    statics.take([&](const Measured::Cell& cell) {
      const MeasuredColumn& column = columns_[static_cast<std::size_t>(cell.column)];
      const auto at = static_cast<std::size_t>(cohort_.statics.find(column.spec.name));
      cohort_.statics.column(at).set_number(cell.person, stored(column, aggregated(column.aggregate, cell.values)));
    });
  }

  // Without concepts a name that is spelled wrongly looks like a variable that nobody measured.
  void name_unmeasured() {
    if (layout_.uses_concepts) return;
    std::vector<std::string> names;
    for (const MeasuredColumn& column : columns_) {
      const Table& table = column.is_static ? cohort_.statics : cohort_.series;
      if (table.column(column.spec.name).validity().count() == 0) names.push_back(column.spec.name);
    }
    problems_.leave_out(path_, fmt::format("columns without a measurement: {}", fmt::join(names, ", ")),
                        static_cast<std::int64_t>(names.size()));
  }

  // One row for each person and step in which something was measured.
  void fill_series(Measured& series) {
    std::vector<Column*> targets(columns_.size(), nullptr);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const int at = cohort_.series.find(columns_[c].spec.name);
      if (at >= 0) targets[c] = &cohort_.series.column(static_cast<std::size_t>(at));
    }
    problems_.repeat("series columns", series.sort(context_.threads));
    cohort_.offsets.assign(static_cast<std::size_t>(cohort_.size()) + 1, 0);
    cohort_.series.resize(series.rows());
    cohort_.times.resize(series.rows());
    std::int64_t row = -1, person = -1, step = 0;
    series.take([&](const Measured::Cell& cell) {
      if (cell.person != person || cell.step != step) {
        person = cell.person;
        step = cell.step;
        cohort_.times.set_number(++row, static_cast<double>(step));
        ++cohort_.offsets[static_cast<std::size_t>(person) + 1];
      }
      const auto c = static_cast<std::size_t>(cell.column);
      targets[c]->set_number(row, stored(columns_[c], aggregated(columns_[c].aggregate, cell.values)));
    });
    std::partial_sum(cohort_.offsets.begin(), cohort_.offsets.end(), cohort_.offsets.begin());
  }

  const Layout& layout_;
  const std::string path_;
  const ReadOptions& options_;
  const Context& context_;
  Cohort cohort_;
  Folder folder_;
  std::vector<MeasuredColumn> columns_;
  std::vector<std::string> not_kept_;
  MeasurementProblems problems_;
};

}  // namespace

Cohort read_folder(const Layout& layout, std::span<const Source> sources, const Schema& schema,
                   const ReadOptions& options, ReadReport& report, const Context& context) {
  schema.validate();
  if (sources.size() != 1) fail(ErrorKind::usage, "the reader {} takes one folder, not {} sources", layout.name, sources.size());
  if (schema.row_is_subject()) {
    fail(ErrorKind::input, "the schema says that rows are people, but {} names its people; give the subject a name", layout.name);
  }
  if (schema.has_series() && schema.time.empty()) {
    fail(ErrorKind::input, "the schema has repeated rows without a time; series of {} need a time column", layout.name);
  }
  const auto read = [&](Folder::Cells cells) {
    return FolderReader(layout, sources.front(), schema, options, cells, context).read(report);
  };
  try {
    return read(Folder::Cells::typed);
  } catch (const DatabaseError&) {  // a cell that is no value of its type: look again, more slowly, and say which
  }
  try {
    return read(Folder::Cells::text);
  } catch (const DatabaseError& error) {
    refuse_file(sources.front().path, options, error);
  }
}

}  // namespace understudy
