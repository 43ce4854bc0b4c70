// Generator "timegan": the time-series GAN of Yoon, Jarrett and van der Schaar ("Time-series Generative Adversarial Networks",
// NeurIPS 2019; github.com/jsyoon0823/TimeGAN), over panels x (panel/panel_code.h); and "augmented-timegan", the same with noise
// before the discriminator (Ballyk et al., "Privacy-Preserving Generative Modeling and Clinical Validation of Longitudinal Health
// Records for Chronic Disease", 2025, arXiv:2512.00434).
//
//   networks      recurrent layers and a linear one, each: embedder E and recovery R, generator G, supervisor S (a layer less; it
//                 foretells the next step), discriminator D (a score f for each step). Latents h = E(x), e = G(z), s = S(e) go
//                 through a logistic function; z is uniform in [0, 1), of the panel's size. It draws R(S(G(z)))
//   embedding     E, R: 10 sqrt(mse(R(h), x))
//   supervised    S: mse(S(h)_t, h_{t+1})
//   joint, twice  G, S: -log D(s) - log D(e) + supervised_weight sqrt(mse(S(h)_t, h_{t+1}))
//                       + moment_weight (mean |sd(R(s)) - sd(x)| + mean |mean(R(s)) - mean(x)|), where sd^2 is the variance + 1e-6;
//                 then E, R: 10 sqrt(mse(R(h), x)) + supervised_weight / 1000 mse(S(h)_t, h_{t+1})
//   joint, once   D: -log D(h) - log(1 - D(s)) - log(1 - D(e)), on latents + noise_sd times normals; where that is at most
//                 0.15, D stays as it is
// Each training is `iterations` long, with an Adam of its own.
//
// What ties subjects together: each network's loss is a sum over subjects of terms that hang on that subject and its own z.
// Those of S in its warm-up and of D are nothing more, as a private training needs them. Square roots of means stretch the
// gradient of a batch, no more. The moments, means over a batch for each step and channel, tie subjects together in earnest,
// and only in the loss of G and S.
//
// What differs from the published code, and why:
//   cells        gates of GRUs as in cuDNN, with two biases; there the reset gate comes before the product, with one bias
//   first weights  uniform within 1 / sqrt(width); there Glorot's, gates' biases 1
//   lengths      padding is part of a panel and is learnt with it; there steps beyond a subject's length are not seen
//   preset cpu   fewer and longer steps, fewer subjects in them, one layer, a rate that falls to 0, and a mean of the weights
// "augmented-timegan" has noise_sd = 0.2 and, in preset paper, 10,000 iterations: those of a public code that fits the 2025 paper
// (github.com/TheRidgeSpamss/DP-TimeGAN), where an iteration without privacy is a pass over the data. There S has as many layers
// as G and D gives as many scores a step as it is wide, and the supervised terms are left out of the joint training
// (supervised_weight = 0, which was worse on sines, docs/results/F.md). Its xLSTM cells are not here.
#pragma once

#include <memory>

#include "generators/panel/panel_options.h"
#include "understudy/generator.h"

namespace understudy {

constexpr std::array<OptionSpec, 14> timegan_options(const char* iterations, const char* noise_sd) {
  return with_panel_options(std::array<OptionSpec, 9>{{
      {"iterations", OptionType::integer, "0", 0, 1e9, "", iterations},
      {"batch", OptionType::integer, "0", 2, 65536, "", "subjects of a step; 0: 128 (paper), 32 (cpu)"},
      {"hidden", OptionType::integer, "0", 0, 4096, "", "width of the networks and of a latent; 0: 24"},
      {"layers", OptionType::integer, "0", 0, 8, "", "recurrent layers of a network; 0: 3 (paper), 1 (cpu)"},
      {"learning_rate", OptionType::real, "0", 0, 1, "", "of Adam; 0: 0.001 (paper), 0.003 (cpu)"},
      {"cell", OptionType::choice, "gru", 0, 0, "gru|lstm", "kind of the recurrent layers"},
      {"noise_sd", OptionType::real, noise_sd, 0, 100, "", "standard deviation of the noise on what the discriminator learns from"},
      {"moment_weight", OptionType::real, "100", 0, 1e6, "", "weight of the batch's distance to the training means and deviations"},
      {"supervised_weight", OptionType::real, "100", 0, 1e6, "", "weight of the next step's error in the joint training"}}});
}

inline constexpr auto kTimeganOptions = timegan_options("steps of each of the three trainings; 0: 50000 (paper), 5000 (cpu)", "0");
inline constexpr auto kAugmentedTimeganOptions =
    timegan_options("steps of each of the three trainings; 0: 10000 (paper), 5000 (cpu)", "0.2");

struct PanelMethod;
const PanelMethod& timegan_method();
const PanelMethod& augmented_timegan_method();
std::unique_ptr<Generator> make_timegan();
std::unique_ptr<Generator> make_augmented_timegan();

}  // namespace understudy

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the generator.
extern "C" understudy::Generator* understudy_make_timegan();
extern "C" understudy::Generator* understudy_make_augmented_timegan();
