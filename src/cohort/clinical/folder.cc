#include "cohort/clinical/folder.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "cohort/clinical/layout_text.h"
#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

// For the SQL of layouts (layout.h).
constexpr const char* kMacros =
    "CREATE MACRO us_time(written) AS coalesce(try_strptime(written, ['%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y']), "
    "TRY_CAST(written AS TIMESTAMP))";

// Rows of a large table pass through and are gone: in any order, and joined to the small table on the right.
const std::vector<std::string> kStreaming = {"preserve_insertion_order = false", "disabled_optimizers = 'build_side_probe_side'"};

constexpr std::string_view kEndings[] = {".csv", ".csv.gz", ".parquet", ".psv", ".txt"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// What a reader was given: a folder, or a file in it.
struct Place {
  explicit Place(const std::string& path) {
    const fs::path given(path);
    const bool is_file = fs::is_regular_file(given);
    folder = is_file ? given.parent_path() : given;
    if (is_file) file = path;
    const std::string name = (given.has_filename() ? given : given.parent_path()).filename().string();
    if (name.starts_with("set-") && name.size() > 4) letter = name.substr(4, 1);
  }
  fs::path folder;
  std::string file, letter;
};

bool fits(const std::string& name, const std::string& pattern) {
  const auto star = pattern.find('*');
  if (star != std::string::npos) {
    return name.size() >= pattern.size() - 1 && name.starts_with(pattern.substr(0, star)) &&
           name.ends_with(pattern.substr(star + 1));
  }
  return std::any_of(std::begin(kEndings), std::end(kEndings),
                     [&](std::string_view ending) { return name == pattern + std::string(ending); });
}

template <class Entries>
std::vector<std::string> files_that_fit(Entries entries, const std::string& pattern) {
  std::vector<std::string> found;
  for (const auto& entry : entries) {
    if (fits(lower(entry.path().filename().string()), lower(pattern))) found.push_back(entry.path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// The files of the first of "a|b" that is there, in the order of their names. Upper and lower case count as one:
// publishers use both.
std::vector<std::string> find_files(const Place& place, std::string_view names) {
  for (std::string name : split(names, '|')) {
    if (name.find('*') != std::string::npos && !place.file.empty()) return {place.file};
    if (const auto at = name.find('?'); at != std::string::npos) name.replace(at, 1, place.letter);
    const fs::path wanted = place.folder / name, folder = wanted.parent_path();
    const std::string pattern = wanted.filename().string();
    std::error_code absent;
    const auto found =
        folder.filename() == "**"
            ? files_that_fit(fs::recursive_directory_iterator(folder.parent_path(), absent), pattern)
            : files_that_fit(fs::directory_iterator(folder, absent), pattern);
    if (!found.empty()) return found;
  }
  return {};
}

const FileScan::FileColumn* find_column(const FileScan& scan, std::string_view name) {
  const auto same = [&](const FileScan::FileColumn& column) { return lower(column.name) == lower(name); };
  const auto it = std::find_if(scan.columns.begin(), scan.columns.end(), same);
  if (it == scan.columns.end()) return nullptr;
  if (std::find_if(it + 1, scan.columns.end(), same) != scan.columns.end()) {
    fail(ErrorKind::input, "{}: column '{}' stands twice in the header; rename one", scan.path, name);
  }
  return &*it;
}

FileScan open_parquet_files(Database& database, const std::vector<std::string>& paths) {
  std::vector<std::string> texts;
  for (const std::string& path : paths) texts.push_back(sql_text(path));
  return open_typed(database, paths.front(),
                    fmt::format("read_parquet([{}], union_by_name = true)", fmt::join(texts, ", ")));
}

FileScan open_table(Database& database, const TableFile& table, const std::vector<std::string>& paths,
                    const ReadOptions& options) {
  if (paths.front().ends_with(".parquet")) return open_parquet_files(database, paths);
  const bool many = table.files.find('*') != std::string_view::npos;
  return many ? open_csv_files(database, paths, options) : open_csv(database, paths.front(), options);
}

// How a view gives a column that its file has: as the layout's type, and as text where that may say more.
std::string select_column(const LayoutColumn& column, const std::string& sql, bool parsed) {
  const std::string name = sql_identifier(column.name), text = sql_identifier(column.name + "_text");
  if (!column.typed()) return fmt::format("CAST({} AS VARCHAR) AS {}", sql, name);
  if (parsed) return fmt::format("{} AS {}, NULL::VARCHAR AS {}", sql, name, text);
  return fmt::format("TRY_CAST({0} AS {1}) AS {2}, CAST({0} AS VARCHAR) AS {3}", sql, column.type, name, text);
}

std::string select_nothing(const LayoutColumn& column) {
  const std::string text = column.typed() ? ", NULL::VARCHAR AS " + sql_identifier(column.name + "_text") : "";
  return fmt::format("NULL::{} AS {}{}", column.type, sql_identifier(column.name), text);
}

}  // namespace

bool is_folder_of(const Layout& layout, const std::string& path) {
  if (!fs::is_directory(path)) return false;
  const auto marks = split(layout.mark, '&');
  return std::all_of(marks.begin(), marks.end(),
                     [&](const std::string& mark) { return !find_files(Place(path), mark).empty(); });
}

Folder::Folder(const Layout& layout, const Source& source, const ReadOptions& options, Cells cells,
               const Context& context)
    : renames_(source.rename) {
  const std::string& path = source.path;
  if (!fs::exists(path)) {
    fail(ErrorKind::input, "'{}' is not there; the reader {} reads {}", path, layout.name, layout.summary);
  }
  std::vector<std::string> paths;
  for (const TableFile& table : layout.tables) {
    const std::vector<std::string> found = find_files(Place(path), table.files);
    if (found.empty() && table.required) {
      fail(ErrorKind::input, "'{}' has no table {} ({}.csv, .csv.gz or .parquet), which {} needs", path, table.name,
           table.files, layout.name);
    }
    if (found.size() > 1 && table.files.find('*') == std::string_view::npos) {
      fail(ErrorKind::input, "'{}' and '{}' are both the table {}; leave one", found[0], found[1], table.name);
    }
    files_.emplace(table.name, found);
    paths.insert(paths.end(), found.begin(), found.end());
  }
  database_ = std::make_unique<Database>(DatabaseOptions{
      .threads = context.threads, .paths = paths, .time_zone = options.time_zone, .settings = kStreaming});
  database_->query(kMacros);
  Database headers({.threads = 1, .paths = paths, .time_zone = options.time_zone});  // in the file's order
  for (const TableFile& table : layout.tables) {
    database_->query(fmt::format("SET VARIABLE has_{} = {}", table.name, !files_.find(table.name)->second.empty()));
    make_view(headers, table, options, cells);
  }
  for (const auto& [from, to] : renames_) {
    if (renamed_.contains(from)) continue;
    fail(ErrorKind::input, "'{}' has no column '{}', to be renamed to '{}'", path, from, to);
  }
}

std::string Folder::file(std::string_view table) const {
  const auto& files = files_.find(table)->second;
  return files.empty() ? std::string() : files.front();
}

void Folder::rename(FileScan& scan) {
  for (FileScan::FileColumn& column : scan.columns) {
    const auto found = renames_.find(column.name);
    if (found == renames_.end()) continue;
    renamed_.insert(column.name);
    column.name = found->second;
  }
}

void Folder::make_view(Database& headers, const TableFile& table, const ReadOptions& options, Cells cells) {
  const auto& paths = files_.find(table.name)->second;
  std::vector<std::string> columns;
  if (paths.empty()) {
    for (const LayoutColumn& column : columns_of(table.columns)) columns.push_back(select_nothing(column));
    database_->query(fmt::format("CREATE VIEW {} AS SELECT {} WHERE false", table.name, fmt::join(columns, ", ")));
    return;
  }
  FileScan scan = open_table(headers, table, paths, options);
  rename(scan);
  const bool parsed = cells == Cells::typed && scan.typed_table;
  std::vector<std::string> types(scan.columns.size(), "VARCHAR");
  for (const LayoutColumn& column : columns_of(table.columns)) {
    const auto* found = find_column(scan, column.name);
    if (found == nullptr && column.required) {
      fail(ErrorKind::input, "{} has no column '{}'; its header is: {}", paths.front(), column.name, scan.header());
    }
    if (found != nullptr && parsed) types[static_cast<std::size_t>(found - scan.columns.data())] = column.type;
    columns.push_back(found == nullptr ? select_nothing(column) : select_column(column, found->sql, parsed));
  }
  database_->query(fmt::format("CREATE VIEW {} AS SELECT {} FROM {}", table.name, fmt::join(columns, ", "),
                               scan.typed_table ? scan.typed_table(types) : scan.table));
}

}  // namespace understudy
