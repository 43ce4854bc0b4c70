#include "metrics/profile.h"

#include <cmath>
#include <functional>
#include <string>

#include "metrics/association.h"
#include "metrics/histogram.h"
#include "metrics/sample.h"
#include "metrics/series_profile.h"

namespace understudy {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<double>;

// One column of the three cohorts.
struct Columns {
  Values train;
  Values holdout;
  Values synthetic;
};

Json missing_share(const Values& values) {
  if (values.empty()) return nullptr;
  double missing = 0;
  for (const double v : values) missing += std::isnan(v);
  return missing / static_cast<double>(values.size());
}

Json shares_or_null(const Values& shares) { return shares.empty() ? Json(nullptr) : Json(shares); }

void add_shares(Json& chart, const Columns& columns, const std::function<Values(const Values&)>& shares) {
  chart["train"] = shares_or_null(shares(columns.train));
  chart["holdout"] = shares_or_null(shares(columns.holdout));
  chart["synthetic"] = shares_or_null(shares(columns.synthetic));
  chart["missing"] = {{"train", missing_share(columns.train)},
                      {"holdout", missing_share(columns.holdout)},
                      {"synthetic", missing_share(columns.synthetic)}};
}

Json distribution(const ColumnSpec& spec, const Columns& columns) {
  constexpr std::size_t kMostParts = 40;
  constexpr std::size_t kMostLabels = 30;
  const bool numeric = is_numeric(spec.type);
  Json chart = {{"column", spec.name},
                {"kind", numeric ? "numeric" : "categorical"},
                {"type", to_string(spec.type)},
                {"unit", spec.unit}};
  Values real = columns.train;
  real.insert(real.end(), columns.holdout.begin(), columns.holdout.end());
  if (numeric) {
    auto edges = histogram_edges(real, spec.type != ColumnType::real, kMostParts);
    if (edges.empty()) edges = histogram_edges(columns.synthetic, spec.type != ColumnType::real, kMostParts);
    chart["edges"] = edges;
    add_shares(chart, columns, [&](const Values& values) { return histogram_shares(values, edges); });
  } else {
    const Labels labels = choose_labels(spec, real, columns.synthetic, kMostLabels);
    chart["labels"] = labels.names;
    add_shares(chart, columns, [&](const Values& values) { return label_shares(values, labels); });
  }
  return chart;
}

// [column][column], NaN where undefined. 1 on the diagonal of columns that vary.
std::vector<Values> association_matrix(const CohortView& view, std::span<const ColumnSpec> columns) {
  std::vector<Pair> pairs = all_pairs(columns);
  std::erase_if(pairs, [](const Pair& pair) { return pair.measure == Measure::spearman; });
  for (std::size_t c = 0; c < columns.size(); ++c) {
    pairs.push_back({c, c, is_numeric(columns[c].type) ? Measure::pearson : Measure::cramers_v});
  }
  const std::vector<std::uint8_t> once(static_cast<std::size_t>(view.cohort().size()), 1);
  const auto found = Associations(view, columns).evaluate(pairs, once, true);
  std::vector<Values> matrix(columns.size(), Values(columns.size(), std::nan("")));
  for (std::size_t p = 0; p < pairs.size(); ++p) {
    matrix[pairs[p].first][pairs[p].second] = matrix[pairs[p].second][pairs[p].first] = found[p];
  }
  return matrix;
}

Json to_rows(const std::vector<Values>& matrix) {
  Json rows = Json::array();
  for (const Values& values : matrix) {
    Json row = Json::array();
    for (const double v : values) row.push_back(std::isnan(v) ? Json(nullptr) : Json(v));
    rows.push_back(row);
  }
  return rows;
}

Json correlations(const CohortView& holdout, const CohortView& synthetic, std::vector<ColumnSpec> columns) {
  constexpr std::size_t kMostColumns = 40;
  Json names = Json::array();
  Json left_out = Json::array();
  for (std::size_t c = 0; c < columns.size(); ++c) (c < kMostColumns ? names : left_out).push_back(columns[c].name);
  if (columns.size() > kMostColumns) columns.resize(kMostColumns);
  const auto real = association_matrix(holdout, columns);
  const auto made = association_matrix(synthetic, columns);
  auto difference = made;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) difference[i][j] -= real[i][j];
  }
  return {{"columns", names},
          {"real", to_rows(real)},
          {"synthetic", to_rows(made)},
          {"difference", to_rows(difference)},
          {"left_out", left_out}};
}

}  // namespace

nlohmann::ordered_json profile_charts(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "profile");
  const auto specs = measured_columns(evaluation.train.schema);
  const CohortView train(evaluation.train);
  const CohortView holdout(evaluation.holdout);
  const CohortView synthetic(evaluation.synthetic);
  std::vector<Json> charts(specs.size());
  parallel_for(static_cast<std::int64_t>(specs.size()), context.threads, [&](std::int64_t i) {
    context.check_cancelled();
    const ColumnSpec& spec = specs[static_cast<std::size_t>(i)];
    charts[static_cast<std::size_t>(i)] =
        distribution(spec, {train.sample(spec).values, holdout.sample(spec).values, synthetic.sample(spec).values});
  });
  Json result;
  result["distributions"] = charts;
  result["correlations"] = correlations(holdout, synthetic, specs);
  result["series"] = series_charts(evaluation, context);
  return result;
}

}  // namespace understudy
