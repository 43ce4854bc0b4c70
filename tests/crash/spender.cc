// Spends a ledger: reserves one small plan after the other and says so, one byte of output each, after the reservation
// returned. Ends when the ledger refuses (exit code 4), or by kill -9.
//   spender LEDGER NOISE
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "understudy/error.h"
#include "understudy/ledger.h"

int main(int argc, char** argv) {
  using namespace understudy;
  if (argc != 3) return static_cast<int>(ErrorKind::usage);
  const Plan plan{.purpose = "count people",
                  .events = {{.what = "number of people", .kind = EventKind::gaussian, .noise = std::atof(argv[2])}}};
  try {
    Ledger ledger(argv[1]);
    while (true) {
      ledger.reserve(plan);
      if (write(STDOUT_FILENO, "+", 1) != 1) return 1;
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::budget) std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.kind());
  }
}
