#include <cstdio>

#include "command.h"
#include "understudy/error.h"

namespace understudy::cli {
namespace {

void print(const VerifyResult& result) {
  for (const auto& check : result.checks) {
    std::printf("%s  %-10s %s\n", check["passed"].get<bool>() ? "ok  " : "FAIL",
                check["name"].get<std::string>().c_str(), check["words"].get<std::string>().c_str());
  }
}

}  // namespace

void add_verify(CLI::App& app, int&) {
  struct Flags {
    Common common;
    VerifyRequest request;
    bool json = false;
  };
  const auto flags = std::make_shared<Flags>();
  VerifyRequest& request = flags->request;
  CLI::App* command = app.add_subcommand("verify", "Check a release: its signature, its files, its ledger");
  command->add_option("folder", request.folder, "the release folder")->required();
  command->add_option("--key", request.key, "public key of whoever made the release (.pub)");
  command->add_option("--ledger", request.ledger,
                      "the data set's ledger: must go on from the one that the statement quotes");
  command->add_flag("--allow-unsigned", request.allow_unsigned,
                    "check the hashes alone: they show damage, not forgery");
  command->add_flag("--json", flags->json, "as JSON");
  add_common(*command, flags->common);
  command->callback([flags] {
    const VerifyResult result = verify(flags->request);
    if (flags->json) {
      std::printf("%s\n", nlohmann::ordered_json{{"passed", result.passed}, {"checks", result.checks}}.dump(2).c_str());
    } else {
      print(result);
    }
    if (!result.passed) fail(ErrorKind::held, "the release in '{}' did not pass; do not use it", flags->request.folder);
  });
}

}  // namespace understudy::cli
