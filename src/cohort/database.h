// DuckDB's C API with owners: a database in memory that sees the files it was given and nothing else.
//
//   Database database({.threads = 2, .paths = {"days.csv"}});
//   Result result = database.query("SELECT ...", Database::streaming);
//   while (result.next()) use(result.rows(), result.text(0, row), result.values<double>(1));
#pragma once

#include <duckdb.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/error.h"

namespace understudy {

// What DuckDB says when a query fails. The callers turn it into a message about the file.
class DatabaseError : public Error {
 public:
  explicit DatabaseError(const std::string& message) : Error(ErrorKind::input, message) {}
};

std::string sql_text(std::string_view value);       // 'it''s'
std::string sql_identifier(std::string_view name);  // "a ""name"""

// The rows of a query, chunk by chunk (at most 2048 rows each), columns flat.
class Result {
 public:
  Result() = default;
  explicit Result(duckdb_result result) : result_(result), open_(true) {}
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  Result(Result&& other) noexcept { swap(other); }
  Result& operator=(Result&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Result();

  bool next();  // false: no more rows; DatabaseError when the query fails on its way
  std::int64_t rows() const { return rows_; }
  duckdb_type type(std::size_t column);
  // Of the current chunk. `text` is for VARCHAR; values<T> for the C type of the column.
  bool valid(std::size_t column, std::int64_t row) const {
    const std::uint64_t* mask = validity_[column];
    return mask == nullptr || ((mask[row >> 6] >> (row & 63)) & 1U) != 0;
  }
  std::string_view text(std::size_t column, std::int64_t row) const {
    const duckdb_string_t& value = static_cast<const duckdb_string_t*>(data_[column])[row];
    const std::uint32_t length = value.value.inlined.length;
    return {length <= 12 ? value.value.inlined.inlined : value.value.pointer.ptr, length};
  }
  template <class T>
  const T* values(std::size_t column) const {
    return static_cast<const T*>(data_[column]);
  }

 private:
  void swap(Result& other) noexcept;

  duckdb_result result_{};
  bool open_ = false;
  duckdb_data_chunk chunk_ = nullptr;
  std::int64_t rows_ = 0;
  std::vector<const void*> data_;
  std::vector<const std::uint64_t*> validity_;
};

struct DatabaseOptions {
  int threads = 1;
  std::vector<std::string> paths;  // files that may be read and written
  std::string time_zone = "UTC";   // of datetimes without one
  std::vector<std::string> settings = {};  // "name = value" of DuckDB, before the configuration is locked
};

// No extension is installed or loaded, nothing is spilled to disk, memory is bounded.
class Database {
 public:
  enum Mode { whole, streaming };

  explicit Database(const DatabaseOptions& options);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  Result query(const std::string& sql, Mode mode = whole);
  duckdb_connection connection() { return connection_; }

 private:
  void configure(const DatabaseOptions& options);

  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

}  // namespace understudy
