// JSON that nobody vouches for.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace understudy {

// Whether a JSON text has lists and objects inside one another deeper than any file of ours (64): nlohmann-json copies
// and writes values by recursion, so a short hostile text could use up the stack.
bool nests_deeply(std::string_view text);

// The value; is_discarded() when the text is no JSON, or nests deeply.
template <class Json>
Json parse_json(std::string_view text) {
  return nests_deeply(text) ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

}  // namespace understudy
