#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_keygen(CLI::App& app, int&) {
  struct Flags {
    Common common;
    std::string path;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("keygen", "Make a key that signs releases");
  command->add_option("path", flags->path, "the secret key; the public one becomes PATH.pub")->required();
  add_common(*command, flags->common);
  command->callback([flags] {
    keygen(flags->path);
    std::printf("secret key (keep it): %s\npublic key (give it to everybody): %s.pub\n", flags->path.c_str(),
                flags->path.c_str());
  });
}

}  // namespace understudy::cli
