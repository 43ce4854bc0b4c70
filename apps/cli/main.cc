#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>

#include "command.h"
#include "understudy/error.h"
#include "understudy/version.h"

namespace understudy::cli {
namespace {

// Files that hold raw data are for their owner alone, and a crash leaves no memory image of them behind.
void protect_process() {
  umask(077);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

// Training asks for the same megabytes at every step. The C library would hand them back to the system each time, and the
// page faults on the way cost a quarter of the time.
void keep_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
#endif
}

int exit_code_of(ErrorKind kind) { return kind == ErrorKind::cancelled ? 130 : static_cast<int>(kind); }

int parse_and_run(int argc, char** argv) {
  CLI::App app("Synthetic patients that may leave the building, and a statement of what was spent to make them.", "understudy");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  int exit_code = 0;
  for (const auto add : {add_inspect, add_run, add_train, add_sample, add_evaluate, add_simulate, add_convert, add_list, add_account,
                         add_ledger, add_keygen, add_verify}) {
    add(app, exit_code);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ErrorKind::usage);
  }
  return exit_code;
}

}  // namespace
}  // namespace understudy::cli

int main(int argc, char** argv) {
  using namespace understudy;
  cli::protect_process();
  cli::keep_memory();
  try {
    return cli::parse_and_run(argc, argv);
  } catch (const Error& error) {
    std::fprintf(stderr, "understudy: %s\n", error.what());
    return cli::exit_code_of(error.kind());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "understudy: internal error: %s\n", error.what());
    return static_cast<int>(ErrorKind::internal);
  }
}
