#include "core/first_host.h"

#include "understudy/error.h"

namespace understudy {

std::string first_host(std::string_view list) {
  std::string host;
  std::string_view left = list;
  while (!left.empty() && left.front() != ',') {
    if (left.front() != '[') {
      host += left.front();
      left.remove_prefix(1);
      continue;
    }
    const auto close = left.find(']');
    if (close == std::string_view::npos) break;
    host += left.substr(1, left.find_first_of("-,]") - 1);
    left.remove_prefix(close + 1);
  }
  if (host.empty() || (!left.empty() && left.front() == '[')) {
    fail(ErrorKind::usage, "Slurm's list of machines is '{}'; it must begin with a name, such as gpu[03-07]; or export "
         "MASTER_ADDR, the machine of rank 0", list);
  }
  return host;
}

}  // namespace understudy
