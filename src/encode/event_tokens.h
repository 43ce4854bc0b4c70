// A subject's series as a sentence: which time passed, what was measured then, how it ended.
//
//   const EventTokens words(schema, marginals, gap, 32);
//   std::vector<std::int32_t> tokens = words.encode(cohort, subject, origin);  // gap, values, gap, values, ..., end
//   words.decode(tokens, origin, times, series, rng);
//
// Token 0 ends a subject. Then come the gaps between rows, in bins of the gap's distribution; then each series column:
// numeric ones in bins of their distribution, categorical ones by category. Id and text columns have no tokens. A bin is
// a run of parts of the Marginal that holds about 1 / bins of the mass; a part that holds more is a bin by itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "encode/marginal.h"
#include "understudy/cohort.h"

namespace understudy {

class EventTokens {
 public:
  static constexpr std::int32_t kEnd = 0;

  // `marginals`: one for each of schema.series(); `gap`: of the time between rows (Timeline::gap). Built from inside
  // marginals the vocabulary is inside. `bins`: at least 1; a column has at most twice as many. ErrorKind::usage for a
  // schema without time.
  EventTokens(const Schema& schema, std::vector<Marginal> marginals, Marginal gap, int bins);

  std::int64_t size() const { return size_; }
  // "heart_rate bin 3 of 32", "sex = F", "gap bin 0 of 32", "end".
  std::string word(std::int32_t token) const;

  // One gap token for each row, then its values in the order of the columns; `kEnd` last. The first row's gap is its
  // distance from `origin`.
  std::vector<std::int32_t> encode(const Cohort& cohort, std::int64_t subject, double origin) const;

  // Appends the rows that the tokens say to `times` and `series`, up to the first `kEnd`. decode(encode(x)) has x's
  // rows and missing values, x's categories, and every value inside its own bin, drawn by its distribution: an atom of
  // more than 1 / bins comes back exactly. Any tokens are taken: a value before the first gap starts a row at `origin`, the last of several values of a column in one row stays.
  // ErrorKind::input for a token that is none.
  void decode(std::span<const std::int32_t> tokens, double origin, Column& times, Table& series, Rng& rng) const;

 private:
  struct Words {  // of one column, or of the gap
    std::int32_t first = 0;
    std::int32_t count = 0;
    bool categorical = false;
    std::vector<std::int32_t> bin_of_part = {};  // numeric: for each part of the marginal
    std::vector<double> ends = {};               // numeric: share of the values up to the end of each bin
  };
  static Words numeric_words(const Marginal& marginal, int bins, std::int32_t first);
  std::int32_t token_of(const Words& words, const Marginal& marginal, double value) const;
  double value_of(const Words& words, const Marginal& marginal, std::int32_t token, Rng& rng) const;

  std::vector<ColumnSpec> specs_;
  ColumnSpec time_;
  std::vector<Marginal> marginals_;
  Marginal gap_;
  Words gap_words_;
  std::vector<Words> words_;
  std::int64_t size_ = 0;
};

}  // namespace understudy
