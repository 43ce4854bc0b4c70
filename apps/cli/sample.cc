#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_sample(CLI::App& app, int&) {
  struct Flags {
    Common common;
    SampleFileRequest request;
    std::vector<std::string> condition;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("sample", "Draw synthetic people from a model");
  command->add_option("model", flags->request.model, "model file")->required();
  command->add_option("--subjects", flags->request.subjects, "how many people")->required();
  command->add_option("--condition", flags->condition, "every drawn person has static column=value");
  command->add_option("--out", flags->request.out, "a file (.csv, .csv.gz, .parquet, .json) or a folder")->required();
  command->add_flag("--inside", flags->request.inside, "the people stay inside: allows models that may not leave");
  add_common(*command, flags->common);
  command->callback([flags] {
    for (const std::string& text : flags->condition) flags->request.condition.insert(split_assignment(text, "--condition"));
    std::printf("synthetic data: %s\n", sample(flags->request, make_context(flags->common)).c_str());
  });
}

}  // namespace understudy::cli
