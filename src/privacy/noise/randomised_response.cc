#include "privacy/noise/randomised_response.h"

#include "understudy/error.h"

namespace understudy {

// A uniform choice stays when it is the truth, and otherwise by a coin of probability exp(-epsilon).
std::uint64_t randomised_response(NoiseSource& source, std::uint64_t truth, std::uint64_t choices, Ratio epsilon) {
  if (choices < 1 || choices >> 32 > 1 || truth >= choices) {
    fail(ErrorKind::internal, "the truth is {} of {} choices; it must be below them, and they from 1 to 2^32", truth,
         choices);
  }
  if (epsilon.numerator < 1) fail(ErrorKind::internal, "epsilon of randomised response is 0; it must be above");
  while (true) {
    const std::uint64_t answer = source.below(choices);
    if (answer == truth || bernoulli_exp(source, epsilon)) return answer;
  }
}

}  // namespace understudy
