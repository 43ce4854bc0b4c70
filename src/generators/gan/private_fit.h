// Fits the parts of the GAN with privacy: gan.h, mode dp-sgd.
#pragma once

#include "generators/gan/model.h"
#include "understudy/generator.h"

namespace understudy {

// Costs at most mu. ErrorKind::input for a schema without a column that a network can learn, and as MarginalPurchase.
Released<ModelPtr> fit_gan_privately(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                     const Checkpoint& checkpoint);

}  // namespace understudy
