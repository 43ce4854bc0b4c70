// Files of this folder that are built into the program by cmake/embed.cmake.
#pragma once

#include <string_view>

namespace understudy {

// The bytes of the file with this name, valid for the life of the program. ErrorKind::internal when there is none.
std::string_view concept_file(std::string_view name);

}  // namespace understudy
