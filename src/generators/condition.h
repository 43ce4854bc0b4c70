// Conditions of a sample request, read against the static columns of a schema.
#pragma once

#include <map>
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

}  // namespace understudy
