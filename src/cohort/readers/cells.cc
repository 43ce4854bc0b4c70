#include "cohort/readers/cells.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cohort/readers/cell_text.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kMicrosecondsPerDay = 86400LL * 1000000;

// The column's own format, and beside the usual export format of Fitbit days the form it has with a midnight.
std::vector<std::string> formats(const ColumnSpec& spec) {
  std::vector<std::string> result;
  if (spec.format.empty()) return result;
  result.push_back(spec.format);
  if (spec.format.starts_with("%m/%d/%Y")) {
    for (const char* form : {"%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y"}) {
      if (spec.format != form) result.push_back(form);
    }
  }
  return result;
}

std::string format_list(const std::vector<std::string>& list) {
  std::vector<std::string> texts;
  for (const std::string& format : list) texts.push_back(sql_text(format));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

// A point in time or null: dates as written, datetimes in UTC.
std::string time_expression(const ColumnSpec& spec, const FileScan::FileColumn& column) {
  const std::string type = spec.type == ColumnType::date ? "TIMESTAMP" : "TIMESTAMPTZ";
  std::string time = fmt::format("TRY_CAST({} AS {})", column.sql, type);
  const std::vector<std::string> list = formats(spec);
  if (column.kind == FileScan::Kind::text && !list.empty()) {
    time = fmt::format("COALESCE(TRY_CAST(try_strptime({}, {}) AS {}), {})", column.sql, format_list(list), type, time);
  }
  return fmt::format("epoch_us(CASE WHEN isfinite({0}) THEN {0} END)", time);
}

bool is_time(ColumnType type) { return type == ColumnType::date || type == ColumnType::datetime; }

void add_boolean_words(std::unordered_map<std::string, std::int32_t>& words) {
  for (const char* word : {"False", "FALSE", "f", "F", "0", "no", "No", "NO", "n", "N"}) words.emplace(word, 0);
  for (const char* word : {"True", "TRUE", "t", "T", "1", "yes", "Yes", "YES", "y", "Y"}) words.emplace(word, 1);
}

}  // namespace

std::string outside_words(const ColumnSpec& spec) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return fmt::format("outside [{}, {}]", spec.minimum.value_or(-kInfinity), spec.maximum.value_or(kInfinity));
}

std::vector<std::string> cell_expressions(const ColumnSpec& spec, const FileScan::FileColumn& column) {
  using Kind = FileScan::Kind;
  const std::string text = column.kind == Kind::text ? column.sql : fmt::format("CAST({} AS VARCHAR)", column.sql);
  if (is_time(spec.type)) return {time_expression(spec, column), text};
  const bool number = spec.type == ColumnType::real || spec.type == ColumnType::integer;
  if (number && column.kind == Kind::real) return {fmt::format("CAST({} AS DOUBLE)", column.sql)};
  if (number && column.kind == Kind::integer) return {fmt::format("CAST({} AS BIGINT)", column.sql)};
  return {text};
}

CellReader::CellReader(const ColumnSpec& spec, const ReadOptions& options, Problems& problems)
    : spec_(spec), options_(options), problems_(problems) {
  outside_ = outside_words(spec);
  if (!is_categorical(spec.type) && !is_set(spec.type)) return;
  if (spec.max_codes) {
    too_many_ = fmt::format("a set of more than max_codes = {} codes; the first of them in the schema's order are kept",
                            *spec.max_codes);
  }
  for (std::size_t i = 0; i < spec.categories.size(); ++i) {
    categories_.emplace(spec.categories[i], static_cast<std::int32_t>(i));
  }
  constexpr std::size_t kShown = 12;
  const auto end = spec.categories.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, spec.categories.size()));
  undeclared_ =
      fmt::format("not a declared category of {} ({}{})", spec.categories.size(),
                  fmt::join(spec.categories.begin(), end, ", "), spec.categories.size() > kShown ? ", ..." : "");
  if (spec.type == ColumnType::boolean && spec.categories == std::vector<std::string>{"false", "true"}) {
    std::unordered_map<std::string, std::int32_t> words;
    add_boolean_words(words);
    categories_.insert(words.begin(), words.end());
  }
}

bool CellReader::is_missing_text(std::string_view text) const {
  if (text.empty()) return true;
  if (!missing_texts_) return false;
  const auto& missing = options_.missing_values;
  return std::find(missing.begin(), missing.end(), text) != missing.end();
}

void CellReader::report(std::string_view what, std::int64_t row, std::string_view value) {
  problems_.add(Problems::Kind::cell, place_.file, spec_.name, what, place_.file_row + row, value);
}

void CellReader::read(Result& result, std::size_t at, const ChunkPlace& place, bool has_missing_texts, Column& out) {
  place_ = place;
  missing_texts_ = has_missing_texts;
  if (is_time(spec_.type)) {
    read_times(result, at, out);
  } else if (result.type(at) == DUCKDB_TYPE_VARCHAR) {
    read_texts(result, at, out);
  } else {
    read_numbers(result, at, out);
  }
  if (spec_.nullable || is_set(spec_.type)) return;
  for (std::int64_t row = 0; row < result.rows(); ++row) {
    const bool null = !result.valid(at, row) ||
                      (result.type(at) == DUCKDB_TYPE_VARCHAR && is_missing_text(trimmed(result.text(at, row))));
    if (null && !is_time(spec_.type)) report("missing although nullable = false", row, "");
  }
}

void CellReader::read_texts(Result& result, std::size_t at, Column& out) {
  const bool number = is_numeric(spec_.type);
  for (std::int64_t row = 0; row < result.rows(); ++row) {
    if (!result.valid(at, row)) continue;
    if (number) {
      take_number_text(row, trimmed(result.text(at, row)), out);
    } else {
      take_text(row, result.text(at, row), out);
    }
  }
}

void CellReader::take_text(std::int64_t row, std::string_view text, Column& out) {
  const std::int64_t at = place_.column_row + row;
  if (is_set(spec_.type)) return take_codes(row, text, out);
  if (!is_categorical(spec_.type)) {
    if (!is_missing_text(text)) out.set_string(at, std::string(text));
    return;
  }
  // A declared category wins over a missing value of the same name.
  const auto found = categories_.find(text);
  if (found != categories_.end()) {
    out.set_number(at, found->second);
  } else if (!is_missing_text(text)) {
    report(undeclared_, row, text);
  }
}

std::optional<std::int32_t> CellReader::category(std::string_view text) const {
  auto found = categories_.find(text);
  if (found == categories_.end()) found = categories_.find(trimmed(text));
  return found == categories_.end() ? std::nullopt : std::optional(found->second);
}

void CellReader::take_codes(std::int64_t row, std::string_view text, Column& out) {
  if (!category(text) && is_missing_text(trimmed(text))) return;
  std::vector<std::int32_t> codes;
  for (const std::string_view piece : code_pieces(text)) {
    if (const auto code = category(piece)) {
      codes.push_back(*code);
    } else if (!trimmed(piece).empty()) {
      report(undeclared_, row, trimmed(piece));
    }
  }
  codes = as_set(std::move(codes));
  if (spec_.max_codes && static_cast<std::int64_t>(codes.size()) > *spec_.max_codes) {
    problems_.add(Problems::Kind::excess, place_.file, spec_.name, too_many_, place_.file_row + row, text);
    codes = as_set(std::move(codes), spec_.max_codes);
  }
  out.set_codes(place_.column_row + row, std::move(codes));
}

void CellReader::take_number_text(std::int64_t row, std::string_view text, Column& out) {
  if (spec_.type == ColumnType::integer) {
    if (const auto value = parse_integer(text, options_.decimal_comma)) return store_integer(row, *value, text, out);
    if (!is_missing_text(text)) report("not an integer", row, text);
    return;
  }
  // Missing first: "nan" is both a number and a usual mark of a missing value.
  if (is_missing_text(text)) return;
  const auto value = parse_real(text, options_.decimal_comma);
  if (!value) return report("not a number", row, text);
  store_real(row, *value, text, out);
}

void CellReader::read_numbers(Result& result, std::size_t at, Column& out) {
  const bool real = result.type(at) == DUCKDB_TYPE_DOUBLE;
  for (std::int64_t row = 0; row < result.rows(); ++row) {
    if (!result.valid(at, row)) continue;
    const std::int64_t whole = real ? 0 : result.values<std::int64_t>(at)[row];
    const double value = real ? result.values<double>(at)[row] : static_cast<double>(whole);
    if (spec_.type == ColumnType::real) {
      store_real(row, value, {}, out);
    } else if (!real) {
      store_integer(row, whole, {}, out);
    } else if (value == std::floor(value) && std::abs(value) < 9.2e18) {
      store_integer(row, static_cast<std::int64_t>(value), {}, out);
    } else {
      report("not an integer", row, fmt::format("{}", value));
    }
  }
}

void CellReader::read_times(Result& result, std::size_t at, Column& out) {
  const bool date = spec_.type == ColumnType::date;
  const std::string form = spec_.format.empty() ? "ISO 8601; give the column's format" : spec_.format;
  const std::string unreadable = fmt::format("not a {} ({})", to_string(spec_.type), form);
  for (std::int64_t row = 0; row < result.rows(); ++row) {
    const bool has_text = result.valid(at + 1, row);
    const std::string_view text = has_text ? result.text(at + 1, row) : std::string_view{};
    if (!has_text || is_missing_text(trimmed(text))) {
      if (!spec_.nullable) report("missing although nullable = false", row, "");
      continue;
    }
    if (!result.valid(at, row)) {
      report(unreadable, row, text);
      continue;
    }
    std::int64_t value = result.values<std::int64_t>(at)[row];
    if (date && value % kMicrosecondsPerDay != 0) {
      report("a time of day in a date column", row, text);
      continue;
    }
    if (date) value /= kMicrosecondsPerDay;
    store_integer(row, value, text, out);
  }
}

bool CellReader::in_bounds(std::int64_t row, double value, std::string_view text) {
  const bool inside = (!spec_.minimum || value >= *spec_.minimum) && (!spec_.maximum || value <= *spec_.maximum);
  if (!inside) report(outside_, row, text.empty() ? fmt::format("{}", value) : std::string(text));
  return inside;
}

void CellReader::store_integer(std::int64_t row, std::int64_t value, std::string_view text, Column& out) {
  if (!in_bounds(row, static_cast<double>(value), text)) return;
  const std::int64_t at = place_.column_row + row;
  out.set_number(at, 0);
  out.values<std::int64_t>()[static_cast<std::size_t>(at)] = value;
}

void CellReader::store_real(std::int64_t row, double value, std::string_view text, Column& out) {
  if (!std::isfinite(value))
    return report("not finite", row, text.empty() ? fmt::format("{}", value) : std::string(text));
  if (spec_.decimals) value = round_to(value, *spec_.decimals);
  if (in_bounds(row, value, text)) out.set_number(place_.column_row + row, value);
}

}  // namespace understudy
