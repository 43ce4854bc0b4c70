// Pieces of pages: text that stays text, and templates.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace understudy {

// `text` fit to stand between tags or in a quoted attribute. Bytes that are no UTF-8,
// and marks that turn the direction of text, become U+FFFD.
std::string page_text(std::string_view text);

using PageParts = std::vector<std::pair<std::string_view, std::string>>;
// Fills each {{part}} of the page once, left to right, so that nothing inside a part is ever taken for a place.
std::string fill_page(std::string_view page, const PageParts& parts);

// A share as "73.2", percent with one decimal, rounded up: a bound that is shown is never below the bound that holds.
std::string percent_at_most(double share);

}  // namespace understudy
