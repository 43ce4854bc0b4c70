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
//   start, stop     BIGINT minutes on the clock that the stay's events use; stop may be null
//   earliest,       BIGINT minutes on that clock: before the first and after the last of them nothing can have been
//   latest          measured (admission to the hospital, death); null: not known
//   and any further columns: what static columns of a schema may be called.
// An event source selects one row for each measurement:
//   subject | stay  the key of its owner, as `owner` says
//   at              BIGINT minutes; null: no time
//   item            BIGINT or VARCHAR, what the concepts call it
//   number, text, unit   DOUBLE, VARCHAR (what is there instead of a number; may be null), VARCHAR (may be null)
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

struct Layout {
  std::string_view name;     // "mimic-iv"
  std::string_view summary;
  std::string_view mark;     // a file, as in TableFile, that tells such a folder from others
  std::span<const TableFile> tables;
  std::string_view stays;
  std::span<const EventSource> events;
  bool uses_concepts = true;  // otherwise items are called like the columns of the schema
};

}  // namespace understudy
