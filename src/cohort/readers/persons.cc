#include "cohort/readers/persons.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "cohort/readers/part.h"
#include "cohort/readers/scan.h"
#include "understudy/error.h"

namespace understudy {
namespace {

struct Stay {
  std::string key, person;
};

std::string column_of(const FileScan& scan, const std::string& name) {
  const auto* column = scan.find(name);
  if (column == nullptr) fail(ErrorKind::input, "{} has no column '{}'; its header is: {}", scan.path, name, scan.header());
  return column->sql;
}

// In the order of the file.
std::vector<Stay> read_stays(const PersonTable& table, const ReadOptions& options) {
  Database database({.threads = 1, .paths = {table.path}, .time_zone = options.time_zone});
  const bool parquet = table.path.ends_with(".parquet");
  const FileScan scan = parquet ? open_parquet(database, table.path, options) : open_csv(database, table.path, options);
  std::vector<Stay> stays;
  try {
    Result result = database.query(fmt::format("SELECT CAST({} AS VARCHAR), CAST({} AS VARCHAR) FROM {}",
                                               column_of(scan, table.key), column_of(scan, table.person), scan.table),
                                   Database::streaming);
    while (result.next()) {
      for (std::int64_t row = 0; row < result.rows(); ++row) {
        const auto cell = [&](std::size_t c) { return result.valid(c, row) ? std::string(result.text(c, row)) : std::string(); };
        stays.push_back({cell(0), cell(1)});
      }
    }
  } catch (const DatabaseError& error) {
    refuse_file(table.path, options, error);
  }
  return stays;
}

}  // namespace

Cohort as_people(const Cohort& cohort, const Schema& schema, const PersonTable& table, const ReadOptions& options,
                 ReadReport& report) {
  std::unordered_map<std::string, std::int64_t> index;
  for (std::int64_t s = 0; s < cohort.size(); ++s) index.emplace(cohort.subjects[static_cast<std::size_t>(s)], s);
  std::unordered_map<std::string, std::string> named;
  std::unordered_map<std::string, std::int64_t> chosen;  // person -> stay
  std::int64_t known = 0;
  std::int64_t unusable = 0;
  for (const Stay& stay : read_stays(table, options)) {
    if (stay.key.empty() || stay.person.empty()) {
      ++unusable;
      continue;
    }
    const auto [entry, is_new] = named.emplace(stay.key, stay.person);
    if (entry->second != stay.person) {
      fail(ErrorKind::input, "{}: '{}' belongs to two people; a key names one", table.path, stay.key);
    }
    const auto found = index.find(stay.key);
    if (!is_new || found == index.end()) continue;
    ++known;
    chosen.emplace(stay.person, found->second);
  }
  std::vector<std::string> people;
  for (const auto& [person, stay] : chosen) people.push_back(person);
  std::sort(people.begin(), people.end(), subject_before);
  std::vector<std::int64_t> order;
  for (const std::string& person : people) order.push_back(chosen.at(person));
  const auto count = [&](std::string what, std::int64_t stays) {
    if (stays > 0) report.left_out.push_back({table.path, std::move(what), stays});
  };
  count("lines without a stay or a person", unusable);
  count("further stays of a person", known - static_cast<std::int64_t>(people.size()));
  count("stays whose person is not named", cohort.size() - known);
  if (people.empty()) fail(ErrorKind::input, "{} names nobody's stay of this cohort", table.path);
  Cohort result = cohort.select(order);
  result.schema = schema;
  result.subjects = std::move(people);
  return result;
}

}  // namespace understudy
