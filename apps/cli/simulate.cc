#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_simulate(CLI::App& app, int&) {
  struct Flags {
    Common common;
    SimulateRequest request;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("simulate", "Write a cohort of people who do not exist, with its schema");
  command->add_option("simulator", flags->request.simulator, "see: understudy list simulators")->required();
  command->add_option("--subjects", flags->request.subjects, "how many people")->required();
  command->add_option("--out", flags->request.out, "a file; its schema is FILE.schema.toml. With a *, such as part-*.parquet: many files")->required();
  command->add_option("--writer", flags->request.writer, "default: by the ending of --out; see: understudy list writers");
  add_common(*command, flags->common);
  command->callback([flags] {
    simulate(flags->request, make_context(flags->common));
    std::printf("simulated data: %s\nschema: %s.schema.toml\n", flags->request.out.c_str(), flags->request.out.c_str());
  });
}

}  // namespace understudy::cli
