// Generator "timegan" on made-up panels: milliseconds of an iteration of each of its trainings, after two that do not count.
//   bench_timegan [steps] [channels] [subjects] [batch] [layers] [hidden] [iterations] [threads]
#include <ATen/ATen.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "generators/panel/panel_fit.h"
#include "generators/timegan.h"
#include "nn/noise.h"
#include "nn/serial.h"
#include "understudy/error.h"

using namespace understudy;

namespace {

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// steps: of the trainer, for an iteration.
double milliseconds(nn::Trainer& trainer, std::int64_t steps, std::int64_t iterations) {
  double begin = 0;
  for (std::int64_t i = -2; i < iterations; ++i) {
    if (i == 0) begin = seconds();
    for (std::int64_t step = 0; step < steps; ++step) trainer.step();
  }
  return 1e3 * (seconds() - begin) / static_cast<double>(iterations);
}

}  // namespace

int main(int count, char** words) try {
  const auto number = [&](int at, std::int64_t otherwise) { return count > at ? std::atoll(words[at]) : otherwise; };
  const PanelShape shape{.steps = number(1, 24), .channels = number(2, 5)};
  const std::int64_t subjects = number(3, 2000), iterations = number(7, 50);
  Options options(kTimeganOptions);
  options.set("preset", "paper");
  options.set("batch", std::to_string(number(4, 128)));
  options.set("layers", std::to_string(number(5, 3)));
  options.set("hidden", std::to_string(number(6, 24)));
  options.set("iterations", std::to_string(iterations + 2));
  Rng rng(1);
  const auto network = timegan_method().make(shape, options, rng);
  const PanelData data{.panels = nn::uniforms(rng, subjects * shape.steps * shape.channels).view({subjects, shape.steps, shape.channels}), .rng = rng};
  Context context;
  context.threads = static_cast<int>(number(8, 1));
  nn::use_one_thread();
  PanelPlan plan = network->plan(subjects);
  for (PanelWarmup& warmup : network->warmups()) {
    plan.steps = warmup.steps;
    PanelTraining training(std::move(warmup.players), plan, data, context);
    std::printf("%s: %.2f ms an iteration (processor time)\n", warmup.name.c_str(), milliseconds(training.trainer(), 1, iterations));
  }
  PanelTraining training(*network, data, context);
  std::printf("joint: %.2f ms an iteration\n", milliseconds(training.trainer(), 2, iterations));
  return 0;
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
