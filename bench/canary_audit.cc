// The white-box audit of the private trainer (tests/falsify/canary_audit.h) with this build's noise: fresh and secure in the
// ordinary build. One line a plan and leak: what is claimed, what was proved.
//   bench_canary_audit [games] [canaries] [seed]     seed: of the auditor's coins; the noise is fresh whatever it is
#include <fmt/format.h>

#include <cstdlib>

#include "falsify/canary_audit.h"
#include "privacy/noise/source.h"

using namespace understudy;

namespace {

constexpr double kDelta = 1e-5;

void print_line(const Claim& claim, const SampledSum& claimed, double noise, std::uint64_t seed) {
  SampledSum carried_out = claimed;
  carried_out.multiplier *= noise;
  const Found found = audit(claimed, carried_out, kDelta, seed);
  const double mu = gaussian_cost({.purpose = "audit", .events = {claimed.event()}}, 1e-9).mu;
  const OneRun& run = found.run;
  fmt::print("{:5} {:5} {:5} {:10.4f} {:5.2f} {:8} {:7} {:7} {:9.3f} {:8.3f} {:8.3f} {:8.3f}\n", claim.epsilon, claim.rate,
             claim.steps, claimed.multiplier, noise, run.canaries, run.guesses, run.correct, found.epsilon, mu, found.mu, found.mu_of_each);
}

}  // namespace

int main(int argc, char** argv) {
  const int games = argc > 1 ? std::atoi(argv[1]) : 1;
  const std::int64_t canaries = argc > 2 ? std::atoll(argv[2]) : 1000;
  const std::uint64_t seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  const char* source = noise_is_seeded() ? "seeded: NOT PRIVATE" : "secure";
  fmt::print("delta {}, confidence {} each; noise {}\n", kDelta, kConfidence, source);
  fmt::print("claim  rate steps multiplier noise canaries guesses correct eps_bound mu_claim mu_bound  of_each\n");
  for (const double rate : {1.0, 0.5}) {
    for (const double epsilon : {1.0, 4.0, 10.0}) {
      const Claim claim{.epsilon = epsilon, .delta = kDelta, .rate = rate, .steps = rate < 1 ? 16 : 4, .canaries = canaries};
      const SampledSum claimed = mechanism_of(claim);
      for (const double noise : {1.0, 0.8, 0.5}) {
        for (int game = 0; game < games; ++game) print_line(claim, claimed, noise, seed + static_cast<std::uint64_t>(game));
      }
    }
  }
}
