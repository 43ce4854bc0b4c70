#include "generators/kovae.h"

#include "generators/panel/testing_network.h"
#include "nn/noise.h"

namespace understudy {
namespace {

constexpr PanelShape kShape{.steps = 3, .channels = 2};
const std::map<std::string, std::string> kSmall = {{"hidden", "3"}, {"layers", "2"}, {"latent", "2"}, {"batch", "4"},
                                                   {"kl_weight", "0.5"}, {"koopman_weight", "2"}};

// run_regular.py for 5 columns: encoder 18,120 (a layer from width 5, two from 40), its BatchNorm 80 (ours a LayerNorm of the
// same size), posterior 1,312, prior cell 2,280 and heads 672, decoder 19,440 (a layer from 16, two from 40), output 205.
TEST(Kovae, HasThePublishedSize) {
  const auto network = made(kovae_method(), {.steps = 24, .channels = 5}, {{"preset", "paper"}});
  EXPECT_EQ(network->players()[0].flat.numel(), 18120 + 80 + 1312 + 2280 + 672 + 19440 + 205);
  EXPECT_EQ(network->plan(10000).steps, 600 * 156);
  EXPECT_EQ(network->plan(10000).batch, 64);
}

TEST(Kovae, TheLossIsTheGoldenOne) {
  const auto expected = golden("kovae");
  const auto network = made(kovae_method(), kShape, kSmall);
  const PanelPlayer player = network->players()[0];
  set_weights(player.flat);
  const PanelData data{.panels = made_panels(2, kShape), .rng = Rng(5)};
  const std::vector<std::int64_t> subjects = {0, 1};
  expect_numbers(data.normals("posterior", {.step = 3}, subjects, {3, 2}), expected["posterior"]);
  expect_numbers(data.normals("prior", {.step = 3}, subjects, {3, 2}), expected["prior"]);
  EXPECT_NEAR(loss_of(player, data, subjects), expected["loss"].get<double>(), 1e-4);

  Rng rng(6);
  expect_numbers(nn::normals(rng, 12, 2), expected["paths"]);
  nn::Tape tape = nn::Tape::sampling(player.flat);
  EXPECT_NEAR(player.free_term(Rng(6), tape).item<double>(), expected["free_term"].get<double>(), 1e-5);
}

TEST(Kovae, SlopesAreThoseOfDifferences) { expect_slopes(*made(kovae_method(), kShape, kSmall), kShape); }

TEST(Kovae, SubjectsAreApart) { expect_subjects_apart(*made(kovae_method(), kShape, kSmall), kShape); }

TEST(Kovae, DrawsPathsOfThePrior) {
  const auto network = made(kovae_method(), kShape, kSmall);
  Rng one(1), same(1), other(2);
  const at::Tensor drawn = network->draw(7, one);
  EXPECT_EQ(drawn.sizes(), (std::vector<std::int64_t>{7, 3, 2}));
  EXPECT_TRUE((drawn > 0).logical_and(drawn < 1).all().item<bool>());
  EXPECT_TRUE(at::equal(drawn, network->draw(7, same)));
  EXPECT_FALSE(at::equal(drawn, network->draw(7, other)));
  EXPECT_FALSE(at::equal(drawn[0], drawn[1]));
}

// One step has no future: no Koopman term.
TEST(Kovae, OneStepIsEnough) {
  const PanelShape shape{.steps = 1, .channels = 2};
  const auto network = made(kovae_method(), shape, kSmall);
  EXPECT_FALSE(network->players()[0].free_term);
  expect_subjects_apart(*network, shape);
}

}  // namespace
}  // namespace understudy
