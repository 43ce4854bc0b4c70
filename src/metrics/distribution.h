// Values with multiplicities, sorted once and compared under many weightings of people in linear passes.
//
// Where a person's values repeat (the gaps of a regular series), one entry with a count stands for them all.
#pragma once

#include <cstdint>
#include <vector>

#include "metrics/sample.h"

namespace understudy {

class Distribution {
 public:
  // `count` more values of this person. NaN is left out.
  void add(double value, std::size_t person, std::int64_t count = 1);
  // Adds all of a person's values, equal ones as one entry. Sorts the argument.
  void add_all(std::vector<double>& values, std::size_t person);
  // Once, after the last value.
  void sort();

  bool empty() const { return entries_.empty(); }

  friend double ks_distance(const Distribution& first, Weights first_weights, const Distribution& second,
                            Weights second_weights);

 private:
  struct Entry {
    double value;
    std::uint32_t person;
    std::uint32_t count;
  };
  std::int64_t total(Weights weights) const;

  std::vector<Entry> entries_;
};

// Largest difference of the two distribution functions (Kolmogorov-Smirnov). 1 where one side has no value at all; NaN
// where both have none, or a side has no weight. Both are sorted.
double ks_distance(const Distribution& first, Weights first_weights, const Distribution& second,
                   Weights second_weights);

}  // namespace understudy
