#include "cohort/readers/part.h"

#include <algorithm>
#include <memory>

#include "cohort/readers/cell_text.h"
#include "cohort/readers/cells.h"
#include "understudy/error.h"

namespace understudy {
namespace {

ColumnSpec time_spec_of(const Schema& schema) {
  ColumnSpec spec = schema.time_spec;
  spec.name = schema.time;
  spec.nullable = false;  // a row without its time has no place
  return spec;
}

[[noreturn]] void refuse_column(const FileScan& file, const std::string& name, std::string_view role) {
  fail(ErrorKind::input, "{} has no column '{}' ({}); its header is: {}{}{}", file.path, name, role, file.header(),
       file.advice.empty() ? "" : ". ", file.advice);
}

const FileScan::FileColumn& need(const FileScan& file, const std::string& name, std::string_view role) {
  const auto* column = file.find(name);
  if (column == nullptr) refuse_column(file, name, role);
  const auto same = [&](const FileScan::FileColumn& c) { return c.name == name; };
  if (std::count_if(file.columns.begin(), file.columns.end(), same) > 1) {
    fail(ErrorKind::input, "{}: column '{}' stands twice in the header; rename one", file.path, name);
  }
  return *column;
}

// One file, read chunk by chunk into the part.
class FileReader {
 public:
  FileReader(Part& part, const Schema& schema, const ReadOptions& options, const FileScan& file, std::size_t index,
             SubjectKeys& subjects, Problems& problems)
      : part_(part),
        schema_(schema),
        options_(options),
        file_(file),
        index_(index),
        subjects_(subjects),
        problems_(problems) {
    if (!schema.row_is_subject())
      expressions_ = {"CAST(" + need(file, schema.subject, "the subject").sql + " AS VARCHAR)"};
    if (part.has_time) add(time_spec_of(schema), "the time");
    for (const ColumnSpec& spec : part.specs) add(spec, "a column of the schema");
  }

  void read(Database& database, const Context& context) {
    const std::string sql = fmt::format("SELECT {} FROM {}", fmt::join(expressions_, ", "), file_.table);
    try {
      Result result = database.query(sql, Database::streaming);
      std::int64_t row = 0;
      while (result.next()) {
        context.check_cancelled();
        take(result, row);
        row += result.rows();
        context.report({.stage = "reading", .unit = "rows", .done = part_.rows(), .total = 0});
      }
    } catch (const DatabaseError& error) {
      refuse_file(file_.path, options_, error);
    }
  }

 private:
  void add(const ColumnSpec& spec, std::string_view role) {
    at_.push_back(expressions_.size());
    const auto more = cell_expressions(spec, need(file_, spec.name, role));
    expressions_.insert(expressions_.end(), more.begin(), more.end());
    readers_.emplace_back(spec, options_, problems_);
  }

  void take(Result& result, std::int64_t file_row) {
    const ChunkPlace place{index_, file_row, part_.rows()};
    const std::int64_t rows = part_.rows() + result.rows();
    part_.subjects.resize(static_cast<std::size_t>(rows), -1);
    const std::size_t first = part_.has_time ? 1 : 0;
    if (part_.has_time) {
      part_.times.resize(rows);
      readers_[0].read(result, at_[0], place, file_.has_missing_texts, part_.times);
    }
    for (std::size_t c = 0; c < part_.columns.size(); ++c) {
      part_.columns[c].resize(rows);
      readers_[first + c].read(result, at_[first + c], place, file_.has_missing_texts, part_.columns[c]);
    }
    for (std::int64_t row = 0; row < result.rows(); ++row) take_subject(result, row, place);
  }

  void take_subject(Result& result, std::int64_t row, const ChunkPlace& place) {
    const std::int64_t at = place.column_row + row;
    std::int32_t& subject = part_.subjects[static_cast<std::size_t>(at)];
    if (schema_.row_is_subject()) {
      subject = subjects_.add_row();
      return;
    }
    const std::string_view key = result.valid(0, row) ? trimmed(result.text(0, row)) : std::string_view{};
    const auto& missing = options_.missing_values;
    if (key.empty() || (file_.has_missing_texts && std::find(missing.begin(), missing.end(), key) != missing.end())) {
      problems_.add(Problems::Kind::cell, place.file, schema_.subject, "no subject", place.file_row + row, key);
    } else if (!part_.has_time || part_.times.is_valid(at)) {
      subject = subjects_.index(key);
    }
  }

  Part& part_;
  const Schema& schema_;
  const ReadOptions& options_;
  const FileScan& file_;
  const std::size_t index_;
  SubjectKeys& subjects_;
  Problems& problems_;
  std::vector<std::string> expressions_;
  std::vector<std::size_t> at_;      // result column of each reader
  std::vector<CellReader> readers_;  // the time first, where there is one
};

// What the schema wants of a source is decided by its first file; the others must have the same.
void plan_part(Part& part, const Schema& schema, const FileScan& file) {
  part.has_time = !schema.time.empty() && file.find(schema.time) != nullptr;
  if (part.has_time) part.times = Column(schema.time_spec.type);
  for (const ColumnSpec& spec : schema.columns) {
    if (file.find(spec.name) == nullptr) continue;
    if (!schema.time.empty() && !part.has_time && !spec.is_static) refuse_column(file, schema.time, "the time");
    part.specs.push_back(spec);
    part.columns.emplace_back(spec.type);
  }
}

}  // namespace

std::int32_t SubjectKeys::index(std::string_view key) {
  if (last_ >= 0 && keys_[static_cast<std::size_t>(last_)] == key) return last_;
  const auto found = index_.find(key);
  if (found != index_.end()) return last_ = found->second;
  last_ = static_cast<std::int32_t>(keys_.size());
  index_.emplace(std::string(key), last_);
  keys_.emplace_back(key);
  return last_;
}

std::int32_t SubjectKeys::add_row() {
  keys_.push_back(std::to_string(keys_.size() + 1));
  return static_cast<std::int32_t>(keys_.size() - 1);
}

Part::Begin Part::origin(std::int64_t row) const {
  const auto after =
      std::upper_bound(begins.begin(), begins.end(), row, [](std::int64_t r, const Begin& b) { return r < b.row; });
  const Begin& begin = *(after - 1);
  return {begin.file, row - begin.row};
}

FileScan open_renamed(Database& database, const std::string& path, const Source& source, OpenFile open,
                      const ReadOptions& options) {
  FileScan file = open(database, path, options);
  for (const auto& [from, to] : source.rename) {
    const auto* found = file.find(from);
    if (found == nullptr) refuse_column(file, from, "to be renamed to '" + to + "'");
    file.columns[static_cast<std::size_t>(found - file.columns.data())].name = to;
  }
  return file;
}

Part read_part(const Source& source, OpenFile open, const Schema& schema, const ReadOptions& options,
               const Context& context, SubjectKeys& subjects, std::vector<FileScan>& files, Problems& problems) {
  const std::vector<std::string> paths = expand_path(source.path);
  Database database({.threads = context.threads, .paths = paths, .time_zone = options.time_zone});
  Part part;
  part.path = source.path;
  for (const std::string& path : paths) {
    FileScan file = open_renamed(database, path, source, open, options);
    if (part.begins.empty()) plan_part(part, schema, file);
    part.begins.push_back({files.size(), part.rows()});
    FileReader(part, schema, options, file, files.size(), subjects, problems).read(database, context);
    files.push_back(std::move(file));
  }
  return part;
}

}  // namespace understudy
