// Adds secure Gaussian noise to a million numbers and prints nanoseconds for each: the least processor time of twenty
// passes.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

#include "privacy/noise/gaussian_stream.h"

namespace {

template <class T>
double nanoseconds() {
  const auto source = understudy::make_noise_source(0);
  std::vector<T> values(1000000);
  double least = 1e300;
  for (int pass = 0; pass < 20; ++pass) {
    const std::clock_t start = std::clock();
    understudy::GaussianStream(*source).add(values, 1.0);
    least = std::min(least, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return least * 1e9 / static_cast<double>(values.size());
}

}  // namespace

int main() {
  nanoseconds<double>();  // the processor wakes up
  std::printf("doubles %.2f ns a number\n", nanoseconds<double>());
  std::printf("floats  %.2f ns a number\n", nanoseconds<float>());
}
