// What is wrong with the rows of the files, counted by file, column and kind while they are read.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cohort/readers/scan.h"
#include "understudy/reader.h"

namespace understudy {

class Problems {
 public:
  // Which policy decides about a problem; `excess` is counted only.
  enum class Kind { cell, duplicate, excess };

  // `row` counts from 0 in the file; `what` completes "'value' is ..." ("not an integer") or, with an empty column,
  // says what the row is.
  void add(Kind kind, std::size_t file, std::string_view column, std::string_view what, std::int64_t row,
           std::string_view value);

  // Throws ErrorKind::input for the first place where `options` refuses; otherwise lists everything in `report`.
  void settle(const std::vector<FileScan>& files, const ReadOptions& options, ReadReport& report) const;

 private:
  struct Place {
    std::int64_t row;
    std::string value;
    auto operator<=>(const Place&) const = default;
  };
  struct Entry {
    Kind kind = Kind::cell;
    std::int64_t count = 0;
    std::vector<Place> places;  // the lowest rows, ascending
  };
  using Key = std::tuple<std::size_t, std::string, std::string>;  // file, column, what

  void refuse(const Key& key, const Entry& entry, const FileScan& file) const;

  std::map<Key, Entry> entries_;
};

}  // namespace understudy
