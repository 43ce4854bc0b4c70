#include "cohort/readers/scan.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <regex>

#include "understudy/error.h"

namespace understudy {
namespace {

FileScan::Kind kind_of(std::string_view type) {
  using Kind = FileScan::Kind;
  if (type == "VARCHAR") return Kind::text;
  if (type == "DATE") return Kind::date;
  if (type.starts_with("TIMESTAMP")) return Kind::datetime;
  if (type == "DOUBLE" || type == "FLOAT" || type.starts_with("DECIMAL") || type == "HUGEINT" || type == "UHUGEINT" ||
      type == "UBIGINT") {
    return Kind::real;
  }
  const bool integer = type.ends_with("INT") || type == "INTEGER" || type == "UINTEGER";
  return integer ? Kind::integer : Kind::other;
}

}  // namespace

const FileScan::FileColumn* FileScan::find(std::string_view name) const {
  const auto it = std::find_if(columns.begin(), columns.end(), [&](const FileColumn& c) { return c.name == name; });
  return it == columns.end() ? nullptr : &*it;
}

std::string FileScan::header() const {
  std::vector<std::string> names;
  for (const FileColumn& column : columns) names.push_back("'" + column.name + "'");
  return fmt::format("{}", fmt::join(names, ", "));
}

FileScan open_typed(Database& database, const std::string& path, const std::string& table) {
  FileScan scan;
  scan.path = path;
  scan.table = table;
  scan.line_word = "row";
  scan.locate = [](std::vector<std::int64_t> rows) {
    for (std::int64_t& row : rows) ++row;
    return rows;
  };
  try {
    Result result = database.query("DESCRIBE SELECT * FROM " + table);
    while (result.next()) {
      for (std::int64_t row = 0; row < result.rows(); ++row) {
        const std::string name(result.text(0, row));
        scan.columns.push_back({name, sql_identifier(name), kind_of(result.text(1, row))});
      }
    }
  } catch (const DatabaseError& error) {
    refuse_file(path, {}, error);
  }
  return scan;
}

std::vector<std::string> expand_path(const std::string& path) {
  if (std::filesystem::is_directory(path))
    fail(ErrorKind::input, "'{}' is a folder; name its files, as in {}/*.csv", path, path);
  if (std::filesystem::exists(path)) return {path};
  if (path.find_first_of("*?[") == std::string::npos) {
    fail(ErrorKind::input, "cannot read '{}': {}", path, std::strerror(ENOENT));
  }
  glob_t found{};
  const int status = glob(path.c_str(), 0, nullptr, &found);
  std::vector<std::string> paths;
  if (status == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (paths.empty()) fail(ErrorKind::input, "no file matches '{}'", path);
  return paths;
}

void refuse_file(const std::string& path, const ReadOptions& options, const DatabaseError& error) {
  const std::string text = error.what();
  std::smatch found;
  std::string place = path;
  if (std::regex_search(text, found, std::regex("Line: ([0-9]+)"))) place += " line " + found[1].str();
  if (std::regex_search(text, found, std::regex("Expected Number of Columns: ([0-9]+) Found: ([0-9]+)"))) {
    fail(ErrorKind::input, "{}: {} cells where the header has {}; mend the line, or check delimiter and quotes", place,
         found[2].str(), found[1].str());
  }
  if (text.find("nicode") != std::string::npos || text.find("encoded") != std::string::npos) {
    fail(ErrorKind::input, "{}: the bytes are not {} text; read with encoding = latin-1 or utf-16", place,
         options.encoding);
  }
  if (text.find("nterminated quote") != std::string::npos) {
    fail(ErrorKind::input, "{}: a quote is opened and never closed", place);
  }
  fail(ErrorKind::input, "{}: {}", place, text.substr(0, text.find('\n')));
}

}  // namespace understudy
