#include "understudy/ranks.h"

#include "understudy/error.h"
#include "understudy/random.h"

namespace understudy {
namespace {

// What rank 0 sends: 0 and the result, or the kind of an Error and its text.
using Outcome = std::string;

Outcome outcome_of(const std::function<std::string()>& work) {
  try {
    return '\0' + work();
  } catch (const Error& error) {
    return static_cast<char>(error.kind()) + std::string(error.what());
  }
}

std::string result_of(const Outcome& outcome) {
  if (outcome.front() == '\0') return outcome.substr(1);
  throw Error(static_cast<ErrorKind>(outcome.front()), outcome.substr(1));
}

// Sets a flag for as long as it lives.
class Raised {
 public:
  explicit Raised(bool& flag) : flag_(flag) { flag_ = true; }
  ~Raised() { flag_ = false; }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

 private:
  bool& flag_;
};

}  // namespace

std::string at_rank_0(Ranks* ranks, const std::function<std::string()>& work) {
  if (ranks == nullptr || ranks->works_alone_) return work();
  Outcome outcome;
  if (ranks->rank() == 0) {
    const Raised alone(ranks->works_alone_);
    outcome = outcome_of(work);
  }
  ranks->share(outcome);
  return result_of(outcome);
}

bool is_first(const Ranks* ranks) { return ranks == nullptr || ranks->rank() == 0; }

bool at_any_rank(Ranks* ranks, bool here) {
  if (ranks == nullptr || ranks->works_alone()) return here;
  float count = here ? 1 : 0;
  ranks->add_up({&count, 1});
  return count > 0;
}

void check_same(Ranks* ranks, std::string_view what, const std::string& text) {
  if (at_rank_0(ranks, [&] { return text; }) == text) return;
  fail(ErrorKind::input, "rank {} of {} has not what rank 0 has: {}; start all ranks with the same command on the same files",
       ranks->rank(), ranks->size(), what);
}

int rank_of(std::int64_t subject, int ranks) {
  Rng rng = Rng(0).stream("rank", static_cast<std::uint64_t>(subject));
  return static_cast<int>(rng.below(static_cast<std::uint64_t>(ranks)));
}

}  // namespace understudy
