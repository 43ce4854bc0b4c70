// From cells as DuckDB gives them to the values of a column, with every cell that does not fit reported.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cohort/database.h"
#include "cohort/readers/problems.h"
#include "cohort/readers/scan.h"
#include "understudy/reader.h"
#include "understudy/table.h"

namespace understudy {

// What a SELECT asks for to fill one column: the cell, and for times also the cell as text (parsed or null; as
// written).
std::vector<std::string> cell_expressions(const ColumnSpec& spec, const FileScan::FileColumn& column);

// "outside [0, 1440]"
std::string outside_words(const ColumnSpec& spec);

// Where the rows of the current chunk stand.
struct ChunkPlace {
  std::size_t file = 0;
  std::int64_t file_row = 0;    // of the chunk's first row, counted from 0 in the file
  std::int64_t column_row = 0;  // the same in the column that is filled
};

class CellReader {
 public:
  CellReader(const ColumnSpec& spec, const ReadOptions& options, Problems& problems);

  // Stores the chunk's cells; `at` is the result column of the first expression. `out` is large enough already.
  void read(Result& result, std::size_t at, const ChunkPlace& place, bool has_missing_texts, Column& out);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  bool is_missing_text(std::string_view text) const;
  void report(std::string_view what, std::int64_t row, std::string_view value);
  void read_numbers(Result& result, std::size_t at, Column& out);
  void read_texts(Result& result, std::size_t at, Column& out);
  void read_times(Result& result, std::size_t at, Column& out);
  void take_text(std::int64_t row, std::string_view text, Column& out);
  void take_codes(std::int64_t row, std::string_view text, Column& out);
  std::optional<std::int32_t> category(std::string_view text) const;  // as written, else without blanks at the ends
  void take_number_text(std::int64_t row, std::string_view text, Column& out);
  void store_integer(std::int64_t row, std::int64_t value, std::string_view text, Column& out);
  void store_real(std::int64_t row, double value, std::string_view text, Column& out);
  bool in_bounds(std::int64_t row, double value, std::string_view text);

  const ColumnSpec spec_;
  const ReadOptions& options_;
  Problems& problems_;
  ChunkPlace place_;
  bool missing_texts_ = false;
  std::string outside_;     // "outside [0, 1440]"
  std::string undeclared_;  // "not a declared category (F, M)"
  std::string too_many_;    // "a set of more than max_codes = 5 codes, ..."
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> categories_;
};

}  // namespace understudy
