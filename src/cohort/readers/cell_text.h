// Numbers in the texts of cells.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace understudy {

std::string_view trimmed(std::string_view text);  // without blanks at both ends

// The whole text or nothing; a leading '+' is accepted. "12.0" and "1e3" are whole numbers, "12.5" is none.
// decimal_comma: ',' instead of '.'.
std::optional<double> parse_real(std::string_view text, bool decimal_comma);
std::optional<std::int64_t> parse_integer(std::string_view text, bool decimal_comma);

// The nearest number with so many digits after the point; exact where such a number is representable.
double round_to(double value, int decimals);

}  // namespace understudy
