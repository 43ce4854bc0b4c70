#include "generators/understudy/chain_sampler.h"

#include <algorithm>
#include <cmath>

#include "generators/understudy/chain_algebra.h"
#include "generators/understudy/softmax.h"

namespace understudy {

using namespace algebra;

namespace {

// A category with the probabilities of these logits, which are overwritten.
std::int32_t drawn(float* logits, std::int64_t size, Rng& rng) {
  float largest = 0;
  double left = static_cast<double>(exponentials(logits, size, largest)) * rng.uniform();
  std::int32_t last = 0;  // that has a probability: what rounding leaves over is its
  for (std::int32_t c = 0; c < size; ++c) {
    if (logits[c] <= 0) continue;
    left -= static_cast<double>(logits[c]);
    last = c;
    if (left < 0) break;
  }
  return last;
}

// What to add to the logits of all rows so that the mean of their probabilities is `shares`.
std::vector<float> shifts(const std::vector<float>& logits, std::int64_t rows, const std::vector<double>& shares) {
  constexpr int kRounds = 10;
  constexpr double kLeast = 1e-9;
  const std::size_t size = shares.size();
  std::vector<float> result(size), row_of(size);
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> mean(size);
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::size_t c = 0; c < size; ++c) row_of[c] = logits[static_cast<std::size_t>(row) * size + c] + result[c];
      float largest = 0;
      const float sum = exponentials(row_of.data(), static_cast<std::int64_t>(size), largest);
      for (std::size_t c = 0; c < size; ++c) mean[c] += static_cast<double>(row_of[c] / sum) / static_cast<double>(rows);
    }
    for (std::size_t c = 0; c < size; ++c) result[c] += static_cast<float>(std::log((shares[c] + kLeast) / (mean[c] + kLeast)));
  }
  return result;
}

}  // namespace

ChainSampler::ChainSampler(const Chain& chain, std::vector<float> flat) : chain_(chain), flat_(std::move(flat)), table_at_{0} {
  const std::int64_t units = chain_.all_units();
  for (std::size_t k = 0; k < chain_.shape_.sizes.size(); ++k) {
    const std::int64_t behind = units - chain_.units_[k + 1];
    table_at_.push_back(table_at_.back() + chain_.shape_.sizes[k] * behind);
  }
  tables_.resize(static_cast<std::size_t>(table_at_.back()));
  for (std::size_t k = 0; k < chain_.shape_.sizes.size(); ++k) {
    const std::int64_t behind = units - chain_.units_[k + 1], width = chain_.inputs_[k + 1] - chain_.inputs_[k];
    const float* const rows = flat_.data() + chain_.first_ + chain_.inputs_[k] * units + chain_.units_[k + 1];
    product({flat_.data() + chain_.embeddings_[k], width}, {rows, units}, tables_.data() + table_at_[k], behind,
            chain_.shape_.sizes[k], behind, width, 0);
  }
}

// The hidden sums of rows in which nothing is chosen yet.
void ChainSampler::begin(std::int64_t rows, const Chain::Given& given, std::vector<float>& sums) const {
  const std::int64_t units = chain_.all_units(), seen = chain_.shape_.context;
  sums.resize(static_cast<std::size_t>(rows * units));
  for (std::int64_t row = 0; row < rows; ++row) std::copy_n(flat_.data() + chain_.first_bias_, units, sums.data() + row * units);
  if (seen > 0) product({given.context.data(), seen}, {flat_.data() + chain_.first_, units}, sums.data(), units, rows, units, seen, 1);
  std::vector<float> own;
  chain_.fill_own(flat_, given, rows, own);
  chain_.add_own(flat_, rows, own, sums);
}

void ChainSampler::logits(std::size_t k, std::int64_t rows, const Chain::Given& given, std::span<const float> sums, std::vector<float>& relu,
                          std::vector<float>& logits) const {
  constexpr std::int64_t kGates = Chain::kGates;
  const std::int64_t size = chain_.shape_.sizes[k], own = chain_.hidden(k), units = chain_.all_units();
  relu.resize(static_cast<std::size_t>(rows * own));
  logits.resize(static_cast<std::size_t>(rows * size));
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* const from = sums.data() + row * units + chain_.units_[k];
    for (std::int64_t i = 0; i < own; ++i) relu[static_cast<std::size_t>(row * own + i)] = std::max(from[i], 0.0F);
    std::copy_n(flat_.data() + chain_.last_bias_ + chain_.categories_[k], size, logits.data() + row * size);
  }
  product({relu.data(), own}, {chain_.head(flat_, k), size}, logits.data(), size, rows, size, own, 1);
  if (chain_.shape_.own == 0) return;
  std::vector<float> gates(static_cast<std::size_t>(rows * kGates));
  const float* const biases = flat_.data() + chain_.gate_bias_ + static_cast<std::int64_t>(k) * kGates;
  for (std::int64_t row = 0; row < rows; ++row) std::copy_n(biases, kGates, gates.data() + row * kGates);
  product({relu.data(), own}, {chain_.gate(flat_, k), kGates}, gates.data(), kGates, rows, kGates, own, 1);
  chain_.add_gates(k, rows, given, gates.data(), kGates, logits.data(), size);
}

void ChainSampler::choose(std::size_t k, std::int32_t category, float* sums_of_row) const {
  const std::int64_t behind = chain_.all_units() - chain_.units_[k + 1];
  add_row(tables_.data() + table_at_[k] + category * behind, sums_of_row + chain_.units_[k + 1], behind);
}

void ChainSampler::draw(std::int64_t rows, const Chain::Given& given, std::span<std::int32_t> categories, Rng& rng) const {
  constexpr std::int64_t kAtOnce = 256;
  chain_.check(given, rows);
  const std::int64_t units = chain_.all_units(), columns = chain_.columns();
  const auto part = [](auto values, std::int64_t first, std::int64_t count, std::int64_t each) {
    return values.subspan(static_cast<std::size_t>(first * each), static_cast<std::size_t>(count * each));
  };
  std::vector<float> sums, relu, of_column;
  for (std::int64_t first = 0; first < rows; first += kAtOnce) {
    const std::int64_t count = std::min(kAtOnce, rows - first);
    const std::int64_t anchors = chain_.shape_.own > 0 ? columns : 0;
    const Chain::Given some{part(given.context, first, count, chain_.shape_.context), part(given.own, first, count, columns * chain_.shape_.own),
                            part(given.last, first, count, anchors), part(given.mean, first, count, anchors)};
    begin(count, some, sums);
    for (std::size_t k = 0; k < chain_.shape_.sizes.size(); ++k) {
      const std::int64_t size = chain_.shape_.sizes[k];
      logits(k, count, some, sums, relu, of_column);
      for (std::int64_t row = 0; row < count; ++row) {
        std::int32_t& chosen = categories[static_cast<std::size_t>((first + row) * columns) + k];
        if (chosen < 0) chosen = drawn(of_column.data() + row * size, size, rng);
        choose(k, chosen, sums.data() + row * units);
      }
    }
  }
}

std::vector<float> calibrated(const Chain& chain, std::vector<float> flat, std::span<const std::vector<double>> shares, std::int64_t rows,
                              Rng& rng) {
  const ChainSampler sampler(chain, flat);
  const std::int64_t units = chain.all_units();
  std::vector<float> sums, relu, logits;
  sampler.begin(rows, {}, sums);
  for (std::size_t k = 0; k < chain.shape_.sizes.size(); ++k) {
    const std::int64_t size = chain.shape_.sizes[k];
    sampler.logits(k, rows, {}, sums, relu, logits);
    const std::vector<float> shift = shifts(logits, rows, shares[k]);
    add_row(shift.data(), flat.data() + chain.last_bias_ + chain.categories_[k], size);
    for (std::int64_t row = 0; row < rows; ++row) {
      add_row(shift.data(), logits.data() + row * size, size);
      sampler.choose(k, drawn(logits.data() + row * size, size, rng), sums.data() + row * units);
    }
  }
  return flat;
}

}  // namespace understudy
