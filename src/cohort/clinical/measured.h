// Single measurements on their way to the cells of a cohort: gathered in any order, then grouped by person, step of the
// time and column.
//
//   Measured measured({.people = 100, .first_minute = 0, .last_minute = 2879, .step = 60, .columns = 48, .items = 130});
//   measured.add({.person = 7, .minute = 61, .column = 3, .item = 12, .value = 4.1});
//   measured.sort(2);
//   measured.take([](const Measured::Cell& cell) { ... });
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "understudy/schema.h"

namespace understudy {

// `values`: at least one, in the order of their times.
double aggregated(Aggregate aggregate, std::span<const double> values);

class Measured {
 public:
  struct Ranges {
    std::int64_t people = 0;
    std::int64_t first_minute = 0, last_minute = 0;  // inclusive; first_minute is the start of a step
    std::int64_t step = 60;                          // minutes
    std::int64_t columns = 1;
    std::int64_t items = 1;
  };
  struct Value {
    std::int64_t person, minute, column, item;
    double value;
  };
  // All values of one person, step and column; in the order of their minutes, then items, then values.
  struct Cell {
    std::int64_t person, step, column;  // step: counted from that of minute 0, may be negative
    std::span<const double> values;
  };

  // ErrorKind::usage when people, steps, columns and items together need more than 64 bits.
  explicit Measured(const Ranges& ranges);

  // Every part of `value` lies in the ranges.
  void add(const Value& value);
  std::int64_t size() const;

  // Values of which there were more than one: how many more, and the first of them in the order of people, steps, columns.
  struct Repeats {
    std::int64_t count = 0;
    std::vector<Value> first;  // at most 5
  };
  // To be called once, after the last value and before what follows. Equal values of one item in one minute count
  // once. The order in which values were added changes nothing from here on.
  Repeats sort(int threads);
  // Number of different pairs of a person and a step.
  std::int64_t rows() const;
  // Visits the cells in ascending order of person, step, column, and empties the store on the way.
  void take(const std::function<void(const Cell&)>& visit);

 private:
  struct Entry {
    std::uint64_t key;
    double value;
  };
  std::uint64_t key_of(const Value& value) const;
  Value value_of(const Entry& entry) const;
  Repeats sort_bucket(std::vector<Entry>& bucket) const;
  void take_bucket(const std::vector<Entry>& bucket, const std::function<void(const Cell&)>& visit) const;

  Ranges ranges_;
  int step_bits_ = 0, column_bits_ = 0, minute_bits_ = 0, item_bits_ = 0;
  std::vector<std::vector<Entry>> buckets_;  // by person, so that each can be sorted by itself
};

}  // namespace understudy
