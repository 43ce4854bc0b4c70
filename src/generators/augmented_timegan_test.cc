// What "augmented-timegan" adds to generators/timegan.h; the rest is in timegan_test.cc.
#include <ATen/ATen.h>

#include "generators/panel/testing_network.h"
#include "generators/timegan.h"

namespace understudy {
namespace {

constexpr PanelShape kShape{.steps = 3, .channels = 2};

std::map<std::string, double> losses(const PanelMethod& method, std::map<std::string, std::string> settings) {
  settings.insert({{"hidden", "3"}, {"layers", "2"}});
  const auto network = made(method, kShape, settings);
  const PanelData data{.panels = made_panels(4, kShape), .rng = Rng(4)};
  std::map<std::string, double> result;
  for (const PanelPlayer& player : network->players()) result[player.name] = loss_of(player, data, first_subjects(4));
  return result;
}

TEST(AugmentedTimegan, HasNoiseBeforeTheDiscriminatorAlone) {
  auto noisy = losses(augmented_timegan_method(), {});
  auto plain = losses(timegan_method(), {});
  EXPECT_EQ(noisy["drawing"], plain["drawing"]);
  EXPECT_EQ(noisy["coding"], plain["coding"]);
  EXPECT_NE(noisy["judging"], plain["judging"]);
  EXPECT_EQ(losses(augmented_timegan_method(), {{"noise_sd", "0"}}), plain);
  EXPECT_EQ(losses(timegan_method(), {{"noise_sd", "0.2"}}), noisy);
}

// And each subject and each of the three sequences.
TEST(AugmentedTimegan, NoiseIsOfATurn) {
  const PanelData data{.panels = made_panels(4, kShape), .rng = Rng(4)};
  const auto subjects = first_subjects(4);
  const at::Tensor one = data.normals("noise", {.step = 1}, subjects, {3, 3, 3}), other = data.normals("noise", {.step = 2}, subjects, {3, 3, 3});
  EXPECT_FALSE(at::allclose(one, other));
  EXPECT_FALSE(at::allclose(one[0], one[1]));
  EXPECT_FALSE(at::allclose(one.select(1, 0), one.select(1, 1)));  // real and drawn latents
}

TEST(AugmentedTimegan, HasItsOwnDefaults) {
  EXPECT_EQ(Options(augmented_timegan_method().options).real("noise_sd"), 0.2);
  EXPECT_EQ(Options(timegan_method().options).real("noise_sd"), 0);
  EXPECT_EQ(made(augmented_timegan_method(), kShape, {{"preset", "paper"}})->plan(1000).steps, 2 * 10000);
  EXPECT_EQ(made(augmented_timegan_method(), kShape, {{"preset", "paper"}, {"iterations", "7"}})->plan(1000).steps, 2 * 7);
}

// Gates of an LSTM: four, where a GRU has three.
TEST(AugmentedTimegan, CellsMayBeLstms) {
  const auto size = [](const char* cell) {
    const auto network = made(augmented_timegan_method(), kShape, {{"hidden", "3"}, {"layers", "1"}, {"cell", cell}});
    return network->players()[2].flat.numel() - 4;  // of the discriminator, without its last layer
  };
  EXPECT_EQ(size("gru"), 3 * 3 * (3 + 3 + 2));
  EXPECT_EQ(size("lstm"), 4 * 3 * (3 + 3 + 2));
}

}  // namespace
}  // namespace understudy
