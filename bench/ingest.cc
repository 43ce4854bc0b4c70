// Reading a large MIMIC-IV folder: ours beside DuckDB alone doing the same aggregation.
//
//   bench_ingest make DIR PEOPLE     simulated stays (simulator ward, about 900 events each), as plain CSV
//   bench_ingest read DIR SCHEMA     our reader; prints seconds, rows, events
//   bench_ingest duckdb DIR SCHEMA   DuckDB: join stays and items, median by person, hour and variable
#include <sys/resource.h>
#include <zlib.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "cohort/clinical/concepts.h"
#include "cohort/database.h"
#include "understudy/reader.h"
#include "understudy/simulator.h"

using namespace understudy;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kShard = 10000;
constexpr const char* kTables[] = {"hosp/patients", "hosp/admissions", "hosp/labevents", "icu/icustays",
                                   "icu/chartevents", "icu/outputevents", "icu/inputevents"};

Context two_threads() {
  Context context;
  context.threads = 2;
  return context;
}

void unpack(const std::string& path, bool skips_header, std::ofstream& out) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  std::vector<char> buffer(1U << 20);
  for (int got = 0; (got = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;) {
    std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (skips_header) text.remove_prefix(text.find('\n') + 1);
    skips_header = false;
    out << text;
  }
}

void make(const std::string& folder, std::int64_t people) {
  Context context = two_threads();
  std::vector<std::string> shards;
  for (std::int64_t first = 0; first < people; first += kShard) {
    shards.push_back(folder + "/shard" + std::to_string(first));
    if (fs::exists(shards.back())) continue;  // of a call that was stopped
    context.seed = static_cast<std::uint64_t>(first);
    Cohort cohort = find_simulator("ward").simulate(std::min(kShard, people - first), context, 0);
    for (std::size_t s = 0; s < cohort.subjects.size(); ++s) cohort.subjects[s] = std::to_string(10000000 + first + static_cast<std::int64_t>(s));
    write_cohort(cohort, shards.back(), {.writer = "mimic-iv"}, context);
    std::printf("%s\n", shards.back().c_str());
    std::fflush(stdout);
  }
  for (const char* table : kTables) {
    const std::string target = folder + "/" + table + ".csv";
    fs::create_directories(fs::path(target).parent_path());
    std::ofstream out(target, std::ios::binary);
    for (const std::string& shard : shards) unpack(shard + "/" + table + ".csv.gz", shard != shards.front(), out);
  }
  for (const std::string& shard : shards) fs::remove_all(shard);
}

void read(const std::string& folder, const std::string& schema) {
  ReadReport report;
  ReadOptions options;
  options.reader = "mimic-iv";
  options.bad_cells = BadCells::missing;
  options.duplicates = Duplicates::first;
  const Cohort cohort = read_cohort(std::vector<Source>{{folder, {}}}, read_schema(schema), options, report, two_threads());
  std::printf("%lld people, %lld rows, %lld events\n", static_cast<long long>(cohort.size()),
              static_cast<long long>(cohort.series.rows()), static_cast<long long>(report.rows));
}

std::string items(const Schema& schema) {
  std::string values;
  for (const ColumnSpec& spec : schema.series()) {
    const Concept* variable = standard_concepts().find(spec.name);
    if (variable == nullptr) continue;
    for (const ConceptItem& item : variable->items_of("mimic-iv")) values += (values.empty() ? "(" : ", (") + item.item + ", " + sql_text(spec.name) + ")";
  }
  return values;
}

void aggregate(const std::string& folder, const std::string& schema_path, const std::string& scratch) {
  const Schema schema = read_schema(schema_path);
  std::vector<std::string> paths;
  for (const char* table : kTables) paths.push_back(folder + "/" + table + ".csv");
  Database database({.threads = 2, .paths = paths, .settings = {"temp_directory = " + sql_text(scratch)}});
  const auto table = [&](const char* name, const char* columns) {
    return "read_csv(" + sql_text(folder + "/" + name + ".csv") + ", header = true, auto_detect = false, columns = {" + columns + "})";
  };
  const std::string chart = table("icu/chartevents", "'subject_id': 'BIGINT', 'hadm_id': 'BIGINT', 'stay_id': 'BIGINT', 'charttime': 'TIMESTAMP', 'itemid': 'BIGINT', 'value': 'VARCHAR', 'valuenum': 'DOUBLE', 'valueuom': 'VARCHAR', 'synthetic': 'VARCHAR'");
  const std::string lab = table("hosp/labevents", "'labevent_id': 'BIGINT', 'subject_id': 'BIGINT', 'hadm_id': 'BIGINT', 'itemid': 'BIGINT', 'charttime': 'TIMESTAMP', 'value': 'VARCHAR', 'valuenum': 'DOUBLE', 'valueuom': 'VARCHAR', 'synthetic': 'VARCHAR'");
  const std::string output = table("icu/outputevents", "'subject_id': 'BIGINT', 'hadm_id': 'BIGINT', 'stay_id': 'BIGINT', 'charttime': 'TIMESTAMP', 'itemid': 'BIGINT', 'valuenum': 'DOUBLE', 'valueuom': 'VARCHAR', 'synthetic': 'VARCHAR'");
  const std::string stays = table("icu/icustays", "'subject_id': 'BIGINT', 'hadm_id': 'BIGINT', 'stay_id': 'BIGINT', 'first_careunit': 'VARCHAR', 'last_careunit': 'VARCHAR', 'intime': 'TIMESTAMP', 'outtime': 'TIMESTAMP', 'los': 'DOUBLE', 'synthetic': 'VARCHAR'");
  database.query("CREATE TABLE cells AS SELECT s.subject_id, (epoch(e.charttime) - epoch(s.intime))::BIGINT // 3600 AS hour, i.variable, "
                 "median(e.valuenum) AS value FROM (SELECT subject_id, charttime, itemid, valuenum FROM " + chart +
                 " UNION ALL SELECT subject_id, charttime, itemid, valuenum FROM " + lab +
                 " UNION ALL SELECT subject_id, charttime, itemid, valuenum FROM " + output + ") e JOIN " + stays +
                 " s ON s.subject_id = e.subject_id JOIN (VALUES " + items(schema) + ") i(itemid, variable) ON i.itemid = e.itemid "
                 "WHERE e.charttime >= s.intime AND e.charttime < s.intime + INTERVAL 48 HOUR GROUP BY 1, 2, 3");
  Result result = database.query("SELECT count(*) FROM cells");
  result.next();
  std::printf("%lld cells\n", static_cast<long long>(result.values<std::int64_t>(0)[0]));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::puts("bench_ingest make DIR PEOPLE | read DIR SCHEMA | duckdb DIR SCHEMA"), 2;
  const auto start = std::chrono::steady_clock::now();
  const std::string what = argv[1];
  if (what == "make") make(argv[2], std::atoll(argv[3]));
  if (what == "read") read(argv[2], argv[3]);
  if (what == "duckdb") aggregate(argv[2], argv[3], std::string(argv[2]) + "/scratch");
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%s: %.1f s, processor %.1f s, peak %.0f MB\n", what.c_str(),
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
              static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec), static_cast<double>(usage.ru_maxrss) / 1024);
}
