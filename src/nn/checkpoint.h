// The checkpoint of a training: the states of its trainers, one after the other, under one fingerprint.
//
//   TrainingCheckpoint checkpoint(where, fingerprint);   // reads the file when there is one
//   checkpoint.add("series", trainer);                   // goes on from what the file has of it
//   train(trainer, checkpoint, context, {.total = trainer.total()});
//
// It holds weights, and in trainings without privacy statistics of raw records: it stays inside. It holds no state of any
// noise: a private training that goes on draws fresh coins (vault/private_training.h).
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "nn/trainer.h"
#include "understudy/context.h"
#include "understudy/ranks.h"

namespace understudy::nn {

class TrainingCheckpoint {
 public:
  // fingerprint: says which training this is. ErrorKind::input when the file is damaged or of another training. Over ranks
  // the file is rank 0's, and all go on from it.
  TrainingCheckpoint(const Checkpoint& where, std::string fingerprint, Ranks* ranks = nullptr);

  // What a training keeps beside its states, such as the id of its plan; empty when nothing was noted.
  std::string note(const std::string& name) const { return notes_.value(name, ""); }
  void set_note(const std::string& name, const std::string& text) { notes_[name] = text; }

  // ErrorKind::input when the file's state does not fit. The trainer must outlive the checkpoint's use.
  void add(std::string name, Trainer& trainer);
  void save() const;
  // Saves when `every_seconds` have passed since the last time. The clock decides only when state is kept, never what.
  void save_if_due();

 private:
  Checkpoint where_;
  std::string fingerprint_;
  Ranks* ranks_;
  TensorFile found_;  // what was in the file; no tensors when there was none
  nlohmann::json notes_ = nlohmann::json::object();
  std::vector<std::pair<std::string, Trainer*>> trainers_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// How far a training of several trainers is.
struct Stretch {
  std::int64_t before = 0;  // steps of the trainers that are done
  std::int64_t total = 0;   // of all of them
};

// Steps until the trainer is done, then saves. Reports "training" in steps. When asked to stop, at any rank: saves, and
// ErrorKind::cancelled.
void train(Trainer& trainer, TrainingCheckpoint& checkpoint, const Context& context, const Stretch& stretch);

}  // namespace understudy::nn
