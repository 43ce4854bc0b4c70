#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_inspect(CLI::App& app, int&) {
  struct Flags {
    Common common;
    ReadFlags read;
    std::vector<std::string> data;
    std::string subject, time, out, ledger;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("inspect", "Draft a schema; what was read off the data is marked public = false");
  command->add_option("data", flags->data, "files that belong together")->required();
  command->add_option("--subject", flags->subject, "the column that names the person; default: every row is a person");
  command->add_option("--time", flags->time, "the column that orders a person's rows");
  command->add_option("--out", flags->out, "schema file; default: standard output");
  command->add_option("--ledger", flags->ledger, "default: beside the first data file");
  add_read_flags(*command, flags->read);
  add_common(*command, flags->common);
  command->callback([flags] {
    const InspectRequestFile request{{sources(flags->data), read_options(flags->read), flags->subject, flags->time}, flags->out, flags->ledger};
    const std::string text = inspect(request, make_context(flags->common));
    if (flags->out.empty()) std::fputs(text.c_str(), stdout);
  });
}

}  // namespace understudy::cli
