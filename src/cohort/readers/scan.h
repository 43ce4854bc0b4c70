// One data file as DuckDB sees it: its columns, and the SQL that reads it.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cohort/database.h"
#include "understudy/reader.h"

namespace understudy {

struct FileScan {
  // How the cells of a column come out of DuckDB.
  enum class Kind { text, integer, real, date, datetime, other };
  struct FileColumn {
    std::string name;  // as in the file
    std::string sql;   // how a SELECT from `table` names it
    Kind kind = Kind::text;
  };

  std::string path;
  std::string table;  // what stands after FROM; rows come in the order of the file
  std::vector<FileColumn> columns;
  bool has_missing_texts = false;  // missing values are texts (CSV), not nulls alone
  std::string_view line_word = "line";
  std::string advice;  // what to try when a column is not found; may be empty
  // Of text files: `table` with its columns, by position, as these DuckDB types, and null where the text means missing;
  // a cell that is none of its type stops the query.
  std::function<std::string(const std::vector<std::string>& types)> typed_table;
  // Rows counted from 0 to places a person finds: lines of a text file, else rows counted from 1.
  std::function<std::vector<std::int64_t>(std::vector<std::int64_t>)> locate;

  const FileColumn* find(std::string_view name) const;
  std::string header() const;  // the names, for messages
};

using OpenFile = FileScan (*)(Database& database, const std::string& path, const ReadOptions& options);
FileScan open_csv(Database& database, const std::string& path, const ReadOptions& options);
// Files of one kind as one table, with one more column, filename. ErrorKind::input when their headers differ.
FileScan open_csv_files(Database& database, const std::vector<std::string>& paths, const ReadOptions& options);
FileScan open_parquet(Database& database, const std::string& path, const ReadOptions& options);
FileScan open_json(Database& database, const std::string& path, const ReadOptions& options);

// The columns of a file that knows its own types. ErrorKind::input when DuckDB cannot read it.
FileScan open_typed(Database& database, const std::string& path, const std::string& table);

// The files of a source in the order of their names: the path itself, or what a pattern with * ? [ matches.
// ErrorKind::input when there is none.
std::vector<std::string> expand_path(const std::string& path);

// Says about a file what DuckDB said about a query.
[[noreturn]] void refuse_file(const std::string& path, const ReadOptions& options, const DatabaseError& error);

// Reads a .gz file to its end. ErrorKind::input when it is cut short or damaged, which DuckDB does not notice.
void check_gzip(const std::string& path);

}  // namespace understudy
