#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_evaluate(CLI::App& app, int&) {
  struct Flags {
    Common common;
    ReadFlags read;
    std::vector<std::string> train, holdout, synthetic;
    EvaluateRequest request;
  };
  const auto flags = std::make_shared<Flags>();
  EvaluateRequest& request = flags->request;
  CLI::App* command = app.add_subcommand("evaluate", "Compare synthetic data, from any tool, with real people");
  command->add_option("--train", flags->train, "records the generator learnt from")->required();
  command->add_option("--holdout", flags->holdout, "records of other people")->required();
  command->add_option("--synthetic", flags->synthetic, "synthetic records")->required();
  command->add_option("--schema", request.schema, "schema file (.toml), or SDV metadata (.json)")->required();
  command->add_option("--metrics", request.metrics, "default: all; see: understudy list metrics");
  command->add_option("--ledger", request.ledger, "default: beside the first training file");
  command->add_option("--out", request.out, "folder of the report")->required();
  add_read_flags(*command, flags->read);
  add_common(*command, flags->common);
  command->callback([flags] {
    EvaluateRequest& wanted = flags->request;
    wanted.train = sources(flags->train);
    wanted.holdout = sources(flags->holdout);
    wanted.synthetic = sources(flags->synthetic);
    wanted.options = read_options(flags->read);
    evaluate(wanted, make_context(flags->common));
    std::printf("report (inside): %s/inside/report.html\n", wanted.out.c_str());
  });
}

}  // namespace understudy::cli
