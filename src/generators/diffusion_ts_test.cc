#include "generators/diffusion_ts.h"

#include <ATen/ATen.h>

#include "generators/panel/testing_network.h"
#include "testing/kind_of.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr PanelShape kShape{.steps = 8, .channels = 2};
const std::map<std::string, std::string> kSmall = {{"width", "4"}, {"heads", "2"}, {"noise_steps", "10"}, {"sampling_steps", "10"}};

// Config/sines.yaml: width 64, 1 encoder and 2 decoder blocks, 24 steps of 5 columns. In and rest 1,989, collected seasons 320
// and means 2, positions 3,072; the encoder block 58,176; a decoder block 85,845, of which the trend is 1,184 and the split
// over steps 1,200.
TEST(DiffusionTs, HasThePublishedSize) {
  const auto network = made(diffusion_ts_method(), {.steps = 24, .channels = 5}, {{"preset", "paper"}});
  EXPECT_EQ(network->players()[0].flat.numel(), 1989 + 320 + 2 + 3072 + 58176 + 2 * 85845);
  EXPECT_EQ(network->plan(10000).steps, 12000);
  EXPECT_EQ(network->plan(10000).batch, 256);
}

TEST(DiffusionTs, TheLossIsTheGoldenOne) {
  const auto expected = golden("diffusion-ts");
  const auto network = made(diffusion_ts_method(), kShape, kSmall);
  const PanelPlayer player = network->players()[0];
  set_weights(player.flat);
  const PanelData data{.panels = 2 * made_panels(2, kShape) - 1, .rng = Rng(5)};
  const std::vector<std::int64_t> subjects = {0, 1};
  expect_numbers(data.below("time", {.step = 3}, subjects, 10), expected["times"]);
  expect_numbers(data.normals("noise", {.step = 3}, subjects, {8, 2}), expected["noise"]);
  EXPECT_NEAR(loss_of(player, data, subjects), expected["loss"].get<double>(), 1e-4);
}

TEST(DiffusionTs, SlopesAreThoseOfDifferences) { expect_slopes(*made(diffusion_ts_method(), kShape, kSmall), kShape); }

TEST(DiffusionTs, SubjectsAreApart) {
  for (const PanelShape& shape : {kShape, PanelShape{.steps = 1, .channels = 2}}) {
    expect_subjects_apart(*made(diffusion_ts_method(), shape, kSmall), shape);
  }
}

// Back from noise by any number of steps, inside the range; the last step gives the network's x_0.
TEST(DiffusionTs, DrawsByAllStepsOrSome) {
  for (const char* steps : {"10", "4", "1"}) {
    auto settings = kSmall;
    settings["sampling_steps"] = steps;
    const auto network = made(diffusion_ts_method(), kShape, settings);
    Rng one(1), same(1), other(2);
    const at::Tensor drawn = network->draw(7, one);
    EXPECT_EQ(drawn.sizes(), (std::vector<std::int64_t>{7, 8, 2}));
    EXPECT_TRUE((drawn.abs() <= 1).all().item<bool>());
    EXPECT_TRUE(at::equal(drawn, network->draw(7, same)));
    EXPECT_FALSE(at::equal(drawn, network->draw(7, other)));
  }
}

TEST(DiffusionTs, SizesThatDoNotFitAreRefused) {
  for (const auto& [name, value] : std::map<std::string, std::string>{{"width", "6"}, {"sampling_steps", "11"}}) {
    auto settings = kSmall;
    settings["heads"] = "4";
    settings[name] = value;
    EXPECT_EQ(kind_of([&] { made(diffusion_ts_method(), kShape, settings); }), ErrorKind::usage) << name;
  }
}

}  // namespace
}  // namespace understudy
