#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_ledger(CLI::App& app, int&) {
  struct Flags {
    Common common;
    LedgerRequest request;
    Limit limit;
    std::string neighbours = "add-remove";
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("ledger", "What was looked at, what was spent and what is left of a data set");
  command->add_option("place", flags->request.place, "a data file, a run folder or a ledger")->required();
  command->add_flag("--json", flags->request.json, "as JSON");
  auto* epsilon = command->add_option("--limit-epsilon", flags->limit.epsilon,
                                      "declare, once and for all, what may be spent");
  auto* delta = command->add_option("--limit-delta", flags->limit.delta, "the same for delta");
  epsilon->needs(delta);
  delta->needs(epsilon);
  command->add_option("--unit", flags->limit.unit, "whom the limit protects")->needs(epsilon)
      ->check(CLI::IsMember({"person", "stay", "row"}))->capture_default_str();
  command->add_option("--neighbours", flags->neighbours, "which two data sets must look alike")->needs(epsilon)
      ->check(CLI::IsMember({"add-remove", "replace-one", "zero-out"}))->capture_default_str();
  add_common(*command, flags->common);
  command->callback([flags, epsilon] {
    if (epsilon->count() > 0) {
      flags->limit.neighbours = parse_neighbours(flags->neighbours);
      flags->request.limit = flags->limit;
    }
    std::fputs(ledger(flags->request, make_context(flags->common)).c_str(), stdout);
  });
}

}  // namespace understudy::cli
