#include "generators/gan/calibration.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/noise.h"

namespace understudy {
namespace {

constexpr std::int64_t kRows = 20000;

// Two numbers of correlation 0.8, the second 0 for three rows in ten, and a category of shares 0.6, 0.3, 0.1.
Table make_table() {
  ColumnSpec a{.name = "a", .nullable = false}, b{.name = "b", .nullable = false};
  a.minimum = b.minimum = -10;
  a.maximum = b.maximum = 10;
  ColumnSpec c{.name = "c", .type = ColumnType::category, .nullable = false};
  c.categories = {"x", "y", "z"};
  const std::vector<ColumnSpec> specs = {a, b, c};
  Table table(specs);
  table.resize(kRows);
  Rng rng(1);
  for (std::int64_t row = 0; row < kRows; ++row) {
    const double u = rng.normal();
    table.column(0).set_number(row, u);
    table.column(1).set_number(row, row % 10 < 3 ? 0 : 0.8 * u + 0.6 * rng.normal() + 2);
    table.column(2).set_number(row, row % 10 < 6 ? 0 : row % 10 < 9 ? 1 : 2);
  }
  return table;
}

struct Bench {
  Table table = make_table();
  std::vector<ColumnSpec> specs = columns();
  Codec codec{specs, marginals(), Coding::quantile};
  GanHead head{codec.blocks()};
  at::Tensor encoded = encode();

  std::vector<ColumnSpec> columns() const {
    std::vector<ColumnSpec> result(3);
    result[0] = {.name = "a", .nullable = false};
    result[1] = {.name = "b", .nullable = false};
    for (auto* spec : {&result[0], &result[1]}) {
      spec->minimum = -10;
      spec->maximum = 10;
    }
    result[2] = {.name = "c", .type = ColumnType::category, .nullable = false};
    result[2].categories = {"x", "y", "z"};
    return result;
  }
  std::vector<Marginal> marginals() const {
    std::vector<Marginal> result;
    for (std::size_t c = 0; c < 3; ++c) result.push_back(learn_marginal(specs[c], table.column(c)));
    return result;
  }
  at::Tensor encode() const {
    std::vector<std::int64_t> rows(kRows);
    for (std::int64_t i = 0; i < kRows; ++i) rows[static_cast<std::size_t>(i)] = i;
    at::Tensor values = at::empty({kRows, codec.width()}, at::kFloat);
    Rng rng(2);
    codec.encode(table, rows, {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())}, rng);
    return head.gated(values * head.units());
  }
  // A network that got spread, place, dependence and shares wrong.
  CalibrationData data() const {
    Rng rng(3);
    at::Tensor raw = nn::normals(rng, kRows, head.width());
    raw.select(1, 1).mul_(0.5).add_(raw.select(1, 0), 0.2).add_(1.0);
    return {.codec = codec, .head = head, .raw = raw, .encoded = encoded, .table = table, .rng = Rng(4)};
  }
};

at::Tensor decoded(const Bench& bench, const GanCalibration& calibration) {
  const CalibrationData data = bench.data();
  Rng rng(5);
  const at::Tensor rows = (calibration.rows(bench.head, data.raw, rng) / bench.head.units()).contiguous();
  Table table(bench.specs);
  table.resize(kRows);
  bench.codec.decode({rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())}, table, 0);
  at::Tensor result = at::empty({kRows, 3}, at::kDouble);
  for (std::int64_t c = 0; c < 3; ++c) {
    for (std::int64_t row = 0; row < kRows; ++row) {
      result[row][c] = table.column(static_cast<std::size_t>(c)).number(row);
    }
  }
  return result;
}

double correlation(const at::Tensor& x) {
  const at::Tensor centred = x - x.mean(0);
  const at::Tensor products = at::matmul(centred.t(), centred);
  return (products[0][1] / (products[0][0] * products[1][1]).sqrt()).item<double>();
}

// Shares of 20,000 rows have standard errors below 0.0036, means below 0.01; the bounds are above 5 of them (1e-6).
TEST(GanCalibration, MarginalsReachShareAndPlace) {
  const Bench bench;
  const at::Tensor x = decoded(bench, calibrate_marginals(bench.data()));
  EXPECT_NEAR((x.select(1, 1) == 0).to(at::kDouble).mean().item<double>(), 0.3, 0.02);
  EXPECT_NEAR((x.select(1, 2) == 0).to(at::kDouble).mean().item<double>(), 0.6, 0.02);
  EXPECT_NEAR((x.select(1, 2) == 2).to(at::kDouble).mean().item<double>(), 0.1, 0.015);
  EXPECT_NEAR(x.select(1, 0).mean().item<double>(), 0, 0.05);
  EXPECT_NEAR(x.select(1, 0).std().item<double>(), 1, 0.05);
}

TEST(GanCalibration, MomentsReachTheCorrelationOfTheTable) {
  const Bench bench;
  at::Tensor real = at::empty({kRows, 2}, at::kDouble);
  for (std::int64_t row = 0; row < kRows; ++row) {
    for (std::int64_t c = 0; c < 2; ++c) real[row][c] = bench.table.column(static_cast<std::size_t>(c)).number(row);
  }
  const double wanted = correlation(real);
  EXPECT_GT(std::abs(correlation(decoded(bench, calibrate_marginals(bench.data()))) - wanted), 0.1);
  const at::Tensor x = decoded(bench, calibrate_moments(bench.data()));
  EXPECT_NEAR(correlation(x), wanted, 0.03);  // standard error of a correlation here: 0.007
  EXPECT_NEAR((x.select(1, 1) == 0).to(at::kDouble).mean().item<double>(), 0.3, 0.02);
}

TEST(GanCalibration, NoneLeavesScalarsAlone) {
  const Bench bench;
  Rng rng(6);
  const at::Tensor raw = bench.data().raw;
  const at::Tensor rows = no_calibration(bench.head).rows(bench.head, raw, rng);
  EXPECT_TRUE(rows.select(1, 0).equal(raw.select(1, 0)));
}

TEST(GanCalibration, SavedAndLoadedIsTheSame) {
  const Bench bench;
  const GanCalibration before = calibrate_moments(bench.data());
  TensorFile file;
  before.save(file, "c");
  const GanCalibration after = GanCalibration::load(file, "c");
  EXPECT_TRUE(after.fits(bench.head));
  Rng a(7), b(7);
  const at::Tensor raw = bench.data().raw;
  EXPECT_TRUE(before.rows(bench.head, raw, a).equal(after.rows(bench.head, raw, b)));
}

}  // namespace
}  // namespace understudy
