// Through which doors a parameter enters a computation, and what it leaves there.
//
//   Tape tape(parameters.flat(), subjects);                       // of one micro-batch, by subject
//   const at::Tensor y = tape.linear(x, weight, bias);            // forward, through the doors
//   tape.backward(loss);                                          // loss: the sum over the subjects
//   const at::Tensor factors = clip_factors(tape.squared_norms(), {.bound = 1});   // clipped_sum.h
//   const at::Tensor sum = tape.weighted_sum(factors);            // sum_i factor_i * gradient of subject i
//
// One backward pass. A door gives the ordinary operation on a weight that autograd does not see, and keeps the inputs and,
// after the pass, the gradients of the outputs; norms come from row_norms.h, and the clipped sum of a weight is one product,
// as in plain training (book-keeping: Bu et al. 2022, arXiv:2210.00038). Whatever holds no parameter (attention scores,
// activations, dropout, residuals) needs no door.
//
// Subjects: the outermost dimension of what goes through a door is subjects times windows, all windows of a subject next to
// each other; all inner ones but the last belong to the subject too. A subject's gradient is summed over all of its rows,
// windows and uses of a parameter before the norm is taken.
// Rules: no operation may write into what a door returned, and none may tie subjects together. A parameter keeps to one
// kind of door, but for tables that are also layers: where its gradients met only after their norms were taken, the norm
// would be wrong. ErrorKind::internal from squared_norms otherwise.
//
// Without subjects the same doors are autograd's own: plain training, and the slow reference (one subject at a time).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "nn/parameters.h"
#include "nn/weight_mask.h"

namespace understudy::nn {

class Tape {
 public:
  enum class Mode { by_subject, plain, without_gradients };  // the last for sampling

  Tape(at::Tensor flat, std::int64_t subjects) : Tape(std::move(flat), Mode::by_subject, subjects) {}
  static Tape plain(at::Tensor flat) { return Tape(std::move(flat), Mode::plain, 0); }
  static Tape sampling(at::Tensor flat) { return Tape(std::move(flat), Mode::without_gradients, 0); }
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  bool by_subject() const { return mode_ == Mode::by_subject; }
  std::int64_t subjects() const { return subjects_; }

  // The doors. x [..., p], weight [d, p], bias [d] or none: x weight' + bias.
  at::Tensor linear(const at::Tensor& x, const Parameter& weight, const std::optional<Parameter>& bias);
  // The same, of the weight's entries that the mask lets count; the others have no gradient, in the sum and in the norms. A weight
  // has one mask, which outlives the tape, and its uses all have the bias or none. The norms take a gradient a subject, one
  // after the other.
  at::Tensor masked_linear(const at::Tensor& x, const Parameter& weight, const std::optional<Parameter>& bias, const WeightMask& mask);
  // x [..., d], weight [d, p]: x weight. With it the gradient of a network by its inputs is a forward pass of its own,
  // through the same weights (blocks/critic.h).
  at::Tensor transposed(const at::Tensor& x, const Parameter& weight);
  // ids [...] of 64 bits, weight [words, d]: [..., d].
  at::Tensor embedding(const at::Tensor& ids, const Parameter& weight);
  // x [..., d], scale and shift [d]: x scale + shift.
  at::Tensor scale_shift(const at::Tensor& x, const Parameter& scale, const Parameter& shift);
  // The parameter for every window, [windows of all subjects, shape...]: initial states, learnt positions.
  at::Tensor each(const Parameter& parameter, std::int64_t windows);

  // For operations with a backward of their own (recurrent cells, convolutions). The weight, unseen by autograd; plain
  // tapes: the leaf that autograd sees.
  at::Tensor value(const Parameter& parameter) const;
  // A number, 0, that asks for a gradient: an operation whose inputs ask for none takes it as one, so that its backward
  // is called.
  const at::Tensor& anchor() const { return anchor_; }
  // To be called once for each use of a weight, during the backward pass at the latest: inputs [.., rows, p], gradients
  // [.., rows, d] of the outputs, outermost the subjects; with `time_first` outermost the rows, [rows, subjects, ..]. Kept,
  // not copied, and not written to.
  struct Use {
    at::Tensor inputs, gradients;
    bool time_first = false;
    bool has_bias = false;  // set by record
    at::Tensor mask = {};   // of the weight; undefined: none
  };
  void record(const Parameter& weight, const std::optional<Parameter>& bias, Use use);
  // gradient [subjects, shape...]: of each subject, of small parameters.
  void record_each(const Parameter& parameter, const at::Tensor& gradient);

  // Frees the graph. Plain tapes: afterwards gradient().
  void backward(const at::Tensor& loss);
  at::Tensor gradient() const;  // plain: float [parameters], 0 where the loss does not reach

  // double [subjects], over all parameters together; not finite where a subject's gradient is not.
  at::Tensor squared_norms() const;
  // sum_i factors[i] gradient_i, float [parameters]; after squared_norms(). A subject whose square is not finite adds
  // nothing, whatever its factor.
  at::Tensor weighted_sum(const at::Tensor& factors) const;

 private:
  struct Linear {  // all uses of one weight
    Parameter weight;
    std::optional<Parameter> bias;
    std::vector<Use> uses;
    at::Tensor mask = {};
    bool has_one_kind() const;  // the bias is in all uses or in none
  };
  struct Lookup {  // all uses of one table
    Parameter weight;
    std::vector<std::pair<at::Tensor, at::Tensor>> uses;  // ids [subjects, rows], gradients [subjects, rows, d]
  };
  using Pending = std::function<void(const at::Tensor& gradient)>;
  friend struct Watch;

  Tape(at::Tensor flat, Mode mode, std::int64_t subjects);
  at::Tensor window(const at::Tensor& flat, const Parameter& parameter) const;
  // `output`, and what is done with its gradient once it is known.
  at::Tensor watched(const at::Tensor& output, Pending pending);
  at::Tensor rows_of_subjects(const at::Tensor& x) const;  // [subjects, rows, last]
  Use joined(const Linear& linear) const;
  void check_owners() const;
  at::Tensor lookup_norms(const Lookup& lookup) const;
  at::Tensor masked_norms(const Linear& linear) const;
  at::Tensor tied_norms(const Linear& linear, const Lookup& lookup) const;
  at::Tensor usable(const at::Tensor& x, std::int64_t subjects_at) const;
  at::Tensor weighted(const at::Tensor& x, const at::Tensor& factors, std::int64_t subjects_at) const;
  void add_linear(const Linear& linear, const at::Tensor& factors, const at::Tensor& sum) const;
  void zero_others(const at::Tensor& sum) const;  // what add_linear does not write first

  at::Tensor flat_;
  Mode mode_;
  std::int64_t subjects_;
  at::Tensor anchor_;
  mutable std::map<std::int64_t, at::Tensor> leaves_;  // plain: by the parameter's offset
  at::Tensor plain_gradient_;
  std::vector<Pending> pending_;
  std::map<std::int64_t, Linear> linears_;             // by the weight's offset
  std::map<std::int64_t, Lookup> lookups_;
  std::map<std::int64_t, std::pair<Parameter, at::Tensor>> small_;  // [subjects, size]
  mutable at::Tensor unusable_;                        // subjects whose square is not finite; set by squared_norms
  mutable bool has_unusable_ = false;
};

}  // namespace understudy::nn
