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
  if (window.by_visit) window.visits = *std::max_element(stays.visit.begin(), stays.visit.end()) + 1;
  if (!window.open_end) return window;
  const std::int64_t step = window.by_visit ? 1 : window.step;
  std::int64_t longest = step;
  for (const std::int64_t stop : stays.stop) longest = std::max(longest, stop);
  for (const std::int64_t stop : stays.stop) {
    if (stop == kNoMinute) return window;
  }
  window.last = std::max(window.first, (longest / step + 1) * step - 1);
  if (window.by_visit) window.step = window.last + 1;
  return window;
}

// Minutes of everything that counts of a person.
std::int64_t length_of(const Window& window) {
  return (window.last - window.first + 1) * (window.by_visit ? window.visits : 1);
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
    const Stays stays = choose_stays(folder_, layout_, asked, path_, context_);
    const Window window = closed(asked, stays);
    problems_.leave_out(path_, "stays without a person or a start", stays.unusable);
    problems_.leave_out(path_, window.by_visit ? "visits beyond the last that counts" : "further stays of a person", stays.further);
    cohort_.subjects = stays.people;
    cohort_.statics.resize(cohort_.size());
    if (window.by_visit) lay_visits(stays);
    std::vector<FileScan> files;
    Problems cells;
    plan_columns(read_attributes(stays, window, files, cells), window);
    problems_.leave_out(path_, fmt::format("columns that {} does not keep: {}", layout_.name, fmt::join(not_kept_, ", ")),
                        static_cast<std::int64_t>(not_kept_.size()));
    Measured series(ranges(window.first, length_of(window), window.step));
    Measured statics(ranges(0, length_of(window), length_of(window)));
    const std::int64_t rows = read_events(folder_, layout_, stays, window, columns_, context_, series, statics, problems_);
    locate_repeats("static columns", statics.sort(context_.threads), window, window.first);
    fill_statics(statics);
    read_codes(folder_, layout_, stays, window, cohort_, problems_);
    locate_repeats("series columns", series.sort(context_.threads), window, 0);
    if (window.by_visit) {
      fill_visits(series);
    } else if (cohort_.schema.has_series()) {
      fill_series(series);
    }
    name_unmeasured();
    cells.settle(files, options_, report);
    problems_.settle(cohort_.subjects, options_, report);
    report.rows += rows;
    return std::move(cohort_);
  }

 private:
  Measured::Ranges ranges(std::int64_t first, std::int64_t minutes, std::int64_t step) const {
    return {.people = cohort_.size(), .first_minute = first, .last_minute = first + minutes - 1, .step = step,
            .columns = std::max<std::int64_t>(1, static_cast<std::int64_t>(columns_.size())),
            .items = item_count(layout_, columns_)};
  }

  // A row for each visit, whatever is known of it.
  void lay_visits(const Stays& stays) {
    cohort_.series.resize(stays.rows());
    cohort_.times.resize(stays.rows());
    cohort_.offsets.assign(static_cast<std::size_t>(cohort_.size()) + 1, 0);
    for (std::size_t row = 0; row < stays.order.size(); ++row) {
      const auto stay = static_cast<std::size_t>(stays.order[row]);
      cohort_.times.set_number(static_cast<std::int64_t>(row), static_cast<double>(stays.visit[stay]));
      ++cohort_.offsets[static_cast<std::size_t>(stays.person[stay]) + 1];
    }
    std::partial_sum(cohort_.offsets.begin(), cohort_.offsets.end(), cohort_.offsets.begin());
  }

  // What the stays say: of people by the first, of visits by each. Returns the names of the columns that they do not.
  std::vector<std::string> read_attributes(const Stays& stays, const Window& window, std::vector<FileScan>& files,
                                           Problems& cells) {
    std::vector<std::int64_t> first;
    for (const std::int64_t row : stays.order) {
      if (stays.visit[static_cast<std::size_t>(row)] == 0) first.push_back(row);
    }
    auto others = fill_attributes(folder_, first, path_, options_, cohort_.schema.statics(), cohort_.statics, files, cells);
    const auto series = window.by_visit ? fill_attributes(folder_, stays.order, path_, options_, cohort_.schema.series(),
                                                          cohort_.series, files, cells)
                                        : names(cohort_.schema.series());
    others.insert(others.end(), series.begin(), series.end());
    return others;
  }

  static std::vector<std::string> names(const std::vector<ColumnSpec>& specs) {
    std::vector<std::string> result;
    for (const ColumnSpec& spec : specs) result.push_back(spec.name);
    return result;
  }

  // `others`: columns that are no attributes of stays.
  void plan_columns(const std::vector<std::string>& others, const Window& window) {
    for (const ColumnSpec& spec : cohort_.schema.columns) {
      const bool is_static = spec.is_static || !cohort_.schema.has_series();
      if (is_set(spec.type) && !is_static && !window.by_visit) {
        fail(ErrorKind::input, "column '{}' is of type codes and changes with time; codes are read of a person (static = true) "
             "or a visit (time_unit = \"visit\")", spec.name);
      }
      const bool is_measured = std::find(others.begin(), others.end(), spec.name) != others.end();
      if (is_measured && !is_set(spec.type)) plan_column(spec, is_static);
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
    statics.take([&](const Measured::Cell& cell) {
      const MeasuredColumn& column = columns_[static_cast<std::size_t>(cell.column)];
      const auto at = static_cast<std::size_t>(cohort_.statics.find(column.spec.name));
      cohort_.statics.column(at).set_number(cell.person, stored(column, aggregated(column.aggregate, cell.values)));
    });
  }

  void locate_repeats(const std::string& name, const Measured::Repeats& repeats, const Window& window, std::int64_t since) {
    std::vector<MeasurementProblems::Place> places;
    for (const Measured::Value& value : repeats.first) {
      const std::int64_t visit = window.by_visit ? value.minute / window.step : -1;
      const std::int64_t minute = window.by_visit ? value.minute % window.step : value.minute + since;
      places.push_back({value.person, visit, minute, fmt::format("{:.6g}", value.value)});
    }
    problems_.repeat(name, repeats.count, std::move(places));
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

  std::vector<Column*> series_columns() {
    std::vector<Column*> targets(columns_.size(), nullptr);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const int at = cohort_.series.find(columns_[c].spec.name);
      if (at >= 0) targets[c] = &cohort_.series.column(static_cast<std::size_t>(at));
    }
    return targets;
  }

  void set(const std::vector<Column*>& targets, std::int64_t row, const Measured::Cell& cell) const {
    const auto c = static_cast<std::size_t>(cell.column);
    targets[c]->set_number(row, stored(columns_[c], aggregated(columns_[c].aggregate, cell.values)));
  }

  void fill_visits(Measured& series) {
    const auto targets = series_columns();
    series.take([&](const Measured::Cell& cell) {
      set(targets, cohort_.offsets[static_cast<std::size_t>(cell.person)] + cell.step, cell);
    });
  }

  // One row for each person and step in which something was measured.
  void fill_series(Measured& series) {
    const auto targets = series_columns();
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
      set(targets, row, cell);
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
