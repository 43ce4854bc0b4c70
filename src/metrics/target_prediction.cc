#include "metrics/target_prediction.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

#include "metrics/compare.h"
#include "metrics/estimate.h"
#include "metrics/series.h"
#include "metrics/windows.h"
#include "metrics/xgboost.h"

namespace understudy {
namespace {

constexpr std::int64_t kMostPeople = 20000;        // of a cohort
constexpr std::int64_t kMostRecurrentRows = 200000;
constexpr std::int64_t kMostRows = 200;            // of a person, the first ones
constexpr std::int64_t kSteps = 600;
constexpr int kReplicates = 100;

bool is_binary(const ColumnSpec& spec) {
  return spec.is_target && (spec.type == ColumnType::boolean || (is_categorical(spec.type) && spec.categories.size() == 2));
}

std::vector<ColumnSpec> features_among(const std::vector<ColumnSpec>& specs) {
  std::vector<ColumnSpec> result;
  for (const ColumnSpec& spec : specs) {
    const bool is_measured = spec.type != ColumnType::id && spec.type != ColumnType::text && !is_set(spec.type);
    if (is_measured && !spec.is_target) result.push_back(spec);
  }
  return result;
}

// People who have the target, drawn, and what they have.
struct People {
  People(const Cohort& cohort, const ColumnSpec& target, std::int64_t most, std::int64_t most_rows, const Rng& rng) {
    const Column& column = cohort.statics.column(target.name);
    std::vector<std::int64_t> chosen;
    std::int64_t rows = 0;
    for (const std::int64_t s : drawn_order(cohort, rng)) {
      if (!column.is_valid(s)) continue;
      rows += std::min(cohort.series_rows(s), kMostRows);
      if (static_cast<std::int64_t>(chosen.size()) == most || (rows > most_rows && !chosen.empty())) break;
      chosen.push_back(s);
    }
    drawn = cohort.select(chosen);
    for (const std::int64_t s : chosen) targets.push_back(column.number(s) > 0.5 ? 1 : 0);
  }
  bool has_both() const {
    return std::find(targets.begin(), targets.end(), 0) != targets.end() && std::find(targets.begin(), targets.end(), 1) != targets.end();
  }
  std::vector<float> labels() const { return {targets.begin(), targets.end()}; }

  Cohort drawn;
  std::vector<std::uint8_t> targets;
};

// [people x 6]: first, last, smallest, largest, mean, count.
void summarise(const Cohort& cohort, const std::vector<double>& values, std::int64_t width, float* out) {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  std::size_t row = 0;
  for (std::int64_t s = 0; s < cohort.size(); ++s, out += width) {
    double first = kNotMeasured, last = first, least = first, most = first, sum = 0;
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < cohort.series_rows(s); ++i, ++row) {
      const double value = values[row];
      if (std::isnan(value)) continue;
      if (count == 0) first = least = most = value;
      last = value;
      least = std::min(least, value);
      most = std::max(most, value);
      sum += value;
      ++count;
    }
    const float mean = count > 0 ? static_cast<float>(sum / static_cast<double>(count)) : kNone;
    const float all[] = {static_cast<float>(first), static_cast<float>(last), static_cast<float>(least), static_cast<float>(most), mean,
                         static_cast<float>(count)};
    std::copy(std::begin(all), std::end(all), out);
  }
}

Features person_features(const Cohort& cohort) {
  constexpr std::int64_t kOfSeries = 6;
  const auto statics = features_among(cohort.schema.statics()), series = features_among(cohort.schema.series());
  const Features fixed = features_of(cohort.statics, statics);
  Features result{.values = {}, .rows = cohort.size(),
                  .columns = fixed.columns + 1 + kOfSeries * static_cast<std::int64_t>(series.size())};
  result.values.resize(static_cast<std::size_t>(result.rows * result.columns));
  for (std::int64_t s = 0; s < result.rows; ++s) {
    float* const out = result.values.data() + s * result.columns;
    std::copy_n(fixed.values.data() + s * fixed.columns, fixed.columns, out);
    out[fixed.columns] = static_cast<float>(cohort.series_rows(s));
  }
  const CohortView view(cohort);
  for (std::size_t c = 0; c < series.size(); ++c) {
    const std::int64_t at = fixed.columns + 1 + kOfSeries * static_cast<std::int64_t>(c);
    if (result.rows > 0) summarise(cohort, view.sample(series[c]).values, result.columns, result.values.data() + at);
  }
  return result;
}

// Statics scaled by their range in holdout people, beside the scaled rows.
class Sequences {
 public:
  explicit Sequences(const Evaluation& evaluation) : rows_(scaled_columns(evaluation)) {
    std::erase_if(rows_, [](const ScaledColumn& column) { return column.spec.is_target; });
    const CohortView holdout(evaluation.holdout);
    for (const ColumnSpec& spec : features_among(evaluation.holdout.schema.statics())) {
      std::vector<double> values = holdout.sample(spec).values;
      std::erase_if(values, [](double v) { return std::isnan(v); });
      ScaledColumn column{.spec = spec};
      if (!values.empty()) {
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        column.low = *low;
        column.range = *high > *low ? *high - *low : 1;
        column.mean = column.scaled(mean_of(values));
      }
      statics_.push_back(column);
    }
  }
  bool empty() const { return rows_.empty(); }

  // People without rows have one of nothing.
  SequenceBatch batch(const Cohort& cohort) const {
    const CohortView view(cohort);
    std::vector<std::vector<double>> measured, filled, fixed;
    for (const ScaledColumn& column : rows_) {
      measured.push_back(view.sample(column.spec).values);
      for (double& value : measured.back()) value = column.scaled(value);
      filled.push_back(carried_forward(cohort, measured.back()));
    }
    for (const ScaledColumn& column : statics_) fixed.push_back(view.sample(column.spec).values);
    SequenceBatch result;
    result.features = static_cast<std::int64_t>(2 * rows_.size() + statics_.size());
    for (std::int64_t s = 0; s < cohort.size(); ++s) {
      const std::int64_t count = std::clamp<std::int64_t>(cohort.series_rows(s), 0, kMostRows);
      for (std::int64_t i = 0; i < std::max<std::int64_t>(count, 1); ++i) {
        const auto row = static_cast<std::size_t>(cohort.offsets[static_cast<std::size_t>(s)] + i);
        for (std::size_t c = 0; c < rows_.size(); ++c) {
          const double value = count > 0 ? filled[c][row] : kNotMeasured;
          result.values.push_back(static_cast<float>(std::isnan(value) ? rows_[c].mean : value));
          result.values.push_back(count > 0 && !std::isnan(measured[c][row]) ? 1.0F : 0.0F);
        }
        for (std::size_t c = 0; c < statics_.size(); ++c) {
          const double value = statics_[c].scaled(fixed[c][static_cast<std::size_t>(s)]);
          result.values.push_back(static_cast<float>(std::isnan(value) ? statics_[c].mean : value));
        }
      }
      result.offsets.push_back(result.rows() + std::max<std::int64_t>(count, 1));
    }
    return result;
  }

 private:
  std::vector<ScaledColumn> rows_, statics_;
};

// Scores of `tested` by a classifier that was fitted on `source`.
using Classify = std::function<std::vector<float>(const People& source, const People& tested, const Context& context)>;

struct Scores {
  Estimate auroc, auprc;
};

Scores measure(const ByRole<People>& people, const Classify& classify, const Context& context, const std::string& purpose) {
  Scores result;
  for (const Role role : kRoles) {
    if (!people[role].has_both()) return result;
  }
  const People& tested = people[Role::holdout];
  std::vector<float> scores[2];
  for_each_fit(2, context, purpose, [&](std::int64_t i, const Context& own) {
    scores[i] = classify(people[i == 0 ? Role::synthetic : Role::train], tested, own);
  });
  const Resamples resamples(tested.drawn, kReplicates, context.rng(purpose).stream("people"));
  const auto estimate = [&](const auto& area) {
    std::vector<double> replicates;
    for (int r = 0; r < resamples.replicates(); ++r) replicates.push_back(area(scores[0], tested.targets, resamples.weights(r)));
    Estimate found = with_interval(area(scores[0], tested.targets, resamples.once()), replicates, 0, 1);
    found.reference = area(scores[1], tested.targets, resamples.once());
    return found;
  };
  result.auroc = estimate(area_under_roc);
  result.auprc = estimate(average_precision);
  return result;
}

std::vector<float> by_trees(const People& source, const People& tested, const Context& context) {
  const Booster booster =
      Booster::train(person_features(source.drawn), source.labels(), {.seed = context.rng("trees").next() >> 33});
  return booster.predict(person_features(tested.drawn));
}

void add_findings(const Scores& scores, const std::string& target, const std::string& ending, const std::string& by,
                  const std::string& absence, std::vector<Finding>& findings) {
  const std::string who = " of " + by + " that were fitted on synthetic people and tell holdout people with and without " + target + " apart; ";
  findings.push_back(make_finding("target_auroc" + ending, {target}, scores.auroc, Better::higher,
                                  "Area under the ROC curve" + who + "0.5 is a coin, 1 is always right, the reference is fitted on real people.",
                                  absence));
  findings.push_back(make_finding("target_auprc" + ending, {target}, scores.auprc, Better::higher,
                                  "Average precision" + who + "a coin scores the share of people with it, the reference is fitted on real people.",
                                  absence));
}

// Descending scores; pass(positive, negative) for each group of equal ones.
template <class Pass>
void by_threshold(std::span<const float> scores, std::span<const std::uint8_t> targets, Weights weights, const Pass& pass) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  for (std::size_t i = 0; i < order.size();) {
    const float score = scores[order[i]];
    double counts[2] = {0, 0};
    for (; i < order.size() && scores[order[i]] == score; ++i) counts[targets[order[i]]] += weights[order[i]];
    pass(counts[1], counts[0]);
  }
}

}  // namespace

double area_under_roc(std::span<const float> scores, std::span<const std::uint8_t> targets, Weights weights) {
  double positive = 0, negative = 0, area = 0;
  by_threshold(scores, targets, weights, [&](double more_positive, double more_negative) {
    area += more_negative * (positive + more_positive / 2);
    positive += more_positive;
    negative += more_negative;
  });
  return positive > 0 && negative > 0 ? area / (positive * negative) : kNotMeasured;
}

double average_precision(std::span<const float> scores, std::span<const std::uint8_t> targets, Weights weights) {
  double positive = 0, negative = 0, sum = 0;
  by_threshold(scores, targets, weights, [&](double more_positive, double more_negative) {
    positive += more_positive;
    negative += more_negative;
    if (more_positive > 0) sum += more_positive * positive / (positive + negative);
  });
  return positive > 0 && negative > 0 ? sum / positive : kNotMeasured;
}

std::vector<Finding> evaluate_target_prediction(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "target_prediction");
  std::vector<Finding> findings;
  const std::string absence = "the target needs people with and without it in all three cohorts";
  for (const ColumnSpec& target : evaluation.holdout.schema.statics()) {
    if (!is_binary(target)) continue;
    context.check_cancelled();
    const auto people = [&](std::int64_t most_rows) {
      return ByRole([&](Role role) {
        return People(cohort_of(evaluation, role), target, kMostPeople, most_rows, context.rng("target people", static_cast<std::uint64_t>(role)));
      });
    };
    const Scores trees = measure(people(std::numeric_limits<std::int64_t>::max()), by_trees, context, "target trees");
    add_findings(trees, target.name, "", "boosted trees", absence, findings);
    const Sequences sequences(evaluation);
    if (sequences.empty()) continue;
    Scores recurrent;
    if (evaluation.learner != nullptr) {
      const auto by_network = [&](const People& source, const People& tested, const Context& own) {
        const LearnerPlan plan{.task = LearnerTask::classify, .hidden = 32, .steps = kSteps};
        return evaluation.learner->fit(sequences.batch(source.drawn), source.labels(), plan, own)->answers(sequences.batch(tested.drawn));
      };
      recurrent = measure(people(kMostRecurrentRows), by_network, context, "target network");
    }
    add_findings(recurrent, target.name, "_recurrent", "recurrent networks",
                 evaluation.learner != nullptr ? absence : "it needs a recurrent network, and this build has none", findings);
  }
  return findings;
}

}  // namespace understudy
