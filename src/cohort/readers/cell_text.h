// Numbers and sets of codes in the texts of cells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace understudy {

std::string_view trimmed(std::string_view text);  // without blanks at both ends

// The whole text or nothing; a leading '+' is accepted. "12.0" and "1e3" are whole numbers, "12.5" is none.
// decimal_comma: ',' instead of '.'.
std::optional<double> parse_real(std::string_view text, bool decimal_comma);
std::optional<std::int64_t> parse_integer(std::string_view text, bool decimal_comma);

// The nearest number with so many digits after the point; exact where such a number is representable.
double round_to(double value, int decimals);

constexpr char kCodeSeparator = ';';
// The codes' texts, joined.
std::string codes_text(const std::vector<std::int32_t>& codes, const std::vector<std::string>& categories);
// What stands between separators, blanks and all; at least one piece.
std::vector<std::string_view> code_pieces(std::string_view text);

}  // namespace understudy
