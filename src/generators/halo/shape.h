// How large a HALO network is (network.h).
#pragma once

#include <cstdint>

namespace understudy {

struct HaloShape {
  std::int64_t codes = 1;      // of the vocabulary
  std::int64_t context = 256;  // visits at most, the start and the labels among them
  std::int64_t layers = 2;
  std::int64_t heads = 4;
  std::int64_t width = 64;
  double slope = 0;            // of the head's ReLU below 0
};

}  // namespace understudy
