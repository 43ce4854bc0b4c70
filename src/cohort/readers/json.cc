#include "cohort/readers/scan.h"

namespace understudy {

// An array of objects, or one object a line. Types are found over all rows.
FileScan open_json(Database& database, const std::string& path, const ReadOptions&) {
  if (path.ends_with(".gz")) check_gzip(path);
  return open_typed(database, path, fmt::format("read_json({}, sample_size = -1)", sql_text(path)));
}

}  // namespace understudy
