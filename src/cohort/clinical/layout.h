// A layout says in SQL how one kind of clinical folder holds people, stays and measurements. All layouts are read by the
// same engine (read_folder.h).
//
// Tables: every file of the folder that the layout names becomes a view with the listed columns. A column is written
// "name" (a text), "name:TYPE" (a value of that type, null where the cell is none; the text as written is name_text),
// or either with a '?' behind it: null where the file has no such column. The SQL can ask getvariable('has_TABLE'),
// whether the folder has the table's file, and getvariable('step'), the minutes of one step of the schema's time; and
// use us_time(TEXT), a TIMESTAMP of M/D/YYYY or M/D/YYYY H:MM:SS AM.
//
// `stays` selects one row for each stay of a person:
//   subject, stay   keys of the person and the stay
//   ordinal         a number that orders the stays of a person
//   start, stop     minutes (whole or DOUBLE) on the clock that the stay's events use; stop may be null
//   earliest,       minutes on that clock: before the first and after the last of them nothing can have been measured
//   latest          (admission to the hospital, death); null: not known
//   visit           where a code source asks for it: the key of the admission that the stay belongs to
//   and any further columns: what columns of a schema may be called, static ones or, of a cohort by visits, others.
// `visits` selects the same for each visit, where a cohort by visits (window.h) has other rows than the stays. In it `stay`
// is the key of the visit.
// An event source selects one row for each measurement:
//   subject | stay  the key of its owner, as `owner` says. A person's measurement belongs to the visit that it falls into
//   at              minutes; null: no time
//   item            BIGINT or VARCHAR, what the concepts call it
//   number, text, unit   DOUBLE, VARCHAR (what is there instead of a number; may be null), VARCHAR (may be null)
//
// Written files select from tables that the engine makes of a cohort (write_folder.h):
//   visits          one row for each stay; of a cohort by visits, for each of its rows: key (BIGINT, the person's, or a
//                   number of its own), subject (VARCHAR), visit (BIGINT, in their order; `key` where there is one each),
//                   origin (TIMESTAMP, a made-up start), minutes (BIGINT, length), and the columns that `carries` lists:
//                   typed like the columns of `tables`, null where the cohort has none
//   people          the same without visit, one row for each person: what the first visit says, but died in any, and
//                   minutes up to the end of the last
//   measurements    key, visit, origin, minute (BIGINT since the origin), source (table of the item, "chartevents"), item
//                   (VARCHAR), variable (VARCHAR, name of the concept or the column), number (DOUBLE, in `unit`), text
//                   (VARCHAR, of categories), unit (VARCHAR)
//   codes           key, visit, code: of every column of type codes
//   items           source, item, variable, unit of every variable that is written
#pragma once

#include <span>
#include <string_view>

namespace understudy {

struct TableFile {
  std::string_view name;     // what the SQL calls it
  // In the folder, without .csv, .csv.gz or .parquet; the first of several ('|') that is there. With a '*' all that
  // match, as one table, of text files with a column filename; where the reader is given a file and not a folder, that
  // file. "a/**/" stands for a and every folder below it, '?' for the letter behind "set-" in the path that was given.
  std::string_view files;
  std::string_view columns;  // separated by blanks
  bool required = true;      // otherwise an absent file is an empty table
};

struct EventSource {
  enum class Owner { subject, stay };
  std::string_view table;    // what the concepts call it: "chartevents" of "chartevents/220045"
  Owner owner = Owner::subject;
  std::string_view sql;
};

// Diagnoses and the like: the key of the owner, code ("icd10:I509", "icd9:4280", "omop:320128") and, where persons own them,
// at, minutes: a cohort by visits gives them to the visit that it falls into.
struct CodeSource {
  enum class Owner { subject, stay, visit };
  std::string_view table;
  Owner owner = Owner::stay;
  std::string_view sql;
};

struct OutputFile {
  std::string_view file;     // in the folder, with its ending: .csv, .csv.gz, .psv or .parquet. With {key} one file for
                             // each person, of the rows with that key
  std::string_view sql;
};

struct Layout {
  std::string_view name;     // "mimic-iv"
  std::string_view summary;
  std::string_view mark;     // a file, as in TableFile, that tells such a folder from others
  std::span<const TableFile> tables;
  std::string_view stays;
  std::span<const EventSource> events;
  std::span<const CodeSource> codes = {};
  std::string_view visits = {};  // empty: as `stays`
  bool uses_concepts = true;  // otherwise items are called like the columns of the schema
  std::string_view carries = {};              // static columns that its files have, "age:BIGINT sex"
  std::string_view writes = {};               // without concepts: columns that its files have; empty: any
  std::span<const OutputFile> output = {};    // empty: read only
  std::string_view code_systems = {};         // what codes have, separated by blanks, that its files have a place for
  bool has_visits = true;     // a person may have several stays
};

}  // namespace understudy
