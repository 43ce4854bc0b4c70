#include "generators/gan.h"

#include <filesystem>

#include "cohort/cohort_file.h"
#include "core/files.h"
#include "generators/gan/fit.h"
#include "generators/gan/private_fit.h"
#include "nn/serial.h"
#include "understudy/error.h"
#include "understudy/ranks.h"
#include "vault/session.h"

namespace understudy {
namespace {

// The training records, noised; or what an earlier, interrupted call paid for.
Released<Cohort> noised_records(const Vault& vault, const Budget& budget, const Context& context,
                                const Checkpoint& checkpoint) {
  const std::string kept = checkpoint.path + ".bought";
  if (!checkpoint.path.empty() && std::filesystem::exists(kept)) {
    return vault.readmit("records " + file_sha256(kept),
                         [&] { return cohort_from_tensors(read_tensor_file(kept), vault.schema()); });
  }
  const double mu = allowed({.epsilon = budget.epsilon, .delta = budget.delta}).mu;
  const CellNoise noise = share_noise(vault.schema(), 1, mu);
  PrivateSession session(vault, {.purpose = "train gan on noised records", .neighbours = Neighbours::replace_one,
                                 .events = cell_events(vault.schema(), noise, 1)}, context.seed);
  Released<Cohort> noised = session.noised_records(noise);
  if (!checkpoint.path.empty()) {
    write_tensor_file(to_tensors(noised.value()), kept);
    vault.note_released(noised, "records " + file_sha256(kept));
  }
  return noised;
}

class GanGenerator : public Generator {
 public:
  Fitted fit(const Vault& vault, const Options& options, const Context& context,
             const Checkpoint& checkpoint) const override {
    const std::string mode = options.text("mode");
    if (mode == "noise-input" || mode == "dp-sgd") {
      fail(ErrorKind::usage, "mode {} is a private training; give it a budget: --epsilon E --delta D", mode);
    }
    return vault.look("train gan", [&](const Cohort& cohort) -> ModelPtr {
      return fit_gan(cohort, options, context, checkpoint);
    });
  }
  Fitted fit_private(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                     const Checkpoint& checkpoint) const override {
    const std::string mode = options.text("mode");
    if (mode == "none") {
      fail(ErrorKind::usage, "generator 'gan' trains privately in the modes dp-sgd, noise-input and noise-output; mode is none");
    }
    if (mode == "dp-sgd") return fit_gan_privately(vault, options, budget, context, checkpoint);
    if (context.ranks != nullptr) {
      fail(ErrorKind::usage, "mode {} trains in one process, not in {}; start one, or choose mode dp-sgd", mode, context.ranks->size());
    }
    check_cell_noise(vault.schema());
    if (mode == "noise-output") return fit(vault, options, context, checkpoint);
    if (!vault.public_size()) {
      fail(ErrorKind::input, "mode noise-input needs a public number of people; declare `subjects` under [schema]");
    }
    return noised_records(vault, budget, context, checkpoint).then([&](const Cohort& noised) -> ModelPtr {
      return fit_gan(noised, options, context, checkpoint);
    });
  }
  ModelPtr load(const TensorFile& file) const override { return GanModel::load(file); }
};

}  // namespace

std::unique_ptr<Generator> make_gan() { return std::make_unique<GanGenerator>(); }

}  // namespace understudy

understudy::Generator* understudy_make_gan() { return understudy::make_gan().release(); }
