// The text form of a schema, read. The format is described in docs/formats/schema.md.
#include <toml++/toml.h>

#include <filesystem>

#include "cohort/catalogue.h"
#include "cohort/toml_reader.h"
#include "core/files.h"
#include "understudy/schema.h"

namespace understudy {
namespace {

constexpr std::string_view kTop[] = {"schema", "column", "constraint"};
constexpr std::string_view kSchemaKeys[] = {"name",        "subject",   "unit",         "time",         "time_type",
                                            "time_format", "time_unit", "time_minimum", "time_maximum",
                                            "time_public", "repeated",  "subjects", "max_rows"};
constexpr std::string_view kColumnKeys[] = {"name",   "type",     "unit",       "minimum",  "maximum",
                                            "range",  "format",   "categories", "decimals", "max_codes", "description",
                                            "aggregate", "public", "bought", "nullable", "static",     "target",   "sensitive"};
constexpr std::string_view kConstraintKeys[] = {"kind", "columns", "limit"};
constexpr std::string_view kCataloguePrefix = "catalogue:";

ColumnType type_of(const TomlTable& table, std::string_view key, std::string_view otherwise) {
  try {
    return parse_column_type(table.text(key, otherwise));
  } catch (const Error& error) {
    table.refuse(key, "{}", error.what());
  }
}

Aggregate aggregate_of(const TomlTable& table) {
  try {
    return parse_aggregate(table.text("aggregate"));
  } catch (const Error& error) {
    table.refuse("aggregate", "{}", error.what());
  }
}

void apply_range(const TomlTable& table, ColumnSpec& spec) {
  const std::string range = table.text("range");
  if (!range.starts_with(kCataloguePrefix)) {
    table.refuse("range", "range is '{}'; it must be \"catalogue:NAME\"", range);
  }
  if (spec.type != ColumnType::real && spec.type != ColumnType::integer) {
    table.refuse("range", "column '{}' is a {}; a range is for real and integer", spec.name, to_string(spec.type));
  }
  const CatalogueEntry& entry = find_catalogue_entry(range.substr(kCataloguePrefix.size()), table.where("range"));
  if (!spec.unit.empty() && spec.unit != entry.unit) {
    table.refuse("unit", "column '{}' has unit '{}', but {} is in '{}'; convert the values or give minimum and maximum",
                 spec.name, spec.unit, entry.name, entry.unit);
  }
  spec.catalogue = entry.name;
  spec.unit = entry.unit;
  if (!spec.minimum) spec.minimum = entry.minimum;
  if (!spec.maximum) spec.maximum = entry.maximum;
}

ColumnSpec parse_column(const TomlTable& table) {
  ColumnSpec spec;
  spec.name = table.text("name");
  if (spec.name.empty()) table.refuse("name", "a [[column]] needs a name");
  if (!table.has("type")) table.refuse("type", "column '{}' needs a type", spec.name);
  spec.type = type_of(table, "type", "");
  spec.unit = table.text("unit");
  spec.minimum = table.bound("minimum", spec.type);
  spec.maximum = table.bound("maximum", spec.type);
  if (table.has("range")) apply_range(table, spec);
  spec.categories = table.texts("categories");
  if (spec.type == ColumnType::boolean && spec.categories.empty()) spec.categories = {"false", "true"};
  if (const auto decimals = table.integer("decimals")) {
    if (*decimals < 0 || *decimals > 15) table.refuse("decimals", "decimals is {}; accepted: 0 to 15", *decimals);
    spec.decimals = static_cast<int>(*decimals);
  }
  spec.max_codes = table.integer("max_codes");
  if (spec.max_codes && (!is_set(spec.type) || *spec.max_codes < 1)) {
    table.refuse("max_codes", "max_codes of column '{}' is {}; it is at least 1, and of a codes column alone",
                 spec.name, *spec.max_codes);
  }
  spec.format = table.text("format");
  spec.description = table.text("description");
  if (table.has("aggregate")) spec.aggregate = aggregate_of(table);
  spec.is_public = table.boolean("public", true);
  spec.is_bought = table.boolean("bought", false);
  spec.nullable = table.boolean("nullable", true);
  spec.is_static = table.boolean("static", false);
  spec.is_target = table.boolean("target", false);
  spec.is_sensitive = table.boolean("sensitive", false);
  return spec;
}

Constraint parse_constraint(const TomlTable& table) {
  Constraint constraint;
  const std::string kind = table.text("kind");
  if (kind == "less_equal") {
    constraint.kind = Constraint::Kind::less_equal;
  } else if (kind != "sum_at_most") {
    table.refuse("kind", "constraint kind is '{}'; accepted: sum_at_most, less_equal", kind);
  }
  constraint.columns = table.texts("columns");
  const auto limit = table.number("limit");
  const bool wants_limit = constraint.kind == Constraint::Kind::sum_at_most;
  if (limit.has_value() != wants_limit) {
    table.refuse("limit", "a {} constraint {}", kind, wants_limit ? "needs a limit" : "has no limit");
  }
  constraint.limit = limit.value_or(0);
  return constraint;
}

void parse_head(const TomlTable& table, Schema& schema) {
  schema.name = table.text("name");
  schema.subject = table.text("subject");
  schema.unit = table.text("unit", schema.unit);
  schema.time = table.text("time");
  schema.repeated = table.boolean("repeated", false);
  schema.subjects = table.integer("subjects");
  if (schema.subjects && *schema.subjects < 1) {
    table.refuse("subjects", "subjects is {}; it must be at least 1", *schema.subjects);
  }
  schema.max_rows = table.integer("max_rows");
  if (schema.max_rows && *schema.max_rows < 1) {
    table.refuse("max_rows", "max_rows is {}; it must be at least 1", *schema.max_rows);
  }
  for (const std::string_view key : kSchemaKeys) {
    if (schema.time.empty() && key.starts_with("time_") && table.has(key))
      table.refuse(key, "{} is given, but no time", key);
  }
  if (schema.time.empty()) return;
  ColumnSpec& time = schema.time_spec;
  time.name = schema.time;
  time.type = type_of(table, "time_type", "date");
  time.unit = table.text("time_unit");
  time.format = table.text("time_format");
  time.minimum = table.bound("time_minimum", time.type);
  time.maximum = table.bound("time_maximum", time.type);
  time.is_public = table.boolean("time_public", true);
  time.nullable = false;
}

// Calls `visit` with each table of an array such as [[column]].
template <class Visit>
void each_table(const toml::table& document, std::string_view key, std::string_view place, const Visit& visit) {
  const toml::node* node = document.get(key);
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    fail(ErrorKind::input, "{} line {}: write [[{}]] with two brackets", place, node->source().begin.line, key);
  }
  for (const toml::node& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) {
      fail(ErrorKind::input, "{} line {}: {} must be a list of tables", place, element.source().begin.line, key);
    }
    visit(*table);
  }
}

Schema parse_document(const toml::table& document, std::string_view place) {
  const TomlTable top(document, "a schema file", kTop, place);
  Schema schema;
  const toml::node* head = document.get("schema");
  if (head == nullptr || !head->is_table()) top.refuse("schema", "a schema file needs a [schema] table");
  parse_head(TomlTable(*head->as_table(), "[schema]", kSchemaKeys, place), schema);
  each_table(document, "column", place, [&](const toml::table& table) {
    schema.columns.push_back(parse_column(TomlTable(table, "[[column]]", kColumnKeys, place)));
  });
  each_table(document, "constraint", place, [&](const toml::table& table) {
    schema.constraints.push_back(parse_constraint(TomlTable(table, "[[constraint]]", kConstraintKeys, place)));
  });
  return schema;
}

}  // namespace

Schema parse_schema(std::string_view toml_text, std::string_view place) {
  toml::table document;
  try {
    document = toml::parse(toml_text, place);
  } catch (const toml::parse_error& error) {
    fail(ErrorKind::input, "{} line {}: {}", place, error.source().begin.line, error.description());
  }
  Schema schema = parse_document(document, place);
  try {
    schema.validate();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", place, error.what()));
  }
  return schema;
}

Schema read_schema(const std::string& path) {
  const std::string file = path.substr(0, path.find('#'));  // metadata.json#patients: one of several SDV tables
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".toml") return parse_schema(read_text(file), file);
  if (ending == ".json") return parse_sdv_metadata(read_text(file), path);
  fail(ErrorKind::input, "schema '{}' ends in '{}'; accepted: .toml (a schema), .json (SDV metadata)", path, ending);
}

}  // namespace understudy
