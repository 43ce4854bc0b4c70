#include "cohort/clinical/stays.h"

#include <algorithm>
#include <numeric>

#include "cohort/readers/cells.h"
#include "cohort/readers/part.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// Days from the end of the stay before to the start of this one. Where stays own the measurements each has a clock of its
// own, and nobody can say.
constexpr std::string_view kChoice = R"sql(
  CREATE TABLE chosen AS SELECT row_number() OVER () - 1 AS row, * FROM (
    SELECT *, row_number() OVER visits - 1 AS visit_number,
      {} AS days_since_previous, lag(stop) OVER visits AS previous_stop, lead(start) OVER visits AS next_start
    FROM all_stays WHERE subject IS NOT NULL AND start IS NOT NULL
    WINDOW visits AS (PARTITION BY subject ORDER BY ordinal, stay)
    QUALIFY visit_number < {} ORDER BY subject, visit_number))sql";
constexpr std::string_view kGap = "(start - lag(coalesce(stop, start)) OVER visits) / 1440.0";

std::int64_t count(Database& database, std::string_view rows) {
  Result result = database.query(fmt::format("SELECT count(*) FROM {}", rows));
  result.next();
  return result.values<std::int64_t>(0)[0];
}

std::int64_t minute(const Result& result, std::size_t column, std::int64_t row) {
  return result.valid(column, row) ? result.values<std::int64_t>(column)[row] : kNoMinute;
}

// `subjects`: of each row of the table.
void order_people(const std::vector<std::string>& subjects, Stays& stays) {
  stays.people = subjects;
  std::sort(stays.people.begin(), stays.people.end(), [](const auto& a, const auto& b) { return subject_before(a, b); });
  stays.people.erase(std::unique(stays.people.begin(), stays.people.end()), stays.people.end());
  for (const std::string& subject : subjects) {
    const auto at = std::lower_bound(stays.people.begin(), stays.people.end(), subject,
                                     [](const auto& a, const auto& b) { return subject_before(a, b); });
    stays.person.push_back(at - stays.people.begin());
  }
  stays.order.resize(subjects.size());
  std::iota(stays.order.begin(), stays.order.end(), 0);
  std::stable_sort(stays.order.begin(), stays.order.end(), [&](std::int64_t a, std::int64_t b) {
    return stays.person[static_cast<std::size_t>(a)] < stays.person[static_cast<std::size_t>(b)];
  });
}

// One column of the table, by row of the table.
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

bool has_one_clock(const Layout& layout) { return layout.events.front().owner == EventSource::Owner::subject; }

// What is added keeps a whole minute whole when fractions were subtracted.
std::string since_start(std::string_view time, std::string_view start) {
  return fmt::format("CAST(floor({} - {} + 1e-6) AS BIGINT)", time, start);
}

Stays choose_stays(Folder& folder, const Layout& layout, const Window& window, const std::string& path, const Context& context) {
  Database& database = folder.database();
  const bool has_visits = window.by_visit && !layout.visits.empty();
  database.query(fmt::format("CREATE TABLE all_stays AS {}", has_visits ? layout.visits : layout.stays));
  database.query(fmt::format(kChoice, has_one_clock(layout) ? kGap : "NULL::DOUBLE", window.visits));
  Stays stays;
  stays.unusable = count(database, "all_stays WHERE subject IS NULL OR start IS NULL");
  stays.further = count(database, "all_stays") - stays.unusable - count(database, "chosen");
  database.query("DROP TABLE all_stays");
  std::vector<std::string> subjects;
  Result result = database.query(
      fmt::format("SELECT CAST(subject AS VARCHAR), {}, {}, {}, CAST(visit_number AS BIGINT) FROM chosen ORDER BY row",
                  since_start("stop", "start"), since_start("earliest", "start"), since_start("latest", "start")));
  while (result.next()) {
    context.check_cancelled();
    for (std::int64_t row = 0; row < result.rows(); ++row) {
      subjects.emplace_back(result.text(0, row));
      stays.stop.push_back(minute(result, 1, row));
      stays.earliest.push_back(minute(result, 2, row));
      stays.latest.push_back(minute(result, 3, row));
      stays.visit.push_back(minute(result, 4, row));
    }
  }
  if (subjects.empty()) fail(ErrorKind::input, "'{}' has no stay with a person and a start", path);
  order_people(subjects, stays);
  return stays;
}

std::vector<std::string> fill_attributes(Folder& folder, const std::vector<std::int64_t>& rows, const std::string& path,
                                         const ReadOptions& options, const std::vector<ColumnSpec>& specs, Table& table,
                                         std::vector<FileScan>& files, Problems& problems) {
  FileScan scan = open_typed(folder.database(), path, "chosen");
  scan.has_missing_texts = true;
  scan.line_word = "stay";
  std::vector<std::string> others;
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const auto* column = scan.find(specs[c].name);
    if (column == nullptr || is_set(specs[c].type)) {
      others.push_back(specs[c].name);
    } else {
      table.column(c) = read_attribute(folder, specs[c], scan, *column, files.size(), options, problems).select(rows);
    }
  }
  files.push_back(std::move(scan));
  return others;
}

}  // namespace understudy
