// A columnar table: one typed vector per column and a validity bitmap.
//
//   Table table(schema.series());
//   table.resize(rows);
//   table.column(0).set_number(row, 8123);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "understudy/schema.h"

namespace understudy {

// One bit per row; 1: the value is there.
class Validity {
 public:
  std::int64_t size() const { return size_; }
  void resize(std::int64_t size, bool valid = true);
  bool operator[](std::int64_t row) const { return (words_[static_cast<std::size_t>(row >> 6)] >> (row & 63)) & 1U; }
  void set(std::int64_t row, bool valid);
  std::int64_t count() const;  // of valid rows

 private:
  std::vector<std::uint64_t> words_;
  std::int64_t size_ = 0;
};

// real: double. integer, date (days), datetime (microseconds since 1970, UTC): int64. category, ordinal, boolean:
// int32 index into the column's categories. id, text: string. codes: such indices, ascending, each once; never missing.
// What stands under a missing value has no meaning.
class Column {
 public:
  using Values = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::int32_t>,
                              std::vector<std::string>, std::vector<std::vector<std::int32_t>>>;

  explicit Column(ColumnType type);

  ColumnType type() const { return type_; }
  std::int64_t size() const { return valid_.size(); }
  void resize(std::int64_t size);                                   // new values are missing; codes: empty sets
  bool is_valid(std::int64_t row) const { return valid_[row]; }
  const Validity& validity() const { return valid_; }
  void set_missing(std::int64_t row);                               // codes: the empty set
  bool is_written(std::int64_t row) const;                          // neither missing nor an empty set

  double number(std::int64_t row) const;                            // every type but id, text and codes
  void set_number(std::int64_t row, double value);                  // rounds to the nearest integer where that is stored
  const std::string& string(std::int64_t row) const;                // id and text
  void set_string(std::int64_t row, std::string value);
  const std::vector<std::int32_t>& codes(std::int64_t row) const;   // codes
  void set_codes(std::int64_t row, std::vector<std::int32_t> codes);  // in any order; one given twice counts once

  Column select(std::span<const std::int64_t> rows) const;
  // All values as numbers, NaN where missing. Not for id, text and codes.
  std::vector<double> numbers() const;

  template <class T>
  std::span<const T> values() const { return std::get<std::vector<T>>(values_); }
  template <class T>
  std::span<T> values() { return std::get<std::vector<T>>(values_); }

  bool operator==(const Column& other) const;                       // missing equals missing

 private:
  ColumnType type_;
  Values values_;
  Validity valid_;
};

// Codes as a cell holds them: ascending, each once, of more than `most` the first ones.
std::vector<std::int32_t> as_set(std::vector<std::int32_t> codes, std::optional<std::int64_t> most = {});

class Table {
 public:
  Table() = default;
  explicit Table(std::span<const ColumnSpec> specs);

  std::int64_t rows() const { return rows_; }
  std::size_t width() const { return columns_.size(); }
  void resize(std::int64_t rows);
  const std::string& name(std::size_t index) const { return names_[index]; }
  std::span<const std::string> names() const { return names_; }
  int find(std::string_view name) const;                            // -1 when there is none
  Column& column(std::size_t index) { return columns_[index]; }
  const Column& column(std::size_t index) const { return columns_[index]; }
  const Column& column(std::string_view name) const;                // ErrorKind::input when there is none
  Table select(std::span<const std::int64_t> rows) const;
  void append(const Table& other);                                  // same columns

  bool operator==(const Table& other) const = default;

 private:
  std::vector<std::string> names_;
  std::vector<Column> columns_;
  std::int64_t rows_ = 0;
};

}  // namespace understudy
