// The files of src/report/assets and the Vega libraries, built into the program by cmake/embed.cmake.
#pragma once

#include <string_view>

namespace understudy {

// The bytes of the file with this name ("report.css", "vega.min.js"), valid for the life of the program.
// ErrorKind::internal when no such file was built in.
std::string_view asset(std::string_view name);

}  // namespace understudy
