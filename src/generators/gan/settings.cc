#include "generators/gan/settings.h"

#include "nn/losses.h"

namespace understudy {

GanSettings parse_gan_settings(const Options& options) {
  GanSettings settings;
  settings.objective = nn::parse_objective(options.text("objective"));
  settings.steps = options.integer("steps");
  settings.batch = options.integer("batch");
  settings.window = options.integer("window");
  settings.hidden = options.integer("hidden");
  settings.layers = options.integer("layers");
  settings.latent = options.integer("latent");
  settings.person_latent = options.integer("person_latent");
  settings.critic_steps = options.integer("critic_steps");
  settings.learning_rate = options.real("learning_rate");
  settings.penalty = options.real("penalty");
  settings.moment_weight = options.real("moment_weight");
  settings.average = options.real("average");
  settings.clipping = options.text("clipping") == "automatic" ? nn::Clipping::Rule::automatic : nn::Clipping::Rule::flat;
  settings.clip = options.real("clip");
  return settings;
}

GanSettings static_settings(GanSettings settings) {
  settings.window = 1;
  settings.person_latent = 0;
  return settings;
}

}  // namespace understudy
