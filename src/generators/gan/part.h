// One trained part of the GAN, ready to draw: network, calibration, codec.
#pragma once

#include <cstdint>

#include "generators/gan/calibration.h"
#include "generators/gan/head.h"
#include "nn/mlp.h"

namespace understudy {

struct GanPart {
  Codec codec;
  GanHead head;
  nn::Mlp generator;
  GanCalibration calibration;
  std::int64_t window = 1;
  std::int64_t latent = 1;
  std::int64_t person_latent = 0;

  std::int64_t condition_width() const { return generator.widths().front() - latent - person_latent; }

  // The network's raw numbers, window by window: inputs [windows, latent + person_latent + conditions] ->
  // [windows * window, width].
  at::Tensor raw_rows(const at::Tensor& inputs) const;
  // Raw numbers as encoded rows in codec units: choices are drawn, calibration is done.
  at::Tensor drawn(const at::Tensor& raw, Rng& rng) const;

  void save(TensorFile& file, const std::string& name) const;
  static GanPart load(const TensorFile& file, const std::string& name);  // ErrorKind::input when it does not fit
};

}  // namespace understudy
