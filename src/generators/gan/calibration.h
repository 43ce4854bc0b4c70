// What is mended in a trained generator (gan.h says why and what for), row by row. First the logits of flags and
// categories are shifted; once choices are drawn, the scalars that are there go through an affine map together, then
// each through its own monotone map.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "generators/gan/head.h"
#include "understudy/tensor_file.h"

namespace understudy {

struct GanCalibration {
  at::Tensor logit_shift;  // [width], 0 at scalars
  // x <- x + map (x - centre) + offset, over the scalars that are there (an absent one counts as its centre).
  at::Tensor map;          // [width, width], 0 outside scalars
  at::Tensor centre;       // [width]
  at::Tensor offset;       // [width]
  // Scalar number i, from[i][k] becomes to[i][k], linear between knots, clamped outside. No knots: unchanged.
  at::Tensor from;         // [scalars, knots], ascending
  at::Tensor to;

  // Draws the choices and mends: raw rows of the network -> encoded rows in the head's units, both [rows, width].
  at::Tensor rows(const GanHead& head, const at::Tensor& raw, Rng& rng) const;

  void save(TensorFile& file, const std::string& name) const;
  static GanCalibration load(const TensorFile& file, const std::string& name);
  bool fits(const GanHead& head) const;
};

GanCalibration no_calibration(const GanHead& head);

// What calibration works from.
struct CalibrationData {
  const Codec& codec;
  const GanHead& head;
  at::Tensor raw;      // [rows, width], a large sample of the network's outputs
  at::Tensor encoded;  // [rows, width], training rows, gated, in the head's units
  const Table& table;  // the training rows themselves
  Rng rng;             // for drawing choices
};

GanCalibration calibrate_marginals(const CalibrationData& data);
GanCalibration calibrate_moments(const CalibrationData& data);

}  // namespace understudy
