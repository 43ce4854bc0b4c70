// A tape by subject against the slow reference: the same network on one subject at a time, by autograd alone.
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "nn/clipped_sum.h"
#include "nn/row.h"
#include "nn/tape.h"

namespace understudy::nn {

// The summed loss of subjects [first, first + count) of a batch that the test knows.
using BatchLoss = std::function<at::Tensor(Tape& tape, std::int64_t first, std::int64_t count)>;

struct Reference {
  at::Tensor norms;     // double [subjects]
  at::Tensor clipped;   // double [parameters]
  double clip = 0;      // the median norm
};

inline Reference one_at_a_time(const at::Tensor& flat, std::int64_t subjects, const BatchLoss& loss) {
  std::vector<at::Tensor> gradients;
  for (std::int64_t i = 0; i < subjects; ++i) {
    Tape tape = Tape::plain(flat);
    tape.backward(loss(tape, i, 1));
    gradients.push_back(tape.gradient().to(at::kDouble));
  }
  const at::Tensor all = at::stack(gradients);
  Reference result{all.square().sum(1).sqrt(), {}, 0};
  result.clip = result.norms.median().item<double>();
  result.clipped = ((result.clip / result.norms).clamp_max(1).unsqueeze(1) * all).sum(0);
  return result;
}

// Norms within `tolerance` relative, and the clipped sum within it of the sum's length: by our loops, and by the tensor
// operations of other devices.
inline void expect_as_reference(const at::Tensor& flat, std::int64_t subjects, const BatchLoss& loss, double tolerance = 1e-5) {
  const Reference expected = one_at_a_time(flat, subjects, loss);
  for (const bool is_elsewhere : {false, true}) {
    loops_are_off = is_elsewhere;
    Tape tape(flat, subjects);
    tape.backward(loss(tape, 0, subjects));
    const at::Tensor squares = tape.squared_norms();
    const at::Tensor norms = squares.sqrt();
    EXPECT_LE(((norms - expected.norms).abs() / expected.norms).max().item<double>(), tolerance) << is_elsewhere;
    const at::Tensor gradient = tape.weighted_sum(clip_factors(squares, {.bound = expected.clip}));
    const at::Tensor error = (gradient.to(at::kDouble) - expected.clipped).norm() / expected.clipped.norm();
    EXPECT_LE(error.item<double>(), tolerance) << is_elsewhere;
  }
  loops_are_off = false;
}

}  // namespace understudy::nn
