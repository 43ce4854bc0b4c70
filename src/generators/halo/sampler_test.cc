#include "generators/halo/sampler.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>

#include "generators/halo/testing_vocabulary.h"

namespace understudy {
namespace {

using testing::HaloWorld;

// Weights that matter: three times the first ones in the head.
struct Drawn : HaloWorld {
  Drawn() : rng(1), network(shape, chances(), rng), flat(network.flat().clone()) {
    for (const auto& weight : {network.first().weight, network.second().weight}) flat.narrow(0, weight.offset, weight.size()).mul_(3);
  }
  Rng rng;
  HaloNetwork network;
  at::Tensor flat;
};

// The slow way: for each code the whole network over all visits so far, no memory of any kind.
std::vector<std::int32_t> slow_visit(const Drawn& world, const VisitCode& code, at::Tensor& visits, std::int64_t place, Rng& rng) {
  std::vector<std::int32_t> categories;
  for (const VisitCode::Group& group : code.groups()) {
    std::int32_t category = group.absent;
    for (std::int32_t c = 0; c < group.codes; ++c) {
      nn::Tape tape = nn::Tape::sampling(world.flat);
      const at::Tensor history = world.network.history(tape, visits.narrow(1, 0, place));
      const at::Tensor logits = world.network.logits(tape, history.narrow(1, place - 1, 1), visits.narrow(1, place, 1));
      const auto logit = logits[0][0][group.first + c].item<double>();
      if (!rng.bernoulli(1 / (1 + std::exp(-logit)))) continue;
      visits[0][place][group.first + c] = 1;
      category = group.category(c);
      break;
    }
    categories.push_back(category);
  }
  return categories;
}

// 24 subjects of 0 to 4 rows, some 700 coins. A coin may fall otherwise where rounding decides: at a chance of about 1e-4 in all, and
// the seeds are fixed.
TEST(HaloSampler, DrawsWhatTheSlowWayDraws) {
  const Drawn world;
  const HaloSampler sampler(world.network, world.flat, world.labels, world.visits);
  const Rng rng(5), of_rows(6);
  constexpr std::int64_t kSubjects = 24;
  const auto labels = sampler.draw_labels(kSubjects, rng);
  std::vector<std::int64_t> offsets = {0};
  for (std::int64_t s = 0; s < kSubjects; ++s) offsets.push_back(offsets.back() + s % 5);
  const auto rows = sampler.draw_rows(labels, offsets, of_rows);
  const std::size_t of_labels = world.labels.groups().size(), of_visits = world.visits.groups().size();
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(offsets.back()) * of_visits);
  for (std::int64_t s = 0; s < kSubjects; ++s) {
    const auto at = static_cast<std::size_t>(s);
    Rng first = rng.stream("subject", at), then = of_rows.stream("subject", at);
    at::Tensor visits = at::zeros({1, 6, world.shape.codes});
    const auto slow = slow_visit(world, world.labels, visits, 1, first);
    ASSERT_EQ(slow, std::vector<std::int32_t>(labels.begin() + s * 2, labels.begin() + s * 2 + static_cast<std::int64_t>(of_labels))) << s;
    for (std::int64_t row = 0; row < offsets[at + 1] - offsets[at]; ++row) {
      const auto expected = slow_visit(world, world.visits, visits, row + 2, then);
      const auto begin = rows.begin() + (offsets[at] + row) * static_cast<std::int64_t>(of_visits);
      ASSERT_EQ(expected, std::vector<std::int32_t>(begin, begin + static_cast<std::int64_t>(of_visits))) << s << " " << row;
    }
  }
}

// What the network says of a subject, as a product over what is asked: the draws have it. 40,000 labels, 15 outcomes; each share to
// 6 standard deviations, a false alarm below 1e-7.
TEST(HaloSampler, TheLawIsThatOfTheLoss) {
  const Drawn world;
  const HaloSampler sampler(world.network, world.flat, world.labels, world.visits);
  constexpr std::int64_t kDraws = 40000;
  std::map<std::array<std::int32_t, 2>, double> counts;
  const auto drawn = sampler.draw_labels(kDraws, Rng(7));
  for (std::size_t i = 0; i < drawn.size(); i += 2) counts[{drawn[i], drawn[i + 1]}] += 1;
  const nn::DataLoss<HaloRecords> loss = halo_loss(world.network);
  double total = 0;
  for (std::int32_t a = 0; a < world.labels.groups()[0].codes + 1; ++a) {
    for (std::int32_t b = 0; b < world.labels.groups()[1].codes + 1; ++b) {
      const HaloRecords one{.labels = &world.labels, .visits = &world.visits, .offsets = {0, 0}, .statics = {a, b}, .series = {}};
      nn::Tape tape = nn::Tape::sampling(world.flat);
      const double share = std::exp(-loss(one, {}, tape, std::vector<std::int64_t>{0}).item<double>());
      total += share;
      EXPECT_NEAR((counts[{a, b}]) / kDraws, share, 6 * std::sqrt(share * (1 - share) / kDraws) + 1e-6) << a << " " << b;
    }
  }
  EXPECT_NEAR(total, 1, 1e-5);
}

}  // namespace
}  // namespace understudy
