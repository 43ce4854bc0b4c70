#include "cohort/writers/flat_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cohort/chunk_source.h"
#include "cohort/readers/cell_text.h"
#include "core/files.h"

namespace understudy {
namespace {

struct FlatColumn {
  ColumnSpec spec;
  const Column* column = nullptr;  // nullptr: the subjects' keys
  bool by_subject = false;         // a static: indexed by subject, not by row
};

duckdb_type stored_type(const FlatColumn& column, const FlatForm& form) {
  if (column.column == nullptr) return DUCKDB_TYPE_VARCHAR;
  switch (column.spec.type) {
    case ColumnType::real:
      return form.text_reals ? DUCKDB_TYPE_VARCHAR : DUCKDB_TYPE_DOUBLE;
    case ColumnType::integer:
      return DUCKDB_TYPE_BIGINT;
    case ColumnType::date:
      return DUCKDB_TYPE_DATE;
    case ColumnType::datetime:
      return DUCKDB_TYPE_TIMESTAMP;
    default:
      return DUCKDB_TYPE_VARCHAR;
  }
}

class FlatRows : public ChunkSource {
 public:
  FlatRows(const Cohort& cohort, const FlatForm& form) : cohort_(cohort), form_(form) {
    const Schema& schema = cohort.schema;
    if (schema.has_series()) owners_ = cohort.owners();
    if (!schema.row_is_subject()) {
      ColumnSpec subject;
      subject.name = schema.subject;
      subject.type = ColumnType::id;
      columns_.push_back({subject, nullptr, true});
    }
    if (!schema.time.empty()) {
      ColumnSpec time = schema.time_spec;
      time.name = schema.time;
      columns_.push_back({time, &cohort.times, false});
    }
    add(schema.statics(), cohort.statics, true);
    if (schema.has_series()) add(schema.series(), cohort.series, false);
  }

  std::vector<std::pair<std::string, duckdb_type>> columns() const override {
    std::vector<std::pair<std::string, duckdb_type>> result;
    for (std::size_t c = 0; c < columns_.size(); ++c) result.emplace_back(fmt::format("c{}", c), stored_type(columns_[c], form_));
    return result;
  }
  const std::vector<FlatColumn>& flat_columns() const { return columns_; }
  const FlatForm& form() const { return form_; }
  std::int64_t rows() const { return cohort_.schema.has_series() ? cohort_.series.rows() : cohort_.size(); }

  void rewind() override { next_ = 0; }

  void fill(duckdb_data_chunk chunk) override {
    const auto count = std::min<std::int64_t>(rows() - next_, static_cast<std::int64_t>(duckdb_vector_size()));
    for (std::size_t c = 0; c < columns_.size(); ++c)
      fill_column(columns_[c], duckdb_data_chunk_get_vector(chunk, c), count);
    duckdb_data_chunk_set_size(chunk, static_cast<idx_t>(count));
    next_ += count;
  }

 private:
  void add(const std::vector<ColumnSpec>& specs, const Table& table, bool by_subject) {
    for (std::size_t c = 0; c < specs.size(); ++c) columns_.push_back({specs[c], &table.column(c), by_subject});
  }

  void fill_column(const FlatColumn& column, duckdb_vector vector, std::int64_t count) {
    duckdb_vector_ensure_validity_writable(vector);
    std::uint64_t* valid = duckdb_vector_get_validity(vector);
    void* data = duckdb_vector_get_data(vector);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t row = next_ + i;
      const std::int64_t at = column.by_subject && !owners_.empty() ? owners_[static_cast<std::size_t>(row)] : row;
      const auto out = static_cast<idx_t>(i);
      if (column.column == nullptr) {
        assign_text(vector, out, cohort_.subjects[static_cast<std::size_t>(at)]);
      } else if (column.column->is_written(at)) {
        fill_cell(column, at, vector, data, out);
      } else {
        duckdb_validity_set_row_invalid(valid, out);
      }
    }
  }

  void fill_cell(const FlatColumn& column, std::int64_t at, duckdb_vector vector, void* data, idx_t out) {
    const auto index = static_cast<std::size_t>(at);
    switch (column.spec.type) {
      case ColumnType::real:
        fill_real(column, column.column->values<double>()[index], vector, data, out);
        break;
      case ColumnType::integer:
      case ColumnType::datetime:
        static_cast<std::int64_t*>(data)[out] = column.column->values<std::int64_t>()[index];
        break;
      case ColumnType::date:
        static_cast<std::int32_t*>(data)[out] = static_cast<std::int32_t>(column.column->values<std::int64_t>()[index]);
        break;
      case ColumnType::category:
      case ColumnType::ordinal:
      case ColumnType::boolean:
        assign_text(vector, out,
               column.spec.categories[static_cast<std::size_t>(column.column->values<std::int32_t>()[index])]);
        break;
      case ColumnType::id:
      case ColumnType::text:
        assign_text(vector, out, column.column->string(at));
        break;
      case ColumnType::codes:
        assign_text(vector, out, codes_text(column.column->codes(at), column.spec.categories));
        break;
    }
  }

  void fill_real(const FlatColumn& column, double value, duckdb_vector vector, void* data, idx_t out) {
    const auto& decimals = column.spec.decimals;
    if (decimals) value = round_to(value, *decimals);
    if (!form_.text_reals) {
      static_cast<double*>(data)[out] = value;
      return;
    }
    buffer_.clear();
    if (decimals && std::abs(value) < 1e15) {
      fmt::format_to(std::back_inserter(buffer_), "{:.{}f}", value + 0.0, *decimals);
    } else {
      fmt::format_to(std::back_inserter(buffer_), "{}", value);
    }
    assign_text(vector, out, {buffer_.data(), buffer_.size()});
  }

  const Cohort& cohort_;
  const FlatForm form_;
  std::vector<std::int64_t> owners_;
  std::vector<FlatColumn> columns_;
  std::int64_t next_ = 0;
  fmt::memory_buffer buffer_;
};

// Text of a point in time: the column's format, or ISO 8601 in UTC with microseconds only where there are any.
std::string time_text(const ColumnSpec& spec, const std::string& sql) {
  if (!spec.format.empty()) return fmt::format("strftime({}, {})", sql, sql_text(spec.format));
  if (spec.type == ColumnType::date) return fmt::format("CAST({} AS VARCHAR)", sql);
  return fmt::format(
      "CASE WHEN epoch_us({0}) % 1000000 = 0 THEN strftime({0}, '%Y-%m-%dT%H:%M:%SZ') "
      "ELSE strftime({0}, '%Y-%m-%dT%H:%M:%S.%fZ') END",
      sql);
}

std::string select_list(const FlatRows& rows) {
  std::vector<std::string> parts;
  for (std::size_t c = 0; c < rows.flat_columns().size(); ++c) {
    const ColumnSpec& spec = rows.flat_columns()[c].spec;
    const std::string sql = fmt::format("c{}", c);
    const bool time = spec.type == ColumnType::date || spec.type == ColumnType::datetime;
    parts.push_back(fmt::format("{} AS {}", time && rows.form().text_times ? time_text(spec, sql) : sql,
                                sql_identifier(spec.name)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

WriteReport count_empty_subjects(const Cohort& cohort, const std::string& path, const Context& context) {
  if (!cohort.schema.has_series()) return {};
  std::int64_t empty = 0;
  for (std::int64_t s = 0; s < cohort.size(); ++s) empty += cohort.series_rows(s) == 0;
  if (empty == 0) return {};
  context.warning(fmt::format("{} subjects have no rows and are not in '{}'", empty, path));
  return {{{"people without rows", empty}}};
}

}  // namespace

std::unique_ptr<ChunkSource> flat_rows(const Cohort& cohort, const FlatForm& form) {
  return std::make_unique<FlatRows>(cohort, form);
}

WriteReport copy_cohort(const Cohort& cohort, const std::string& path, const FlatForm& form,
                        const std::string& copy_options, const Context& context) {
  write_atomically(path, [&](const std::string& part) {
    FlatRows rows(cohort, form);
    Database database({.threads = 1, .paths = {part}});
    offer(database, "cohort_rows", rows);
    try {
      database.query(fmt::format("COPY (SELECT {} FROM cohort_rows()) TO {} ({}, USE_TMP_FILE false)",
                                 select_list(rows), sql_text(part), copy_options));
    } catch (const DatabaseError& error) {
      const std::string text = error.what();
      fail(ErrorKind::input, "cannot write '{}': {}", path, text.substr(0, text.find('\n')));
    }
  });
  return count_empty_subjects(cohort, path, context);
}

}  // namespace understudy
