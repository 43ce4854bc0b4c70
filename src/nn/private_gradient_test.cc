// The loop around a private step: two properties that a right one has, and mistakes that are built in to see that each is
// found. Losses are made up so that the clipped gradient of a subject is known.
#include "nn/private_gradient.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "privacy/noise/gaussian_stream.h"
#include "privacy/noise/source.h"
#include "testing/people.h"
#include "vault/private_training.h"

namespace understudy::nn {
namespace {

// What a training is asked for: `people` of whom about `expected` take part, `steps` updates of `size` parameters. Each
// subject's clipped gradient is its own unit vector, or 0.
struct Wanted {
  std::int64_t people = 0;
  double rate = 0.1;
  double expected = 10;
  double multiplier = 1;
  std::int64_t size = 100;
  std::int64_t steps = 10;
  bool has_gradients = true;
  std::vector<std::int64_t>* batches = nullptr;  // how many take part in each step, as the loss sees them
};
using Gradients = std::vector<at::Tensor>;
using Loop = std::function<Gradients(const Wanted&)>;

at::Tensor loss_of(Tape& tape, std::int64_t step, std::span<const std::int64_t> subjects, const Wanted& wanted) {
  const std::int64_t size = wanted.size;
  at::Tensor mask = at::zeros({static_cast<std::int64_t>(subjects.size()), size});
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i] < 0) continue;
    if (wanted.batches != nullptr) ++(*wanted.batches)[static_cast<std::size_t>(step)];
    if (wanted.has_gradients) mask[static_cast<std::int64_t>(i)][subjects[i] % size] = 5;
  }
  return (tape.each({.offset = 0, .shape = {size}}, static_cast<std::int64_t>(subjects.size())) * mask).sum();
}

Gradients right(const Wanted& wanted) {
  const std::string path = fmt::format("{}private_gradient_{}", testing::TempDir(), getpid());
  std::filesystem::remove(path);
  Ledger ledger(path);
  ledger.declare({.epsilon = 1e12, .delta = 1e-6});
  const Vault vault(people(wanted.people), ledger);
  const SampledSum mechanism{.what = "gradients", .size = wanted.size, .multiplier = wanted.multiplier, .rate = wanted.rate,
                             .count = wanted.steps};
  PrivateTraining training(vault, {.purpose = "train", .events = {mechanism.event()}}, 1);
  auto sums = training.sums<int>(mechanism, [](const Cohort&) { return 0; });
  ShardPool pool(1);
  const Gradient source = private_gradient<int>(
      sums, pool, at::zeros({wanted.size}), {.micro_batch = 8}, wanted.expected,
      [&](const int&, const Turn& turn, Tape& tape, auto subjects) { return loss_of(tape, turn.step, subjects, wanted); });
  Gradients result;
  for (std::int64_t step = 0; step < wanted.steps; ++step) result.push_back(source({.step = step}));
  std::filesystem::remove(path);
  return result;
}

// The loop written out, with one mistake in it.
enum class Mistake { none, n_in_normaliser, shuffled, empty_skipped, divided_by_batch, noise_divided };

Gradients mistaken(Mistake mistake, const Wanted& wanted) {
  const auto source = make_noise_source(1);
  std::vector<std::int64_t> order(static_cast<std::size_t>(wanted.people));
  std::iota(order.begin(), order.end(), 0);
  Rng rng(source->next());
  ShardPool pool(1);
  const at::Tensor flat = at::zeros({wanted.size});
  Gradients result;
  for (std::int64_t step = 0; step < wanted.steps; ++step) {
    std::vector<std::int64_t> batch;
    if (mistake == Mistake::shuffled) {
      rng.shuffle(order);
      batch.assign(order.begin(), order.begin() + std::lround(wanted.rate * static_cast<double>(wanted.people)));
    } else {
      std::copy_if(order.begin(), order.end(), std::back_inserter(batch), [&](auto) { return rng.bernoulli(wanted.rate); });
    }
    std::vector<double> sum(static_cast<std::size_t>(wanted.size));
    const SubjectLoss loss = [&](Tape& tape, auto some) { return loss_of(tape, step, some, wanted); };
    add_clipped(pool, batch, {.micro_batch = 8}, on_tape(flat, loss), sum);
    const auto taking_part = std::max<double>(1, static_cast<double>(batch.size()));
    const bool skipped = mistake == Mistake::empty_skipped && batch.empty();
    const double noise = mistake == Mistake::noise_divided ? wanted.multiplier / taking_part : wanted.multiplier;
    if (!skipped) GaussianStream(*source).add(sum, noise);
    const double divisor = mistake == Mistake::n_in_normaliser    ? wanted.rate * std::max<double>(1, static_cast<double>(wanted.people))
                           : mistake == Mistake::divided_by_batch ? taking_part
                                                                  : wanted.expected;
    result.push_back(gradient_of(sum, divisor));
  }
  return result;
}

// The noise in a gradient has the deviation multiplier / expected, whoever is there: with nobody, with few of whom mostly
// none takes part, with many. 10,000 squares: outside 8.5 % (6 standard errors) with probability 2e-9 each.
bool noise_hangs_on_nobody(const Loop& loop) {
  for (const std::int64_t count : {0, 3, 60, 300}) {
    double squares = 0;
    for (const at::Tensor& gradient : loop({.people = count, .size = 1000, .has_gradients = false})) {
      squares += gradient.square().sum().item<double>();
    }
    if (std::abs(squares / 10000 / (0.1 * 0.1) - 1) > 0.085) return false;
  }
  return true;
}

// Subjects take part by coins of their own: their number is binomial. 1,000 batches of 100 people at 1/10 have mean 10 and
// variance 9; the mean is outside 10 +- 0.6 with probability 3e-10, the variance outside 9 +- 2.5 with 4e-10.
bool batches_are_coins(const Loop& loop) {
  std::vector<std::int64_t> batches(1000);
  loop({.people = 100, .size = 1, .steps = 1000, .batches = &batches});
  double sum = 0, squares = 0;
  for (const std::int64_t size : batches) {
    sum += static_cast<double>(size) / 1000;
    squares += static_cast<double>(size * size) / 1000;
  }
  return std::abs(sum - 10) < 0.6 && std::abs(squares - sum * sum - 9) < 2.5;
}

TEST(PrivateGradient, HasTheNoiseAndTheBatchesOfItsPlan) {
  EXPECT_TRUE(noise_hangs_on_nobody(right));
  EXPECT_TRUE(batches_are_coins(right));
}

TEST(PrivateGradientMutants, EachMistakeIsFound) {
  const auto passes = [](Mistake mistake) {
    const Loop loop = [mistake](const Wanted& wanted) { return mistaken(mistake, wanted); };
    return noise_hangs_on_nobody(loop) && batches_are_coins(loop);
  };
  EXPECT_TRUE(passes(Mistake::none));
  EXPECT_FALSE(passes(Mistake::n_in_normaliser));
  EXPECT_FALSE(passes(Mistake::shuffled));
  EXPECT_FALSE(passes(Mistake::empty_skipped));
  EXPECT_FALSE(passes(Mistake::divided_by_batch));
  EXPECT_FALSE(passes(Mistake::noise_divided));
}

// One subject alone, taking part for certain: the gradient is its unit vector over the expected number.
TEST(PrivateGradient, DividesByTheExpectedNumber) {
  const Gradients one = right({.people = 1, .rate = 1, .expected = 4, .multiplier = 1e-6, .size = 3, .steps = 1});
  EXPECT_NEAR(one[0][0].item<float>(), 0.25, 1e-4);
  EXPECT_NEAR(one[0][1].item<float>(), 0, 1e-4);
}

}  // namespace
}  // namespace understudy::nn
