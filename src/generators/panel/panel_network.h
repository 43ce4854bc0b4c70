// What a method must give to be a panel generator: networks that learn from panels and draw them (panel_code.h).
//
// A method is a PanelMethod and a PanelNetwork, in one pair of files; panel_fit.h trains it, panel_model.h samples from it and
// keeps it. kovae.cc is the example.
#pragma once

#include <ATen/core/Tensor.h>

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nn/adam.h"
#include "nn/private_gradient.h"
#include "nn/schedule.h"
#include "nn/tape.h"
#include "understudy/options.h"
#include "understudy/random.h"

namespace understudy {

struct PanelShape {
  std::int64_t steps = 1;
  std::int64_t channels = 1;
};

// What is learnt from, and the random numbers of a training: each subject's come from streams that are named after turn and
// subject, so that a training that goes on has them again, in whatever shards; and after its key, not its place, so that what a
// subject adds to a sum does not change when another comes or goes (docs/privacy/training.md).
struct PanelData {
  at::Tensor panels;  // float [subjects, steps, channels], in the method's range
  Rng rng;
  std::vector<std::string> keys = {};  // of the subjects; none: their numbers, for tests

  at::Tensor of(std::span<const std::int64_t> subjects) const;  // nobody (-1): zeros
  // Standard normal, [subjects, shape...].
  at::Tensor normals(std::string_view purpose, const nn::Turn& turn, std::span<const std::int64_t> subjects,
                     std::vector<std::int64_t> shape) const;
  // Uniform in [0, 1), [subjects, shape...].
  at::Tensor uniforms(std::string_view purpose, const nn::Turn& turn, std::span<const std::int64_t> subjects,
                      std::vector<std::int64_t> shape) const;
  // Whole numbers in [0, bound), int64 [subjects].
  at::Tensor below(std::string_view purpose, const nn::Turn& turn, std::span<const std::int64_t> subjects, std::int64_t bound) const;
  Rng stream_of(std::string_view purpose, const nn::Turn& turn, std::int64_t subject) const;  // -1: nobody
};

// A network that is trained; several take their turns in each step (nn/trainer.h).
struct PanelPlayer {
  std::string name;
  at::Tensor flat;                 // float [parameters], shared with the PanelNetwork; moved in place
  nn::AdamOptions adam = {};
  nn::Schedule schedule = {};
  double average = 0;              // memory of the mean of the weights that is drawn from, as AverageOptions::decay; 0: the last weights
  double longest = 0;              // the mean gradient is cut to this length; 0: it is not
  std::int64_t turns = 1;
  std::int64_t every = 1;          // its turns come in every so many-th step
  double least = -std::numeric_limits<double>::infinity();  // a batch whose loss is not above it lets the turn pass
  bool is_kept = true;             // the model file has its weights
  // The summed loss of these subjects, or with `whole` several sums, [terms]. Nothing in it ties subjects together.
  nn::DataLoss<PanelData> loss;
  // Makes the loss of a batch from the means of its terms, double [terms]; empty: the mean itself is the loss. Where it is not
  // linear it ties the subjects of a batch together.
  std::function<at::Tensor(const at::Tensor& means)> whole = {};
  // A term that needs no data, added to the mean loss; may be empty. Private training gets it for nothing.
  std::function<at::Tensor(Rng rng, nn::Tape& tape)> free_term = {};
};

struct PanelPlan {
  std::int64_t steps = 1;   // in which players() take their turns
  std::int64_t batch = 64;  // subjects of an update
  std::int64_t shard = 32;  // of them, that a thread takes at a time; part of what decides the last bits
};

// A training that comes before, of the same networks, each with an optimiser of its own.
struct PanelWarmup {
  std::string name;
  std::int64_t steps = 1;
  std::vector<PanelPlayer> players;
};

class PanelNetwork {
 public:
  PanelNetwork() = default;
  virtual ~PanelNetwork() = default;
  PanelNetwork(const PanelNetwork&) = delete;
  PanelNetwork& operator=(const PanelNetwork&) = delete;

  // In the order of a step. The network must outlive them. Their weights are all that a model file needs.
  virtual std::vector<PanelPlayer> players() const = 0;
  virtual PanelPlan plan(std::int64_t subjects) const = 0;
  // One after the other, before the players' own training, in the plan's batches.
  virtual std::vector<PanelWarmup> warmups() const { return {}; }
  // float [count, steps, channels] in the method's range, by the weights as they are. On the thread that asks; several ask at once.
  virtual at::Tensor draw(std::int64_t count, Rng& rng) const = 0;
};

struct PanelMethod {
  std::string_view name;
  std::span<const OptionSpec> options;  // with_panel_options
  bool is_symmetric = false;            // panels in [-1, 1], else in [0, 1]
  double sharpness = 1;                 // of choices (channel_calibration.h): 1 where `draw` gives means
  std::unique_ptr<PanelNetwork> (*make)(const PanelShape& shape, const Options& options, Rng& rng) = nullptr;
};

}  // namespace understudy
