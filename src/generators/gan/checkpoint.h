// The checkpoint of a GAN training: the states of its parts under one fingerprint.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "generators/gan/trainer.h"
#include "understudy/generator.h"
#include "understudy/ranks.h"

namespace understudy {

class GanCheckpoint {
 public:
  // fingerprint: says which training this is; a file of another one is refused.
  // Over ranks the file is rank 0's, and all continue from it.
  GanCheckpoint(const Checkpoint& checkpoint, std::string fingerprint, Ranks* ranks = nullptr);

  void add(std::string name, GanTrainer& trainer) { trainers_.emplace_back(std::move(name), &trainer); }
  // Continues from the file when there is one. ErrorKind::input when it is damaged or of another training.
  void resume() const;
  void save() const;
  // Saves when `every_seconds` have passed since the last time. The clock decides only when state is kept, never what.
  void save_if_due();

 private:
  Checkpoint checkpoint_;
  std::string fingerprint_;
  Ranks* ranks_;
  std::vector<std::pair<std::string, GanTrainer*>> trainers_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// SHA-256 over options, schema, seed, sizes and the encoded rows.
std::string training_fingerprint(const Options& options, const Cohort& cohort, std::uint64_t seed,
                                 const std::vector<const GanRows*>& rows);

}  // namespace understudy
