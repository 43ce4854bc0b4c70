// Several processes that train one model together. Rank 0 holds the ledger and writes; the others help.
//
//   const auto ranks = join_ranks([](const char* name) { return std::getenv(name); });   // pipeline.h; null: alone
//   context.ranks = ranks.get();
//
// Each rank reads the data itself and takes the subjects that are its own (`rank_of`). Ranks are inside: what they send
// one another is not noised yet.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace understudy {

// Used by one thread at a time.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual int rank() const = 0;  // in [0, size)
  virtual int size() const = 0;

  // The sum over the ranks, in place; all ranks call it with equally many values and get the same bytes. ErrorKind::lost
  // when a rank does not answer; no later call works then.
  virtual void add_up(std::span<float> values) = 0;
  // What rank 0 has, at every rank. ErrorKind::lost as above.
  virtual void share(std::string& bytes) = 0;

  bool works_alone() const { return works_alone_; }  // whether this is rank 0, inside at_rank_0

 private:
  friend std::string at_rank_0(Ranks* ranks, const std::function<std::string()>& work);
  bool works_alone_ = false;
};

// What `work` returns at rank 0, at every rank; the others do not call it, and wait. An Error that it throws is thrown at
// every rank. Inside `work` rank 0 is alone: a further at_rank_0 is a plain call. `ranks` none: work().
std::string at_rank_0(Ranks* ranks, const std::function<std::string()>& work);

// Whether this process writes: rank 0, or the only one.
bool is_first(const Ranks* ranks);

// Whether it is so at any rank. `ranks` none: whether it is so here.
bool at_any_rank(Ranks* ranks, bool here);

// ErrorKind::input at a rank whose text is not that of rank 0; `what` says what differs, such as "the data".
void check_same(Ranks* ranks, std::string_view what, const std::string& text);

// The rank that a subject belongs to: by a hash of its number, the same in every process.
int rank_of(std::int64_t subject, int ranks);

// Where the ranks meet.
struct Rendezvous {
  int rank = 0;                                   // of this process, in [0, size)
  int size = 1;
  std::string host = "127.0.0.1";                 // of rank 0, which listens there; the others connect
  int port = 29500;
  std::string interface;                          // the network interface for sums; empty: the one that leads to the host
  std::chrono::milliseconds start_patience = std::chrono::minutes(5);   // until all ranks are there
  std::chrono::milliseconds step_patience = std::chrono::minutes(10);   // until all ranks are in the same call
};

// Reads what torchrun, mpirun (Open MPI, MPICH) or srun set; docs/ranks.md lists the variables. None when they name one
// process or nothing at all. `get` is std::getenv or a test's own. ErrorKind::usage for a value that is no such number,
// for half of a pair, and where rank 0's address is needed and not given.
using GetVariable = std::function<const char*(const char* name)>;
std::optional<Rendezvous> rendezvous_from_environment(const GetVariable& get);

}  // namespace understudy
