// A subject as categories: one row for the statics and the number of its rows, then one for each of its rows and the time
// since the one before; and what the former tells the network of the latter.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "encode/timeline.h"
#include "generators/code/history.h"
#include "generators/code/row_code.h"
#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

class SubjectCode {
 public:
  // Marginals in the order of schema.statics() and schema.series(); the timeline's distributions are those of the number of rows
  // and of the gaps.
  SubjectCode(const Schema& schema, const Timeline& timeline, std::vector<Marginal> statics, std::vector<Marginal> series,
              const CodeLimits& of_statics = {}, const CodeLimits& of_series = {});

  const RowCode& statics() const { return statics_; }
  const RowCode& series() const { return series_; }
  bool has_statics() const { return statics_.columns() > 0; }
  bool has_series() const { return series_.columns() > 0; }

  std::vector<std::int32_t> encode_statics(const Cohort& cohort) const;  // [subjects x statics().columns()]
  std::vector<std::int32_t> encode_series(const Cohort& cohort) const;   // [rows x series().columns()]

  // Values of all rows, [rows x series().columns()]; the time since the row before goes to `gaps` [rows], where there are gaps. One
  // stream of context.rng(purpose) for each shard.
  Table decode_series(std::span<const std::int32_t> categories, std::vector<double>& gaps, const Context& context, std::string_view purpose) const;

  HistoryColumns history_columns() const;  // of the series, with the gaps as clock: 1 is about as long as a subject is seen

  // What the series network is told of a subject: few categories as one of so many, many as a rank in [-1, 1] and whether
  // there is a value.
  std::int64_t numbers() const { return numbers_; }
  std::vector<float> describe(std::span<const std::int32_t> statics) const;  // of [subjects x columns]: [subjects x numbers]

 private:
  std::vector<ColumnSpec> columns_;            // of the series
  RowCode statics_, series_;
  std::vector<std::int32_t> sizes_, missing_;  // of the statics
  std::int64_t numbers_ = 0;
  double span_ = 1;  // of time in which a subject is seen, about
};

}  // namespace understudy
