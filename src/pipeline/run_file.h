// The text of a run file, for who has it in memory; read_run_file (pipeline.h) reads a file.
#pragma once

#include <string>
#include <string_view>

#include "understudy/pipeline.h"

namespace understudy {

// ErrorKind::usage for whatever is wrong with the text. `path` is the file that errors name, and whose folder a schema
// is looked for in.
RunRequest parse_run_file(std::string_view text, const std::string& path);

}  // namespace understudy
