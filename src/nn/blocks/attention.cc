#include "nn/blocks/attention.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "understudy/error.h"

namespace understudy::nn {
namespace {

at::Tensor by_head(const at::Tensor& x, std::int64_t heads) {
  return x.reshape({x.size(0), x.size(1), heads, -1}).transpose(1, 2);  // [windows, heads, steps, width / heads]
}

at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, std::int64_t heads, const at::Tensor& mask) {
  const at::Tensor q = by_head(query, heads) / std::sqrt(static_cast<double>(query.size(2) / heads));
  at::Tensor scores = at::matmul(q, by_head(key, heads).transpose(2, 3));
  if (mask.defined()) scores = scores + (mask.dim() == 3 ? mask.unsqueeze(1) : mask);
  const at::Tensor mixed = at::matmul(scores.softmax(-1), by_head(value, heads));
  return mixed.transpose(1, 2).reshape(query.sizes());
}

void check_heads(std::int64_t width, std::int64_t heads) {
  if (heads < 1 || width % heads != 0) fail(ErrorKind::internal, "{} heads do not divide the width {}", heads, width);
}

}  // namespace

at::Tensor causal_mask(std::int64_t steps, const at::TensorOptions& options) {
  return at::full({steps, steps}, -std::numeric_limits<float>::infinity(), options).triu(1);
}

SelfAttention::SelfAttention(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t count, Rng& rng)
    : heads(count), in(parameters, name + ".in", width, 3 * width, rng), out(parameters, name + ".out", width, width, rng) {
  check_heads(width, count);
}

at::Tensor SelfAttention::operator()(Tape& tape, const at::Tensor& x, const at::Tensor& mask) const {
  const auto parts = in(tape, x).chunk(3, -1);
  return out(tape, attend(parts[0], parts[1], parts[2], heads, mask));
}

CrossAttention::CrossAttention(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t memory_width,
                               std::int64_t count, Rng& rng)
    : heads(count), query(parameters, name + ".query", width, width, rng),
      memory(parameters, name + ".memory", memory_width, 2 * width, rng), out(parameters, name + ".out", width, width, rng) {
  check_heads(width, count);
}

at::Tensor CrossAttention::operator()(Tape& tape, const at::Tensor& x, const at::Tensor& other, const at::Tensor& mask) const {
  const auto parts = memory(tape, other).chunk(2, -1);
  return out(tape, attend(query(tape, x), parts[0], parts[1], heads, mask));
}

TransformerLayer::TransformerLayer(Parameters& parameters, const std::string& name, const TransformerOptions& chosen, Rng& rng)
    : options(chosen), attention(parameters, name + ".attention", chosen.width, chosen.heads, rng),
      up(parameters, name + ".up", chosen.width, chosen.inner, rng), down(parameters, name + ".down", chosen.inner, chosen.width, rng),
      first(parameters, name + ".first", chosen.width), second(parameters, name + ".second", chosen.width) {}

at::Tensor TransformerLayer::operator()(Tape& tape, const at::Tensor& x, const at::Tensor& mask) const {
  const auto feed_forward = [&](const at::Tensor& h) {
    const at::Tensor wide = up(tape, h);
    return down(tape, options.gelu ? at::gelu(wide) : at::relu(wide));
  };
  if (options.norm_first) {
    const at::Tensor h = x + attention(tape, first(tape, x), mask);
    return h + feed_forward(second(tape, h));
  }
  const at::Tensor h = first(tape, x + attention(tape, x, mask));
  return second(tape, h + feed_forward(h));
}

}  // namespace understudy::nn
