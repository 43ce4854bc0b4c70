#include "generators/halo/network.h"

#include <ATen/ATen.h>

#include <cmath>

#include "nn/noise.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kPlaceSpread = 0.02;  // of the places' first vectors, as GPT-2
constexpr std::int64_t kInner = 4;     // times the width: the feed-forward part

}  // namespace

HaloNetwork::HaloNetwork(const HaloShape& shape, std::span<const double> chances, Rng& rng)
    : shape_(shape), embedding_(parameters_, "embedding", shape.codes, shape.width, rng, /*has_bias=*/false),
      places_(parameters_.add("places", nn::normals(rng, shape.context, shape.width) * kPlaceSpread)) {
  if (static_cast<std::int64_t>(chances.size()) != shape.codes) {
    fail(ErrorKind::internal, "{} chances for {} codes", chances.size(), shape.codes);
  }
  for (std::int64_t layer = 0; layer < shape.layers; ++layer) {
    layers_.emplace_back(parameters_, "layer." + std::to_string(layer),
                         nn::TransformerOptions{.width = shape.width, .heads = shape.heads, .inner = kInner * shape.width}, rng);
  }
  last_ = nn::LayerNorm(parameters_, "last", shape.width);
  const std::int64_t inputs = shape.width + shape.codes;
  first_ = nn::MaskedLinear(parameters_, "first", at::ones({inputs, inputs}).tril(), rng);
  second_ = nn::MaskedLinear(parameters_, "second", at::ones({shape.codes, inputs}).tril(shape.width - 1), rng);
  const at::Tensor bias = parameters_.value(second_.bias);
  for (std::int64_t code = 0; code < shape.codes; ++code) {
    const double chance = chances[static_cast<std::size_t>(code)];
    bias[code] = std::log(chance / (1 - chance));
  }
}

std::int64_t HaloNetwork::parameters(const HaloShape& shape) {
  const std::int64_t n = shape.width, inputs = n + shape.codes;
  const std::int64_t layer = (4 + 2 * kInner) * n * n + (4 + kInner + 1) * n + 4 * n;  // weights, biases, two normalisations
  return n * (shape.codes + shape.context) + shape.layers * layer + 2 * n + (inputs + shape.codes) * (inputs + 1);
}

at::Tensor HaloNetwork::history(nn::Tape& tape, const at::Tensor& visits) const {
  const std::int64_t steps = visits.size(1);
  at::Tensor x = embedding_(tape, visits) + tape.each(places_, visits.size(0)).narrow(1, 0, steps);
  const at::Tensor mask = nn::causal_mask(steps, x.options());
  for (const nn::TransformerLayer& layer : layers_) x = layer(tape, x, mask);
  return last_(tape, x);
}

at::Tensor HaloNetwork::logits(nn::Tape& tape, const at::Tensor& history, const at::Tensor& visits) const {
  return second_(tape, at::leaky_relu(first_(tape, at::cat({history, visits}, 2)), shape_.slope));
}

at::Tensor HaloNetwork::loss(nn::Tape& tape, const at::Tensor& visits, const at::Tensor& asked) const {
  const at::Tensor next = visits.slice(1, 1), before = history(tape, visits.slice(1, 0, -1));
  return at::binary_cross_entropy_with_logits(logits(tape, before, next), next, asked, {}, at::Reduction::Sum);
}

std::vector<nn::AttentionMemory> HaloNetwork::begin(std::int64_t subjects, std::int64_t visits) const {
  std::vector<nn::AttentionMemory> memories;
  for (std::int64_t layer = 0; layer < shape_.layers; ++layer) {
    memories.emplace_back(subjects, shape_.heads, visits, shape_.width, flat().options());
  }
  return memories;
}

at::Tensor HaloNetwork::next(nn::Tape& tape, const at::Tensor& visit, std::vector<nn::AttentionMemory>& memories) const {
  at::Tensor x = embedding_(tape, visit) + tape.value(places_)[memories.front().steps];
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) x = layers_[layer].next(tape, x, memories[layer]);
  return last_(tape, x);
}

}  // namespace understudy
