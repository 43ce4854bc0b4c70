// Trains gan on made-up people with noise that a seed decides, and keeps all that it has in a folder.
//   trainee MODE FOLDER      MODE: none or dp-sgd; writes FOLDER/model, FOLDER/ledger, and FOLDER/checkpoint on the way
// A checkpoint after every step. SIGINT asks it to stop: exit code 8, and the same command goes on.
#include <atomic>
#include <csignal>
#include <cstdio>

#include "testing/toy.h"
#include "understudy/error.h"
#include "understudy/generator.h"

using namespace understudy;

namespace {

std::atomic<bool> asked_to_stop = false;
static_assert(std::atomic<bool>::is_always_lock_free);

constexpr Budget kBudget{.epsilon = 1, .delta = 1e-6};

void train(const std::string& mode, const std::string& folder) {
  const GeneratorEntry& gan = find_generator("gan");
  Options options(gan.options);
  for (const auto& [name, value] : {std::pair("mode", mode.c_str()), std::pair("steps", "150"), std::pair("batch", "64"),
                                    std::pair("hidden", "8"), std::pair("calibrate", "none")}) {
    options.set(name, value);
  }
  Context context;
  context.seed = 3;
  context.threads = 1;
  context.cancelled = &asked_to_stop;
  const Checkpoint checkpoint{.path = folder + "/checkpoint", .every_seconds = 0};
  Ledger ledger(folder + "/ledger");
  if (!ledger.limit()) ledger.declare({.epsilon = kBudget.epsilon, .delta = kBudget.delta, .neighbours = Neighbours::zero_out});
  const Vault vault(testing::with_public_schema(testing::toy_days(40, 7), 40), ledger);
  const auto generator = gan.make();
  const Fitted fitted = mode == "none" ? generator->fit(vault, options, context, checkpoint)
                                       : generator->fit_private(vault, options, kBudget, context, checkpoint);
  const auto model = [](const auto& side) { return side.then([](const ModelPtr& fit) { return fit->save(); }).value(); };
  write_tensor_file(std::visit(model, fitted), folder + "/model");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return static_cast<int>(ErrorKind::usage);
  std::signal(SIGINT, [](int) { asked_to_stop = true; });
  try {
    train(argv[1], argv[2]);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "trainee: %s\n", error.what());
    return static_cast<int>(error.kind());
  }
}
