// A clinical folder, opened: every table of its layout is a view (layout.h).
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "cohort/clinical/layout.h"
#include "cohort/database.h"
#include "cohort/readers/scan.h"
#include "understudy/context.h"
#include "understudy/reader.h"

namespace understudy {

// Whether `path` is a folder with the files that tell this layout ("a&b": both).
bool is_folder_of(const Layout& layout, const std::string& path);

class Folder {
 public:
  // typed: DuckDB parses numbers and times, and a cell that is none stops the query with a DatabaseError. text: such a
  // cell is null, and its text stands beside it. The first is faster, the second sees what was wrong.
  enum class Cells { typed, text };

  // ErrorKind::input naming the file that a required table lacks, the column that a file lacks or has twice, the two
  // files that a table could be, or the column of source.rename that no file has.
  Folder(const Layout& layout, const Source& source, const ReadOptions& options, Cells cells, const Context& context);

  Database& database() { return *database_; }
  // The file of a table, or the first of several; empty where an optional table is absent.
  std::string file(std::string_view table) const;

 private:
  void make_view(Database& headers, const TableFile& table, const ReadOptions& options, Cells cells);
  void rename(FileScan& scan);

  const std::map<std::string, std::string> renames_;
  std::set<std::string> renamed_;  // names in the files that were found
  std::map<std::string, std::vector<std::string>, std::less<>> files_;
  std::unique_ptr<Database> database_;
};

}  // namespace understudy
