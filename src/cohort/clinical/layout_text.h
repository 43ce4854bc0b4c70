// The small texts of a layout, taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace understudy {

struct LayoutColumn {
  std::string name;
  std::string type = "VARCHAR";
  bool required = true;
  bool typed() const { return type != "VARCHAR"; }
};

// "name:TYPE? name ..."
std::vector<LayoutColumn> columns_of(std::string_view text);

// Without empty parts.
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace understudy
