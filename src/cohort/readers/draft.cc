// The draft of a schema: one pass over every file for types, one more query for columns that look like dates.
#include <algorithm>
#include <filesystem>
#include <set>

#include "cohort/clinical/standard_schema.h"
#include "cohort/readers/cell_text.h"
#include "cohort/readers/column_sketch.h"
#include "cohort/readers/part.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kTimeFormats[] = {
    "%m/%d/%Y",          "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%d/%m/%Y",          "%d/%m/%Y %H:%M:%S",    "%d/%m/%Y %H:%M",    "%d.%m.%Y",
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M",       "%Y/%m/%d %H:%M:%S"};

OpenFile opener(const InspectRequest& request) {
  const std::string_view name = find_reader(request.options.reader, request.sources.front().path).name;
  return name == "csv" ? open_csv : name == "parquet" ? open_parquet : open_json;
}

// A column, and where it was first met, for the question about dates.
struct Drafted {
  ColumnSketch sketch;
  std::string table;
  FileScan::FileColumn column;
  std::vector<std::string> examples;  // a few texts of that file
  bool is_timed = false;              // stands in a file that has the time column
};

class Drafter {
 public:
  Drafter(const InspectRequest& request, const Context& context)
      : request_(request),
        context_(context),
        open_(opener(request)),
        paths_(all_paths(request)),
        database_({.threads = context.threads, .paths = paths_, .time_zone = request.options.time_zone}) {}

  Schema draft() {
    if (request_.subject.empty() && !request_.time.empty()) {
      fail(ErrorKind::usage, "a time column '{}' needs a subject column beside it", request_.time);
    }
    for (const Source& source : request_.sources) {
      for (const std::string& path : expand_path(source.path)) sketch_file(path, source);
    }
    Schema schema;
    schema.name = std::filesystem::path(paths_.front()).stem().stem().string();
    schema.subject = request_.subject.empty() ? "row" : request_.subject;
    schema.repeated = request_.time.empty() && repeated_;
    for (const Drafted& drafted : columns_) {
      const std::string& name = drafted.sketch.name();
      if (name == request_.subject) continue;
      if (name == request_.time) {
        take_time(drafted, schema);
      } else {
        schema.columns.push_back(draft_column(drafted));
      }
    }
    if (schema.time != request_.time) fail(ErrorKind::input, "no file has the time column '{}'", request_.time);
    finish(schema);
    return schema;
  }

 private:
  static std::vector<std::string> all_paths(const InspectRequest& request) {
    std::vector<std::string> paths;
    for (const Source& source : request.sources) {
      const auto more = expand_path(source.path);
      paths.insert(paths.end(), more.begin(), more.end());
    }
    return paths;
  }

  void sketch_file(const std::string& path, const Source& source) {
    const FileScan file = open_renamed(database_, path, source, open_, request_.options);
    check_header(file);
    const std::size_t known = columns_.size();
    std::vector<std::string> expressions;
    std::vector<std::size_t> targets;
    for (const auto& column : file.columns) {
      expressions.push_back(column.kind == FileScan::Kind::text ? column.sql : "CAST(" + column.sql + " AS VARCHAR)");
      targets.push_back(target(column, file));
    }
    try {
      Result result = database_.query(fmt::format("SELECT {} FROM {}", fmt::join(expressions, ", "), file.table),
                                      Database::streaming);
      while (result.next()) {
        context_.check_cancelled();
        sketch_chunk(result, file, targets);
        rows_ += result.rows();
        context_.report({.stage = "inspecting", .unit = "rows", .done = rows_, .total = 0});
      }
    } catch (const DatabaseError& error) {
      refuse_file(path, request_.options, error);
    }
    for (std::size_t c = known; c < columns_.size(); ++c) columns_[c].examples = columns_[c].sketch.examples();
    for (const std::size_t at : targets) {
      if (at != kNowhere && file.find(request_.time) != nullptr) columns_[at].is_timed = true;
    }
  }

  void check_header(const FileScan& file) const {
    std::set<std::string> names;
    for (const auto& column : file.columns) {
      if (column.name.empty()) context_.warning(fmt::format("{}: a column without a name is left out", file.path));
      if (!column.name.empty() && !names.insert(column.name).second) {
        fail(ErrorKind::input, "{}: column '{}' stands twice in the header; rename one", file.path, column.name);
      }
    }
    for (const std::string& wanted : {request_.subject, file.find(request_.time) ? request_.time : std::string()}) {
      if (wanted.empty() || file.find(wanted) != nullptr) continue;
      fail(ErrorKind::input, "{} has no column '{}'; its header is: {}{}{}", file.path, wanted, file.header(),
           file.advice.empty() ? "" : ". ", file.advice);
    }
  }

  // The sketch of a file's column; kNowhere for a column without a name.
  std::size_t target(const FileScan::FileColumn& column, const FileScan& file) {
    const auto it = std::find_if(columns_.begin(), columns_.end(),
                                 [&](const Drafted& d) { return d.sketch.name() == column.name; });
    if (it != columns_.end()) return static_cast<std::size_t>(it - columns_.begin());
    if (column.name.empty()) return kNowhere;
    columns_.push_back({ColumnSketch(column.name, request_.options.decimal_comma), file.table, column, {}, false});
    return columns_.size() - 1;
  }

  void sketch_chunk(Result& result, const FileScan& file, const std::vector<std::size_t>& targets) {
    subjects_of_chunk(result, file);
    for (std::size_t c = 0; c < targets.size(); ++c) {
      if (targets[c] == kNowhere) continue;
      ColumnSketch& sketch = columns_[targets[c]].sketch;
      const bool is_key = sketch.name() == request_.subject || sketch.name() == request_.time;
      for (std::int64_t row = 0; row < result.rows(); ++row) {
        if (!result.valid(c, row)) continue;
        const std::string_view text = trimmed(result.text(c, row));
        if (!is_missing(text)) sketch.add(text, is_key ? -1 : chunk_subjects_[static_cast<std::size_t>(row)]);
      }
    }
  }

  void subjects_of_chunk(Result& result, const FileScan& file) {
    chunk_subjects_.assign(static_cast<std::size_t>(result.rows()), -1);
    const auto* subject = request_.subject.empty() ? nullptr : file.find(request_.subject);
    if (subject == nullptr) return;
    const auto at = static_cast<std::size_t>(subject - file.columns.data());
    for (std::int64_t row = 0; row < result.rows(); ++row) {
      if (!result.valid(at, row)) continue;
      const auto known = static_cast<std::int32_t>(subjects_.keys().size());
      const std::int32_t index = subjects_.index(trimmed(result.text(at, row)));
      repeated_ = repeated_ || index < known;
      chunk_subjects_[static_cast<std::size_t>(row)] = index;
    }
  }

  bool is_missing(std::string_view text) const {
    const auto& missing = request_.options.missing_values;
    return text.empty() || std::find(missing.begin(), missing.end(), text) != missing.end();
  }

  ColumnSpec draft_column(const Drafted& drafted) {
    ColumnSpec spec = drafted.sketch.draft();
    if (!request_.time.empty() && !drafted.is_timed) spec.is_static = true;
    using Kind = FileScan::Kind;
    const bool typed = drafted.column.kind == Kind::date || drafted.column.kind == Kind::datetime;
    if (typed || drafted.sketch.may_be_time()) draft_time(drafted, spec);
    return spec;
  }

  // Turns the spec into a date or datetime when every cell reads as one. Formats are tried on the few texts that the
  // sketch keeps; the first that reads them all is then checked on the whole column.
  void draft_time(const Drafted& drafted, ColumnSpec& spec) {
    std::vector<std::string> formats = {""};
    if (drafted.column.kind == FileScan::Kind::text) formats = fitting_formats(drafted.examples);
    if (formats.empty()) return;
    if (formats.size() > 1) {
      context_.warning(fmt::format("column '{}' reads as {}; the draft takes the first, check it", spec.name,
                                   fmt::join(formats, " and as ")));
    }
    std::vector<std::string> missing;
    for (const std::string& value : request_.options.missing_values) missing.push_back(sql_text(value));
    const std::string where = drafted.column.kind != FileScan::Kind::text || missing.empty()
                                  ? ""
                                  : fmt::format(" WHERE {} NOT IN ({})", drafted.column.sql, fmt::join(missing, ", "));
    Result result = database_.query(
        fmt::format("SELECT count(x), count(t), min(t), max(t), count(CASE WHEN t % 86400000000 <> 0 THEN 1 END) FROM "
                    "(SELECT {} AS x, epoch_us({}) AS t FROM {}{})",
                    drafted.column.sql, time_sql(drafted.column.sql, formats.front()), drafted.table, where));
    if (!result.next()) return;
    const auto number = [&](std::size_t at) { return result.values<std::int64_t>(at)[0]; };
    if (number(0) == 0 || number(1) != number(0)) return;
    take_format(number(2), number(3), number(4) == 0, formats.front(), spec);
  }

  static std::string time_sql(const std::string& sql, const std::string& format) {
    if (format.empty()) return fmt::format("TRY_CAST({} AS TIMESTAMP)", sql);
    return fmt::format("try_strptime({}, {})", sql, sql_text(format));
  }

  // ISO 8601 alone where it fits (it is never ambiguous), else every listed format that reads all of the texts.
  std::vector<std::string> fitting_formats(const std::vector<std::string>& texts) {
    std::vector<std::string> formats = {""};
    formats.insert(formats.end(), std::begin(kTimeFormats), std::end(kTimeFormats));
    std::vector<std::string> literals;
    for (const std::string& text : texts) literals.push_back(sql_text(text));
    std::vector<std::string> counts;
    for (const std::string& format : formats) counts.push_back("count(" + time_sql("x", format) + ")");
    Result result = database_.query(
        fmt::format("SELECT {} FROM (SELECT unnest([{}]) AS x)", fmt::join(counts, ", "), fmt::join(literals, ", ")));
    std::vector<std::string> fitting;
    if (!result.next()) return fitting;
    for (std::size_t f = 0; f < formats.size(); ++f) {
      if (result.values<std::int64_t>(f)[0] == static_cast<std::int64_t>(texts.size())) fitting.push_back(formats[f]);
      if (f == 0 && !fitting.empty()) break;
    }
    return fitting;
  }

  static void take_format(std::int64_t minimum, std::int64_t maximum, bool midnight, const std::string& format,
                          ColumnSpec& spec) {
    const double unit = midnight ? 86400e6 : 1;
    const bool was_static = spec.is_static;
    const std::string name = spec.name;
    spec = ColumnSpec();
    spec.name = name;
    spec.type = midnight ? ColumnType::date : ColumnType::datetime;
    spec.format = format;
    spec.minimum = static_cast<double>(minimum) / unit;
    spec.maximum = static_cast<double>(maximum) / unit;
    spec.is_public = false;
    spec.is_static = was_static;
  }

  void take_time(const Drafted& drafted, Schema& schema) {
    ColumnSpec spec = draft_column(drafted);
    if (!is_numeric(spec.type)) {
      fail(ErrorKind::input, "the time column '{}' holds neither dates nor numbers; accepted dates: ISO 8601, {}",
           spec.name, fmt::join(kTimeFormats, ", "));
    }
    spec.nullable = false;
    spec.is_static = false;
    spec.catalogue.clear();
    spec.decimals.reset();
    schema.time = spec.name;
    schema.time_spec = std::move(spec);
  }

  void finish(Schema& schema) const {
    if (rows_ == 0) fail(ErrorKind::input, "{} has a header and no rows", paths_.front());
    for (ColumnSpec& spec : schema.columns) spec.is_static = spec.is_static && schema.has_series();
    for (const Drafted& drafted : columns_) {
      if (!schema.row_is_subject() || !drafted.sketch.repeats_id()) continue;
      context_.warning(
          fmt::format("column '{}' looks like an id and repeats: rows may not be people; name it as subject",
                      drafted.sketch.name()));
    }
    schema.validate();
  }

  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

  const InspectRequest& request_;
  const Context& context_;
  const OpenFile open_;
  const std::vector<std::string> paths_;
  Database database_;
  std::vector<Drafted> columns_;
  SubjectKeys subjects_;
  std::vector<std::int32_t> chunk_subjects_;
  std::int64_t rows_ = 0;
  bool repeated_ = false;
};

}  // namespace

Schema draft_schema(const InspectRequest& request, const Context& context) {
  if (request.sources.empty()) fail(ErrorKind::usage, "no data file is given");
  const ReaderEntry& reader = find_reader(request.options.reader, request.sources.front().path);
  return reader.knows_folder != nullptr ? standard_schema(reader.name) : Drafter(request, context).draft();
}

}  // namespace understudy
