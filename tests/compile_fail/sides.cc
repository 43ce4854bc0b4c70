// What must not compile: an inside value, or a raw one, handed to a writer of releases. CASE picks the line; 0 is the
// control, which must compile.
#include "understudy/vault.h"

using understudy::Cohort;
using understudy::Inside;
using understudy::Released;
using understudy::Vault;

void write_release(const Released<Cohort>& synthetic);

void try_case(const Vault& vault, const Cohort& cohort) {
  Inside<Cohort> inside = vault.look("copy", [](const Cohort& real) { return real; });
#if CASE == 0
  write_release(vault.declassify(std::move(inside), "made-up people"));
#elif CASE == 1
  write_release(inside);
#elif CASE == 2
  write_release(cohort);
#elif CASE == 3
  write_release(Released<Cohort>(cohort));
#elif CASE == 4
  write_release(inside.then([](const Cohort& real) { return real; }));
#elif CASE == 5
  write_release(static_cast<const Released<Cohort>&>(inside));
#elif CASE == 6
  vault.declassify(std::move(inside));
#endif
  (void)cohort;
}
