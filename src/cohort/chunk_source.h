// Rows that our own code makes, as a table function of DuckDB.
//
//   offer(database, "cohort_rows", rows);
//   database.query("COPY (SELECT * FROM cohort_rows()) TO ...");
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cohort/database.h"

namespace understudy {

class ChunkSource {
 public:
  virtual ~ChunkSource() = default;
  // Names and types of the columns.
  virtual std::vector<std::pair<std::string, duckdb_type>> columns() const = 0;
  // Called when a query begins to read: the first row comes next.
  virtual void rewind() = 0;
  // The next rows, from one thread at a time; none: the end.
  virtual void fill(duckdb_data_chunk chunk) = 0;
};

// `source` outlives the database. A query may read it once.
void offer(Database& database, const std::string& name, ChunkSource& source);

inline void assign_text(duckdb_vector vector, idx_t row, std::string_view text) {
  duckdb_vector_assign_string_element_len(vector, row, text.data(), text.size());
}

}  // namespace understudy
