#include "generators/understudy/fitting.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "testing/kind_of.h"
#include "testing/thread_ranks.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// a of 2, b of 3, both uniform; c is (a + b) mod 3, but in one row of ten anything.
std::vector<std::int32_t> sums(std::int64_t rows, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<std::int32_t> all;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto a = static_cast<std::int32_t>(rng.below(2)), b = static_cast<std::int32_t>(rng.below(3));
    all.insert(all.end(), {a, b, rng.below(10) == 0 ? static_cast<std::int32_t>(rng.below(3)) : (a + b) % 3});
  }
  return all;
}

const Chain kChain({.sizes = {2, 3, 3}});

at::Tensor initial() {
  Rng rng(2);
  const std::vector<std::vector<double>> shares = {{0.5, 0.5}, {1 / 3.0, 1 / 3.0, 1 / 3.0}, {1 / 3.0, 1 / 3.0, 1 / 3.0}};
  std::vector<float> flat = kChain.initial(shares, rng);
  return at::from_blob(flat.data(), {kChain.parameters()}).clone();
}

at::Tensor fitted(const std::vector<std::int32_t>& rows, int threads, std::int64_t stop_after = -1, Ranks* ranks = nullptr) {
  Context context;
  context.threads = threads;
  context.ranks = ranks;
  const FittingPlan plan{.epochs = 4, .least_steps = 60};
  const auto items = static_cast<std::int64_t>(rows.size()) / 3;
  Fitting fitting(initial(), items, plan, Rng(3), context, chain_loss(kChain, rows));
  while (!fitting.trainer().done() && fitting.trainer().steps() != stop_after) fitting.trainer().step();
  if (stop_after < 0) return fitting.averaged();
  TensorFile file;
  fitting.trainer().save(file, "kept");
  Fitting other(initial(), items, plan, Rng(3), context, chain_loss(kChain, rows));
  other.trainer().restore(file, "kept");
  while (!other.trainer().done()) other.trainer().step();
  return other.averaged();
}

// The entropy of a row is ln 6 + 0.434 nats; what is learnt from 20,000 rows is within 0.02 of it on others.
TEST(Fitting, LearnsHowColumnsHangTogether) {
  Context context;
  const auto rows = sums(20000, 1), others = sums(20000, 9);
  Fitting training(initial(), 20000, {.epochs = 20, .rate = 0.02}, Rng(3), context, chain_loss(kChain, rows));
  while (!training.trainer().done()) training.trainer().step();
  const double right = 0.9 + 0.1 / 3, wrong = 0.1 / 3;
  const double entropy = std::log(6) - right * std::log(right) - 2 * wrong * std::log(wrong);
  Chain::Workspace room;
  double nats = 0;
  const at::Tensor flat = training.averaged();
  for (const double one : kChain.nats({flat.data_ptr<float>(), static_cast<std::size_t>(flat.numel())}, {others}, room)) nats += one / 20000;
  EXPECT_NEAR(nats, entropy, 0.02);
  EXPECT_NEAR(training.nats(), entropy, 0.25);  // of 512 rows: a standard error of 0.03
}

TEST(Fitting, TheSameBytesWithAnyThreadsAndAfterAStop) {
  const auto rows = sums(3000, 4);
  const auto one = fitted(rows, 1);
  EXPECT_TRUE(fitted(rows, 2).equal(one));
  EXPECT_TRUE(fitted(rows, 1, 17).equal(one));
}

// Each takes its shards of a batch; the sums are added in another order.
TEST(Fitting, TwoRanksLearnWhatOneProcessDoes) {
  const auto rows = sums(3000, 4);
  const at::Tensor one = fitted(rows, 1);
  std::array<at::Tensor, 2> both;
  run_ranks(2, [&](Ranks& ranks) { both[static_cast<std::size_t>(ranks.rank())] = fitted(rows, 1, -1, &ranks); });
  EXPECT_TRUE(both[0].equal(both[1]));
  EXPECT_TRUE(at::allclose(both[0], one, 1e-3, 1e-3));
}

TEST(Fitting, FewRows) {
  for (const std::int64_t rows : {1, 2, 300}) {
    EXPECT_TRUE(fitted(sums(rows, 5), 1).isfinite().all().item<bool>()) << rows;
  }
  EXPECT_EQ(kind_of([] { fitted({}, 1); }), ErrorKind::internal);
}

}  // namespace
}  // namespace understudy
