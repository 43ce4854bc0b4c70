#include "cohort/readers/scan.h"

namespace understudy {

FileScan open_parquet(Database& database, const std::string& path, const ReadOptions&) {
  return open_typed(database, path, fmt::format("read_parquet({})", sql_text(path)));
}

}  // namespace understudy
