#include "cohort/clinical/write_folder.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <nlohmann/json.hpp>
#include <tuple>

#include "cohort/clinical/concepts.h"
#include "cohort/clinical/layout_text.h"
#include "cohort/clinical/measurement_source.h"
#include "cohort/clinical/window.h"
#include "cohort/readers/cell_text.h"
#include "cohort/writers/flat_rows.h"
#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFirstDay = 47482;  // 1 January 2100, in days since 1970
constexpr std::uint64_t kDays = 50 * 365;
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

// The cohort's keys where all of them are whole numbers as we would write them, so that no two become one.
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

std::int64_t step_minutes(const Schema& schema) { return schema.time.empty() ? 1 : window_of(schema).step; }

class FolderWriter {
 public:
  FolderWriter(const Layout& layout, const Cohort& cohort, const WriteOptions& options, const Context& context)
      : layout_(layout), cohort_(cohort), options_(options), context_(context), keys_(keys_of(cohort)),
        step_(step_minutes(cohort.schema)), people_(people_table()), people_rows_(flat_rows(people_)),
        columns_(plan_columns()), measured_(measurement_columns(), keys_, cohort, step_) {
    lose("rows before the start of the stay, which read as before the admission", rows_before_the_start());
  }

  WriteReport write(const fs::path& folder) {
    std::vector<std::string> paths;
    for (const OutputFile& file : layout_.output) {
      for (const std::string& name : names_of(file)) paths.push_back((folder / name).string());
    }
    Database database({.threads = context_.threads, .paths = paths});
    database.query(fmt::format("SET VARIABLE step = {}", step_));
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
    for (const std::int64_t key : keys_) names.push_back(name_for(file, key));
    return names;
  }

  void write_file(Database& database, const OutputFile& file, const fs::path& folder) const {
    if (!is_for_each(file)) return copy(database, file, std::string(file.sql), (folder / file.file).string());
    database.query(fmt::format("CREATE OR REPLACE TABLE of_everybody AS {}", file.sql));
    for (const std::int64_t key : keys_) {
      context_.check_cancelled();
      copy(database, file, fmt::format("SELECT * EXCLUDE (key) FROM of_everybody WHERE key = {}", key),
           (folder / name_for(file, key)).string());
    }
  }

  void lose(std::string what, std::int64_t count) {
    if (count > 0) report_.lost.push_back({std::move(what), count});
  }

  // What is measured: series, and static columns that the layout's files do not have among the people or the codes.
  std::vector<WrittenColumn> plan_columns() {
    const auto carried = columns_of(layout_.carries);
    std::vector<WrittenColumn> columns;
    for (const ColumnSpec& spec : cohort_.schema.columns) {
      const bool is_static = spec.is_static || !cohort_.schema.has_series();
      const auto is_it = [&](const LayoutColumn& column) { return column.name == spec.name; };
      if (is_static && std::any_of(carried.begin(), carried.end(), is_it)) continue;
      if (is_static && is_set(spec.type) && !layout_.codes.empty()) {
        codes_.push_back(spec.name);
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
    offer(database, "offered_people", *people_rows_);
    make_people(database);
    make_codes(database);
    make_items(database);
    offer(database, "offered_measurements", measured_);
    database.query(
        "CREATE VIEW measurements AS SELECT m.key, p.origin, m.minute, i.source, i.item, i.variable, "
        "CASE WHEN i.plain THEN m.number ELSE (m.number - i.plus) / i.factor END AS number, m.text, i.unit "
        "FROM offered_measurements() m JOIN items i ON i.variable_number = m.variable_number JOIN people p ON p.key = m.key");
  }

  void make_people(Database& database) const {
    std::string columns;
    for (const char* name : {"key", "subject", "origin", "minutes"}) {
      columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ", name_of(name), name);
    }
    for (const auto& column : columns_of(layout_.carries)) {
      const bool there = people_.statics.find(column.name) >= 0;
      columns += fmt::format(", TRY_CAST({} AS {}) AS {}", there ? name_of(column.name) : "NULL", column.type,
                             sql_identifier(column.name));
    }
    database.query(fmt::format("CREATE TABLE people AS SELECT {} FROM offered_people()", columns));
  }

  void make_codes(Database& database) const {
    database.query("CREATE TABLE codes (key BIGINT, code VARCHAR)");
    for (const std::string& column : codes_) {
      database.query(fmt::format("INSERT INTO codes SELECT {}, unnest(string_split({}, ';')) FROM offered_people()",
                                 name_of("key"), name_of(column)));
    }
  }

  // Which column of offered_people it is: the subject's key, then the columns in order.
  std::string name_of(const std::string& column) const {
    return column == "subject" ? "c0" : fmt::format("c{}", people_.statics.find(column) + 1);
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

  // One row for each person: the static columns, and what dates and keys they get.
  Cohort people_table() const {
    Schema schema;
    schema.subject = "subject";
    schema.columns.resize(3);
    const std::pair<const char*, ColumnType> own[] = {
        {"key", ColumnType::integer}, {"minutes", ColumnType::integer}, {"origin", ColumnType::datetime}};
    for (std::size_t c = 0; c < 3; ++c) std::tie(schema.columns[c].name, schema.columns[c].type) = own[c];
    const auto specs = cohort_.schema.statics();
    schema.columns.insert(schema.columns.end(), specs.begin(), specs.end());
    Cohort people = make_cohort(schema);
    people.subjects = cohort_.subjects;
    people.statics.resize(cohort_.size());
    for (std::size_t c = 0; c < specs.size(); ++c) people.statics.column(c + 3) = cohort_.statics.column(c);
    Rng rng = context_.rng("dates of a clinical folder");
    for (std::int64_t s = 0; s < cohort_.size(); ++s) {
      people.statics.column(0).set_number(s, static_cast<double>(keys_[static_cast<std::size_t>(s)]));
      people.statics.column(1).set_number(s, static_cast<double>(minutes_of_stay(s)));
      const auto day = static_cast<double>(kFirstDay + static_cast<std::int64_t>(rng.below(kDays)));
      people.statics.column(2).set_number(s, day * 86400e6);
    }
    return people;
  }

  // Up to the end of the last step, and as long as the cohort says.
  std::int64_t minutes_of_stay(std::int64_t person) const {
    std::int64_t minutes = step_;
    const int at = cohort_.statics.find("length_of_stay_hours");
    if (at >= 0 && cohort_.statics.column(static_cast<std::size_t>(at)).is_valid(person)) {
      minutes = std::max<std::int64_t>(minutes, std::llround(60 * cohort_.statics.column(static_cast<std::size_t>(at)).number(person)));
    }
    if (cohort_.series_rows(person) == 0 || cohort_.schema.time.empty()) return minutes;
    const std::int64_t last = cohort_.offsets[static_cast<std::size_t>(person) + 1] - 1;
    return std::max(minutes, (static_cast<std::int64_t>(cohort_.times.number(last)) + 1) * step_ - 1);
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
  const std::vector<std::int64_t> keys_;
  const std::int64_t step_;
  WriteReport report_;
  std::vector<std::string> codes_;  // static columns of that type, where the layout has a place for them
  const Cohort people_;
  const std::unique_ptr<ChunkSource> people_rows_;
  const std::vector<WrittenColumn> columns_;
  MeasurementSource measured_;
};

}  // namespace

WriteReport write_folder(const Layout& layout, const Cohort& cohort, const std::string& path,
                         const WriteOptions& options, const Context& context) {
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
