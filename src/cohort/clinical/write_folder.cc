#include "cohort/clinical/write_folder.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cohort/clinical/concepts.h"
#include "cohort/clinical/layout_text.h"
#include "cohort/clinical/measurement_source.h"
#include "cohort/clinical/stays.h"
#include "cohort/clinical/written_visits.h"
#include "cohort/readers/cell_text.h"
#include "cohort/writers/flat_rows.h"
#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKey = "{key}";

// A column whose values become measurements.
struct WrittenColumn {
  const ColumnSpec* spec = nullptr;
  const Column* values = nullptr;
  bool is_static = false;
  std::string variable;
  ConceptItem item;
  std::string unit;
  UnitConversion conversion = {};
};

class FolderWriter {
 public:
  FolderWriter(const Layout& layout, const Cohort& cohort, const WriteOptions& options, const Context& context)
      : layout_(layout), cohort_(cohort), options_(options), context_(context), visits_(written_visits(cohort, context)),
        visit_rows_(flat_rows(visits_.table)), columns_(plan_columns()),
        measured_(measurement_columns(), visits_.first, cohort, visits_.step) {
    if (by_visit()) {
      lose_visits();
    } else {
      lose("rows before the start of the stay, which read as before the admission", rows_before_the_start());
    }
  }

  WriteReport write(const fs::path& folder) {
    std::vector<std::string> paths;
    for (const OutputFile& file : layout_.output) {
      for (const std::string& name : names_of(file)) paths.push_back((folder / name).string());
    }
    Database database({.threads = context_.threads, .paths = paths});
    database.query(fmt::format("SET VARIABLE step = {}", std::max<std::int64_t>(visits_.step, 1)));
    make_tables(database);
    for (const OutputFile& file : layout_.output) {
      context_.check_cancelled();
      fs::create_directories((folder / file.file).parent_path());
      write_file(database, file, folder);
    }
    write_note(folder);
    return report_;
  }

 private:
  static bool is_for_each(const OutputFile& file) { return file.file.find(kKey) != std::string_view::npos; }

  static std::string name_for(const OutputFile& file, std::int64_t key) {
    std::string name(file.file);
    return name.replace(name.find(kKey), kKey.size(), std::to_string(key));
  }

  std::vector<std::string> names_of(const OutputFile& file) const {
    if (!is_for_each(file)) return {std::string(file.file)};
    std::vector<std::string> names;
    for (const std::int64_t key : visits_.keys) names.push_back(name_for(file, key));
    return names;
  }

  void write_file(Database& database, const OutputFile& file, const fs::path& folder) const {
    if (!is_for_each(file)) return copy(database, file, std::string(file.sql), (folder / file.file).string());
    database.query(fmt::format("CREATE OR REPLACE TABLE of_everybody AS {}", file.sql));
    for (const std::int64_t key : visits_.keys) {
      context_.check_cancelled();
      copy(database, file, fmt::format("SELECT * EXCLUDE (key) FROM of_everybody WHERE key = {}", key),
           (folder / name_for(file, key)).string());
    }
  }

  bool by_visit() const { return visits_.by_visit(); }

  void lose(std::string what, std::int64_t count) {
    if (count > 0) report_.lost.push_back({std::move(what), count});
  }

  // What is measured: what the layout's files do not have among the stays or the codes.
  std::vector<WrittenColumn> plan_columns() {
    const auto carried = columns_of(layout_.carries);
    std::vector<WrittenColumn> columns;
    for (const ColumnSpec& spec : cohort_.schema.columns) {
      const bool is_static = spec.is_static || !cohort_.schema.has_series();
      const auto is_it = [&](const LayoutColumn& column) { return column.name == spec.name; };
      const bool of_stay = is_static || by_visit();
      if (of_stay && (std::any_of(carried.begin(), carried.end(), is_it) || spec.name == kDaysSincePrevious)) continue;
      if (of_stay && is_set(spec.type) && !layout_.codes.empty()) {
        codes_.emplace_back(spec.name, is_static);
        continue;
      }
      WrittenColumn column{.spec = &spec, .values = &(is_static ? cohort_.statics : cohort_.series).column(spec.name),
                           .is_static = is_static, .variable = spec.name, .item = {}, .unit = spec.unit};
      if (can_write(column)) {
        columns.push_back(std::move(column));
      } else {
        lose(fmt::format("column '{}': {} has no place for it", spec.name, layout_.name), written(*column.values));
      }
    }
    return columns;
  }

  static std::int64_t written(const Column& column) {
    std::int64_t count = 0;
    for (std::int64_t row = 0; row < column.size(); ++row) count += column.is_written(row);
    return count;
  }

  void lose_visits() {
    std::int64_t nobodys = 0, renumbered = 0;
    for (std::int64_t s = 0; s < cohort_.size(); ++s) {
      nobodys += cohort_.series_rows(s) == 0;
      const std::int64_t first = cohort_.offsets[static_cast<std::size_t>(s)];
      for (std::int64_t v = 0; v < cohort_.series_rows(s); ++v) {
        renumbered += cohort_.times.number(first + v) != static_cast<double>(v);
      }
    }
    lose("people without a visit", nobodys);
    lose("visits whose number is not that of their place", renumbered);
    if (!has_one_clock(layout_)) lose_column(kDaysSincePrevious, fmt::format("{} has a clock for each stay", layout_.name));
    lose_column("age", "of later visits it follows from the first and the dates");
  }

  void lose_column(const char* name, const std::string& why) {
    const int at = cohort_.series.find(name);
    if (at >= 0) lose(fmt::format("column '{}': {}", name, why), written(cohort_.series.column(static_cast<std::size_t>(at))));
  }

  std::int64_t rows_before_the_start() const {
    std::int64_t count = 0;
    for (std::int64_t row = 0; row < cohort_.times.size(); ++row) count += cohort_.times.number(row) < 0;
    return count;
  }

  bool can_write(WrittenColumn& column) const {
    const ColumnType type = column.spec->type;
    if (type != ColumnType::real && type != ColumnType::integer && !is_categorical(type)) return false;
    if (!layout_.uses_concepts) {
      const auto names = split(layout_.writes, ' ');
      if (!names.empty() && std::find(names.begin(), names.end(), column.variable) == names.end()) return false;
      column.item = {std::string(layout_.events.front().table), column.variable, ""};
      return true;
    }
    const Concept* variable = concept_of(*column.spec);
    if (variable == nullptr || variable->items_of(layout_.name).empty()) return false;
    column.variable = variable->name;
    column.item = variable->items_of(layout_.name).front();
    if (column.item.table.empty()) column.item.table = layout_.events.front().table;
    if (!column.item.unit.empty()) column.unit = column.item.unit;
    column.conversion = variable->conversion(column.item.unit).value();
    return true;
  }

  void make_tables(Database& database) {
    offer(database, "offered_visits", *visit_rows_);
    make_visits(database);
    make_people(database);
    make_codes(database);
    make_items(database);
    offer(database, "offered_measurements", measured_);
    database.query(
        "CREATE VIEW measurements AS SELECT v.key, v.visit, v.origin, m.minute, i.source, i.item, i.variable, "
        "CASE WHEN i.plain THEN m.number ELSE (m.number - i.plus) / i.factor END AS number, m.text, i.unit "
        "FROM offered_measurements() m JOIN items i ON i.variable_number = m.variable_number JOIN visits v ON v.visit = m.visit");
  }

  void make_visits(Database& database) const {
    std::string columns;
    for (const char* name : {"key", "subject", "visit", "origin", "minutes"}) {
      columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ", name_of(name), name);
    }
    for (const auto& column : columns_of(layout_.carries)) {
      const bool there = visits_.table.statics.find(column.name) >= 0;
      columns += fmt::format(", TRY_CAST({} AS {}) AS {}", there ? name_of(column.name) : "NULL", column.type,
                             sql_identifier(column.name));
    }
    database.query(fmt::format("CREATE TABLE visits AS SELECT {} FROM offered_visits()", columns));
  }

  void make_people(Database& database) const {
    std::string columns;
    for (const auto& column : columns_of(layout_.carries)) {
      const std::string name = sql_identifier(column.name);
      columns += column.name == "died" ? ", bool_or(died) AS died" : fmt::format(", first({0} ORDER BY visit) AS {0}", name);
    }
    database.query(fmt::format("CREATE TABLE people AS SELECT key, any_value(subject) AS subject, min(origin) AS origin, "
                               "date_diff('minute', min(origin), max(origin + to_minutes(minutes))) AS minutes{} "
                               "FROM visits GROUP BY key", columns));
  }

  // A person's own are those of the first visit.
  void make_codes(Database& database) {
    database.query("CREATE TABLE codes (key BIGINT, visit BIGINT, code VARCHAR)");
    for (const auto& [column, is_static] : codes_) {
      database.query(fmt::format(
          "INSERT INTO codes SELECT {0}, {1}, unnest(string_split({2}, ';')) FROM offered_visits(){3}", name_of("key"),
          name_of("visit"), name_of(column),
          is_static ? fmt::format(" WHERE {} IN (SELECT min(visit) FROM visits GROUP BY key)", name_of("visit")) : ""));
    }
    std::string has_place = "false";
    for (const std::string& system : split(layout_.code_systems, ' ')) has_place += fmt::format(" OR contains(code, {})", sql_text(system));
    Result lost = database.query(fmt::format("SELECT count(*) FROM codes WHERE NOT ({})", has_place));
    lost.next();
    lose(fmt::format("codes that {} has no place for", layout_.name), lost.values<std::int64_t>(0)[0]);
    database.query(fmt::format("DELETE FROM codes WHERE NOT ({})", has_place));
  }

  // Which column of offered_visits it is: the subject's key, then the columns in order.
  std::string name_of(const std::string& column) const {
    return column == "subject" ? "c0" : fmt::format("c{}", visits_.table.statics.find(column) + 1);
  }

  void make_items(Database& database) {
    database.query("CREATE TABLE items (variable_number INTEGER, source VARCHAR, item VARCHAR, variable VARCHAR, unit VARCHAR, "
                   "plain BOOLEAN, factor DOUBLE, plus DOUBLE)");
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const WrittenColumn& column = columns_[c];
      const bool plain = column.conversion.factor == 1 && column.conversion.offset == 0;
      database.query(fmt::format("INSERT INTO items VALUES ({}, {}, {}, {}, {}, {}, {}, {})", c, sql_text(column.item.table),
                                 sql_text(column.item.item), sql_text(column.variable), sql_text(column.unit), plain,
                                 column.conversion.factor, column.conversion.offset));
    }
  }

  std::vector<MeasurementSource::Variable> measurement_columns() const {
    std::vector<MeasurementSource::Variable> variables;
    for (const WrittenColumn& column : columns_) variables.push_back({column.values, column.spec, column.is_static});
    return variables;
  }

  void copy(Database& database, const OutputFile& file, const std::string& sql, const std::string& path) const {
    const bool parquet = file.file.ends_with(".parquet");
    const std::string form = parquet ? "FORMAT parquet" : file.file.ends_with(".gz") ? "FORMAT csv, HEADER true, COMPRESSION gzip"
                                                                                     : "FORMAT csv, HEADER true";
    const std::string_view delimiter = file.file.ends_with(".psv") ? ", DELIMITER '|', NULLSTR 'NaN'" : "";
    try {
      database.query(fmt::format("COPY (SELECT *{} FROM ({})) TO {} ({}{}, USE_TMP_FILE false)",
                                 options_.synthetic ? ", true AS synthetic" : "", sql, sql_text(path), form, delimiter));
    } catch (const DatabaseError& error) {
      const std::string text = error.what();
      fail(ErrorKind::input, "cannot write '{}': {}", path, text.substr(0, text.find('\n')));
    }
  }

  void write_note(const fs::path& folder) {
    nlohmann::ordered_json lost = nlohmann::ordered_json::array();
    for (const auto& entry : report_.lost) lost.push_back({{"what", entry.what}, {"count", entry.count}});
    const nlohmann::ordered_json note = {{"format", layout_.name}, {"synthetic", options_.synthetic}, {"people", cohort_.size()}, {"lost", lost}};
    write_atomically((folder / "understudy.json").string(), note.dump(2) + "\n");
  }

  const Layout& layout_;
  const Cohort& cohort_;
  const WriteOptions& options_;
  const Context& context_;
  WriteReport report_;
  std::vector<std::pair<std::string, bool>> codes_;  // columns of that type and whether they are static, where the
                                                     // layout has a place for them
  const WrittenVisits visits_;
  const std::unique_ptr<ChunkSource> visit_rows_;
  const std::vector<WrittenColumn> columns_;
  MeasurementSource measured_;
};

}  // namespace

WriteReport write_folder(const Layout& layout, const Cohort& cohort, const std::string& path,
                         const WriteOptions& options, const Context& context) {
  if (is_by_visit(cohort.schema) && !layout.has_visits) {
    fail(ErrorKind::usage, "{} holds one stay of a person, and '{}' of this schema counts visits; docs/clinical.md says which formats "
         "have visits", layout.name, cohort.schema.time);
  }
  if (fs::exists(path)) fail(ErrorKind::usage, "'{}' exists already; name a new folder", path);
  const fs::path part = path + ".part";
  fs::remove_all(part);
  try {
    fs::create_directories(part);
    const WriteReport report = FolderWriter(layout, cohort, options, context).write(part);
    fs::rename(part, path);
    return report;
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    fail(ErrorKind::input, "cannot write '{}': {}", path, error.code().message());
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(part, ignored);
    throw;
  }
}

}  // namespace understudy
