#include "understudy/ranks.h"

#include "understudy/random.h"

namespace understudy {

int rank_of(std::int64_t subject, int ranks) {
  Rng rng = Rng(0).stream("rank", static_cast<std::uint64_t>(subject));
  return static_cast<int>(rng.below(static_cast<std::uint64_t>(ranks)));
}

}  // namespace understudy
