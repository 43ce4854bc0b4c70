#include "cohort/clinical/layout_text.h"

namespace understudy {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return parts;
}

std::vector<LayoutColumn> columns_of(std::string_view text) {
  std::vector<LayoutColumn> columns;
  for (std::string word : split(text, ' ')) {
    LayoutColumn column;
    if (word.ends_with('?')) {
      column.required = false;
      word.pop_back();
    }
    const auto colon = word.find(':');
    column.name = word.substr(0, colon);
    if (colon != std::string::npos) column.type = word.substr(colon + 1);
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace understudy
