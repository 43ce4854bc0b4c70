// CSV files: what separates the cells, what the columns are called, on which line a row stands.
//
// DuckDB parses and decompresses. Its sniffer is not used: it takes longer than reading a small file, and guesses
// types.
#include <algorithm>
#include <fstream>
#include <memory>

#include "cohort/readers/scan.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kDelimiters = ",;\t|";
constexpr int kSampleLines = 20;

std::string encoding_of(const ReadOptions& options) {
  for (const std::string_view known : {"utf-8", "latin-1", "utf-16"}) {
    if (options.encoding == known) return options.encoding;
  }
  fail(ErrorKind::usage, "encoding is '{}'; accepted: utf-8, latin-1, utf-16", options.encoding);
}

// The physical lines of the file, unpacked and decoded, quotes left alone. A blank line is null.
std::string lines_table(const std::string& path, const ReadOptions& options) {
  return fmt::format(
      "read_csv({}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = '', "
      "encoding = {}, columns = {{'line': 'VARCHAR'}})",
      sql_text(path), sql_text(encoding_of(options)));
}

// `paths` and `more`: SQL, a text or a list of texts, and further options.
std::string csv_table(const std::string& paths, char delimiter, const std::string& encoding,
                      const std::vector<std::string>& types, std::string_view more = "") {
  std::string columns;
  for (std::size_t c = 0; c < types.size(); ++c) {
    columns += fmt::format("{}'c{}': '{}'", c == 0 ? "" : ", ", c, types[c]);
  }
  return fmt::format(
      "read_csv({}, auto_detect = false, header = true, delim = {}, quote = '\"', escape = '\"', "
      "encoding = {}, columns = {{{}}}{})",
      paths, sql_text(std::string(1, delimiter)), sql_text(encoding), columns, more);
}

// Options of csv_table: which texts are nulls.
std::string null_texts(const ReadOptions& options) {
  std::vector<std::string> texts = {"''"};
  for (const std::string& text : options.missing_values) {
    if (!text.empty()) texts.push_back(sql_text(text));
  }
  return fmt::format(", nullstr = [{}]", fmt::join(texts, ", "));
}

std::vector<std::string> first_lines(Database& database, const std::string& path, const ReadOptions& options) {
  std::vector<std::string> lines;
  try {
    Result result = database.query(fmt::format("FROM {} LIMIT {}", lines_table(path, options), kSampleLines));
    while (result.next()) {
      for (std::int64_t row = 0; row < result.rows(); ++row) {
        lines.emplace_back(result.valid(0, row) ? result.text(0, row) : std::string_view{});
      }
    }
  } catch (const DatabaseError& error) {
    refuse_file(path, options, error);
  }
  return lines;
}

// Of a text file, without its end of line.
std::string first_line(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  std::getline(file, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::vector<std::string> split_header(std::string_view line, char delimiter) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && (quoted || cells.back().empty())) {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        cells.back() += c;
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (c == delimiter && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

std::size_t separators(const std::string& line, char delimiter) { return split_header(line, delimiter).size() - 1; }

bool has_open_quote(std::string_view line) { return std::count(line.begin(), line.end(), '"') % 2 == 1; }

// Whole records of the sampled lines: a record goes on while a quote is open.
std::vector<std::string> whole_records(const std::vector<std::string>& lines) {
  std::vector<std::string> records;
  std::string open;
  for (const std::string& line : lines) {
    open += line;
    if (has_open_quote(open) || open.empty()) continue;
    records.push_back(std::move(open));
    open.clear();
  }
  return records.empty() ? lines : records;
}

// The delimiter that every sampled record has most often; a comma when none has any.
char find_delimiter(const std::vector<std::string>& records) {
  char best = ',';
  std::size_t most = 0;
  for (const char candidate : kDelimiters) {
    std::size_t least = separators(records.front(), candidate);
    for (const std::string& record : records) least = std::min(least, separators(record, candidate));
    if (least > most) {
      most = least;
      best = candidate;
    }
  }
  return best;
}

std::string delimiter_name(char delimiter) { return delimiter == '\t' ? "tab" : std::string(1, delimiter); }

// Lines of the given rows: a record may run over several lines inside quotes, and blank lines are no records.
std::vector<std::int64_t> find_lines(const std::string& path, const ReadOptions& options,
                                     const std::vector<std::int64_t>& rows) {
  Database database({.paths = {path}});
  Result result = database.query("FROM " + lines_table(path, options), Database::streaming);
  std::vector<std::int64_t> lines(rows.size(), 0);
  std::int64_t line = 0;
  std::int64_t record = -1;  // the header
  bool quoted = false;
  while (result.next()) {
    for (std::int64_t i = 0; i < result.rows(); ++i) {
      ++line;
      const std::string_view text = result.valid(0, i) ? result.text(0, i) : std::string_view{};
      if (!quoted && text.empty()) continue;
      if (!quoted) {
        for (std::size_t r = 0; r < rows.size(); ++r) lines[r] = rows[r] == record ? line : lines[r];
        ++record;
      }
      if (has_open_quote(text)) quoted = !quoted;
    }
  }
  return lines;
}

}  // namespace

FileScan open_csv(Database& database, const std::string& path, const ReadOptions& options) {
  if (path.ends_with(".gz")) check_gzip(path);
  std::vector<std::string> lines = first_lines(database, path, options);
  while (!lines.empty() && lines.front().empty()) lines.erase(lines.begin());
  if (lines.empty()) fail(ErrorKind::input, "{} is empty; a line with the names of the columns was expected", path);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (lines.front().starts_with(kByteOrderMark)) lines.front().erase(0, kByteOrderMark.size());
  const char likely = find_delimiter(whole_records(lines));
  const char delimiter = options.delimiter != 0 ? options.delimiter : likely;

  FileScan scan;
  scan.path = path;
  scan.has_missing_texts = true;
  for (const std::string& name : split_header(lines.front(), delimiter)) {
    scan.columns.push_back({name, fmt::format("c{}", scan.columns.size()), FileScan::Kind::text});
  }
  scan.typed_table = [path, delimiter, encoding = encoding_of(options),
                      nulls = null_texts(options)](const std::vector<std::string>& types) {
    return csv_table(sql_text(path), delimiter, encoding, types, nulls);
  };
  scan.table = csv_table(sql_text(path), delimiter, encoding_of(options),
                         std::vector<std::string>(scan.columns.size(), "VARCHAR"));
  if (delimiter != likely) {
    scan.advice = fmt::format("the cells look separated by '{}': read with that delimiter", delimiter_name(likely));
  }
  scan.locate = [path, options](std::vector<std::int64_t> rows) { return find_lines(path, options, rows); };
  return scan;
}

FileScan open_csv_files(Database& database, const std::vector<std::string>& paths, const ReadOptions& options) {
  FileScan scan = open_csv(database, paths.front(), options);
  const std::string header = first_line(paths.front());
  std::string list;
  for (const std::string& path : paths) {
    if (path.ends_with(".gz")) check_gzip(path);
    if (!path.ends_with(".gz") && first_line(path) != header) {
      fail(ErrorKind::input, "{} has another header than {}: '{}' instead of '{}'", path, paths.front(), first_line(path), header);
    }
    list += (list.empty() ? "" : ", ") + sql_text(path);
  }
  const std::size_t columns = scan.columns.size();
  const char delimiter = options.delimiter != 0
                             ? options.delimiter
                             : find_delimiter(whole_records(first_lines(database, paths.front(), options)));
  scan.typed_table = [list, delimiter, columns, encoding = encoding_of(options),
                      more = ", filename = true" + null_texts(options)](std::vector<std::string> types) {
    types.resize(columns);
    return csv_table("[" + list + "]", delimiter, encoding, types, more);
  };
  scan.table = scan.typed_table(std::vector<std::string>(columns, "VARCHAR"));
  scan.columns.push_back({"filename", "filename", FileScan::Kind::text});
  return scan;
}

}  // namespace understudy
