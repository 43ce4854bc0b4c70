// Readers and writers of cohorts. A reader is picked by name, or by the ending of the first path.
//
//   ReadReport report;
//   Cohort cohort = read_cohort({{.path = "days.csv"}, {.path = "sleep.csv", .rename = {{"SleepDay", "ActivityDate"}}}},
//                               schema, {}, report, context);
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

struct Source {
  std::string path;                           // a file, a pattern such as part-*.csv, or a clinical folder
  std::map<std::string, std::string> rename;  // name in the file -> name in the schema
};

enum class BadCells { refuse, missing };      // a cell that its column cannot hold: stop, or count it and set it missing
enum class Duplicates { refuse, first };      // a second row of the same subject and time: stop, or count it and keep the first

// Who the records of stays are about: a table with a line for each stay.
struct PersonTable {
  std::string path;                   // CSV or Parquet
  std::string key, person;            // its columns: the stay, the person
  std::string of;                     // the column of the data that holds the stay; schema.subject names the person
};

struct ReadOptions {
  std::string reader;                 // empty: by ending
  char delimiter = 0;                 // CSV; 0: found by the reader
  bool decimal_comma = false;
  std::string encoding = "utf-8";     // "utf-8", "latin-1", "utf-16"
  std::string time_zone = "UTC";      // of datetimes without a zone
  std::vector<std::string> missing_values = {"", "NA", "NaN", "nan", "null", "NULL"};
  BadCells bad_cells = BadCells::refuse;
  Duplicates duplicates = Duplicates::refuse;
  std::optional<PersonTable> persons = {};  // of flat files whose keys are stays: one stay of each person counts
};

// What was wrong, where, how often. The first few places of each kind are kept.
struct ReadReport {
  struct Problem {
    std::string file;
    std::string column;               // empty: the row as a whole
    std::string what;                 // "not a number", "outside [0, 1440]", "duplicate of subject and time"; cells of
                                      // more than max_codes codes are cut and counted here, never refused
    std::int64_t count = 0;
    std::vector<std::int64_t> lines;  // at most 5, 1-based lines of the file; none where `places` says it
    std::vector<std::string> places = {};  // of measurements: "person 7, minute 35: 'abc'"; at most 5
  };
  // Records that are right and not wanted: no variable of the schema, outside its window.
  struct LeftOut {
    std::string file;
    std::string what;
    std::int64_t count = 0;
  };
  std::int64_t rows = 0;
  std::vector<Problem> problems;
  std::vector<LeftOut> left_out;
};

struct ReaderEntry {
  std::string_view name;        // "csv"
  std::string_view endings;     // ".csv|.csv.gz|.tsv"
  std::string_view summary;
  Cohort (*read)(std::span<const Source> sources, const Schema& schema, const ReadOptions& options, ReadReport& report,
                 const Context& context);
  bool (*knows_folder)(const std::string& path) = nullptr;  // of readers of clinical folders: whether `path` is one
};

struct WriteOptions {
  std::string writer = {};     // empty: by ending
  bool synthetic = true;       // clinical folders say on every row that their people do not exist, Parquet in its metadata;
                               // CSV and JSON have no place for it
};

// What a format could not carry.
struct WriteReport {
  struct Lost {
    std::string what;          // "column 'pain_score': mimic-iv has no item for it"
    std::int64_t count = 0;    // of values, or people
  };
  std::vector<Lost> lost;
};

struct WriterEntry {
  std::string_view name;
  std::string_view endings;
  std::string_view summary;
  // Writes `path`, complete or not at all: statics and series joined in one flat file, subject and time columns first;
  // or a clinical folder.
  WriteReport (*write)(const Cohort& cohort, const std::string& path, const WriteOptions& options,
                       const Context& context);
};

std::span<const ReaderEntry> readers();
// The reader called `name`, or, where that is empty, the one for the path's ending or the folder's files.
// ErrorKind::usage for an unknown name or ending, ErrorKind::input for a folder that none knows; with the known ones.
const ReaderEntry& find_reader(const std::string& name, const std::string& path);
std::span<const WriterEntry> writers();
// The writer called `name`, or, where that is empty, the one for the path's ending. ErrorKind::usage with the known ones.
const WriterEntry& find_writer(const std::string& name, const std::string& path);

// Several sources are joined by subject and time (a full outer join). Adding a subject changes no other subject's
// record. ErrorKind::input names file, line, column, value and cure.
Cohort read_cohort(std::span<const Source> sources, const Schema& schema, const ReadOptions& options,
                   ReadReport& report, const Context& context);
WriteReport write_cohort(const Cohort& cohort, const std::string& path, const WriteOptions& options,
                         const Context& context);
WriteReport write_cohort(const Cohort& cohort, const std::string& path, const Context& context);  // format by ending

// What clinical readers know to find: a name of the range catalogue, and where ("mmol/L, 0 to 60; eicu, mimic-iv").
struct VariableEntry {
  std::string name, summary;
};
std::vector<VariableEntry> clinical_variables();

// A draft schema. Every bound and category read off the data is marked is_public = false. Of a clinical folder, nothing is
// read: the draft has every variable that its format keeps, hour by hour for two days, with public ranges.
struct InspectRequest {
  std::vector<Source> sources;
  ReadOptions options;
  std::string subject;  // empty: rows are people
  std::string time;     // empty: none
};
Schema draft_schema(const InspectRequest& request, const Context& context);

}  // namespace understudy
