#include "understudy/table.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "understudy/error.h"

namespace understudy {
namespace {

Column::Values empty_values(ColumnType type) {
  if (type == ColumnType::real) return std::vector<double>{};
  if (is_numeric(type)) return std::vector<std::int64_t>{};
  if (is_categorical(type)) return std::vector<std::int32_t>{};
  if (is_set(type)) return std::vector<std::vector<std::int32_t>>{};
  return std::vector<std::string>{};
}

std::size_t index(std::int64_t row) { return static_cast<std::size_t>(row); }

}  // namespace

void Validity::resize(std::int64_t size, bool valid) {
  const std::int64_t old = size_;
  words_.resize(index((size + 63) / 64), 0);
  size_ = size;
  for (std::int64_t row = old; row < size && (row & 63) != 0; ++row) set(row, valid);
  const std::int64_t whole = std::min((old + 63) / 64 * 64, size);
  std::fill(words_.begin() + (whole + 63) / 64, words_.end(), valid ? ~std::uint64_t{0} : 0);
  if ((size & 63) != 0) words_.back() &= (std::uint64_t{1} << (size & 63)) - 1;
}

void Validity::set(std::int64_t row, bool valid) {
  const std::uint64_t bit = std::uint64_t{1} << (row & 63);
  if (valid) {
    words_[index(row >> 6)] |= bit;
  } else {
    words_[index(row >> 6)] &= ~bit;
  }
}

std::int64_t Validity::count() const {
  std::int64_t total = 0;
  for (const std::uint64_t word : words_) total += std::popcount(word);
  return total;
}

Column::Column(ColumnType type) : type_(type), values_(empty_values(type)) {}

void Column::resize(std::int64_t size) {
  std::visit([&](auto& values) { values.resize(index(size)); }, values_);
  valid_.resize(size, is_set(type_));
}

void Column::set_missing(std::int64_t row) {
  if (is_set(type_)) return set_codes(row, {});
  valid_.set(row, false);
}

bool Column::is_written(std::int64_t row) const { return is_valid(row) && !(is_set(type_) && codes(row).empty()); }

double Column::number(std::int64_t row) const {
  switch (values_.index()) {
    case 0: return std::get<0>(values_)[index(row)];
    case 1: return static_cast<double>(std::get<1>(values_)[index(row)]);
    case 2: return std::get<2>(values_)[index(row)];
    default: fail(ErrorKind::internal, "a {} column was read as a number", to_string(type_));
  }
}

void Column::set_number(std::int64_t row, double value) {
  switch (values_.index()) {
    case 0: std::get<0>(values_)[index(row)] = value; break;
    case 1: std::get<1>(values_)[index(row)] = std::llround(value); break;
    case 2: std::get<2>(values_)[index(row)] = static_cast<std::int32_t>(std::lround(value)); break;
    default: fail(ErrorKind::internal, "a {} column was written as a number", to_string(type_));
  }
  valid_.set(row, true);
}

const std::string& Column::string(std::int64_t row) const { return std::get<3>(values_)[index(row)]; }

void Column::set_string(std::int64_t row, std::string value) {
  std::get<3>(values_)[index(row)] = std::move(value);
  valid_.set(row, true);
}

const std::vector<std::int32_t>& Column::codes(std::int64_t row) const { return std::get<4>(values_)[index(row)]; }

void Column::set_codes(std::int64_t row, std::vector<std::int32_t> codes) {
  std::get<4>(values_)[index(row)] = as_set(std::move(codes));
}

Column Column::select(std::span<const std::int64_t> rows) const {
  Column result(type_);
  result.resize(static_cast<std::int64_t>(rows.size()));
  std::visit(
      [&](auto& to) {
        const auto& from = std::get<std::decay_t<decltype(to)>>(values_);
        for (std::size_t i = 0; i < rows.size(); ++i) to[i] = from[index(rows[i])];
      },
      result.values_);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (valid_[rows[i]]) result.valid_.set(static_cast<std::int64_t>(i), true);
  }
  return result;
}

std::vector<double> Column::numbers() const {
  std::vector<double> result(index(size()), std::numeric_limits<double>::quiet_NaN());
  for (std::int64_t row = 0; row < size(); ++row) {
    if (is_valid(row)) result[index(row)] = number(row);
  }
  return result;
}

bool Column::operator==(const Column& other) const {
  if (type_ != other.type_ || size() != other.size()) return false;
  if (is_set(type_)) return values_ == other.values_;
  for (std::int64_t row = 0; row < size(); ++row) {
    if (is_valid(row) != other.is_valid(row)) return false;
    if (!is_valid(row)) continue;
    const bool same = values_.index() == 3 ? string(row) == other.string(row) : number(row) == other.number(row);
    if (!same) return false;
  }
  return true;
}

std::vector<std::int32_t> as_set(std::vector<std::int32_t> codes, std::optional<std::int64_t> most) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  if (most && static_cast<std::int64_t>(codes.size()) > *most) codes.resize(static_cast<std::size_t>(*most));
  return codes;
}

Table::Table(std::span<const ColumnSpec> specs) {
  for (const ColumnSpec& spec : specs) {
    names_.push_back(spec.name);
    columns_.emplace_back(spec.type);
  }
}

void Table::resize(std::int64_t rows) {
  rows_ = rows;
  for (Column& column : columns_) column.resize(rows);
}

int Table::find(std::string_view name_wanted) const {
  const auto it = std::find(names_.begin(), names_.end(), name_wanted);
  return it == names_.end() ? -1 : static_cast<int>(it - names_.begin());
}

const Column& Table::column(std::string_view name_wanted) const {
  const int at = find(name_wanted);
  if (at < 0) fail(ErrorKind::input, "the table has no column '{}'; it has {}", name_wanted, fmt::join(names_, ", "));
  return columns_[static_cast<std::size_t>(at)];
}

Table Table::select(std::span<const std::int64_t> rows) const {
  Table result;
  result.names_ = names_;
  result.rows_ = static_cast<std::int64_t>(rows.size());
  for (const Column& column : columns_) result.columns_.push_back(column.select(rows));
  return result;
}

void Table::append(const Table& other) {
  const std::int64_t base = rows_;
  resize(base + other.rows_);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& from = other.columns_[c];
    Column& to = columns_[c];
    for (std::int64_t row = 0; row < other.rows_; ++row) {
      if (!from.is_valid(row)) continue;
      if (to.type() == ColumnType::id || to.type() == ColumnType::text) {
        to.set_string(base + row, from.string(row));
      } else if (is_set(to.type())) {
        to.set_codes(base + row, from.codes(row));
      } else {
        to.set_number(base + row, from.number(row));
      }
    }
  }
}

}  // namespace understudy
