#include "cohort/writers/flat_rows.h"

#include <algorithm>
#include <cmath>
#include <vector>

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

// The table function's state: what to give out and how far it is.
class FlatRows {
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

  const std::vector<FlatColumn>& columns() const { return columns_; }
  const FlatForm& form() const { return form_; }
  std::int64_t rows() const { return cohort_.schema.has_series() ? cohort_.series.rows() : cohort_.size(); }

  void fill(duckdb_data_chunk chunk) {
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
        assign(vector, out, cohort_.subjects[static_cast<std::size_t>(at)]);
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
        assign(vector, out,
               column.spec.categories[static_cast<std::size_t>(column.column->values<std::int32_t>()[index])]);
        break;
      case ColumnType::id:
      case ColumnType::text:
        assign(vector, out, column.column->string(at));
        break;
      case ColumnType::codes:
        assign(vector, out, codes_text(column.column->codes(at), column.spec.categories));
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
    assign(vector, out, {buffer_.data(), buffer_.size()});
  }

  static void assign(duckdb_vector vector, idx_t row, std::string_view text) {
    duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
  }

  const Cohort& cohort_;
  const FlatForm form_;
  std::vector<std::int64_t> owners_;
  std::vector<FlatColumn> columns_;
  std::int64_t next_ = 0;
  fmt::memory_buffer buffer_;
};

void bind_rows(duckdb_bind_info info) {
  const auto* rows = static_cast<const FlatRows*>(duckdb_bind_get_extra_info(info));
  for (std::size_t c = 0; c < rows->columns().size(); ++c) {
    duckdb_logical_type type = duckdb_create_logical_type(stored_type(rows->columns()[c], rows->form()));
    duckdb_bind_add_result_column(info, fmt::format("c{}", c).c_str(), type);
    duckdb_destroy_logical_type(&type);
  }
}

void init_rows(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }

void give_rows(duckdb_function_info info, duckdb_data_chunk chunk) {
  static_cast<FlatRows*>(duckdb_function_get_extra_info(info))->fill(chunk);
}

void register_rows(Database& database, FlatRows& rows) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "cohort_rows");
  duckdb_table_function_set_extra_info(function, &rows, nullptr);
  duckdb_table_function_set_bind(function, bind_rows);
  duckdb_table_function_set_init(function, init_rows);
  duckdb_table_function_set_function(function, give_rows);
  const duckdb_state state = duckdb_register_table_function(database.connection(), function);
  duckdb_destroy_table_function(&function);
  if (state != DuckDBSuccess) fail(ErrorKind::internal, "DuckDB takes no table function");
}

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
  for (std::size_t c = 0; c < rows.columns().size(); ++c) {
    const ColumnSpec& spec = rows.columns()[c].spec;
    const std::string sql = fmt::format("c{}", c);
    const bool time = spec.type == ColumnType::date || spec.type == ColumnType::datetime;
    parts.push_back(fmt::format("{} AS {}", time && rows.form().text_times ? time_text(spec, sql) : sql,
                                sql_identifier(spec.name)));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void warn_of_empty_subjects(const Cohort& cohort, const std::string& path, const Context& context) {
  if (!cohort.schema.has_series()) return;
  std::int64_t empty = 0;
  for (std::int64_t s = 0; s < cohort.size(); ++s) empty += cohort.series_rows(s) == 0;
  if (empty > 0) context.warning(fmt::format("{} subjects have no rows and are not in '{}'", empty, path));
}

}  // namespace

void copy_cohort(const Cohort& cohort, const std::string& path, const FlatForm& form, const std::string& copy_options,
                 const Context& context) {
  warn_of_empty_subjects(cohort, path, context);
  write_atomically(path, [&](const std::string& part) {
    FlatRows rows(cohort, form);
    Database database({.threads = 1, .paths = {part}});
    register_rows(database, rows);
    try {
      database.query(fmt::format("COPY (SELECT {} FROM cohort_rows()) TO {} ({}, USE_TMP_FILE false)",
                                 select_list(rows), sql_text(part), copy_options));
    } catch (const DatabaseError& error) {
      const std::string text = error.what();
      fail(ErrorKind::input, "cannot write '{}': {}", path, text.substr(0, text.find('\n')));
    }
  });
}

}  // namespace understudy
