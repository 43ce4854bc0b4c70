// Generator "kovae": the Koopman variational autoencoder of Naiman et al. ("Generative Modeling of Regular and Irregular Time
// Series Data via Koopman VAEs", ICLR 2024, arXiv:2310.02619; github.com/azencot-group/KoVAE), over panels (panel/panel_code.h).
//
//   encoder    layers of GRUs in both directions, a normalisation, and for each step mean and log-variance of a latent
//   prior      a GRU cell from zeros that is fed its own draws, and for each step mean and log-variance
//   decoder    layers of GRUs in both directions, a linear layer, a logistic function
//   loss       of a subject: squared error of what is decoded from a posterior draw + kl_weight times the divergence of the
//              posterior from the prior along a path of its own; and, once for a batch, koopman_weight times how far the
//              prior's paths are from linear: with A the least squares solution of past A = future over their latents,
//              mean((past A - future)^2) / |past A|
// It draws by decoding a path of the prior.
//
// What differs from the published code, and why:
//   normalisation    LayerNorm of a step's features; there BatchNorm, which ties subjects together
//   Koopman term     on paths of the prior drawn for it; there on those of the divergence. It needs no data, so that in a
//                    private training it would cost nothing, and ties no subjects together
//   least squares    normal equations in doubles; there a QR decomposition in floats
//   irregular times  channels of the panel say what is missing and when; there a neural controlled differential equation
//   preset cpu       wider, fewer layers, a higher rate that falls to 0, and a mean of the weights; on TimeGAN's sines it stays
//                    far from what people look like (docs/results/F.md)
#pragma once

#include <memory>

#include "generators/panel/panel_options.h"
#include "generators/private_options.h"
#include "understudy/generator.h"

namespace understudy {

inline constexpr auto kKovaeOptions = with_private_options(with_panel_options(std::array<OptionSpec, 9>{{
    {"epochs", OptionType::integer, "0", 0, 1e6, "", "times that every subject is learnt from; 0: 600 (paper), 100 (cpu)"},
    {"least_steps", OptionType::integer, "0", 0, 1e9, "", "steps of the optimiser, at least; 0: 1 (paper), 2000 (cpu)"},
    {"batch", OptionType::integer, "0", 0, 65536, "", "subjects of a step; 0: 64"},
    {"hidden", OptionType::integer, "0", 0, 4096, "", "width of the recurrent layers; 0: 20 (paper), 48 (cpu)"},
    {"layers", OptionType::integer, "0", 0, 8, "", "recurrent layers of encoder and decoder; 0: 3 (paper), 1 (cpu)"},
    {"latent", OptionType::integer, "0", 0, 1024, "", "latent numbers of a step; 0: 16"},
    {"learning_rate", OptionType::real, "0", 0, 1, "", "of Adam; 0: 0.0007 (paper), 0.004 (cpu)"},
    {"kl_weight", OptionType::real, "0.007", 0, 1000, "", "weight of the divergence of the posterior from the prior"},
    {"koopman_weight", OptionType::real, "0.005", 0, 1000, "", "weight of the Koopman term"}}}));

struct PanelMethod;
const PanelMethod& kovae_method();
std::unique_ptr<Generator> make_kovae();

}  // namespace understudy

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the generator.
extern "C" understudy::Generator* understudy_make_kovae();
