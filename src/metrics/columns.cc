#include "metrics/columns.h"

#include <cmath>
#include <limits>

namespace understudy {
namespace {

struct Side {
  Side(const Cohort& cohort, int replicates, const Rng& rng) : view(cohort), resamples(cohort, replicates, rng) {}
  CohortView view;
  Resamples resamples;
};

double spread_of(const Sample& first, const Sample& second) {
  double n = 0;
  double mean = 0;
  double squares = 0;
  for (const Sample* sample : {&first, &second}) {
    for (const double v : sample->values) {
      if (std::isnan(v)) continue;
      n += 1;
      const double step = v - mean;  // Welford's running mean and sum of squares
      mean += step / n;
      squares += step * (v - mean);
    }
  }
  return n > 0 ? std::sqrt(squares / n) : kNotMeasured;
}

ColumnComparison compare_column(const ColumnSpec& spec, const Side& train, const Side& holdout, const Side& synthetic,
                                const MakeDistance& make) {
  const Sample real[2] = {holdout.view.sample(spec), train.view.sample(spec)};
  const Sample made = synthetic.view.sample(spec);
  const ColumnFacts facts{spec, spread_of(real[0], real[1])};
  const Side* sides[2] = {&holdout, &train};
  ColumnComparison result;
  result.column = spec.name;
  for (const int against : {0, 1}) {
    const Distance distance = make(made, real[against], facts);
    const Resamples& other = sides[against]->resamples;
    result.values[against] = distance(synthetic.resamples.once(), other.once());
    for (int r = 0; r < other.replicates(); ++r) {
      result.replicates[against].push_back(distance(synthetic.resamples.weights(r), other.weights(r)));
    }
  }
  result.reference = make(real[0], real[1], facts)(holdout.resamples.once(), train.resamples.once());
  return result;
}

}  // namespace

bool any_type(ColumnType) { return true; }

std::vector<ColumnComparison> compare_columns(const Evaluation& evaluation, const Context& context, ColumnFilter filter,
                                              const MakeDistance& make) {
  const int replicates = replicate_count(evaluation);
  const Side train(evaluation.train, replicates, context.rng("resamples of train"));
  const Side holdout(evaluation.holdout, replicates, context.rng("resamples of holdout"));
  const Side synthetic(evaluation.synthetic, replicates, context.rng("resamples of synthetic"));
  std::vector<ColumnSpec> specs = measured_columns(evaluation.train.schema);
  std::erase_if(specs, [&](const ColumnSpec& spec) { return !filter(spec.type); });
  std::vector<ColumnComparison> result(specs.size());
  parallel_for(static_cast<std::int64_t>(specs.size()), context.threads, [&](std::int64_t i) {
    context.check_cancelled();
    const auto at = static_cast<std::size_t>(i);
    result[at] = compare_column(specs[at], train, holdout, synthetic, make);
  });
  return result;
}

Estimate column_estimate(const ColumnComparison& comparison, Against against, double maximum) {
  const auto a = static_cast<std::size_t>(against);
  Estimate result = with_interval(comparison.values[a], comparison.replicates[a], 0, maximum);
  result.reference = comparison.reference;
  return result;
}

Estimate table_estimate(const std::vector<ColumnComparison>& comparisons, Summary summary, Against against,
                        double maximum) {
  const auto a = static_cast<std::size_t>(against);
  const auto over_columns = [&](const auto& pick) {
    std::vector<double> values;
    for (const ColumnComparison& c : comparisons) values.push_back(pick(c));
    return summary == Summary::mean ? mean_of(values) : largest_of(values);
  };
  std::vector<double> replicates;
  const std::size_t count = comparisons.empty() ? 0 : comparisons[0].replicates[a].size();
  for (std::size_t r = 0; r < count; ++r) {
    replicates.push_back(over_columns([&](const ColumnComparison& c) { return c.replicates[a][r]; }));
  }
  const double value = over_columns([&](const ColumnComparison& c) { return c.values[a]; });
  Estimate result = with_interval(value, replicates, 0, maximum);
  result.reference = over_columns([](const ColumnComparison& c) { return c.reference; });
  return result;
}

}  // namespace understudy
