// Clinical folders in a temporary place and cohorts as text, for the tests of this room.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "cohort/database.h"
#include "cohort/testing_files.h"
#include "understudy/reader.h"

namespace understudy {

// Path in the folder -> text. Of a path that ends with .gz or .parquet the text is a CSV table, which is written so.
using Files = std::map<std::string, std::string>;

inline void write_table(const std::string& path, const std::string& csv) {
  const std::string text = test_file("table.csv", csv);
  Database database({.paths = {text, path}});
  const bool parquet = path.ends_with(".parquet");
  database.query(fmt::format("COPY (FROM read_csv({}, header = true{})) TO {} ({})", sql_text(text),
                             parquet ? "" : ", all_varchar = true, delim = ','", sql_text(path),
                             parquet ? "FORMAT parquet" : "FORMAT csv, HEADER, COMPRESSION gzip"));
}

// A fresh folder of this name; returns its path.
inline std::string clinical_folder(const std::string& name, const Files& files) {
  const std::string folder = test_folder() + "/" + name;
  std::filesystem::remove_all(folder);
  for (const auto& [file, text] : files) {
    const std::string path = folder + "/" + file;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    if (path.ends_with(".gz") || path.ends_with(".parquet")) {
      write_table(path, text);
    } else {
      std::ofstream(path, std::ios::binary) << text;
    }
  }
  return folder;
}

struct ClinicalRead {
  Cohort cohort;
  ReadReport report;
};

inline ClinicalRead read_clinical(const std::string& reader, const Source& source, const Schema& schema,
                                  ReadOptions options = {}, int threads = 1) {
  options.reader = reader;
  Context context;
  context.threads = threads;
  ClinicalRead result;
  result.cohort = read_cohort(std::vector<Source>{source}, schema, options, result.report, context);
  return result;
}

inline ReadOptions lenient() {
  ReadOptions options;
  options.bad_cells = BadCells::missing;
  options.duplicates = Duplicates::first;
  return options;
}

inline std::string refusal_of(const std::string& reader, const Source& source, const Schema& schema) {
  return error_of(ErrorKind::input, [&] { read_clinical(reader, source, schema); });
}

using Texts = std::vector<std::string>;

// "column: what x count"
inline Texts problems_of(const ReadReport& report) {
  Texts result;
  for (const auto& problem : report.problems) {
    result.push_back(fmt::format("{}: {} x {}", problem.column, problem.what, problem.count));
  }
  return result;
}

// "what x count"
inline Texts left_out_of(const ReadReport& report) {
  Texts result;
  for (const auto& records : report.left_out) result.push_back(fmt::format("{} x {}", records.what, records.count));
  return result;
}

inline Schema ward_schema(const std::string& unit = "h", const std::string& more_time = "") {
  std::string text = fmt::format(
      "[schema]\nsubject = \"person\"\ntime = \"at\"\ntime_type = \"integer\"\ntime_unit = \"{}\"\n{}\n", unit,
      more_time);
  const auto column = [&](const std::string& name, const std::string& more) {
    text += fmt::format("[[column]]\nname = \"{}\"\n{}\n", name, more);
  };
  column("age", "type = \"integer\"\nrange = \"catalogue:age\"\nstatic = true");
  column("sex", "type = \"category\"\ncategories = [\"F\", \"M\"]\nstatic = true");
  column("died", "type = \"boolean\"\nstatic = true");
  column("heart_rate", "type = \"real\"\nrange = \"catalogue:heart_rate\"");
  column("body_temperature", "type = \"real\"\nrange = \"catalogue:body_temperature\"\ndecimals = 1");
  column("glucose", "type = \"real\"\nrange = \"catalogue:glucose\"\ndecimals = 1");
  column("urine_output", "type = \"real\"\nrange = \"catalogue:urine_output\"");
  return parse_schema(text, "ward.toml");
}

// A row a visit.
inline Schema visit_schema(const std::string& more_time = "") {
  return parse_schema(R"toml([schema]
subject = "person"
time = "visit"
time_type = "integer"
time_unit = "visit"
)toml" + more_time + R"toml(
[[column]]
name = "age"
type = "integer"
range = "catalogue:age"
static = true
[[column]]
name = "days_since_previous"
type = "real"
decimals = 2
[[column]]
name = "length_of_stay_hours"
type = "real"
decimals = 1
[[column]]
name = "died"
type = "boolean"
[[column]]
name = "heart_rate"
type = "real"
range = "catalogue:heart_rate"
[[column]]
name = "diagnoses"
type = "codes"
categories = ["icd9:428", "icd9:250", "icd9:401"]
)toml", "visits.toml");
}

inline Schema series_schema(const std::vector<std::string>& columns, const std::string& unit = "h") {
  std::string text =
      fmt::format("[schema]\nsubject = \"person\"\ntime = \"at\"\ntime_type = \"integer\"\ntime_unit = \"{}\"\n", unit);
  for (const std::string& column : columns) text += fmt::format("[[column]]\nname = \"{}\"\ntype = \"real\"\n", column);
  return parse_schema(text, "series.toml");
}

inline std::string shown_row(const Table& table, std::int64_t row, std::span<const ColumnSpec> specs) {
  std::string text;
  for (std::size_t c = 0; c < specs.size(); ++c) {
    const Column& column = table.column(c);
    if (is_set(specs[c].type)) {
      for (const std::int32_t code : column.codes(row)) text += " " + specs[c].categories[static_cast<std::size_t>(code)];
      continue;
    }
    if (!column.is_valid(row)) continue;
    const double number = column.number(row);
    text += fmt::format(" {}={}", specs[c].name, is_categorical(specs[c].type)
                                                     ? specs[c].categories[static_cast<std::size_t>(number)]
                                                     : fmt::format("{}", number));
  }
  return text;
}

// Every value, a line for each person: "7 age=61 sex=F | 0 heart_rate=80 icd9:428 | 2 heart_rate=90 glucose=108".
inline Texts shown(const Cohort& cohort) {
  Texts result;
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const auto person = static_cast<std::size_t>(s);
    std::string text = cohort.subjects[person] + shown_row(cohort.statics, s, cohort.schema.statics());
    for (std::int64_t row = cohort.schema.has_series() ? cohort.offsets[person] : 0;
         cohort.schema.has_series() && row < cohort.offsets[person + 1]; ++row) {
      text += fmt::format(" | {}{}", cohort.times.number(row), shown_row(cohort.series, row, cohort.schema.series()));
    }
    result.push_back(text);
  }
  return result;
}

struct Day {
  int year;
  unsigned month, day;
};

inline Day day_after_2100(std::int64_t minutes) {
  using namespace std::chrono;
  const year_month_day day = sys_days{year{2100} / 1 / 1} + days{minutes / 1440};
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
}

// So many minutes after 2100-01-01 begins, as "2100-01-01 00:00:00" and as "1/1/2100 12:00:00 AM".
inline std::string stamp(std::int64_t minutes) {
  const Day at = day_after_2100(minutes);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:00", at.year, at.month, at.day, minutes % 1440 / 60, minutes % 60);
}

inline std::string us_stamp(std::int64_t minutes) {
  const Day at = day_after_2100(minutes);
  const std::int64_t hour = minutes % 1440 / 60, shown_hour = hour % 12 == 0 ? 12 : hour % 12;
  return fmt::format("{}/{}/{} {}:{:02}:00 {}", at.month, at.day, at.year, shown_hour, minutes % 60,
                     hour < 12 ? "AM" : "PM");
}

}  // namespace understudy
