// Generator "diffusion-ts": the diffusion model of Yuan and Qiao ("Diffusion-TS: Interpretable Diffusion for General Time Series
// Generation", ICLR 2024, arXiv:2403.01742; github.com/Y-debug-sys/Diffusion-TS), over panels (panel/panel_code.h) in [-1, 1].
//
//   noise      x_t = sqrt(abar_t) x_0 + sqrt(1 - abar_t) e, with the cosine schedule of Nichol and Dhariwal (2021)
//   network    an encoder and a decoder of transformer blocks that are told t by adaptive normalisation. Each decoder block
//              gives a trend (a cubic in time and a mean) and a season (the strongest frequencies of its state); their sum
//              over the blocks, and what is left, is the network's x_0
//   loss       of a subject: w_t times the mean over the panel of |d| + sqrt(steps) / 5 (|Re F d| + |Im F d|), d the error of x_0,
//              F the discrete Fourier transform over steps divided by their number; t drawn evenly,
//              w_t = sqrt(alpha_t) sqrt(1 - abar_t) / (100 beta_t)
//   drawing    ancestral; with fewer sampling_steps than noise_steps along a stride without noise (DDIM, Song et al. 2021)
//
// What differs from the published code, and why:
//   rate        rises over 500 steps, then falls to 0 along half a cosine; there it is halved when the loss stands still, which
//               is a look at the data
//   mean weights  of every step with memory 0.9995; there of every tenth with 0.995, which is the same memory
//   batches     one of 256; there two of 128, whose gradients are added up
//   kernel      1 in the convolution that collects the seasons, as in the published settings but for fMRI
//   preset cpu  fewer steps and subjects in them, a higher rate, and draws along a stride
// Preset paper has the sizes published for Sines; those for Energy are 4 and 3 layers of width 96 and 1000 noise steps.
#pragma once

#include <memory>

#include "generators/panel/panel_options.h"
#include "generators/private_options.h"
#include "understudy/generator.h"

namespace understudy {

inline constexpr auto kDiffusionTsOptions = with_private_options(with_panel_options(std::array<OptionSpec, 9>{{
    {"steps", OptionType::integer, "0", 0, 1e9, "", "steps of the optimiser; 0: 12000 (paper), 2500 (cpu)"},
    {"batch", OptionType::integer, "0", 0, 65536, "", "subjects of a step; 0: 256 (paper), 64 (cpu)"},
    {"width", OptionType::integer, "0", 0, 2048, "", "of the transformers, a multiple of heads, at least 4; 0: 64 (paper), 32 (cpu)"},
    {"heads", OptionType::integer, "0", 0, 64, "", "of attention; 0: 4"},
    {"encoder_layers", OptionType::integer, "0", 0, 32, "", "blocks of the encoder; 0: 1"},
    {"decoder_layers", OptionType::integer, "0", 0, 32, "", "blocks of the decoder; 0: 2"},
    {"noise_steps", OptionType::integer, "0", 0, 10000, "", "steps from data to noise; 0: 500 (paper), 200 (cpu)"},
    {"sampling_steps", OptionType::integer, "0", 0, 10000, "", "steps back, at most noise_steps; 0: all of them (paper), 40 (cpu)"},
    {"learning_rate", OptionType::real, "0", 0, 1, "", "of Adam, the highest; 0: 0.0008 (paper), 0.002 (cpu)"}}}));

struct PanelMethod;
const PanelMethod& diffusion_ts_method();
std::unique_ptr<Generator> make_diffusion_ts();

}  // namespace understudy

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the generator.
extern "C" understudy::Generator* understudy_make_diffusion_ts();
