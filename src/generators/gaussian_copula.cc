#include "generators/gaussian_copula.h"

#include <algorithm>
#include <cmath>

#include "encode/normal.h"
#include "encode/repair.h"
#include "encode/timeline.h"
#include "generators/code_draws.h"
#include "generators/gaussian_copula/condition.h"
#include "generators/gaussian_copula/scores.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kName = "gaussian-copula";

// Everything that is learnt.
struct Parts {
  Schema schema;
  std::vector<Marginal> statics;
  std::vector<Marginal> series;
  Timeline timeline;
  Matrix correlation;  // of variables(statics, series)
};

// Decides a row of one table: which variable holds a column's value and which whether it is missing; -1: none.
struct Writer {
  const Marginal* marginal;
  std::ptrdiff_t value = -1;
  std::ptrdiff_t missing = -1;

  void write(std::span<const double> z, Column& column, std::int64_t row) const {
    if (marginal->mass.empty() || marginal->missing >= 1) return;
    if (missing >= 0 && normal_cdf(z[static_cast<std::size_t>(missing)]) >= 1 - marginal->missing) return;
    const double u = value >= 0 ? normal_cdf(z[static_cast<std::size_t>(value)]) : 0.5;
    column.set_number(row, marginal->quantile(u));
  }
};

class CopulaModel : public Model {
 public:
  explicit CopulaModel(Parts parts) : parts_(std::move(parts)), variables_(variables(parts_.statics, parts_.series)) {
    if (parts_.correlation.size != variables_.size()) {
      fail(ErrorKind::input, "the model file has correlations of {} variables, its columns have {}",
           parts_.correlation.size, variables_.size());
    }
    auto lower = cholesky(parts_.correlation);
    if (!lower) fail(ErrorKind::input, "the correlations in the model file are not those of a distribution");
    lower_ = std::move(*lower);
    static_count_ = static_cast<std::size_t>(
        std::count_if(variables_.begin(), variables_.end(), [](const Variable& v) { return !v.in_series; }));
    static_writers_ = writers(parts_.statics, false, 0);
    series_writers_ = writers(parts_.series, true, static_count_);
  }
  CopulaModel(const CopulaModel&) = delete;  // the writers point into parts_
  CopulaModel& operator=(const CopulaModel&) = delete;

  const Schema& schema() const override { return parts_.schema; }
  Cohort sample(const SampleRequest& request, const Context& context) const override;
  TensorFile save() const override;

 private:
  std::vector<Writer> writers(const std::vector<Marginal>& marginals, bool in_series, std::size_t first) const {
    std::vector<Writer> result;
    for (const Marginal& marginal : marginals) result.push_back({&marginal});
    for (std::size_t v = 0; v < variables_.size(); ++v) {
      if (variables_[v].in_series != in_series) continue;
      Writer& writer = result[variables_[v].column];
      (variables_[v].is_missing_flag ? writer.missing : writer.value) = static_cast<std::ptrdiff_t>(v - first);
    }
    return result;
  }

  std::vector<double> draw_statics(Cohort& cohort, const ConditionalStatics* given, const Context& context) const;
  void draw_series(Cohort& cohort, const std::vector<double>& means, const Context& context) const;

  Parts parts_;
  std::vector<Variable> variables_;
  std::size_t static_count_ = 0;
  Matrix lower_;  // Cholesky factor of the correlations
  std::vector<Writer> static_writers_;
  std::vector<Writer> series_writers_;
};

// Fills the statics. Returns what they say of each subject's series variables: their means, [subjects x series
// variables].
std::vector<double> CopulaModel::draw_statics(Cohort& cohort, const ConditionalStatics* given,
                                              const Context& context) const {
  const std::size_t dependent = variables_.size() - static_count_;
  std::vector<double> means(static_cast<std::size_t>(cohort.size()) * dependent, 0);
  for_each_shard(cohort.size(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    Rng rng = context.rng("copula statics", static_cast<std::uint64_t>(shard));
    std::vector<double> z(static_count_), e(static_count_);
    for (std::int64_t subject = first; subject < last; ++subject) {
      if (given != nullptr) {
        given->draw(z, rng);
        e = solve_lower(lower_, z);
      } else {
        for (double& x : e) x = rng.normal();
        for (std::size_t i = 0; i < z.size(); ++i) {
          z[i] = 0;
          for (std::size_t k = 0; k <= i; ++k) z[i] += lower_(i, k) * e[k];
        }
      }
      for (std::size_t c = 0; c < static_writers_.size(); ++c)
        static_writers_[c].write(z, cohort.statics.column(c), subject);
      double* const mean = means.data() + static_cast<std::size_t>(subject) * dependent;
      for (std::size_t i = 0; i < dependent; ++i) {
        for (std::size_t k = 0; k < static_count_; ++k) mean[i] += lower_(static_count_ + i, k) * e[k];
      }
    }
  });
  return means;
}

void CopulaModel::draw_series(Cohort& cohort, const std::vector<double>& means, const Context& context) const {
  const std::size_t count = variables_.size() - static_count_;
  const auto owners = cohort.owners();
  for_each_shard(cohort.series.rows(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    Rng rng = context.rng("copula series", static_cast<std::uint64_t>(shard));
    std::vector<double> z(count), e(count);
    for (std::int64_t row = first; row < last; ++row) {
      const double* const mean = means.data() + static_cast<std::size_t>(owners[static_cast<std::size_t>(row)]) * count;
      for (double& x : e) x = rng.normal();
      for (std::size_t i = 0; i < count; ++i) {
        z[i] = mean[i];
        for (std::size_t k = 0; k <= i; ++k) z[i] += lower_(static_count_ + i, static_count_ + k) * e[k];
      }
      for (std::size_t c = 0; c < series_writers_.size(); ++c)
        series_writers_[c].write(z, cohort.series.column(c), row);
    }
  });
}

Cohort CopulaModel::sample(const SampleRequest& request, const Context& context) const {
  check_subjects(request.subjects);
  const auto conditions = parse_conditions(parts_.schema, request.condition);
  Cohort cohort = scaffold(parts_.schema, parts_.timeline, request.subjects, context.rng("copula timeline"));
  std::optional<ConditionalStatics> given;
  if (!conditions.empty()) given.emplace(variables_, static_count_, parts_.correlation, conditions, cohort.statics);
  const auto means = draw_statics(cohort, given ? &*given : nullptr, context);
  impose(conditions, cohort.statics);
  draw_series(cohort, means, context);
  draw_codes(parts_.schema.statics(), parts_.statics, cohort.statics, context.rng("copula static codes"), context);
  draw_codes(parts_.schema.series(), parts_.series, cohort.series, context.rng("copula series codes"), context);
  repair(cohort);
  return cohort;
}

TensorFile CopulaModel::save() const {
  TensorFile file = begin_model_file(kName, parts_.schema);
  file.metadata["statics"] = marginals_to_json(parts_.statics);
  file.metadata["series"] = marginals_to_json(parts_.series);
  file.metadata["timeline"] = to_json(parts_.timeline);
  const auto size = static_cast<std::int64_t>(parts_.correlation.size);
  file.put("correlation", {size, size}, std::span<const double>(parts_.correlation.values));
  return file;
}

Matrix read_correlation(const TensorFile& file) {
  const Tensor& tensor = file.tensor("correlation");
  if (tensor.shape.size() != 2 || tensor.shape[0] != tensor.shape[1]) {
    fail(ErrorKind::input, "the correlations in the model file are not a square matrix");
  }
  Matrix matrix(static_cast<std::size_t>(tensor.shape[0]));
  matrix.values = file.doubles("correlation");
  return matrix;
}

class GaussianCopula : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options&, const Context& context, const Checkpoint&) const override {
    return vault.look("train gaussian-copula", [&](const Cohort& cohort) -> ModelPtr {
      check_learnable(cohort, kName);
      Parts parts{cohort.schema, learn_marginals(cohort.schema.statics(), cohort.statics),
                  learn_marginals(cohort.schema.series(), cohort.series), learn_timeline(cohort), Matrix()};
      context.check_cancelled();
      parts.correlation = correlations(variables(parts.statics, parts.series), cohort, context);
      return std::make_shared<CopulaModel>(std::move(parts));
    });
  }

  ModelPtr load(const TensorFile& file) const override {
    const Schema schema = check_model_file(file, kName);
    return std::make_shared<CopulaModel>(
        Parts{schema, marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
              marginals_from_json(metadata_entry(file, "series"), schema.series()),
              timeline_from_json(metadata_entry(file, "timeline")), read_correlation(file)});
  }
};

}  // namespace

std::unique_ptr<Generator> make_gaussian_copula() { return std::make_unique<GaussianCopula>(); }

}  // namespace understudy
