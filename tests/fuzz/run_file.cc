// A run file's TOML text.
#include "pipeline/run_file.h"

#include "target.h"

using namespace understudy;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  taken(ErrorKind::usage, [&] { return parse_run_file(as_text(data, size), "folder/input.toml"); });
  return 0;
}
