#include "cohort/clinical/layouts/eicu.h"
#include "cohort/clinical/layouts/fitbit.h"
#include "cohort/clinical/layouts/long.h"
#include "cohort/clinical/layouts/meds.h"
#include "cohort/clinical/layouts/mimic_iii.h"
#include "cohort/clinical/layouts/mimic_iv.h"
#include "cohort/clinical/layouts/omop.h"
#include "cohort/clinical/layouts/physionet_2012.h"
#include "cohort/clinical/layouts/physionet_2019.h"
#include "cohort/clinical/write_folder.h"
#include "cohort/formats.h"
#include "cohort/writers/flat_rows.h"
#include "understudy/reader.h"

namespace understudy {
namespace {

WriteReport write_csv(const Cohort& cohort, const std::string& path, const WriteOptions&, const Context& context) {
  const std::string delimiter = has_ending(path, ".tsv|.tsv.gz") ? "\t" : ",";
  const std::string compression = path.ends_with(".gz") ? ", COMPRESSION gzip" : "";
  return copy_cohort(cohort, path, {.text_reals = true, .text_times = true},
                     fmt::format("FORMAT csv, HEADER true, DELIMITER '{}'{}", delimiter, compression), context);
}

WriteReport write_parquet(const Cohort& cohort, const std::string& path, const WriteOptions& options, const Context& context) {
  return copy_cohort(cohort, path, {}, options.synthetic ? "FORMAT parquet, KV_METADATA {synthetic: 'true'}" : "FORMAT parquet", context);
}

WriteReport write_json(const Cohort& cohort, const std::string& path, const WriteOptions&, const Context& context) {
  const bool array = has_ending(path, ".json|.json.gz");
  return copy_cohort(cohort, path, {.text_reals = false, .text_times = true},
                     fmt::format("FORMAT json, ARRAY {}, COMPRESSION {}", array, path.ends_with(".gz") ? "gzip" : "none"),
                     context);
}

template <const Layout& layout>
WriteReport write_layout(const Cohort& cohort, const std::string& path, const WriteOptions& options, const Context& context) {
  return write_folder(layout, cohort, path, options, context);
}

constexpr WriterEntry kWriters[] = {
    {"csv", ".csv|.csv.gz|.tsv|.tsv.gz", "text with commas or tabs, missing values empty", write_csv},
    {"parquet", ".parquet|.pq", "Apache Parquet", write_parquet},
    {"json", ".json|.json.gz|.ndjson|.ndjson.gz|.jsonl|.jsonl.gz", "an array of objects, or one object a line",
     write_json},
    {"mimic-iv", "a folder", "MIMIC-IV, folders hosp and icu", write_layout<kMimicIv>},
    {"mimic-iii", "a folder", "MIMIC-III", write_layout<kMimicIii>},
    {"eicu", "a folder", "eICU Collaborative Research Database", write_layout<kEicu>},
    {"physionet-2012", "a folder", "PhysioNet Challenge 2012, all rows in one table", write_layout<kPhysionet2012>},
    {"physionet-2019", "a folder", "PhysioNet Challenge 2019, one file for each person", write_layout<kPhysionet2019>},
    {"omop", "a folder", "OMOP CDM: person, visit_occurrence, measurement, death", write_layout<kOmop>},
    {"meds", "a folder", "Medical Event Data Standard", write_layout<kMeds>},
    {"fitbit", "a folder", "Fitabase export of days", write_layout<kFitbit>},
    {"long", "a folder", "one table of single measurements", write_layout<kLong>},
};

}  // namespace

std::span<const WriterEntry> writers() { return kWriters; }

const WriterEntry& find_writer(const std::string& name, const std::string& path) {
  return pick_format(writers(), name, path, "writer");
}

WriteReport write_cohort(const Cohort& cohort, const std::string& path, const WriteOptions& options,
                         const Context& context) {
  return find_writer(options.writer, path).write(cohort, path, options, context);
}

WriteReport write_cohort(const Cohort& cohort, const std::string& path, const Context& context) {
  return write_cohort(cohort, path, {}, context);
}

}  // namespace understudy
