// A step of private training in the game: rows clipped to norm 1, summed, made noisy, and looked at along one direction
// in cells of 1/8.
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "falsify/game.h"

namespace understudy {

using Gradient = std::array<double, 16>;

inline double product(const Gradient& a, const Gradient& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Every coordinate takes part: noise that is missing, repeated or shared between coordinates shows along one of these.
inline Gradient even_direction() {
  Gradient result;
  result.fill(0.25);
  return result;
}
inline Gradient alternating_direction() {
  Gradient result = even_direction();
  for (std::size_t i = 1; i < result.size(); i += 2) result[i] = -result[i];
  return result;
}

inline Gradient clipped_sum(const std::vector<Gradient>& rows) {
  Gradient sum{};
  for (const Gradient& row : rows) {
    const double factor = std::min(1.0, 1 / std::sqrt(product(row, row)));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * row[i];
  }
  return sum;
}

using AddNoise = std::function<void(NoiseSource&, Gradient&)>;

// Worst neighbours: one subject more, whose gradient is far longer than allowed and points along the direction.
inline Game clipped_sum_game(const AddNoise& add, const Gradient& along) {
  const auto noisy = [&](const std::vector<Gradient>& rows) {
    return [&, sum = clipped_sum(rows)](NoiseSource& source) {
      Gradient seen = sum;
      add(source, seen);
      return std::llround(8 * product(seen, along));
    };
  };
  Gradient longer = along, shorter = along;
  for (double& x : longer) x *= 1000;
  for (double& x : shorter) x *= -0.3;
  return Game(noisy({shorter}), noisy({shorter, longer}));
}

}  // namespace understudy
