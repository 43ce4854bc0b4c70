#include "generators/understudy/series_network.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "nn/adam.h"

namespace understudy {
namespace {

std::vector<std::vector<double>> even(const std::vector<std::int32_t>& sizes) {
  std::vector<std::vector<double>> shares;
  for (const std::int32_t size : sizes) shares.emplace_back(size, 1.0 / size);
  return shares;
}

// Subjects of 1 to 5 rows with random categories and two statics.
struct World {
  explicit World(std::int64_t count) {
    for (std::int64_t s = 0; s < count; ++s) {
      offsets.push_back(offsets.back() + 1 + static_cast<std::int64_t>(rng.below(5)));
      for (int i = 0; i < 2; ++i) statics.push_back(static_cast<float>(rng.normal()));
    }
    for (std::int64_t row = 0; row < offsets.back(); ++row) {
      for (const std::int32_t size : shape.columns.sizes) categories.push_back(static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(size))));
    }
    subjects.resize(static_cast<std::size_t>(count));
    std::iota(subjects.begin(), subjects.end(), 0);
  }
  SeriesRows rows() const { return {offsets, categories, statics}; }

  Rng rng{5};
  SeriesShape shape{.columns = {.sizes = {3, 4}, .missing = {-1, 3}}, .statics = 2, .hidden = 6, .embedding = 5, .width = 4};
  SeriesNetwork network{shape, even(shape.columns.sizes), rng};
  std::vector<std::int64_t> offsets = {0}, subjects;
  std::vector<std::int32_t> categories;
  std::vector<float> statics;
  Chain::Workspace room;
};

TEST(SeriesNetwork, GradientIsTheSlopeOfTheNats) {
  World world(4);
  at::Tensor flat = world.network.flat().clone(), gradient = at::zeros_like(flat);
  const double nats = world.network.gradient(flat, world.rows(), world.subjects, gradient, world.room);
  const auto sum = [&] {
    const auto each = world.network.nats(flat, world.rows(), world.subjects, world.room);
    return std::accumulate(each.begin(), each.end(), 0.0);
  };
  EXPECT_NEAR(nats, sum(), 1e-4);
  int kinks = 0;  // a hidden unit that turns on within the step
  for (std::int64_t i = 0; i < flat.numel(); ++i) {
    constexpr float kStep = 7e-4F;
    const float before = flat[i].item<float>(), slope = gradient[i].item<float>();
    if (before == 0 && slope == 0) continue;  // what a column may not look at stays zero
    flat[i] = before + kStep;
    const double above = sum();
    flat[i] = before - kStep;
    kinks += std::abs((above - sum()) / (2 * kStep) - slope) > 4e-3;
    flat[i] = before;
  }
  EXPECT_LE(kinks, flat.numel() / 100);
}

// Padding, order and company change nothing.
TEST(SeriesNetwork, SubjectsTogetherAreThemselves) {
  World world(7);
  const at::Tensor& flat = world.network.flat();
  const auto together = world.network.nats(flat, world.rows(), world.subjects, world.room);
  for (std::int64_t s = 0; s < 7; ++s) {
    const std::vector<std::int64_t> alone = {s};
    EXPECT_NEAR(world.network.nats(flat, world.rows(), alone, world.room)[0], together[static_cast<std::size_t>(s)], 1e-4);
  }
}

// Beside the gradient of each subject alone; nobody, and a subject without rows, add nothing.
TEST(SeriesNetwork, WeighedGradientIsTheSumOverSubjects) {
  World world(5);
  world.offsets.push_back(world.offsets.back());  // subject 5 has no row
  world.statics.insert(world.statics.end(), {0.5F, 0.5F});
  const at::Tensor& flat = world.network.flat();
  const std::vector<std::int64_t> subjects = {3, -1, 0, 5, 2};
  const at::Tensor factors = at::tensor({0.5F, 1.0F, 2.0F, 1.0F, 0.25F});
  at::Tensor expected = at::zeros_like(flat), squares = at::zeros({5}, at::kDouble);
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i] < 0 || subjects[i] == 5) continue;
    at::Tensor alone = at::zeros_like(flat);
    world.network.gradient(flat, world.rows(), std::span(subjects).subspan(i, 1), alone, world.room);
    squares[static_cast<std::int64_t>(i)] = alone.to(at::kDouble).square().sum();
    expected += alone * factors[static_cast<std::int64_t>(i)];
  }
  const at::Tensor weighed = world.network.weighed_gradient(flat, world.rows(), subjects, [&](const at::Tensor& found) {
    EXPECT_TRUE(at::allclose(found, squares, 1e-4, 1e-6)) << found << squares;
    return factors;
  });
  EXPECT_TRUE(at::allclose(weighed, expected, 1e-3, 1e-4));
}

TEST(SeriesNetwork, ABatchOfNobodyGivesNothing) {
  World world(1);
  const std::vector<std::int64_t> nobody = {-1, -1};
  const at::Tensor weighed = world.network.weighed_gradient(world.network.flat(), world.rows(), nobody, [](const at::Tensor& found) {
    return at::zeros(found.sizes(), at::kFloat);
  });
  EXPECT_EQ(weighed.abs().sum().item<float>(), 0);
}

// The first column is that of the row before, one further; the second is 2 in the subjects whose static is above 0, else 0.
TEST(SeriesNetwork, LearnsFromTheRowBeforeAndTheStaticsAndDrawsThat) {
  World world(0);
  constexpr std::int64_t kSubjects = 200, kRows = 6;
  for (std::int64_t s = 0; s < kSubjects; ++s) {
    world.offsets.push_back(world.offsets.back() + kRows);
    world.statics.insert(world.statics.end(), {s % 2 == 0 ? 1.0F : -1.0F, 0});
    const auto start = static_cast<std::int32_t>(world.rng.below(3));
    for (std::int32_t row = 0; row < kRows; ++row) world.categories.insert(world.categories.end(), {(start + row) % 3, s % 2 == 0 ? 2 : 0});
    world.subjects.push_back(s);
  }
  at::Tensor flat = world.network.flat().clone();
  nn::Adam adam(flat.numel(), {.beta1 = 0.9, .beta2 = 0.999});
  for (int step = 0; step < 300; ++step) {
    at::Tensor gradient = at::zeros_like(flat);
    world.network.gradient(flat, world.rows(), world.subjects, gradient, world.room);
    adam.step(flat, gradient / kSubjects, 0.02);
  }
  const auto nats = world.network.nats(flat, world.rows(), world.subjects, world.room);
  EXPECT_NEAR(std::accumulate(nats.begin(), nats.end(), 0.0) / kSubjects, std::log(3), 0.1);  // the start is all that is left

  std::vector<std::int32_t> drawn(static_cast<std::size_t>(kSubjects * kRows * 2), -1);
  for (std::int64_t s = 0; s < kSubjects; ++s) drawn[static_cast<std::size_t>(s * kRows * 2)] = 1;  // given
  world.network.draw(flat, world.offsets, world.statics, drawn, world.rng);
  int wrong = 0;
  for (std::int64_t s = 0; s < kSubjects; ++s) {
    for (std::int64_t row = 0; row < kRows; ++row) {
      const auto at = static_cast<std::size_t>((s * kRows + row) * 2);
      wrong += drawn[at] != (1 + row) % 3;
      wrong += drawn[at + 1] != (s % 2 == 0 ? 2 : 0);
    }
    EXPECT_EQ(drawn[static_cast<std::size_t>(s * kRows * 2)], 1);
  }
  EXPECT_LT(wrong, kSubjects * kRows * 2 / 50);
}

// Subjects of unequal length are drawn to their own end.
TEST(SeriesNetwork, DrawsEverySubjectToItsEnd) {
  World world(9);
  std::vector<std::int32_t> drawn(world.categories.size(), -1);
  world.network.draw(world.network.flat(), world.offsets, world.statics, drawn, world.rng);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_GE(drawn[i], 0);
    EXPECT_LT(drawn[i], world.shape.columns.sizes[i % 2]);
  }
}

}  // namespace
}  // namespace understudy
