#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace understudy {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

std::string valid_utf8(std::string_view text) {
  const nlohmann::json value = std::string(text);
  return nlohmann::json::parse(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)).get<std::string>();
}

// Marks that turn the direction of text (U+202A to U+202E, U+2066 to U+2069) make a name read as another.
bool is_direction(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xe2') return false;
  const auto last = static_cast<unsigned char>(text[2]);
  return (text[1] == '\x80' && last >= 0xaa && last <= 0xae) || (text[1] == '\x81' && last >= 0xa6 && last <= 0xa9);
}

std::string escaped(char c) {
  switch (c) {
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '&':
      return "&amp;";
    case '"':
      return "&quot;";
    default:
      return {c};
  }
}

}  // namespace

std::string page_text(std::string_view text) {
  std::string safe;
  const std::string valid = valid_utf8(text);
  for (std::size_t at = 0; at < valid.size(); ++at) {
    if (is_direction(std::string_view(valid).substr(at))) {
      safe += kReplacement;
      at += 2;
    } else {
      safe += escaped(valid[at]);
    }
  }
  return safe;
}

std::string fill_page(std::string_view page, const PageParts& parts) {
  std::string result;
  while (true) {
    const std::size_t open = page.find("{{");
    result += page.substr(0, open);
    if (open == std::string_view::npos) return result;
    const std::size_t close = page.find("}}", open);
    const std::string_view name = page.substr(open + 2, close - open - 2);
    for (const auto& [part, text] : parts) {
      if (part == name) result += text;
    }
    page.remove_prefix(close + 2);
  }
}

std::string percent_at_most(double share) {
  const double tenths = std::ceil(share * 1000 - 1e-9);  // 0.1 is no binary number: 100.00000000000001 is 100
  return fmt::format("{:.3g}", std::min(tenths / 10, 100.0));
}

}  // namespace understudy
