#include "cohort/clinical/folder.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEndings[] = {".csv", ".csv.gz", ".parquet", ".psv", ".txt"};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return parts;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// The first of "a|b" that is in the folder with one of the known endings; empty when none is. Upper and lower case
// count as one: publishers use both.
std::string find_file(const std::string& folder, std::string_view names) {
  for (const std::string& name : split(names, '|')) {
    const fs::path wanted = fs::path(folder) / name;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(wanted.parent_path(), absent)) {
      const std::string found = lower(entry.path().filename().string());
      for (const std::string_view ending : kEndings) {
        if (found == lower(wanted.filename().string()) + std::string(ending)) return entry.path().string();
      }
    }
  }
  return {};
}

struct ColumnName {
  std::string name;
  std::string type = "VARCHAR";
  bool required = true;
  bool typed() const { return type != "VARCHAR"; }
};

// "name:TYPE?"
ColumnName parse_column(std::string text) {
  ColumnName column;
  if (text.ends_with('?')) {
    column.required = false;
    text.pop_back();
  }
  const auto colon = text.find(':');
  column.name = text.substr(0, colon);
  if (colon != std::string::npos) column.type = text.substr(colon + 1);
  return column;
}

const FileScan::FileColumn* find_column(const FileScan& scan, std::string_view name) {
  const auto it = std::find_if(scan.columns.begin(), scan.columns.end(),
                               [&](const FileScan::FileColumn& column) { return lower(column.name) == name; });
  return it == scan.columns.end() ? nullptr : &*it;
}

FileScan open_table(Database& database, const std::string& path, const ReadOptions& options) {
  return path.ends_with(".parquet") ? open_parquet(database, path, options) : open_csv(database, path, options);
}

// How a view gives a column that its file has: as the layout's type, and as text where that may say more.
std::string select_column(const ColumnName& column, const std::string& sql, bool parsed) {
  if (!column.typed()) return fmt::format("CAST({} AS VARCHAR) AS {}", sql, column.name);
  if (parsed) return fmt::format("{} AS {}, NULL::VARCHAR AS {}_text", sql, column.name, column.name);
  return fmt::format("TRY_CAST({0} AS {1}) AS {2}, CAST({0} AS VARCHAR) AS {2}_text", sql, column.type, column.name);
}

std::string select_nothing(const ColumnName& column) {
  const std::string text = column.typed() ? fmt::format(", NULL::VARCHAR AS {}_text", column.name) : "";
  return fmt::format("NULL::{} AS {}{}", column.type, column.name, text);
}

}  // namespace

bool is_folder_of(const Layout& layout, const std::string& path) {
  if (!fs::is_directory(path)) return false;
  const auto marks = split(layout.mark, '&');
  return std::all_of(marks.begin(), marks.end(), [&](const std::string& mark) { return !find_file(path, mark).empty(); });
}

Folder::Folder(const Layout& layout, const std::string& path, const ReadOptions& options, Cells cells,
               const Context& context) {
  if (!fs::is_directory(path)) {
    fail(ErrorKind::input, "'{}' is no folder; the reader {} reads one ({})", path, layout.name, layout.summary);
  }
  std::vector<std::string> paths;
  for (const TableFile& table : layout.tables) {
    const std::string file = find_file(path, table.files);
    if (file.empty() && table.required) {
      fail(ErrorKind::input, "'{}' has no table {} ({}.csv, .csv.gz or .parquet), which {} needs", path, table.name,
           table.files, layout.name);
    }
    files_.emplace(table.name, file);
    if (!file.empty()) paths.push_back(file);
  }
  database_ = std::make_unique<Database>(DatabaseOptions{
      .threads = context.threads, .paths = paths, .time_zone = options.time_zone, .scratch = options.scratch});
  for (const TableFile& table : layout.tables) make_view(table, options, cells);
}

const std::string& Folder::file(std::string_view table) const { return files_.find(table)->second; }

void Folder::make_view(const TableFile& table, const ReadOptions& options, Cells cells) {
  const std::string& path = file(table.name);
  std::vector<std::string> columns;
  if (path.empty()) {
    for (const std::string& text : split(table.columns, ' ')) columns.push_back(select_nothing(parse_column(text)));
    database_->query(fmt::format("CREATE VIEW {} AS SELECT {} WHERE false", table.name, fmt::join(columns, ", ")));
    return;
  }
  const FileScan scan = open_table(*database_, path, options);
  const bool parsed = cells == Cells::typed && scan.typed_table;
  std::vector<std::string> types(scan.columns.size(), "VARCHAR");
  for (const std::string& text : split(table.columns, ' ')) {
    const ColumnName column = parse_column(text);
    const auto* found = find_column(scan, column.name);
    if (found == nullptr && column.required) {
      fail(ErrorKind::input, "{} has no column '{}'; its header is: {}", path, column.name, scan.header());
    }
    if (found != nullptr) types[static_cast<std::size_t>(found - scan.columns.data())] = column.type;
    columns.push_back(found == nullptr ? select_nothing(column) : select_column(column, found->sql, parsed));
  }
  database_->query(fmt::format("CREATE VIEW {} AS SELECT {} FROM {}", table.name, fmt::join(columns, ", "),
                               parsed ? scan.typed_table(types) : scan.table));
}

}  // namespace understudy
