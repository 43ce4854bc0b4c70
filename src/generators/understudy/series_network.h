// Rows of a subject, one after the other: a recurrent state over the rows before (GRU), and the column chain inside each row.
//
//   const SeriesNetwork network({.columns = {.sizes = {...}, .missing = {...}}, .statics = 5}, shares, rng);
//   at::Tensor flat = network.flat().clone();
//   double nats = network.gradient(flat, rows, subjects, gradient, room);    // summed over the subjects' rows
//
// The state is led by the categories of the row before, the numbers that describe the subject, and what its history says
// (history.h). The chain sees the state, the numbers that describe the subject and how far it is; each of its columns sees its own
// history, and the category that it had last. How many rows a subject has comes from outside.
//
// `flat`: the encoder's parameters, then the chain's.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "generators/understudy/chain.h"
#include "generators/code/history.h"
#include "nn/blocks/embedding.h"
#include "nn/blocks/gru.h"
#include "nn/blocks/linear.h"
#include "nn/clipped_sum.h"

namespace understudy {

// The chain's first parameters (Chain::initial), float [parameters].
at::Tensor initial_flat(const Chain& chain, std::span<const std::vector<double>> shares, Rng& rng);

struct SeriesShape {
  HistoryColumns columns;         // of a row, in the order of the chain
  std::int64_t statics = 0;       // numbers that describe a subject
  std::int64_t hidden = 128;      // of the state
  std::int64_t embedding = 64;    // numbers that a row becomes on its way into the state
  double width = 8;               // ChainShape::width
};

// What subjects have. Subject s owns rows [offsets[s], offsets[s + 1]).
struct SeriesRows {
  std::span<const std::int64_t> offsets;
  std::span<const std::int32_t> categories;  // [rows x columns]
  std::span<const float> statics = {};       // [subjects x statics]
};

class SeriesNetwork {
 public:
  // `shares`: of the categories of each column, what independent columns would be.
  SeriesNetwork(SeriesShape shape, std::span<const std::vector<double>> shares, Rng& rng);

  const SeriesShape& shape() const { return shape_; }
  const Chain& chain() const { return chain_; }
  const at::Tensor& flat() const { return flat_; }  // the first parameters

  // Nats of the subjects' rows, summed; the gradient is added to `gradient`, float [parameters].
  double gradient(const at::Tensor& flat, const SeriesRows& rows, std::span<const std::int64_t> subjects, const at::Tensor& gradient,
                  Chain::Workspace& room) const;
  // Gradients by subject, of all its rows together, weighed (nn::SubjectGradients): float [parameters].
  at::Tensor weighed_gradient(const at::Tensor& flat, const SeriesRows& rows, std::span<const std::int64_t> subjects,
                              const nn::FactorsOf& factors_of) const;
  // Nats of each of the subjects: of all its rows.
  std::vector<double> nats(const at::Tensor& flat, const SeriesRows& rows, std::span<const std::int64_t> subjects,
                           Chain::Workspace& room) const;

  // Categories [rows x columns] for subjects of so many rows (offsets) and these statics; those that are not -1 in
  // `categories` stay as they are.
  void draw(const at::Tensor& flat, std::span<const std::int64_t> offsets, std::span<const float> statics,
            std::span<std::int32_t> categories, Rng& rng) const;

 private:
  struct Batch;  // some subjects, padded to the longest
  std::int64_t columns() const { return static_cast<std::int64_t>(shape_.columns.sizes.size()); }
  std::int64_t history() const { return History::width_of(columns()); }
  std::int64_t fixed() const { return shape_.statics + History::kOfSubject; }  // of the chain's context, beside the state
  void put_words(std::span<const std::int32_t> categories, std::int64_t* words) const;
  void put_statics(const float* statics, float* numbers) const;
  Batch padded(const SeriesRows& rows, std::span<const std::int64_t> subjects) const;
  at::Tensor inputs(nn::Tape& tape, const at::Tensor& words, const at::Tensor& numbers) const;
  at::Tensor fixed_of(const at::Tensor& numbers) const;
  at::Tensor context(nn::Tape& tape, const Batch& batch) const;
  static Chain::Rows rows_of(const Batch& batch, const at::Tensor& context);
  at::Tensor of_encoder(const at::Tensor& flat) const;
  at::Tensor of_chain(const at::Tensor& flat) const;

  SeriesShape shape_;
  Chain chain_;
  std::vector<std::int64_t> word_at_;  // where each column's words begin; last: the word before the first row
  nn::Parameters encoder_;
  nn::Embedding words_;
  nn::Linear numbers_;
  nn::Gru gru_;
  at::Tensor flat_;
};

}  // namespace understudy
