// The steps that commands share: load, fit, draw, assess.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "understudy/finding.h"
#include "understudy/generator.h"
#include "understudy/pipeline.h"
#include "understudy/vault.h"

namespace understudy {

Schema load_schema(const DataRequest& request);

// The request's records in a vault; the load is listed before they are read.
Vault open_vault(const DataRequest& request, const Schema& schema, Ledger& ledger, ReadReport& report,
                 const Context& context);

// Says what was wrong and what was left out, a sentence each, without values.
void warn_of(const ReadReport& report, const Context& context);

// Where the ledger of this data set lives.
std::string ledger_path(const std::string& asked, std::span<const Source> sources, const std::string& fallback);

// The generator's options with the request's values set; ErrorKind::usage when one is wrong, before any record is read.
Options make_options(const GeneratorEntry& entry, const GeneratorRequest& request);
// ErrorKind::usage unless the request has either a budget that the generator can train with, on a schema that allows it,
// or the reason why there is no guarantee.
void check_privacy(const GeneratorRequest& request, const GeneratorEntry& entry, const Schema& schema);
// With a budget: declares the request's limit on the ledger, for the schema's unit and relation. Without one:
// ErrorKind::budget when the ledger has a limit, since a model that is going to be declassified would break it.
void declare_limit(const GeneratorRequest& request, const GeneratorEntry& entry, const Schema& schema, Ledger& ledger);

// A vault whose schema is public throughout, and what is left of the budget: what is not public is bought with the
// request's share of it. The same vault and budget where there is nothing to buy or no share.
struct Bounded {
  Vault vault;
  std::optional<Budget> budget;
};
// A bought schema is kept beside the checkpoint, so that an interrupted call goes on without paying again.
Bounded buy_schema(const Vault& vault, const GeneratorRequest& request, const std::string& checkpoint,
                   const Context& context);

// Fits on the vault, or continues with the model file of an earlier, interrupted call when it exists; the model file is
// written before anything else happens with the model. A model without a guarantee is declassified with the request's
// reason, unless its generator keeps records: then it stays inside.
Fitted fit(const Vault& vault, const GeneratorEntry& entry, const Options& options, const GeneratorRequest& request,
           const std::string& model_path, const Checkpoint& checkpoint, const Context& context);

// Removes a checkpoint and what was kept beside it.
void remove_checkpoint(const std::string& path);

// Samples on the side on which the model lies.
using Drawn = std::variant<Inside<Cohort>, Released<Cohort>>;
Drawn draw(const Fitted& fitted, const SampleRequest& request, const Context& context);
// A sample of an inside model, each cell noised so that all of them together cost `budget` (vault/cell_noise.h).
Released<Cohort> release_noised(const Vault& vault, const Inside<Cohort>& sample, const Budget& budget,
                                const Context& context);

template <class T>
const T& value_of(const std::variant<Inside<T>, Released<T>>& either) {
  return std::visit([](const auto& side) -> const T& { return side.value(); }, either);
}

// A look at both real parts, listed for both.
template <class F>
auto look_at_both(const Vault& train, const Vault& holdout, std::string_view purpose, F f) {
  return train.look(purpose, [&](const Cohort& members) {
    return holdout.look(purpose, [&](const Cohort& others) { return f(members, others); }).value();
  });
}

// What the chosen metrics found, by group, and the data of the report's charts.
struct Assessment {
  std::map<std::string, std::vector<Finding>> findings;
  nlohmann::ordered_json charts;
};
Inside<Assessment> assess(const Vault& train, const Vault& holdout, const Cohort& synthetic,
                          const std::vector<std::string>& metric_names, const Context& context);

// Throws unless every name is a metric.
void check_metrics(const std::vector<std::string>& metric_names);

}  // namespace understudy
