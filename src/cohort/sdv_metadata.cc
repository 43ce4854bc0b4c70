// SDV metadata, read as a schema: V1, SINGLE_TABLE_V1, MULTI_TABLE_V1 (SDV 1) and V2 (SDV 2: ranges, ordinal).
//
// A sequence key becomes the subject, a sequence index the time; without them the primary key is the subject, and
// without that every row is one. What the metadata does not give (V1 knows no bounds and no categories) stays unset.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cohort/database.h"
#include "core/json.h"
#include "understudy/error.h"
#include "understudy/schema.h"

namespace understudy {
namespace {

using Json = nlohmann::ordered_json;

struct Place {
  std::string_view file;   // "metadata.json"
  std::string_view table;  // what stands after '#'; empty: the only one
};

std::string text(const Json& object, const char* key, std::string_view where) {
  const auto it = object.find(key);
  if (it == object.end() || it->is_null()) return {};
  if (!it->is_string()) fail(ErrorKind::input, "{}: {} must be one string", where, key);
  return it->get<std::string>();
}

std::vector<std::string> value_list(const Json& values, std::string_view where) {
  if (!values.is_array())
    fail(ErrorKind::input, "{}: a list of values was expected, found {}", where, values.type_name());
  std::vector<std::string> result;
  for (const Json& value : values) result.push_back(value.is_string() ? value.get<std::string>() : value.dump());
  return result;
}

bool has_time_of_day(const std::string& format) {
  return std::any_of(format.begin(), format.end(), [&](const char& c) {
    return &c != format.data() && *(&c - 1) == '%' && std::string_view("HIMSfpXcTs").find(c) != std::string_view::npos;
  });
}

// A range of a datetime column is text in the column's own format.
double time_value(const std::string& value, const ColumnSpec& spec, std::string_view where) {
  Database database({});
  const std::string parsed =
      spec.format.empty() ? "NULL" : fmt::format("try_strptime({}, {})", sql_text(value), sql_text(spec.format));
  Result result =
      database.query(fmt::format("SELECT epoch_us(COALESCE({}, TRY_CAST({} AS TIMESTAMP)))", parsed, sql_text(value)));
  if (!result.next() || !result.valid(0, 0)) {
    fail(ErrorKind::input, "{}: '{}' is no date in the format '{}'", where, value,
         spec.format.empty() ? "ISO 8601" : spec.format);
  }
  const auto microseconds = static_cast<double>(result.values<std::int64_t>(0)[0]);
  return spec.type == ColumnType::date ? std::floor(microseconds / 86400e6) : microseconds;
}

std::optional<double> range_bound(const Json& column, const char* key, const ColumnSpec& spec, std::string_view where) {
  const auto it = column.find(key);
  if (it == column.end() || it->is_null()) return std::nullopt;
  const bool is_time = spec.type == ColumnType::date || spec.type == ColumnType::datetime;
  if (is_time && it->is_string()) return time_value(it->get<std::string>(), spec, where);
  if (!is_time && it->is_number() && std::isfinite(it->get<double>())) return it->get<double>();
  fail(ErrorKind::input, "{}: {} is {}; accepted: a {}", where, key, it->dump(), is_time ? "date as text" : "number");
}

void numerical(const Json& column, ColumnSpec& spec, std::string_view where) {
  const std::string stored = text(column, "computer_representation", where);
  spec.type = stored.starts_with("Int") || stored.starts_with("UInt") ? ColumnType::integer : ColumnType::real;
  const auto places = column.find("decimal_places");
  if (places == column.end() || places->is_null()) return;
  if (!places->is_number_integer()) fail(ErrorKind::input, "{}: decimal_places must be a whole number", where);
  const auto count = places->get<std::int64_t>();
  if (count < 0 || count > 15) fail(ErrorKind::input, "{}: decimal_places is {}; accepted: 0 to 15", where, count);
  if (count == 0) {
    spec.type = ColumnType::integer;
  } else {
    spec.decimals = static_cast<int>(count);
  }
}

void categorical(const Json& column, ColumnSpec& spec, bool ordinal, std::string_view where) {
  const auto order = column.find("order");
  const bool ordered = order != column.end() && order->is_array();
  spec.type = ordinal || ordered ? ColumnType::ordinal : ColumnType::category;
  if (const auto values = column.find("range_values"); values != column.end() && !values->is_null()) {
    spec.categories = value_list(*values, where);
  } else if (ordered) {
    spec.categories = value_list(*order, where);
  }
}

ColumnSpec parse_column(const std::string& name, const Json& column, std::string_view place) {
  const std::string where = fmt::format("{}: column '{}'", place, name);
  if (!column.is_object()) fail(ErrorKind::input, "{} must be an object with an sdtype", where);
  const std::string sdtype = text(column, "sdtype", where);
  if (sdtype.empty()) fail(ErrorKind::input, "{} has no sdtype", where);
  ColumnSpec spec;
  spec.name = name;
  spec.type = ColumnType::text;  // unknown, and the sdtypes with a meaning of their own (email, first_name, ...)
  if (sdtype == "numerical") numerical(column, spec, where);
  if (sdtype == "categorical" || sdtype == "ordinal") categorical(column, spec, sdtype == "ordinal", where);
  if (sdtype == "id") spec.type = ColumnType::id;
  if (sdtype == "boolean") {
    spec.type = ColumnType::boolean;
    spec.categories = {"false", "true"};
  }
  if (sdtype == "datetime") {
    spec.format = text(column, "datetime_format", where);
    spec.type = spec.format.empty() || has_time_of_day(spec.format) ? ColumnType::datetime : ColumnType::date;
  }
  if (is_numeric(spec.type)) {
    spec.minimum = range_bound(column, "range_min", spec, where);
    spec.maximum = range_bound(column, "range_max", spec, where);
  }
  const auto nullable = column.find("range_is_nullable");
  if (nullable != column.end() && nullable->is_boolean()) spec.nullable = nullable->get<bool>();
  return spec;
}

// The table's name and object. Single-table files of SDV 1 are the table themselves.
std::pair<std::string, Json> pick_table(const Json& document, const Place& place) {
  const std::string version = text(document, "METADATA_SPEC_VERSION", place.file);
  if (version == "SINGLE_TABLE_V1") return {"", document};
  if (version != "V1" && version != "MULTI_TABLE_V1" && version != "V2") {
    fail(ErrorKind::input, "{}: METADATA_SPEC_VERSION is '{}'; accepted: V1, SINGLE_TABLE_V1, MULTI_TABLE_V1, V2",
         place.file, version);
  }
  const auto tables = document.find("tables");
  if (tables == document.end() || !tables->is_object() || tables->empty()) {
    fail(ErrorKind::input, "{}: the metadata has no tables", place.file);
  }
  std::vector<std::string> names;
  for (const auto& [name, table] : tables->items()) names.push_back(name);
  if (place.table.empty() && names.size() > 1) {
    fail(ErrorKind::input, "{} describes {} tables ({}); name one as {}#{}", place.file, names.size(),
         fmt::join(names, ", "), place.file, names.front());
  }
  const std::string wanted = place.table.empty() ? names.front() : std::string(place.table);
  const auto found = tables->find(wanted);
  if (found == tables->end()) {
    fail(ErrorKind::input, "{} has no table '{}'; it has {}", place.file, wanted, fmt::join(names, ", "));
  }
  return {wanted, *found};
}

void move_to_time(Schema& schema, const std::string& name, std::string_view place) {
  const auto it =
      std::find_if(schema.columns.begin(), schema.columns.end(), [&](const auto& c) { return c.name == name; });
  if (it == schema.columns.end()) fail(ErrorKind::input, "{}: sequence_index '{}' is no column", place, name);
  schema.time = name;
  schema.time_spec = *it;
  schema.time_spec.nullable = false;
  schema.columns.erase(it);
}

Schema parse_table(const std::string& name, const Json& table, std::string_view place) {
  if (!table.is_object()) fail(ErrorKind::input, "{}: table '{}' must be an object", place, name);
  const auto columns = table.find("columns");
  if (columns == table.end() || !columns->is_object())
    fail(ErrorKind::input, "{}: table '{}' has no columns", place, name);
  Schema schema;
  schema.name = name;
  for (const auto& [column_name, column] : columns->items()) {
    schema.columns.push_back(parse_column(column_name, column, place));
  }
  const std::string sequence = text(table, "sequence_key", place);
  const std::string index = text(table, "sequence_index", place);
  schema.subject = sequence.empty() ? text(table, "primary_key", place) : sequence;
  schema.repeated = !sequence.empty();
  if (schema.subject.empty()) schema.subject = "row";
  if (!index.empty() && sequence.empty()) fail(ErrorKind::input, "{}: sequence_index without sequence_key", place);
  if (!index.empty()) move_to_time(schema, index, place);
  std::erase_if(schema.columns, [&](const ColumnSpec& spec) { return spec.name == schema.subject; });
  return schema;
}

}  // namespace

Schema parse_sdv_metadata(std::string_view json_text, std::string_view place) {
  const auto mark = place.find('#');
  const Place parts{place.substr(0, mark), mark == std::string_view::npos ? "" : place.substr(mark + 1)};
  const Json document = parse_json<Json>(json_text);
  if (!document.is_object()) fail(ErrorKind::input, "{}: this is no JSON object with SDV metadata", parts.file);
  try {
    const auto [name, table] = pick_table(document, parts);
    return parse_table(name, table, parts.file);
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "{}: {}", parts.file, error.what());
  }
}

}  // namespace understudy
