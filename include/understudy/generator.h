// A generator learns a model from a vault.
//
//   const GeneratorEntry& entry = find_generator("gaussian-copula");
//   Options options(entry.options);
//   Fitted fitted = entry.make()->fit(vault, options, context, {});
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "understudy/context.h"
#include "understudy/model.h"
#include "understudy/options.h"
#include "understudy/vault.h"

namespace understudy {

// On which side the model lies is part of the answer: a model without a guarantee can only leave by declassification.
using Fitted = std::variant<Inside<ModelPtr>, Released<ModelPtr>>;

class Generator {
 public:
  virtual ~Generator() = default;
  // Looks at the vault only through its doors. When a checkpoint of the same training (same options, schema, seed) is
  // at `checkpoint.path`, continues from it and gives the same model as an uninterrupted run; one of another training
  // is refused (ErrorKind::input). Stops at `context.cancelled` after saving the checkpoint (ErrorKind::cancelled).
  // ErrorKind::input for a cohort it cannot learn from: no subject, no column.
  virtual Fitted fit(const Vault& vault, const Options& options, const Context& context,
                     const Checkpoint& checkpoint) const = 0;
  // Learns through the vault's private doors alone, from a plan that costs at most `budget`. The model is Released; an
  // Inside one means that samples, not the model, are what may leave: noised, each a plan of its own (noise-output).
  // Neither model nor error depends on the records but through the doors. ErrorKind::usage when the generator has no
  // private training, or not with these options; ErrorKind::budget when the ledger refuses the plan.
  virtual Fitted fit_private(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                             const Checkpoint& checkpoint) const;
  virtual ModelPtr load(const TensorFile& file) const = 0;
};

struct GeneratorEntry {
  std::string_view name;                    // the same on the command line, in run files, JSON and model files
  std::string_view summary;                 // one sentence
  bool keeps_records;                       // true: the model file holds training records and never leaves
  bool can_be_private;                      // whether fit_private does anything but refuse
  std::span<const OptionSpec> options;
  std::unique_ptr<Generator> (*make)();     // may open the shared object of the networks
  bool over_ranks = false;                  // whether several processes can train one model (context.ranks)
};

std::span<const GeneratorEntry> generators();
const GeneratorEntry& find_generator(std::string_view name);  // ErrorKind::usage with the known names
// Reads a model file of any registered generator.
ModelPtr load_model(const std::string& path);

}  // namespace understudy
