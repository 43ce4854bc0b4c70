#include "encode/visit_codes.h"

#include <algorithm>

#include "understudy/error.h"

namespace understudy {

CodeVocabulary::CodeVocabulary(const Schema& schema) {
  const auto specs = schema.series();
  std::int32_t first = 0;
  for (std::size_t c = 0; c < specs.size(); ++c) {
    if (!is_set(specs[c].type)) continue;
    const auto count = static_cast<std::int32_t>(specs[c].categories.size());
    places_.push_back({c, first, count});
    first += count;
  }
  if (places_.empty()) fail(ErrorKind::usage, "schema '{}' has no series column of type codes", schema.name);
}

std::vector<std::vector<std::int32_t>> code_sets(const CodeVocabulary& words, const Cohort& cohort, std::int64_t subject) {
  std::vector<std::vector<std::int32_t>> sets(static_cast<std::size_t>(cohort.series_rows(subject)));
  const std::int64_t first = cohort.offsets[static_cast<std::size_t>(subject)];
  for (std::size_t row = 0; row < sets.size(); ++row) {
    for (const auto& place : words.places()) {
      for (const std::int32_t code : cohort.series.column(place.column).codes(first + static_cast<std::int64_t>(row))) {
        sets[row].push_back(place.first + code);
      }
    }
  }
  return sets;
}

std::vector<float> multi_hot(const CodeVocabulary& words, const Cohort& cohort, std::int64_t subject, std::int64_t rows) {
  const auto width = static_cast<std::size_t>(words.size());
  std::vector<float> hot(static_cast<std::size_t>(rows) * width, 0.0F);
  const auto sets = code_sets(words, cohort, subject);
  for (std::size_t row = 0; row < std::min(sets.size(), static_cast<std::size_t>(rows)); ++row) {
    for (const std::int32_t word : sets[row]) hot[row * width + static_cast<std::size_t>(word)] = 1;
  }
  return hot;
}

void set_codes(const CodeVocabulary& words, const float* line, Table& series, std::int64_t row) {
  for (const auto& place : words.places()) {
    std::vector<std::int32_t> codes;
    for (std::int32_t code = 0; code < place.count; ++code) {
      if (line[place.first + code] >= 0.5F) codes.push_back(code);
    }
    series.column(place.column).set_codes(row, std::move(codes));
  }
}

}  // namespace understudy
