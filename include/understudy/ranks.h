// Several processes that train one model together. Rank 0 holds the ledger and writes; the others help.
//
// Each rank reads the data itself and takes the subjects that are its own (`rank_of`). Ranks are inside: what they send
// one another is not noised yet.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace understudy {

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
};

// The rank that a subject belongs to: by a hash of its number, the same in every process.
int rank_of(std::int64_t subject, int ranks);

}  // namespace understudy
