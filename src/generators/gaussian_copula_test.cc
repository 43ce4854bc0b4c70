#include "generators/gaussian_copula.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>

#include "encode/normal.h"
#include "generators/gaussian_copula/condition.h"
#include "generators/gaussian_copula/matrix.h"
#include "generators/gaussian_copula/scores.h"
#include "understudy/error.h"

namespace understudy {
namespace {

ColumnSpec make_spec(std::string name, ColumnType type, bool is_static, double minimum, double maximum) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.is_static = is_static;
  if (is_categorical(type)) {
    spec.categories = {"no", "yes"};
  } else {
    spec.minimum = minimum;
    spec.maximum = maximum;
  }
  return spec;
}

// Statics: trait ~ N(0, 1) and group = trait > 0. Series: score = 0.8 trait + 0.6 noise, count = max(0, round(10
// score2)) with score2 = -0.6 score + 0.8 noise, missing where trait > 1.
Cohort linked_cohort(std::int64_t subjects, std::int64_t rows_each) {
  Schema schema;
  schema.name = "linked";
  schema.subject = "who";
  schema.repeated = true;
  schema.columns = {
      make_spec("trait", ColumnType::real, true, -10, 10), make_spec("group", ColumnType::category, true, 0, 0),
      make_spec("score", ColumnType::real, false, -10, 10), make_spec("count", ColumnType::integer, false, 0, 100)};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  cohort.series.resize(subjects * rows_each);
  Rng rng(31);
  for (std::int64_t s = 0; s < subjects; ++s) {
    cohort.subjects.push_back("key" + std::to_string(s));
    cohort.offsets.push_back((s + 1) * rows_each);
    const double trait = rng.normal();
    cohort.statics.column(0).set_number(s, trait);
    cohort.statics.column(1).set_number(s, trait > 0 ? 1 : 0);
    for (std::int64_t row = s * rows_each; row < (s + 1) * rows_each; ++row) {
      const double score = 0.8 * trait + 0.6 * rng.normal();
      cohort.series.column(0).set_number(row, score);
      const double second = -0.6 * score + 0.8 * rng.normal();
      if (trait <= 1) cohort.series.column(1).set_number(row, std::max(0.0, std::round(10 * second)));
    }
  }
  return cohort;
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  double n = 0, sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i])) continue;
    n += 1, sx += x[i], sy += y[i], sxx += x[i] * x[i], syy += y[i] * y[i], sxy += x[i] * y[i];
  }
  return (sxy / n - sx / n * sy / n) / std::sqrt((sxx / n - sx / n * sx / n) * (syy / n - sy / n * sy / n));
}

class Copula : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string path = ::testing::TempDir() + "copula_ledger." + std::to_string(getpid());
    unlink(path.c_str());
    Ledger ledger(path);
    const Vault vault(linked_cohort(4000, 5), ledger);
    fitted_ = std::get<Inside<ModelPtr>>(make_gaussian_copula()->fit(vault, Options({}), {}, {})).value();
    unlink(path.c_str());
  }
  static void TearDownTestSuite() { fitted_.reset(); }

  static Cohort draw(std::int64_t subjects, std::map<std::string, std::string> condition = {}) {
    Context context;
    context.seed = 7;
    return fitted_->sample({subjects, std::move(condition)}, context);
  }

  static inline ModelPtr fitted_;
};

TEST_F(Copula, CorrelationsComeBack) {
  const Cohort real = linked_cohort(4000, 5);
  const Cohort synthetic = draw(4000);
  const Table a = real.flat();
  const Table b = synthetic.flat();
  for (const auto& [x, y] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2), std::pair(0, 3), std::pair(2, 3)}) {
    const auto i = static_cast<std::size_t>(x);
    const auto j = static_cast<std::size_t>(y);
    const double wanted = pearson(a.column(i).numbers(), a.column(j).numbers());
    const double found = pearson(b.column(i).numbers(), b.column(j).numbers());
    // A correlation over 4,000 subjects has a standard error below 0.016 in each of the two; 0.12 is more than five
    // standard errors of the difference: a false alarm below 1e-6 for all pairs.
    EXPECT_NEAR(found, wanted, 0.12) << a.name(i) << " " << a.name(j);
  }
}

TEST_F(Copula, MissingnessFollowsTheTrait) {
  const Cohort synthetic = draw(4000);
  const auto owners = synthetic.owners();
  double high = 0, high_missing = 0, low = 0, low_missing = 0;
  for (std::int64_t row = 0; row < synthetic.series.rows(); ++row) {
    const double trait = synthetic.statics.column(0).number(owners[static_cast<std::size_t>(row)]);
    const double missing = synthetic.series.column(1).is_valid(row) ? 0 : 1;
    (trait > 1 ? high : low) += 1;
    (trait > 1 ? high_missing : low_missing) += missing;
  }
  // The data have 1 and 0; a normal variable behind it softens the step. Standard errors are below 0.02.
  EXPECT_GT(high_missing / high, 0.7);
  EXPECT_LT(low_missing / low, 0.15);
}

TEST_F(Copula, AConditionShiftsWhatDependsOnIt) {
  double means[2] = {0, 0};
  for (const bool yes : {false, true}) {
    const Cohort given = draw(4000, {{"group", yes ? "yes" : "no"}});
    for (std::int64_t s = 0; s < given.size(); ++s) {
      ASSERT_EQ(given.statics.column(1).number(s), yes ? 1 : 0);
      means[yes ? 1 : 0] += given.statics.column(0).number(s) / 4000;
    }
  }
  // E[trait | group] is -+ 0.798. One mean strays by 6 * 0.6 / sqrt(4000) = 0.057 with probability 2e-9; the latent
  // correlation of a median split stops at 0.98.
  EXPECT_NEAR(means[0], -0.79, 0.08);
  EXPECT_NEAR(means[1], 0.79, 0.08);
}

TEST_F(Copula, ANumberAndACategoryAtOnce) {
  const Cohort given = draw(200, {{"group", "no"}, {"trait", "-1.5"}});
  double mean = 0;
  for (std::int64_t s = 0; s < given.size(); ++s) {
    ASSERT_EQ(given.statics.column(0).number(s), -1.5);
    ASSERT_EQ(given.statics.column(1).number(s), 0);
  }
  for (const double score : given.series.column(0).numbers()) mean += score / static_cast<double>(given.series.rows());
  EXPECT_NEAR(mean, -1.2, 0.15);  // 0.8 * -1.5; 1,000 rows with deviation 0.6: six standard errors are 0.11
}

TEST(CopulaScores, HermiteSeriesOfAMedianSplit) {
  Marginal half;
  half.type = ColumnType::boolean;
  half.step = 1;
  half.edges = {0, 1, 2};
  half.mass = {0.5, 0.5};
  half.prepare();
  const auto scores = mean_scores(half);
  EXPECT_NEAR(scores[1], std::sqrt(2 / std::numbers::pi), 1e-12);
  const auto a = hermite(half, scores);
  EXPECT_NEAR(a[0], 2 / std::numbers::pi, 1e-12);
  EXPECT_NEAR(a[1], 0, 1e-12);
  // Two median splits of normals with correlation r: covariance of the scores is (2 / pi)^2 asin(r).
  for (const double r : {-0.9, -0.3, 0.0, 0.5, 0.8}) {
    const double covariance = std::pow(2 / std::numbers::pi, 2) * std::asin(r);
    EXPECT_NEAR(matching_correlation(a, a, covariance), r, 2e-3);
  }
  EXPECT_EQ(matching_correlation(a, std::vector<double>(a.size(), 0), 0.1), 0);
}

TEST(CopulaMatrix, CholeskyAndEigenByHand) {
  Matrix m(2);
  m.values = {4, 2, 2, 5};
  const auto lower = cholesky(m);
  ASSERT_TRUE(lower);
  EXPECT_EQ(lower->values, (std::vector<double>{2, 0, 1, 2}));
  EXPECT_EQ(solve_lower(*lower, std::vector<double>{2, 5}), (std::vector<double>{1, 2}));
  m.values = {2, 1, 1, 2};
  const Eigen parts = eigen(m);
  EXPECT_NEAR(std::min(parts.values[0], parts.values[1]), 1, 1e-12);
  EXPECT_NEAR(std::max(parts.values[0], parts.values[1]), 3, 1e-12);
}

TEST(CopulaMatrix, ImproperCorrelationsAreRepaired) {
  Matrix m(3);
  m.values = {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1};
  EXPECT_FALSE(cholesky(m));
  const Matrix near = nearest_correlation(m);
  ASSERT_TRUE(cholesky(near));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(near(i, i), 1);
  EXPECT_GT(near(0, 1), 0.3);
  EXPECT_LT(near(0, 2), -0.3);
  const Matrix proper(0);
  EXPECT_EQ(nearest_correlation(proper).size, 0U);
}

TEST(CopulaCondition, TruncatedDrawsStayInsideTheirPart) {
  Marginal half;
  half.type = ColumnType::category;
  half.step = 1;
  half.edges = {0, 1, 2};
  half.mass = {0.9, 0.1};
  half.prepare();
  const std::vector<Variable> all = {{false, false, 0, half}, {false, false, 1, half}};
  Matrix correlation(2);
  correlation.values = {1, 0.5, 0.5, 1};
  const Table shape(
      std::vector{make_spec("a", ColumnType::category, true, 0, 0), make_spec("b", ColumnType::category, true, 0, 0)});
  const ConditionalStatics given(all, 2, correlation, {{"b", 1, 0}}, shape);
  Rng rng(41);
  double mean = 0;
  for (int i = 0; i < 10000; ++i) {
    std::vector<double> z(2);
    given.draw(z, rng);
    ASSERT_GE(z[1], normal_quantile(0.9) - 1e-9);
    mean += z[0] / 10000;
  }
  // E[z_a | z_b > q] = 0.5 * density(q) / 0.1; six standard errors are 0.06: a false alarm below 1e-8.
  EXPECT_NEAR(mean, 0.5 * normal_density(normal_quantile(0.9)) / 0.1, 0.06);
}

}  // namespace
}  // namespace understudy
