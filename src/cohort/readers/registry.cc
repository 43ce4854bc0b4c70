#include <algorithm>
#include <filesystem>

#include "cohort/clinical/folder.h"
#include "cohort/clinical/layouts/eicu.h"
#include "cohort/clinical/layouts/fitbit.h"
#include "cohort/clinical/layouts/long.h"
#include "cohort/clinical/layouts/meds.h"
#include "cohort/clinical/layouts/mimic_iii.h"
#include "cohort/clinical/layouts/mimic_iv.h"
#include "cohort/clinical/layouts/omop.h"
#include "cohort/clinical/layouts/physionet_2012.h"
#include "cohort/clinical/layouts/physionet_2019.h"
#include "cohort/clinical/read_folder.h"
#include "cohort/formats.h"
#include "cohort/readers/part.h"
#include "cohort/readers/persons.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// Without a time there is nothing to join the series rows of different files by, and rows that are people have no key.
void check_joinable(const std::vector<Part>& parts, const Schema& schema) {
  if (parts.size() < 2 || !schema.time.empty() || !(schema.has_series() || schema.row_is_subject())) return;
  const Part* first = nullptr;
  for (const Part& part : parts) {
    std::vector<std::string> names;
    for (const ColumnSpec& spec : part.specs) {
      if (!spec.is_static || schema.row_is_subject()) names.push_back(spec.name);
    }
    if (names.empty()) continue;
    if (first != nullptr && first->specs.size() != part.specs.size()) {
      fail(ErrorKind::input, "'{}' and '{}' have different columns, and the schema has no {} to join them by",
           first->path, part.path, schema.row_is_subject() ? "subject" : "time");
    }
    first = &part;
  }
}

void check_complete(const std::vector<Part>& parts, const std::vector<FileScan>& files, const Schema& schema) {
  for (const ColumnSpec& spec : schema.columns) {
    const auto has = [&](const Part& part) {
      return std::any_of(part.specs.begin(), part.specs.end(), [&](const auto& s) { return s.name == spec.name; });
    };
    if (std::any_of(parts.begin(), parts.end(), has)) continue;
    std::vector<std::string> headers;
    for (const FileScan& file : files) {
      headers.push_back(
          fmt::format("{} has {}{}{}", file.path, file.header(), file.advice.empty() ? "" : "; ", file.advice));
    }
    fail(ErrorKind::input, "no source has the column '{}' of the schema: {}", spec.name, fmt::join(headers, "; "));
  }
}

Cohort read_sources(OpenFile open, std::span<const Source> sources, const Schema& schema, const ReadOptions& options,
                    ReadReport& report, const Context& context) {
  schema.validate();
  SubjectKeys subjects;
  std::vector<FileScan> files;
  std::vector<Part> parts;
  Problems problems;
  std::int64_t rows = 0;
  for (const Source& source : sources) {
    parts.push_back(read_part(source, open, schema, options, context, subjects, files, problems));
    rows += parts.back().rows();
  }
  check_complete(parts, files, schema);
  check_joinable(parts, schema);
  if (rows == 0) fail(ErrorKind::input, "{} has a header and no rows", files.front().path);
  Cohort cohort = join_parts(parts, schema, subjects, problems);
  problems.settle(files, options, report);
  if (cohort.size() == 0) fail(ErrorKind::input, "{}: no row has a subject", files.front().path);
  report.rows += rows;
  return cohort;
}

template <OpenFile open>
Cohort read_with(std::span<const Source> sources, const Schema& schema, const ReadOptions& options, ReadReport& report,
                 const Context& context) {
  return read_sources(open, sources, schema, options, report, context);
}

template <const Layout& layout>
Cohort read_layout(std::span<const Source> sources, const Schema& schema, const ReadOptions& options, ReadReport& report,
                   const Context& context) {
  return read_folder(layout, sources, schema, options, report, context);
}

template <const Layout& layout>
bool knows(const std::string& path) {
  return is_folder_of(layout, path);
}

constexpr ReaderEntry kReaders[] = {
    {"csv", ".csv|.csv.gz|.tsv|.tsv.gz|.txt|.txt.gz", "text with a delimiter and a header line", read_with<open_csv>},
    {"parquet", ".parquet|.pq", "Apache Parquet", read_with<open_parquet>},
    {"json", ".json|.json.gz|.ndjson|.ndjson.gz|.jsonl|.jsonl.gz", "an array of objects, or one object a line",
     read_with<open_json>},
    {"mimic-iv", "a folder", "MIMIC-IV, folders hosp and icu", read_layout<kMimicIv>, knows<kMimicIv>},
    {"mimic-iii", "a folder", "MIMIC-III", read_layout<kMimicIii>, knows<kMimicIii>},
    {"eicu", "a folder", "eICU Collaborative Research Database", read_layout<kEicu>, knows<kEicu>},
    {"physionet-2012", "a folder or a file", "PhysioNet Challenge 2012", read_layout<kPhysionet2012>,
     knows<kPhysionet2012>},
    {"physionet-2019", "a folder or a file", "PhysioNet Challenge 2019", read_layout<kPhysionet2019>,
     knows<kPhysionet2019>},
    {"omop", "a folder", "OMOP Common Data Model 5", read_layout<kOmop>, knows<kOmop>},
    {"meds", "a folder or a file", "Medical Event Data Standard", read_layout<kMeds>, knows<kMeds>},
    {"fitbit", "a folder", "Fitbit data, as Fitabase exports them", read_layout<kFitbit>, knows<kFitbit>},
    {"long", "a file, by name", "one row for each measurement", read_layout<kLong>},
};

}  // namespace

std::span<const ReaderEntry> readers() { return kReaders; }

const ReaderEntry& find_reader(const std::string& name, const std::string& path) {
  if (!name.empty() || !std::filesystem::is_directory(path)) return pick_format(readers(), name, path, "reader");
  std::vector<std::string_view> known;
  for (const ReaderEntry& entry : kReaders) {
    if (entry.knows_folder == nullptr) continue;
    if (entry.knows_folder(path)) return entry;
    known.push_back(entry.name);
  }
  fail(ErrorKind::input, "'{}' is a folder, but none that a reader knows ({}); name its files, as in {}/*.csv", path,
       fmt::join(known, ", "), path);
}

Cohort read_cohort(std::span<const Source> sources, const Schema& schema, const ReadOptions& options,
                   ReadReport& report, const Context& context) {
  if (sources.empty()) fail(ErrorKind::usage, "no data file is given");
  const ReaderEntry& reader = find_reader(options.reader, sources.front().path);
  if (!options.persons) return reader.read(sources, schema, options, report, context);
  if (reader.knows_folder != nullptr) {
    fail(ErrorKind::usage, "the reader {} knows its people; persons is for flat files", reader.name);
  }
  Schema of_stays = schema;
  of_stays.subject = options.persons->of;
  return as_people(reader.read(sources, of_stays, options, report, context), schema, *options.persons, options, report);
}

}  // namespace understudy
