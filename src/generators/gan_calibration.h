// What is mended in a trained generator (gan.h says why and what for). All of it works on the network's raw numbers, row
// by row: logits are shifted, then scalars go through an affine map, then each through its own monotone map.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "generators/gan_head.h"
#include "understudy/tensor_file.h"

namespace understudy {

struct GanCalibration {
  // Raw numbers x become x matrix' + shift: offsets of logits, and the affine map of scalars.
  at::Tensor matrix;  // [width, width]
  at::Tensor shift;   // [width]
  // Then scalar number i, from[i][k] becomes to[i][k], linear between knots, clamped outside. No knots: unchanged.
  at::Tensor from;    // [scalars, knots], ascending
  at::Tensor to;

  at::Tensor apply(const GanHead& head, const at::Tensor& raw) const;  // [rows, width]

  void save(TensorFile& file, const std::string& name) const;
  static GanCalibration load(const TensorFile& file, const std::string& name);
};

GanCalibration no_calibration(std::int64_t width);

// raw: a large sample of the network's outputs; real: encoded training rows, gated, in the head's units; both
// [rows, width]. seed: for drawing choices.
GanCalibration calibrate_marginals(const GanHead& head, const at::Tensor& raw, const at::Tensor& real, Rng rng);
GanCalibration calibrate_moments(const GanHead& head, const at::Tensor& raw, const at::Tensor& real, Rng rng);

}  // namespace understudy
