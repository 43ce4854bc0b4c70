// Conditions of a sample request, read against the static columns of a schema.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "understudy/schema.h"
#include "understudy/table.h"

namespace understudy {

struct StaticCondition {
  std::string column;
  double value = 0;      // a number, or the index of a category
  double tolerance = 0;  // a drawn value this near counts as equal
};

// ErrorKind::usage for an unknown or non-static column, a value that it cannot hold, or a column that is neither number
// nor category.
std::vector<StaticCondition> parse_conditions(const Schema& schema, const std::map<std::string, std::string>& texts);

// Rows of `statics` that meet all conditions.
std::vector<std::int64_t> matching_rows(const Table& statics, const std::vector<StaticCondition>& conditions);

// Sets the conditioned columns to exactly the values asked for.
void impose(const std::vector<StaticCondition>& conditions, Table& statics);

// How long to look for subjects that meet a condition.
struct ConditionalDraws {
  std::int64_t round = 0;  // subjects drawn between two looks at how many meet it
  std::int64_t most = 0;   // drawn in all
};

// Draws rounds of subjects until `count` of them meet the conditions, and returns those with what was asked for set.
// draw(first): the statics of subjects [first, first + round), counted over all rounds. take(rows): which of that round are kept.
// ErrorKind::usage when `most` are not enough.
Table draw_until_met(std::int64_t count, const std::vector<StaticCondition>& conditions, const ConditionalDraws& draws,
                     const std::function<Table(std::int64_t first)>& draw,
                     const std::function<void(std::span<const std::int64_t> rows)>& take);

}  // namespace understudy
