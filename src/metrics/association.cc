#include "metrics/association.h"

#include <cmath>
#include <utility>

namespace understudy {
namespace {

std::vector<double> spread_over(std::span<const std::int32_t> owners, Weights weights) {
  std::vector<double> result(owners.size());
  for (std::size_t i = 0; i < owners.size(); ++i) result[i] = weights[static_cast<std::size_t>(owners[i])];
  return result;
}

}  // namespace

std::string_view to_string(Measure measure) {
  constexpr std::string_view kNames[] = {"pearson", "spearman", "cramers_v", "eta"};
  return kNames[static_cast<std::size_t>(measure)];
}

std::vector<Pair> all_pairs(std::span<const ColumnSpec> columns) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = i + 1; j < columns.size(); ++j) {
      const bool first = is_numeric(columns[i].type);
      const bool second = is_numeric(columns[j].type);
      if (first && second) {
        pairs.push_back({i, j, Measure::pearson});
        pairs.push_back({i, j, Measure::spearman});
      } else if (first || second) {
        pairs.push_back({first ? j : i, first ? i : j, Measure::eta});
      } else {
        pairs.push_back({i, j, Measure::cramers_v});
      }
    }
  }
  return pairs;
}

Associations::Associations(const CohortView& view, std::span<const ColumnSpec> columns) : view_(view) {
  const bool has_series = view.cohort().schema.has_series();
  const auto owners = view.series_owners();
  for (const ColumnSpec& spec : columns) {
    per_subject_.push_back(view.per_subject(spec));
    Sample sample = view.sample(spec);
    if (!has_series || !per_subject_.back()) {
      rows_.emplace_back(std::move(sample.values), spec);
      continue;
    }
    std::vector<double> repeated;
    for (const std::int32_t owner : owners) repeated.push_back(sample.values[static_cast<std::size_t>(owner)]);
    rows_.emplace_back(std::move(repeated), spec);
    subjects_.emplace_back(std::move(sample.values), spec);
  }
  sparse_rows_.emplace(rows_);
  sparse_subjects_.emplace(subjects_);
}

// The columns over one kind of rows with their weights; what one pair needed is kept for the next.
struct Associations::Block {
  Block(const std::vector<PreparedColumn>& prepared, const SparsePearson& sparse_pairs, std::vector<double> row_weights)
      : columns(prepared), sparse(sparse_pairs), weights(std::move(row_weights)), ranks(prepared.size()) {}

  double spearman(const PreparedColumn& first, const PreparedColumn& second) const {
    std::vector<double> shared = weights;
    for (std::size_t i = 0; i < shared.size(); ++i) {
      if (std::isnan(first.values[i]) || std::isnan(second.values[i])) shared[i] = 0;
    }
    return weighted_pearson(weighted_ranks(first, shared), weighted_ranks(second, shared), shared);
  }

  double evaluate(std::size_t i, std::size_t j, Measure measure, bool exact) {
    const PreparedColumn& first = columns[i];
    const PreparedColumn& second = columns[j];
    if (measure == Measure::cramers_v) return weighted_cramers_v(first, second, weights);
    if (measure == Measure::eta) return weighted_eta(first, second, weights);
    if (measure == Measure::pearson) return pearson(i, j);
    if (exact && !(first.complete && second.complete)) return spearman(first, second);
    return pearson_of_ranks(i, j);
  }

  double pearson(std::size_t i, std::size_t j) {
    if (!sparse.pays()) return weighted_pearson(columns[i].values, columns[j].values, weights);
    if (of_values.empty()) {
      std::vector<std::span<const double>> values;
      for (const PreparedColumn& column : columns) values.push_back(column.values);
      of_values = sparse.evaluate(values, weights);
    }
    return of_values[i * columns.size() + j];
  }

  double pearson_of_ranks(std::size_t i, std::size_t j) {
    if (!sparse.pays()) {
      for (const std::size_t c : {i, j}) rank(c);
      return weighted_pearson(ranks[i], ranks[j], weights);
    }
    if (of_ranks.empty()) {
      for (std::size_t c = 0; c < columns.size(); ++c) rank(c);
      const std::vector<std::span<const double>> all(ranks.begin(), ranks.end());
      of_ranks = sparse.evaluate(all, weights);
    }
    return of_ranks[i * columns.size() + j];
  }

  void rank(std::size_t c) {
    if (ranks[c].empty() && !columns[c].values.empty()) ranks[c] = weighted_ranks(columns[c], weights);
  }

  const std::vector<PreparedColumn>& columns;
  const SparsePearson& sparse;
  std::vector<double> weights;
  std::vector<std::vector<double>> ranks;
  std::vector<double> of_values, of_ranks;  // all pairs at once, where that pays
};

std::vector<double> Associations::evaluate(std::span<const Pair> pairs, Weights weights, bool exact) const {
  const bool has_series = view_.cohort().schema.has_series();
  Block rows(rows_, *sparse_rows_, spread_over(has_series ? view_.series_owners() : view_.static_owners(), weights));
  Block subjects(subjects_, *sparse_subjects_, has_series ? spread_over(view_.static_owners(), weights) : std::vector<double>{});
  std::vector<double> result;
  for (const Pair& pair : pairs) {
    const bool over_people = has_series && per_subject_[pair.first] && per_subject_[pair.second];
    result.push_back((over_people ? subjects : rows).evaluate(pair.first, pair.second, pair.measure, exact));
  }
  return result;
}

}  // namespace understudy
