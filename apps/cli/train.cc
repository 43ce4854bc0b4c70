#include <cstdio>

#include "command.h"
#include "understudy/error.h"

namespace understudy::cli {
namespace {

std::optional<Budget> budget(std::optional<double> epsilon, std::optional<double> delta, std::string_view first,
                             std::string_view second) {
  if (epsilon.has_value() != delta.has_value()) fail(ErrorKind::usage, "{} and {} come together; give both", first, second);
  return epsilon ? std::optional(Budget{*epsilon, *delta}) : std::nullopt;
}

}  // namespace

void add_train(CLI::App& app, int&) {
  struct Flags {
    Common common;
    ReadFlags read;
    std::vector<std::string> data, set;
    std::optional<double> epsilon, delta, limit_epsilon, limit_delta;
    TrainRequest request;
  };
  const auto flags = std::make_shared<Flags>();
  TrainRequest& request = flags->request;
  CLI::App* command = app.add_subcommand("train", "Train a generator");
  command->add_option("--data", flags->data, "files that belong together")->required();
  command->add_option("--schema", request.data.schema, "schema file (.toml), or SDV metadata (.json)")->required();
  command->add_option("--generator", request.generator.name, "see: understudy list generators")->required();
  command->add_option("--no-privacy", request.generator.no_privacy, "why training without a guarantee is acceptable");
  command->add_option("--epsilon", flags->epsilon, "privacy budget of this training");
  command->add_option("--delta", flags->delta, "privacy budget of this training");
  command->add_option("--schema-share", request.generator.schema_share, "share of the budget that buys bounds and categories which are not public");
  command->add_option("--limit-epsilon", flags->limit_epsilon, "what the data set may ever spend; default: its ledger's limit, else the budget");
  command->add_option("--limit-delta", flags->limit_delta, "what the data set may ever spend");
  command->add_option("--set", flags->set, "an option of the generator, name=value");
  command->add_option("--ledger", request.data.ledger, "default: beside the first data file");
  command->add_option("--out", request.out, "model file")->required();
  command->add_option("--checkpoint-seconds", request.checkpoint_seconds, "time between checkpoints")->check(CLI::PositiveNumber);
  add_read_flags(*command, flags->read);
  add_common(*command, flags->common);
  command->callback([flags] {
    TrainRequest& wanted = flags->request;
    wanted.generator.budget = budget(flags->epsilon, flags->delta, "--epsilon", "--delta");
    wanted.generator.limit = budget(flags->limit_epsilon, flags->limit_delta, "--limit-epsilon", "--limit-delta");
    wanted.data.sources = sources(flags->data);
    wanted.data.options = read_options(flags->read);
    for (const std::string& text : flags->set) wanted.generator.options.push_back(split_assignment(text, "--set"));
    Context context = make_context(flags->common);
    const std::unique_ptr<Ranks> ranks = join_ranks(environment);
    context.ranks = ranks.get();
    if (!is_first(context.ranks)) context.progress = {}, context.warn = {};  // rank 0 says it
    const bool may_leave = train(wanted, context);
    if (!is_first(context.ranks)) return;
    const bool is_private = wanted.generator.budget && may_leave;
    std::printf("model%s: %s\n", is_private ? "" : may_leave ? " (NOT PRIVATE)" : " (NOT PRIVATE, must stay inside)", wanted.out.c_str());
  });
}

}  // namespace understudy::cli
