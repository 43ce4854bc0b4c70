// The rows of one source, as read: before subjects are sorted and sources are joined.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cohort/readers/problems.h"
#include "cohort/readers/scan.h"
#include "understudy/reader.h"
#include "understudy/table.h"

namespace understudy {

// Keys of people, numbered in the order they are met.
class SubjectKeys {
 public:
  std::int32_t index(std::string_view key);
  std::int32_t add_row();  // a person of its own, for subject = "row": "1", "2", ...
  const std::vector<std::string>& keys() const { return keys_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::vector<std::string> keys_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> index_;
  std::int32_t last_ = -1;
};

struct Part {
  struct Begin {
    std::size_t file;  // index into the list of all files
    std::int64_t row;  // of this part, where the file's rows begin
  };

  std::string path;                    // as given, for messages
  std::vector<ColumnSpec> specs;       // the schema's columns that this source has
  std::vector<Column> columns;         // in the order of specs
  std::vector<std::int32_t> subjects;  // per row; -1: the row has no subject or no time and is left out
  Column times{ColumnType::date};
  bool has_time = false;
  std::vector<Begin> begins;

  std::int64_t rows() const { return static_cast<std::int64_t>(subjects.size()); }
  // Where a row stands: file and row in the file.
  Begin origin(std::int64_t row) const;
};

// Reads the files of `source`, appending what was opened to `files`.
Part read_part(const Source& source, OpenFile open, const Schema& schema, const ReadOptions& options,
               const Context& context, SubjectKeys& subjects, std::vector<FileScan>& files, Problems& problems);

// Opens a file and gives its columns the names of the schema. ErrorKind::input for a rename of a column that is not
// there, or that makes two columns of one name.
FileScan open_renamed(Database& database, const std::string& path, const Source& source, OpenFile open,
                      const ReadOptions& options);

// Sorts, joins and checks the parts: statics once per subject, one series row per subject and time.
Cohort join_parts(const std::vector<Part>& parts, const Schema& schema, const SubjectKeys& subjects,
                  Problems& problems);

// Whole numbers in numeric order first, then the rest in byte order: the same for every order of files.
bool subject_before(std::string_view a, std::string_view b);

}  // namespace understudy
