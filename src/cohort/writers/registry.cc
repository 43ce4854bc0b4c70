#include "cohort/formats.h"
#include "cohort/writers/flat_rows.h"
#include "understudy/reader.h"

namespace understudy {
namespace {

void write_csv(const Cohort& cohort, const std::string& path, const Context& context) {
  const std::string delimiter = has_ending(path, ".tsv|.tsv.gz") ? "\t" : ",";
  const std::string compression = path.ends_with(".gz") ? ", COMPRESSION gzip" : "";
  copy_cohort(cohort, path, {.text_reals = true, .text_times = true},
              fmt::format("FORMAT csv, HEADER true, DELIMITER '{}'{}", delimiter, compression), context);
}

void write_parquet(const Cohort& cohort, const std::string& path, const Context& context) {
  copy_cohort(cohort, path, {}, "FORMAT parquet", context);
}

void write_json(const Cohort& cohort, const std::string& path, const Context& context) {
  const bool array = has_ending(path, ".json|.json.gz");
  copy_cohort(cohort, path, {.text_reals = false, .text_times = true},
              fmt::format("FORMAT json, ARRAY {}, COMPRESSION {}", array, path.ends_with(".gz") ? "gzip" : "none"),
              context);
}

constexpr WriterEntry kWriters[] = {
    {"csv", ".csv|.csv.gz|.tsv|.tsv.gz", "text with commas or tabs, missing values empty", write_csv},
    {"parquet", ".parquet|.pq", "Apache Parquet", write_parquet},
    {"json", ".json|.json.gz|.ndjson|.ndjson.gz|.jsonl|.jsonl.gz", "an array of objects, or one object a line",
     write_json},
};

}  // namespace

std::span<const WriterEntry> writers() { return kWriters; }

void write_cohort(const Cohort& cohort, const std::string& path, const Context& context) {
  pick_format(writers(), "", path, "writer").write(cohort, path, context);
}

}  // namespace understudy
