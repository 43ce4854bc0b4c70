#include <cstdio>

#include "command.h"
#include "understudy/error.h"

namespace understudy::cli {

void add_train(CLI::App& app, int&) {
  struct Flags {
    Common common;
    ReadFlags read;
    std::vector<std::string> data, set;
    std::string epsilon, delta;
    TrainRequest request;
  };
  const auto flags = std::make_shared<Flags>();
  TrainRequest& request = flags->request;
  CLI::App* command = app.add_subcommand("train", "Train a generator");
  command->add_option("--data", flags->data, "files that belong together")->required();
  command->add_option("--schema", request.data.schema, "schema file (.toml), or SDV metadata (.json)")->required();
  command->add_option("--generator", request.generator.name, "see: understudy list generators")->required();
  command->add_option("--no-privacy", request.generator.no_privacy, "why training without a guarantee is acceptable");
  command->add_option("--epsilon", flags->epsilon, "privacy budget");
  command->add_option("--delta", flags->delta, "privacy budget");
  command->add_option("--set", flags->set, "an option of the generator, name=value");
  command->add_option("--ledger", request.data.ledger, "default: beside the first data file");
  command->add_option("--out", request.out, "model file")->required();
  command->add_option("--checkpoint-seconds", request.checkpoint_seconds, "time between checkpoints")->check(CLI::PositiveNumber);
  add_read_flags(*command, flags->read);
  add_common(*command, flags->common);
  command->callback([flags] {
    TrainRequest& wanted = flags->request;
    if (!flags->epsilon.empty() || !flags->delta.empty()) {
      fail(ErrorKind::usage, "--epsilon: no generator of this version trains with a guarantee; train with --no-privacy REASON");
    }
    wanted.data.sources = sources(flags->data);
    wanted.data.options = read_options(flags->read);
    for (const std::string& text : flags->set) wanted.generator.options.push_back(split_assignment(text, "--set"));
    train(wanted, make_context(flags->common));
    std::printf("model (NOT PRIVATE): %s\n", wanted.out.c_str());
  });
}

}  // namespace understudy::cli
