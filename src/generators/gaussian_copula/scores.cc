#include "generators/gaussian_copula/scores.h"

#include <algorithm>
#include <cmath>

#include "encode/normal.h"

namespace understudy {
namespace {

constexpr std::size_t kTerms = 30;
constexpr double kMost = 0.98;
constexpr int kBisections = 50;

bool varies(const Marginal& marginal) {
  const auto parts = std::count_if(marginal.mass.begin(), marginal.mass.end(), [](double share) { return share > 0; });
  if (parts != 1) return parts > 1;
  const auto only = std::find_if(marginal.mass.begin(), marginal.mass.end(), [](double share) { return share > 0; });
  return !marginal.is_atom(static_cast<std::size_t>(only - marginal.mass.begin()));
}

Marginal missing_flag(double share) {
  Marginal marginal;
  marginal.type = ColumnType::boolean;
  marginal.step = 1;
  marginal.edges = {0, 1, 2};
  marginal.mass = {1 - share, share};
  marginal.prepare();
  return marginal;
}

void add_variables(const std::vector<Marginal>& marginals, bool in_series, std::vector<Variable>& result) {
  for (std::size_t c = 0; c < marginals.size(); ++c) {
    const Marginal& marginal = marginals[c];
    if (marginal.mass.empty() || marginal.missing >= 1) continue;
    if (varies(marginal)) result.push_back({in_series, false, c, marginal});
    if (marginal.missing > 0) result.push_back({in_series, true, c, missing_flag(marginal.missing)});
  }
}

// Calls use(share, low, high) for each part: its mass and the normal scores of its ends.
template <class F>
void for_each_part(const Marginal& marginal, F&& use) {
  double below = 0;
  double low = normal_quantile(0);
  for (std::size_t i = 0; i < marginal.mass.size(); ++i) {
    below = std::min(below + marginal.mass[i], 1.0);
    const bool last = i + 1 == marginal.mass.size();
    const double high = normal_quantile(last ? 1 : below);
    use(i, low, high);
    low = high;
  }
}

// h_k(z) times the density, k = 0 .. kTerms - 1, in orthonormal Hermite polynomials.
std::vector<double> weighted_hermite(double z) {
  std::vector<double> values(kTerms, 0);
  if (std::isinf(z)) return values;
  const double density = normal_density(z);
  double before = 0;
  double now = 1;
  for (std::size_t k = 0; k < kTerms; ++k) {
    values[k] = now * density;
    const double next = (z * now - std::sqrt(static_cast<double>(k)) * before) / std::sqrt(static_cast<double>(k) + 1);
    before = std::exchange(now, next);
  }
  return values;
}

// Scores of one variable over the rows of its table, NaN where it has no value.
std::vector<double> score_rows(const Variable& variable, const std::vector<double>& scores, const Table& table) {
  const Column& column = table.column(variable.column);
  std::vector<double> result(static_cast<std::size_t>(table.rows()));
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const double x = column.is_valid(row) ? column.number(row) : std::nan("");
    const bool there = std::isfinite(x);
    double& score = result[static_cast<std::size_t>(row)];
    if (variable.is_missing_flag) {
      score = scores[there ? 0 : 1];
    } else {
      score = there ? scores[variable.marginal.part(x)] : std::nan("");
    }
  }
  return result;
}

double covariance(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0, sum_x = 0, sum_y = 0, products = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    n += 1;
    sum_x += x[i];
    sum_y += y[i];
    products += x[i] * y[i];
  }
  return n < 2 ? 0 : products / n - sum_x / n * (sum_y / n);
}

std::vector<double> repeat(const std::vector<double>& subjects, const std::vector<std::int64_t>& owners) {
  std::vector<double> rows;
  rows.reserve(owners.size());
  for (const std::int64_t owner : owners) rows.push_back(subjects[static_cast<std::size_t>(owner)]);
  return rows;
}

}  // namespace

std::vector<Variable> variables(const std::vector<Marginal>& statics, const std::vector<Marginal>& series) {
  std::vector<Variable> result;
  add_variables(statics, false, result);
  add_variables(series, true, result);
  return result;
}

std::vector<double> mean_scores(const Marginal& marginal) {
  std::vector<double> scores;
  for_each_part(marginal, [&](std::size_t i, double low, double high) {
    const double share = marginal.mass[i];
    scores.push_back(share > 0 ? (normal_density(low) - normal_density(high)) / share : 0);
  });
  return scores;
}

std::vector<double> hermite(const Marginal& marginal, const std::vector<double>& scores) {
  std::vector<double> coefficients(kTerms, 0);
  auto below = weighted_hermite(normal_quantile(0));
  for_each_part(marginal, [&](std::size_t i, double, double high) {
    auto above = weighted_hermite(high);
    for (std::size_t k = 0; k < kTerms; ++k) {
      coefficients[k] += scores[i] * (below[k] - above[k]) / std::sqrt(static_cast<double>(k) + 1);
    }
    below = std::move(above);
  });
  return coefficients;
}

double matching_correlation(const std::vector<double>& a, const std::vector<double>& b, double wanted) {
  const auto at = [&](double r) {
    double sum = 0;
    for (std::size_t k = a.size(); k-- > 0;) sum = (sum + a[k] * b[k]) * r;
    return sum;
  };
  if (!(at(kMost) > at(-kMost))) return 0;  // one of the two says nothing
  double low = -kMost;
  double high = kMost;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (low + high);
    (at(middle) < wanted ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

Matrix correlations(const std::vector<Variable>& all, const Cohort& cohort, const Context& context) {
  const auto count = static_cast<std::int64_t>(all.size());
  const auto owners = cohort.owners();
  std::vector<std::vector<double>> coefficients(all.size()), subjects(all.size()), rows(all.size());
  parallel_for(count, context.threads, [&](std::int64_t v) {
    const auto i = static_cast<std::size_t>(v);
    const auto scores = mean_scores(all[i].marginal);
    coefficients[i] = hermite(all[i].marginal, scores);
    auto values = score_rows(all[i], scores, all[i].in_series ? cohort.series : cohort.statics);
    rows[i] = all[i].in_series ? std::move(values) : repeat(values, owners);
    if (!all[i].in_series) subjects[i] = std::move(values);
  });
  Matrix result(all.size());
  parallel_for(count, context.threads, [&](std::int64_t v) {
    context.check_cancelled();
    const auto i = static_cast<std::size_t>(v);
    result(i, i) = 1;
    for (std::size_t j = 0; j < i; ++j) {
      const bool same_column = all[i].in_series == all[j].in_series && all[i].column == all[j].column;
      if (same_column) continue;  // a value and its missing flag are never seen together
      const double found = all[i].in_series ? covariance(rows[i], rows[j]) : covariance(subjects[i], subjects[j]);
      result(i, j) = result(j, i) = matching_correlation(coefficients[i], coefficients[j], found);
    }
  });
  return nearest_correlation(result);
}

}  // namespace understudy
