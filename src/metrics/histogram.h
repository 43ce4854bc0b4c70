// Shares of a column's values over common parts, for three cohorts side by side.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "understudy/schema.h"

namespace understudy {

// Ascending ends of at most `most` parts over the central 99 % of the values (NaN: none). Parts of integers are whole
// steps wide and begin half a step below an integer. Constant values get one part around them; no values, none.
std::vector<double> histogram_edges(std::vector<double> values, bool integers, std::size_t most);

// Share of the values in each part; what lies outside counts in the first or last part. Empty when no value is there.
std::vector<double> histogram_shares(std::span<const double> values, std::span<const double> edges);

// The categories that a chart names, and one label for the rest where there is a rest.
struct Labels {
  std::vector<std::string> names;
  std::vector<std::size_t> part_of;  // category -> index into names
  bool has_rest = false;             // the last name stands for all others
};
Labels choose_labels(const ColumnSpec& spec, std::span<const double> real, std::span<const double> synthetic,
                     std::size_t most);
std::vector<double> label_shares(std::span<const double> values, const Labels& labels);

}  // namespace understudy
