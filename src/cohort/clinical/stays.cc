#include "cohort/clinical/stays.h"

#include <algorithm>
#include <numeric>

#include "cohort/readers/cells.h"
#include "cohort/readers/part.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::string_view kChoice = R"sql(
  CREATE TABLE chosen AS SELECT row_number() OVER () - 1 AS row, * FROM (
    SELECT * FROM all_stays WHERE subject IS NOT NULL AND start IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY subject ORDER BY ordinal, stay) = 1
    ORDER BY subject))sql";

std::int64_t count(Database& database, std::string_view rows) {
  Result result = database.query(fmt::format("SELECT count(*) FROM {}", rows));
  result.next();
  return result.values<std::int64_t>(0)[0];
}

std::int64_t minute(const Result& result, std::size_t column, std::int64_t row) {
  return result.valid(column, row) ? result.values<std::int64_t>(column)[row] : kNoMinute;
}

void rank(Stays& stays) {
  std::vector<std::int64_t> order(stays.subjects.size());
  std::iota(order.begin(), order.end(), 0);
  const auto key = [&](std::int64_t row) -> const std::string& { return stays.subjects[static_cast<std::size_t>(row)]; };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return subject_before(key(a), key(b)); });
  stays.rank.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    stays.rank[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  }
}

// One static column of the table, by row of the table.
Column read_attribute(Folder& folder, const ColumnSpec& spec, const FileScan& scan, const FileScan::FileColumn& column,
                      std::size_t file, const ReadOptions& options, Problems& problems) {
  Column values(spec.type);
  CellReader reader(spec, options, problems);
  const auto expressions = cell_expressions(spec, column);
  Result result = folder.database().query(
      fmt::format("SELECT {} FROM chosen ORDER BY row", fmt::join(expressions, ", ")), Database::streaming);
  while (result.next()) {
    const std::int64_t row = values.size();
    values.resize(row + result.rows());
    reader.read(result, 0, {file, row, row}, scan.has_missing_texts, values);
  }
  return values;
}

}  // namespace

// What is added keeps a whole minute whole when fractions were subtracted.
std::string since_start(std::string_view time, std::string_view start) {
  return fmt::format("CAST(floor({} - {} + 1e-6) AS BIGINT)", time, start);
}

Stays choose_stays(Folder& folder, const Layout& layout, const std::string& path, const Context& context) {
  Database& database = folder.database();
  database.query(fmt::format("CREATE TABLE all_stays AS {}", layout.stays));
  database.query(std::string(kChoice));
  Stays stays;
  stays.unusable = count(database, "all_stays WHERE subject IS NULL OR start IS NULL");
  stays.further = count(database, "all_stays") - stays.unusable - count(database, "chosen");
  database.query("DROP TABLE all_stays");
  Result result = database.query(
      fmt::format("SELECT CAST(subject AS VARCHAR), {}, {}, {} FROM chosen ORDER BY row", since_start("stop", "start"),
                  since_start("earliest", "start"), since_start("latest", "start")));
  while (result.next()) {
    context.check_cancelled();
    for (std::int64_t row = 0; row < result.rows(); ++row) {
      stays.subjects.emplace_back(result.text(0, row));
      stays.stop.push_back(minute(result, 1, row));
      stays.earliest.push_back(minute(result, 2, row));
      stays.latest.push_back(minute(result, 3, row));
    }
  }
  if (stays.subjects.empty()) fail(ErrorKind::input, "'{}' has no stay with a person and a start", path);
  rank(stays);
  return stays;
}

std::vector<std::string> fill_attributes(Folder& folder, const Stays& stays, const std::string& path,
                                         const ReadOptions& options, Cohort& cohort, std::vector<FileScan>& files,
                                         Problems& problems) {
  FileScan scan = open_typed(folder.database(), path, "chosen");
  scan.has_missing_texts = true;
  scan.line_word = "stay";
  std::vector<std::int64_t> order(stays.rank.size());  // row of the table for each person
  for (std::size_t row = 0; row < order.size(); ++row) order[static_cast<std::size_t>(stays.rank[row])] = static_cast<std::int64_t>(row);
  std::vector<std::string> others;
  const auto specs = cohort.schema.statics();
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const auto* column = scan.find(specs[c].name);
    if (column == nullptr) {
      others.push_back(specs[c].name);
    } else {
      cohort.statics.column(c) =
          read_attribute(folder, specs[c], scan, *column, files.size(), options, problems).select(order);
    }
  }
  files.push_back(std::move(scan));
  return others;
}

}  // namespace understudy
