#include <cstdio>

#include "command.h"
#include "understudy/error.h"

namespace understudy::cli {

void add_run(CLI::App& app, int& exit_code) {
  struct Flags {
    Common common;
    std::string file, out;
    double checkpoint_seconds = 30;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("run", "Read, split, train, sample, evaluate, report, release");
  command->add_option("run_file", flags->file, "the run file (docs/formats/run.md)")->required();
  command->add_option("--out", flags->out, "a new folder; the same command continues an interrupted run")->required();
  command->add_option("--checkpoint-seconds", flags->checkpoint_seconds, "time between checkpoints")->check(CLI::PositiveNumber);
  add_common(*command, flags->common);
  command->callback([flags, &exit_code] {
    if (const auto place = rendezvous_from_environment(environment)) {
      fail(ErrorKind::usage, "run works in one process, and this is rank {} of {}; start one, or use understudy train",
           place->rank, place->size);
    }
    RunRequest request = read_run_file(flags->file);
    request.out = flags->out;
    request.checkpoint_seconds = flags->checkpoint_seconds;
    const RunResult result = run(request, make_context(flags->common));
    std::printf("%s\nsynthetic data: %s\nreport (inside): %s\n", result.summary.c_str(), result.synthetic.c_str(), result.report.c_str());
    const bool held = result.decision == "hold" || result.decision == "reject";
    exit_code = held ? static_cast<int>(ErrorKind::held) : 0;
  });
}

}  // namespace understudy::cli
