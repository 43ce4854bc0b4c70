// Slurm's short lists of machines: "gpu[03-07,12],login1".
#pragma once

#include <string>
#include <string_view>

namespace understudy {

// The first machine of the list, "gpu03" of the above. ErrorKind::usage where there is none.
std::string first_host(std::string_view list);

}  // namespace understudy
