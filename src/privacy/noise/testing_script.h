// A source for tests: hands out the words it was given, then zeros.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "privacy/noise/source.h"

namespace understudy {

class ScriptSource final : public NoiseSource {
 public:
  explicit ScriptSource(const std::vector<std::uint32_t>& words) {
    for (const std::uint32_t word : words) {
      for (int byte = 0; byte < 4; ++byte) bytes_.push_back(static_cast<std::uint8_t>(word >> (8 * byte)));
    }
  }
  void fill(std::span<std::uint8_t> bytes) override {
    const std::size_t size = std::min(bytes.size(), bytes_.size() - at_);
    std::fill(std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), size, bytes.begin()), bytes.end(), 0);
    at_ += size;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

}  // namespace understudy
