#include "generators/halo/settings.h"

#include <type_traits>

#include "understudy/error.h"

namespace understudy {

HaloSettings halo_preset(std::string_view name) {
  if (name == "cpu") return {.network = {.codes = 1, .context = 256, .layers = 2, .heads = 4, .width = 64, .slope = 0.2}};
  HaloSettings published{.network = {.codes = 1, .context = 48, .layers = 12, .heads = 12, .width = 768, .slope = 0},
                         .bins = 16, .epochs = 50, .least_steps = 1, .batch = 48, .rate = 1e-4, .anneals = false};
  if (name == "paper") return published;
  if (name != "paper-continuous") fail(ErrorKind::usage, "there is no preset '{}'; there are cpu, paper, paper-continuous", name);
  published.network = {.codes = 1, .context = 150, .layers = 12, .heads = 18, .width = 1440, .slope = 0};
  published.batch = 56;
  return published;
}

HaloSettings halo_settings(const Options& options) {
  HaloSettings settings = halo_preset(options.text("preset"));
  const auto set = [&](std::string_view name, auto& value) {
    if (const std::int64_t given = options.integer(name); given > 0) value = static_cast<std::remove_reference_t<decltype(value)>>(given);
  };
  set("epochs", settings.epochs);
  set("least_steps", settings.least_steps);
  set("batch", settings.batch);
  set("layers", settings.network.layers);
  set("heads", settings.network.heads);
  set("width", settings.network.width);
  set("context", settings.network.context);
  set("bins", settings.bins);
  if (const double rate = options.real("learning_rate"); rate > 0) settings.rate = rate;
  if (settings.network.width % settings.network.heads != 0) {
    fail(ErrorKind::usage, "halo: {} heads do not divide the width {}; give heads that do", settings.network.heads, settings.network.width);
  }
  if (settings.network.context < 3) {
    fail(ErrorKind::usage, "halo: a context of {} has no room for a row beside start and labels; give 3 or more", settings.network.context);
  }
  return settings;
}

}  // namespace understudy
