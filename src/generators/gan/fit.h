// Fits the parts of the GAN: without privacy, inside a vault's look.
#pragma once

#include "generators/gan/model.h"
#include "generators/gan/settings.h"
#include "understudy/generator.h"

namespace understudy {

std::shared_ptr<const GanModel> fit_gan(const Cohort& cohort, const Options& options, const Context& context,
                                        const Checkpoint& checkpoint);

}  // namespace understudy
