#include "cohort/formats.h"

namespace understudy {

bool has_ending(std::string_view path, std::string_view endings) {
  while (!endings.empty()) {
    const auto bar = endings.find('|');
    if (path.ends_with(endings.substr(0, bar))) return true;
    endings = bar == std::string_view::npos ? std::string_view{} : endings.substr(bar + 1);
  }
  return false;
}

}  // namespace understudy
