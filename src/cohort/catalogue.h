// The public range catalogue: bounds that are known before anybody looks at a data set.
//
//   [[column]]
//   name = "TotalSteps"
//   type = "integer"
//   range = "catalogue:steps_per_day"
//
// Ranges are wide on purpose: they hold what can be recorded, not what is usual. A value outside is an error of the
// record. Every entry says where its range comes from; none was read off a data set.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace understudy {

struct CatalogueEntry {
  std::string_view name;     // "steps_per_day"
  std::string_view unit;     // UCUM
  double minimum;            // inclusive
  double maximum;            // inclusive
  int decimals;              // usual resolution; 0: whole numbers
  std::string_view aliases;  // column names that can mean nothing else, normalised (see below), separated by '|'
  std::string_view source;   // why the range is what it is
};

std::span<const CatalogueEntry> catalogue();

// ErrorKind::input with the nearest names when there is none. `where` is quoted at the start of the message.
const CatalogueEntry& find_catalogue_entry(std::string_view name, std::string_view where);

// A name without case and without everything but letters and digits.
std::string plain_name(std::string_view name);

// The entry whose name or alias a column name is, both as plain_name; nullptr
// when there is none. Two entries never share an alias.
const CatalogueEntry* match_catalogue(std::string_view column_name);

// The whole catalogue as a Markdown page (docs/catalogue.md).
std::string catalogue_markdown();

}  // namespace understudy
