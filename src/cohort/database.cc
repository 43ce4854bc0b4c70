#include "cohort/database.h"

#include <utility>

namespace understudy {
namespace {

std::string replaced(std::string_view value, char mark) {
  std::string result(1, mark);
  for (const char c : value) {
    result += c;
    if (c == mark) result += c;
  }
  return result + mark;
}

duckdb_database open_database(const DatabaseOptions& options) {
  duckdb_config config = nullptr;
  if (duckdb_create_config(&config) != DuckDBSuccess) fail(ErrorKind::internal, "DuckDB gives no configuration");
  const std::pair<const char*, std::string> settings[] = {{"threads", std::to_string(options.threads)},
                                                          {"memory_limit", "2GB"},
                                                          {"temp_directory", ""},
                                                          {"autoinstall_known_extensions", "false"},
                                                          {"autoload_known_extensions", "false"}};
  for (const auto& [name, value] : settings) duckdb_set_config(config, name, value.c_str());
  duckdb_database database = nullptr;
  char* error = nullptr;
  const duckdb_state state = duckdb_open_ext(nullptr, &database, config, &error);
  duckdb_destroy_config(&config);
  if (state == DuckDBSuccess) return database;
  const std::string message = error != nullptr ? error : "unknown reason";
  duckdb_free(error);
  fail(ErrorKind::internal, "DuckDB does not start: {}", message);
}

}  // namespace

std::string sql_text(std::string_view value) { return replaced(value, '\''); }
std::string sql_identifier(std::string_view name) { return replaced(name, '"'); }

Result::~Result() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  if (open_) duckdb_destroy_result(&result_);
}

void Result::swap(Result& other) noexcept {
  std::swap(result_, other.result_);
  std::swap(open_, other.open_);
  std::swap(chunk_, other.chunk_);
  std::swap(rows_, other.rows_);
  data_.swap(other.data_);
  validity_.swap(other.validity_);
}

bool Result::next() {
  if (chunk_ != nullptr) duckdb_destroy_data_chunk(&chunk_);
  chunk_ = duckdb_fetch_chunk(result_);
  if (chunk_ == nullptr) {
    const char* error = duckdb_result_error(&result_);
    if (error != nullptr && *error != '\0') throw DatabaseError(error);
    return false;
  }
  rows_ = static_cast<std::int64_t>(duckdb_data_chunk_get_size(chunk_));
  const idx_t columns = duckdb_data_chunk_get_column_count(chunk_);
  data_.resize(columns);
  validity_.resize(columns);
  for (idx_t c = 0; c < columns; ++c) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_, c);
    data_[c] = duckdb_vector_get_data(vector);
    validity_[c] = duckdb_vector_get_validity(vector);
  }
  return true;
}

duckdb_type Result::type(std::size_t column) { return duckdb_column_type(&result_, column); }

Database::Database(const DatabaseOptions& options) : database_(open_database(options)) {
  if (duckdb_connect(database_, &connection_) != DuckDBSuccess) {
    duckdb_close(&database_);
    fail(ErrorKind::internal, "DuckDB gives no connection");
  }
  try {
    configure(options);
  } catch (...) {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
    throw;
  }
}

Database::~Database() {
  duckdb_disconnect(&connection_);
  duckdb_close(&database_);
}

void Database::configure(const DatabaseOptions& options) {
  std::vector<std::string> paths;
  for (const std::string& path : options.paths) paths.push_back(sql_text(path));
  try {
    query("SET TimeZone = " + sql_text(options.time_zone));
  } catch (const DatabaseError&) {
    fail(ErrorKind::usage, "time zone '{}' is unknown; write one such as Europe/Berlin or UTC", options.time_zone);
  }
  for (const std::string& setting : options.settings) query("SET " + setting);
  query(fmt::format("SET allowed_paths = [{}]", fmt::join(paths, ", ")));
  query("SET enable_external_access = false");
  query("SET lock_configuration = true");
}

Result Database::query(const std::string& sql, Mode mode) {
  duckdb_result result{};
  duckdb_state state = DuckDBError;
  if (mode == whole) {
    state = duckdb_query(connection_, sql.c_str(), &result);
  } else {
    duckdb_prepared_statement statement = nullptr;
    state = duckdb_prepare(connection_, sql.c_str(), &statement);
    if (state != DuckDBSuccess) {
      const char* error = duckdb_prepare_error(statement);
      const std::string message = error != nullptr ? error : "unknown reason";
      duckdb_destroy_prepare(&statement);
      throw DatabaseError(message);
    }
    state = duckdb_execute_prepared_streaming(statement, &result);
    duckdb_destroy_prepare(&statement);
  }
  Result owner(result);
  if (state == DuckDBSuccess) return owner;
  const char* error = duckdb_result_error(&result);
  throw DatabaseError(error != nullptr ? error : "unknown reason");
}

}  // namespace understudy
