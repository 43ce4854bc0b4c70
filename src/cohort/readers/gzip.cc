#include <zlib.h>

#include <memory>
#include <vector>

#include "cohort/readers/scan.h"
#include "understudy/error.h"

namespace understudy {

void check_gzip(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) fail(ErrorKind::input, "cannot read '{}'", path);
  gzbuffer(file.get(), 1U << 18);
  std::vector<char> buffer(1U << 18);
  int got = 0;
  while ((got = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
  }
  int code = Z_OK;
  gzerror(file.get(), &code);
  if (got < 0 || code != Z_OK) {
    fail(ErrorKind::input, "{}: the gzip file is cut short or damaged; fetch it again", path);
  }
  if (gzdirect(file.get()) != 0) fail(ErrorKind::input, "{}: the name ends in .gz, but this is no gzip file", path);
}

}  // namespace understudy
