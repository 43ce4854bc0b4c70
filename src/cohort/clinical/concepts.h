// Harmonisation as data: where each format keeps a variable of the range catalogue, and in which units.
//
//   const Concept* creatinine = standard_concepts().find("creatinine");
//   creatinine->items_of("mimic-iv");       // {{"labevents", "50912", ""}}
//   creatinine->conversion("umol/L");       // to the catalogue's unit; none for a unit that nobody declared
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/schema.h"

namespace understudy {

// value in the catalogue's unit = factor x value + offset
struct UnitConversion {
  double factor = 1;
  double offset = 0;
};

struct ConceptItem {
  std::string table;  // of the format; empty where a format has one table
  std::string item;   // id or name in that table
  std::string unit;   // of every value, whatever the row says; empty: the row says
};

struct Concept {
  std::string name;  // of the catalogue entry
  Aggregate aggregate = Aggregate::median;
  std::map<std::string, std::vector<ConceptItem>, std::less<>> items;  // by format
  std::map<std::string, UnitConversion, std::less<>> units;            // by normalised_unit

  std::span<const ConceptItem> items_of(std::string_view format) const;
  // An empty unit is the catalogue's.
  std::optional<UnitConversion> conversion(std::string_view unit) const;
};

class Concepts {
 public:
  const Concept* find(std::string_view name) const;  // nullptr when there is none
  const std::map<std::string, Concept, std::less<>>& all() const { return concepts_; }

 private:
  friend Concepts parse_concepts(std::string_view toml_text, std::string_view place);
  std::map<std::string, Concept, std::less<>> concepts_;
};

// Without blanks, in lower case.
std::string normalised_unit(std::string_view unit);

// ErrorKind::input with `place` and line: a name that is not in the catalogue, an unknown key's value of a wrong type.
Concepts parse_concepts(std::string_view toml_text, std::string_view place);
// The file that is built into the program (concepts.toml).
const Concepts& standard_concepts();
// The variable of a column, by the catalogue entry of its range, else by its name; nullptr when there is none.
const Concept* concept_of(const ColumnSpec& spec);

}  // namespace understudy
