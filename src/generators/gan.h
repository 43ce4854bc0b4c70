// Generator "gan": a generative adversarial network over encoded rows, after "Synthetic and Private Smart Health Care
// Data Generation using GANs" (Imtiaz et al., ICCCN 2021).
//
// A static part learns one row per subject; a series part learns windows of `window` neighbouring rows of a subject,
// given the subject's encoded statics. Where a cohort has only one of the two, so has the model. How many rows a
// subject has, and how far apart, comes from encode/timeline.h.
//
// Calibration. `calibrate` mends what is left after training, on a large sample of the generator:
//   marginals   every scalar channel is put through a monotone map of 257 knots onto the quantiles of the training
//               column's distribution on its public grid (encode/marginal.h), and the chances of flags and categories
//               are set to their training shares
//   moments     before that, an affine map in the encoded space gives the channels the training correlations
// Both are statistics of the training data like the weights themselves: they repair margins and linear correlation,
// they add no joint structure that the network has not learnt. `calibrate = none` shows the network alone.
//
// Modes. The noise of the two noisy ones, and what it guarantees, is described in vault/cell_noise.h; it is sized by the
// budget of a private training, and without one the two modes are refused.
//   none          no noise; trains without privacy only
//   dp-sgd        the critic learns from clipped and noised gradients of persons (docs/privacy/training.md). A fifth of the
//                 budget, as mu^2, goes to column distributions, the timeline and the number of people where it is not
//                 public: for the coding, the shares and moments that the generator starts from, and the calibration, which
//                 is of marginals at most. `batch` is how many people take part in an update of the critic on average
//   noise-input   the paper's "learning from a noisy distribution": every training record is noised, then the network is
//                 trained on what that gave
//   noise-output  the paper's "noising the learned distribution": the network is trained without privacy and stays
//                 inside; each sample is noised before it leaves, and pays for every cell
#pragma once

#include <memory>

#include "understudy/generator.h"

namespace understudy {

inline constexpr OptionSpec kGanOptions[] = {
    {"objective", OptionType::choice, "wgan-gp", 0, 0, "non-saturating|wgan-gp|boundary-seeking", "what is minimised"},
    {"steps", OptionType::integer, "2000", 1, 1e9, "", "updates of the generator"},
    {"batch", OptionType::integer, "256", 8, 65536, "", "windows in an update; rounded up to whole shards of 128"},
    {"window", OptionType::integer, "1", 1, 64, "", "neighbouring rows of a subject that are drawn at once"},
    {"hidden", OptionType::integer, "128", 1, 4096, "", "width of the hidden layers"},
    {"layers", OptionType::integer, "2", 1, 8, "", "number of hidden layers"},
    {"latent", OptionType::integer, "32", 1, 1024, "", "random numbers behind a window"},
    {"person_latent", OptionType::integer, "8", 0, 1024, "",
     "random numbers shared by a subject's windows; above 0 the critic sees two windows of a subject side by side"},
    {"critic_steps", OptionType::integer, "2", 1, 100, "", "updates of the critic for one of the generator"},
    {"learning_rate", OptionType::real, "0.0005", 1e-8, 1, "", "of Adam; falls to 0 over the second half"},
    {"penalty", OptionType::real, "1", 0, 1000, "", "weight of the critic's gradient penalty"},
    {"moment_weight", OptionType::real, "1", 0, 1000, "",
     "weight of the generator's distance to the training means and products of encoded columns"},
    {"average", OptionType::real, "0.999", 0, 0.999999, "", "memory of the running mean of the generator's weights"},
    {"coding", OptionType::choice, "quantile", 0, 0, "quantile|bounds", "how numbers are encoded"},
    {"calibrate", OptionType::choice, "moments", 0, 0, "none|marginals|moments", "what is mended after training"},
    {"mode", OptionType::choice, "none", 0, 0, "none|dp-sgd|noise-input|noise-output", "where the noise of a private training goes"},
    {"clip", OptionType::real, "1", 1e-6, 1e6, "", "length to which a person's gradient is clipped; mode dp-sgd"},
    {"clipping", OptionType::choice, "flat", 0, 0, "flat|automatic", "the rule of clipping; mode dp-sgd"}};

std::unique_ptr<Generator> make_gan();

}  // namespace understudy

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the generator.
extern "C" understudy::Generator* understudy_make_gan();
