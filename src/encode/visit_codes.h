// A subject's codes, row by row (visit by visit), as zeros and ones over one vocabulary.
//
//   const CodeVocabulary words(cohort.schema);
//   const std::vector<float> hot = multi_hot(words, cohort, subject, 20);   // [20 x words.size()]
//
// The vocabulary is that of the schema: the categories of every series column of type codes, one column after the other.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "understudy/cohort.h"

namespace understudy {

class CodeVocabulary {
 public:
  // ErrorKind::usage when no series column is of type codes.
  explicit CodeVocabulary(const Schema& schema);

  struct Place {
    std::size_t column;  // of the series table
    std::int32_t first;  // word of the column's first category
    std::int32_t count;
  };
  std::int32_t size() const { return places_.back().first + places_.back().count; }
  const std::vector<Place>& places() const { return places_; }

 private:
  std::vector<Place> places_;
};

// The words of each of a subject's rows, ascending; the sparse form of what follows.
std::vector<std::vector<std::int32_t>> code_sets(const CodeVocabulary& words, const Cohort& cohort, std::int64_t subject);

// [rows x words.size()], row-major: 1 where the row has the code; rows that the subject does not have are 0, rows beyond
// `rows` are left out.
std::vector<float> multi_hot(const CodeVocabulary& words, const Cohort& cohort, std::int64_t subject, std::int64_t rows);

// Sets the codes of row `row` of `series` to what a line of such an array says: every word of at least .5.
void set_codes(const CodeVocabulary& words, const float* line, Table& series, std::int64_t row);

}  // namespace understudy
