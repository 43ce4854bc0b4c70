#include "cohort/readers/cell_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace understudy {
namespace {

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view without_plus(std::string_view text) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-';
  return plus ? text.substr(1) : text;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::optional<double> parse_real(std::string_view text, bool decimal_comma) {
  text = without_plus(text);
  if (!decimal_comma) return parse_whole<double>(text);
  if (text.find('.') != std::string_view::npos) return std::nullopt;
  std::string with_point(text);
  std::replace(with_point.begin(), with_point.end(), ',', '.');
  return parse_whole<double>(with_point);
}

std::optional<std::int64_t> parse_integer(std::string_view text, bool decimal_comma) {
  if (const auto value = parse_whole<std::int64_t>(without_plus(text))) return value;
  constexpr double kExact = 9007199254740992.0;  // 2^53: above it a double need not be the number that was written
  const auto real = parse_real(text, decimal_comma);
  if (!real || !(std::abs(*real) <= kExact) || *real != std::floor(*real)) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

double round_to(double value, int decimals) {
  constexpr double kPowers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  const double scaled = value * kPowers[decimals];
  constexpr double kExact = 9007199254740992.0;
  return std::abs(scaled) < kExact ? std::nearbyint(scaled) / kPowers[decimals] : value;
}

std::string codes_text(const std::vector<std::int32_t>& codes, const std::vector<std::string>& categories) {
  std::string text;
  for (const std::int32_t code : codes) {
    if (!text.empty()) text += kCodeSeparator;
    text += categories[static_cast<std::size_t>(code)];
  }
  return text;
}

std::vector<std::string_view> code_pieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(kCodeSeparator, begin), text.size());
    pieces.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return pieces;
}

}  // namespace understudy
