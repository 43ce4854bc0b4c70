// What mode dp-sgd rests on: what a person shows, and the loss of it, hang on that person alone.
#include "generators/gan/game.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <numeric>

#include "encode/marginal.h"
#include "generators/model_file.h"
#include "nn/testing_reference.h"
#include "testing/people.h"

namespace understudy {
namespace {

// People with an age each; codec and rows of it.
struct World {
  explicit World(std::int64_t count) : cohort(people(count)), codec(cohort.schema.statics(), marginals(), Coding::bounds) {
    for (std::int64_t s = 0; s < count; ++s) cohort.statics.column(0).set_number(s, static_cast<double>(s % 100));
  }
  std::vector<Marginal> marginals() const { return learn_marginals(cohort.schema.statics(), people(3).statics); }
  GanRows rows() const {
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(cohort.size()) + 1);
    std::iota(offsets.begin(), offsets.end(), 0);
    return GanRows({.codec = codec, .table = cohort.statics, .offsets = offsets, .subjects = cohort.subjects,
                    .conditions = encode_statics(codec, cohort, Rng(3)), .copies = 4}, Rng(2));
  }

  Cohort cohort;
  Codec codec;
};

GanBatch draws(const GanRows& rows, const std::vector<std::int64_t>& subjects) {
  std::vector<Rng> own;
  for (const std::int64_t s : subjects) own.push_back(s < 0 ? Rng(1) : rows.stream(Rng(1), s));
  return rows.draw_of(subjects, [&](std::int64_t draw) -> Rng& { return own[static_cast<std::size_t>(draw)]; }, 1);
}

TEST(GanRows, WhatAPersonShowsHangsOnNobodyElse) {
  const GanRows few = World(4).rows(), many = World(9).rows();
  const GanBatch alone = draws(few, {2}), together = draws(many, {7, -1, 2, 8});
  EXPECT_TRUE(alone.windows[0].equal(together.windows[2]));
  EXPECT_TRUE(alone.conditions[0].equal(together.conditions[2]));
  EXPECT_TRUE(together.present.equal(at::tensor({1.0F, 0.0F, 1.0F, 1.0F}).view({4, 1})));
  EXPECT_EQ(together.windows[1].abs().sum().item<float>(), 0);
}

GanSettings settings(nn::Objective objective) { return {.objective = objective, .hidden = 8, .latent = 4}; }

TEST(GanGame, TheCriticsLossTiesNoPersonsTogether) {
  const World world(6);
  const GanRows rows = world.rows();
  const GanBatch all = draws(rows, {0, 1, 2, 3, 4, 5});
  for (const auto objective : {nn::Objective::wgan_gp, nn::Objective::non_saturating}) {
    const GanGame game(settings(objective), world.codec.blocks(), rows.condition_width(), Rng(4));
    Rng rng(5);
    const GanLatents latents = game.latents(6, [&](std::int64_t) -> Rng& { return rng; });
    nn::expect_as_reference(game.critic_flat(), 6, [&](nn::Tape& tape, std::int64_t first, std::int64_t count) {
      const auto some = [&](const at::Tensor& x) { return x.narrow(0, first, count); };
      return game.critic_loss(tape, {some(all.windows), some(all.conditions), some(all.present)},
                              {some(latents.inputs), some(latents.noise), some(latents.mix)});
    });
  }
}

// A critic that sees conditions alone scores real and fake alike, and has no slope over the rows: what is left is the
// penalty of a slope of 0, 1 a draw.
TEST(GanGame, ThePenaltyLeavesConditionsOut) {
  const World world(6);
  const GanRows rows = world.rows();
  const GanGame game(settings(nn::Objective::wgan_gp), world.codec.blocks(), rows.condition_width(), Rng(4));
  const std::int64_t inputs = world.codec.width() + rows.condition_width();
  game.critic_flat().narrow(0, 0, 8 * inputs).view({8, inputs}).narrow(1, 0, world.codec.width()).zero_();
  Rng rng(5);
  const GanLatents latents = game.latents(6, [&](std::int64_t) -> Rng& { return rng; });
  nn::Tape tape = nn::Tape::sampling(game.critic_flat());
  EXPECT_NEAR(game.critic_loss(tape, draws(rows, {0, 1, 2, 3, 4, 5}), latents).item<float>(), 6, 1e-4);
}

}  // namespace
}  // namespace understudy
