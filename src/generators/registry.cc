#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "generators/diffusion_ts.h"
#include "generators/gan.h"
#include "generators/gaussian_copula.h"
#include "generators/halo.h"
#include "generators/independent.h"
#include "generators/kovae.h"
#include "generators/memoriser.h"
#include "generators/networks.h"
#include "generators/timegan.h"
#include "generators/understudy.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// Name, summary, keeps records, can be private, options, maker, over ranks. docs/generators.md has a row for each.
constexpr GeneratorEntry kGenerators[] = {
    {"independent", "every column by its own distribution, none with another", false, true, {}, make_independent},
    {"memoriser", "training subjects drawn again with a little noise", true, false, kMemoriserOptions, make_memoriser},
    {"gaussian-copula",
     "column distributions joined by the correlations of their normal scores",
     false,
     false,
     {},
     make_gaussian_copula},
    {"understudy", "an autoregressive network over a subject's columns and rows", false, true, kUnderstudyOptions,
     [] { return open_network_generator("understudy_make_understudy"); }, true},
    {"kovae", "a variational autoencoder over whole subjects, its latents led by a recurrent, nearly linear prior", false, true,
     kKovaeOptions, [] { return open_network_generator("understudy_make_kovae"); }},
    {"diffusion-ts", "a diffusion model over whole subjects, whose network sees trend and season", false, true, kDiffusionTsOptions,
     [] { return open_network_generator("understudy_make_diffusion_ts"); }},
    {"timegan", "an adversarial network over the latent steps of whole subjects, which are learnt with their next steps", false, false,
     kTimeganOptions, [] { return open_network_generator("understudy_make_timegan"); }},
    {"augmented-timegan", "timegan with noise before its discriminator", false, false, kAugmentedTimeganOptions,
     [] { return open_network_generator("understudy_make_augmented_timegan"); }},
    {"gan", "a generative adversarial network over rows or windows of a subject", false, true, kGanOptions,
     [] { return open_network_generator("understudy_make_gan"); }, true},
    {"halo", "a transformer over multi-hot visits that draws each code given the visits and codes before it", false, true, kHaloOptions,
     [] { return open_network_generator("understudy_make_halo"); }},
};

std::vector<std::string_view> names() {
  std::vector<std::string_view> result;
  for (const GeneratorEntry& entry : kGenerators) result.push_back(entry.name);
  return result;
}

const GeneratorEntry* find(std::string_view name) {
  const auto* const end = std::end(kGenerators);
  const auto* const it =
      std::find_if(std::begin(kGenerators), end, [&](const auto& entry) { return entry.name == name; });
  return it == end ? nullptr : it;
}

}  // namespace

Fitted Generator::fit_private(const Vault&, const Options&, const Budget&, const Context&, const Checkpoint&) const {
  std::vector<std::string_view> able;
  for (const GeneratorEntry& entry : kGenerators) {
    if (entry.can_be_private) able.push_back(entry.name);
  }
  fail(ErrorKind::usage, "this generator has no private training; those that have: {}", fmt::join(able, ", "));
}

std::span<const GeneratorEntry> generators() { return kGenerators; }

const GeneratorEntry& find_generator(std::string_view name) {
  if (const GeneratorEntry* entry = find(name)) return *entry;
  fail(ErrorKind::usage, "there is no generator '{}'; there are {}", name, fmt::join(names(), ", "));
}

ModelPtr load_model(const std::string& path) {
  const TensorFile file = read_tensor_file(path);
  const auto it = file.metadata.find("generator");
  const bool named = it != file.metadata.end() && it->is_string();
  const GeneratorEntry* entry = named ? find(it->get<std::string>()) : nullptr;
  if (entry == nullptr) {
    fail(ErrorKind::input, "'{}' is no model file: its generator is {}; known are {}", path,
         named ? it->dump() : "not named", fmt::join(names(), ", "));
  }
  const auto generator = entry->make();
  try {
    return generator->load(file);
  } catch (const Error& error) {
    fail(error.kind(), "'{}': {}", path, error.what());
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "'{}' is damaged: {}", path, error.what());
  }
}

}  // namespace understudy
