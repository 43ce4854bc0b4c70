#include "generators/timegan.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "generators/panel/panel_fit.h"
#include "generators/panel/testing_network.h"

namespace understudy {
namespace {

constexpr PanelShape kShape{.steps = 3, .channels = 2};
const std::map<std::string, std::string> kSmall = {{"hidden", "3"}, {"layers", "2"}, {"batch", "4"}, {"noise_sd", "0.2"}};

PanelPlayer player_of(const PanelNetwork& network, const std::string& name, const std::string& warmup = "") {
  std::vector<PanelPlayer> players = network.players();
  for (const PanelWarmup& one : network.warmups()) {
    if (one.name == warmup) players = one.players;
  }
  return *std::find_if(players.begin(), players.end(), [&](const PanelPlayer& player) { return player.name == name; });
}

// timegan.py for 5 columns: layers of 3 (inputs + 24 + 1) 24 parameters, here 72 more for the second bias. Embedder and generator
// 2,160 + 2 * 3,528 + 600, recovery 3 * 3,528 + 125, supervisor 2 * 3,528 + 600, discriminator 3 * 3,528 + 25.
TEST(Timegan, HasThePublishedSize) {
  const auto network = made(timegan_method(), {.steps = 24, .channels = 5}, {{"preset", "paper"}});
  constexpr std::int64_t kIn = 2160 + 2 * 3528 + 600, kSecondBias = 72;
  EXPECT_EQ(player_of(*network, "coding").flat.numel(), kIn + 3 * 3528 + 125 + 6 * kSecondBias);
  EXPECT_EQ(player_of(*network, "drawing").flat.numel(), kIn + 2 * 3528 + 600 + 5 * kSecondBias);
  EXPECT_EQ(player_of(*network, "judging").flat.numel(), 3 * 3528 + 25 + 3 * kSecondBias);
  EXPECT_EQ(network->plan(10000).steps, 2 * 50000);
  EXPECT_EQ(network->plan(10000).batch, 128);
  for (const PanelWarmup& warmup : network->warmups()) EXPECT_EQ(warmup.steps, 50000) << warmup.name;
  for (const PanelPlayer& player : network->players()) {
    EXPECT_EQ(player.schedule.rate, 1e-3) << player.name;
    EXPECT_EQ(player.every, player.name == "judging" ? 2 : 1) << player.name;
  }
  EXPECT_EQ(player_of(*network, "judging").least, 0.15);
}

TEST(Timegan, TheLossesAreTheGoldenOnes) {
  const auto expected = golden("timegan");
  const auto network = made(timegan_method(), kShape, kSmall);
  for (const PanelPlayer& player : network->players()) set_weights(player.flat);
  const PanelData data{.panels = made_panels(2, kShape), .rng = Rng(5)};
  const std::vector<std::int64_t> subjects = {0, 1};
  expect_numbers(data.uniforms("z", {.step = 3}, subjects, {3, 2}), expected["z"]);
  expect_numbers(data.normals("noise", {.step = 3}, subjects, {3, 3, 3}), expected["noise"]);
  for (const char* name : {"drawing", "coding", "judging"}) {
    EXPECT_NEAR(loss_of(player_of(*network, name), data, subjects) / 2, expected[name].get<double>(), 1e-5) << name;
  }
  EXPECT_NEAR(loss_of(player_of(*network, "coding", "embedding"), data, subjects) / 2, expected["embedding"].get<double>(), 1e-6);
  EXPECT_NEAR(loss_of(player_of(*network, "drawing", "supervised"), data, subjects) / 2, expected["supervised"].get<double>(), 1e-7);
}

TEST(Timegan, SlopesAreThoseOfDifferences) {
  for (const char* cell : {"gru", "lstm"}) {
    auto settings = kSmall;
    settings["cell"] = cell;
    expect_slopes(*made(timegan_method(), kShape, settings), kShape);
  }
}

// Their terms; what the generator's loss makes of the means of a batch is not.
TEST(Timegan, SubjectsAreApart) {
  for (const char* cell : {"gru", "lstm"}) {
    auto settings = kSmall;
    settings["cell"] = cell;
    for (const std::int64_t steps : {3, 1}) expect_subjects_apart(*made(timegan_method(), {.steps = steps, .channels = 2}, settings), {.steps = steps, .channels = 2});
  }
}

// What each network that shall be trained with privacy minimises is a sum over subjects.
TEST(Timegan, OnlyTheGeneratorsMomentsTieSubjectsTogether) {
  const auto network = made(timegan_method(), kShape, kSmall);
  EXPECT_FALSE(player_of(*network, "judging").whole);
  EXPECT_FALSE(player_of(*network, "drawing", "supervised").whole);
  const at::Tensor two = at::tensor({0.04, 0.5}, at::kDouble);
  EXPECT_NEAR(player_of(*network, "coding").whole(two).item<double>(), 10 * 0.2 + 0.1 * 0.5, 1e-12);
  EXPECT_NEAR(player_of(*network, "coding", "embedding").whole(two[0]).item<double>(), 10 * 0.2, 1e-12);
}

// In one step of Adam with a large epsilon a weight moves by rate g / (|g| + epsilon), which gives g back: in three shards it is the
// slope of the loss of the whole batch.
TEST(Timegan, TheGradientOfABatchDoesNotHangOnShards) {
  const auto network = made(timegan_method(), kShape, kSmall);
  const PanelData data{.panels = made_panels(8, kShape), .rng = Rng(4)};
  for (PanelPlayer player : all_players(*network)) {
    player.adam.epsilon = 1;
    player.every = 1;
    player.schedule = {.rate = 1e-3};
    const auto gradient_in = [&](std::int64_t shard) {
      const at::Tensor start = player.flat.clone();
      PanelTraining training({player}, {.steps = 1, .batch = 8, .shard = shard}, data, {});
      training.trainer().step();
      const at::Tensor moved = (start - player.flat).to(at::kDouble) / 1e-3;
      player.flat.copy_(start);
      return moved / (1 - moved.abs());
    };
    const at::Tensor in_three = gradient_in(3), at_once = gradient_in(8);
    EXPECT_GT(at_once.abs().max().item<double>(), 1e-4) << player.name;
    EXPECT_TRUE(at::allclose(in_three, at_once, 1e-2, 2e-4)) << player.name << (in_three - at_once).abs().max();
    nn::Tape tape = nn::Tape::plain(player.flat);
    const at::Tensor terms = player.loss(data, {}, tape, first_subjects(8)) / 8;
    tape.backward(player.whole ? player.whole(terms) : terms);
    EXPECT_TRUE(at::allclose(at_once, tape.gradient().to(at::kDouble), 1e-2, 2e-4)) << player.name;
  }
}

// Once for two steps of the generator, and not where its loss is small.
TEST(Timegan, TheDiscriminatorWaits) {
  const auto network = made(timegan_method(), kShape, kSmall);
  const PanelData data{.panels = made_panels(8, kShape), .rng = Rng(4)};
  PanelPlayer judging = player_of(*network, "judging");
  const auto moves_in = [&](std::int64_t steps) {
    const at::Tensor start = judging.flat.clone();
    PanelTraining training({judging}, {.steps = steps, .batch = 4}, data, {});
    while (!training.trainer().done()) training.trainer().step();
    const bool moves = !at::equal(start, judging.flat);
    judging.flat.copy_(start);
    return moves;
  };
  EXPECT_FALSE(moves_in(1));
  EXPECT_TRUE(moves_in(2));
  const double loss = loss_of(judging, data, first_subjects(8)) / 8;
  judging.least = loss + 1;
  EXPECT_FALSE(moves_in(2));
}

// A step hangs on the noise of the steps up to it: with the same weights, more steps give the same beginning.
TEST(Timegan, DrawsStepByStep) {
  const auto network = made(timegan_method(), kShape, kSmall), longer = made(timegan_method(), {.steps = 6, .channels = 2}, kSmall);
  Rng one(1), same(1), other(2), again(1);
  const at::Tensor drawn = network->draw(1, one);
  EXPECT_TRUE(at::allclose(longer->draw(1, same).narrow(1, 0, 3), drawn, 1e-6, 1e-6));
  EXPECT_FALSE(at::equal(drawn, network->draw(1, other)));
  const at::Tensor seven = network->draw(7, again);
  EXPECT_EQ(seven.sizes(), (std::vector<std::int64_t>{7, 3, 2}));
  EXPECT_TRUE((seven > 0).logical_and(seven < 1).all().item<bool>());
  EXPECT_FALSE(at::equal(seven[0], seven[1]));
}

}  // namespace
}  // namespace understudy
