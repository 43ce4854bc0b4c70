// Fits the parts of the GAN: without privacy, inside a vault's look.
#pragma once

#include "generators/gan/model.h"
#include "generators/gan/settings.h"
#include "understudy/generator.h"

namespace understudy {

std::shared_ptr<const GanModel> fit_gan(const Cohort& cohort, const Options& options, const Context& context,
                                        const Checkpoint& checkpoint);

// SHA-256 over options, schema, seed and what else tells a training from others.
std::string training_fingerprint(const Options& options, const Schema& schema, std::uint64_t seed, std::string more);
// Name -> value, as the model keeps them.
nlohmann::json options_json(const Options& options);

}  // namespace understudy
