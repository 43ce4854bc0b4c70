// The settings of generator "halo": a preset, and what the options say otherwise.
#pragma once

#include <cstdint>
#include <string_view>

#include "generators/halo/shape.h"
#include "understudy/options.h"

namespace understudy {

struct HaloSettings {
  HaloShape network;             // but for `codes`, which the schema gives
  std::int32_t bins = 12;        // ranges into which a number is cut
  std::int64_t epochs = 20;
  std::int64_t least_steps = 2000;
  std::int64_t batch = 32;       // subjects
  double rate = 6e-3;
  bool anneals = true;           // the rate rises, then falls to 0, and weights are averaged; else a constant rate, as published
};

// ErrorKind::usage for an unknown name.
HaloSettings halo_preset(std::string_view name);
// ErrorKind::usage where heads do not divide the width.
HaloSettings halo_settings(const Options& options);

}  // namespace understudy
