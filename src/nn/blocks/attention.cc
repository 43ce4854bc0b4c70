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

// Key and value by head.
at::Tensor attend_by_head(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const at::Tensor& mask) {
  const std::int64_t heads = key.size(1);
  const at::Tensor q = by_head(query, heads) / std::sqrt(static_cast<double>(query.size(2) / heads));
  at::Tensor scores = at::matmul(q, key.transpose(2, 3));
  if (mask.defined()) scores = scores + (mask.dim() == 3 ? mask.unsqueeze(1) : mask);
  return at::matmul(scores.softmax(-1), value).transpose(1, 2).reshape(query.sizes());
}

at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, std::int64_t heads, const at::Tensor& mask) {
  return attend_by_head(query, by_head(key, heads), by_head(value, heads), mask);
}

void check_heads(std::int64_t width, std::int64_t heads) {
  if (heads < 1 || width % heads != 0) fail(ErrorKind::internal, "{} heads do not divide the width {}", heads, width);
}

}  // namespace

at::Tensor causal_mask(std::int64_t steps, const at::TensorOptions& options) {
  return at::full({steps, steps}, -std::numeric_limits<float>::infinity(), options).triu(1);
}

AttentionMemory::AttentionMemory(std::int64_t windows, std::int64_t heads, std::int64_t most, std::int64_t width,
                                 const at::TensorOptions& options)
    : keys(at::empty({windows, heads, most, width / heads}, options)), values(at::empty_like(keys)) {}

void AttentionMemory::keep(std::int64_t windows) {
  keys = keys.narrow(0, 0, windows);
  values = values.narrow(0, 0, windows);
}

SelfAttention::SelfAttention(Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t count, Rng& rng)
    : heads(count), in(parameters, name + ".in", width, 3 * width, rng), out(parameters, name + ".out", width, width, rng) {
  check_heads(width, count);
}

at::Tensor SelfAttention::operator()(Tape& tape, const at::Tensor& x, const at::Tensor& mask) const {
  const auto parts = in(tape, x).chunk(3, -1);
  return out(tape, attend(parts[0], parts[1], parts[2], heads, mask));
}

at::Tensor SelfAttention::next(Tape& tape, const at::Tensor& x, AttentionMemory& memory) const {
  const auto parts = in(tape, x).chunk(3, -1);
  memory.keys.narrow(2, memory.steps, 1).copy_(by_head(parts[1], heads));
  memory.values.narrow(2, memory.steps, 1).copy_(by_head(parts[2], heads));
  ++memory.steps;
  return out(tape, attend_by_head(parts[0], memory.keys.narrow(2, 0, memory.steps), memory.values.narrow(2, 0, memory.steps), {}));
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

namespace {

// attend: what the attention makes of its input.
template <class Attend>
at::Tensor layer_around(const TransformerLayer& layer, Tape& tape, const at::Tensor& x, const Attend& attend) {
  const auto feed_forward = [&](const at::Tensor& h) {
    const at::Tensor wide = layer.up(tape, h);
    return layer.down(tape, layer.options.gelu ? at::gelu(wide) : at::relu(wide));
  };
  if (layer.options.norm_first) {
    const at::Tensor h = x + attend(layer.first(tape, x));
    return h + feed_forward(layer.second(tape, h));
  }
  const at::Tensor h = layer.first(tape, x + attend(x));
  return layer.second(tape, h + feed_forward(h));
}

}  // namespace

at::Tensor TransformerLayer::operator()(Tape& tape, const at::Tensor& x, const at::Tensor& mask) const {
  return layer_around(*this, tape, x, [&](const at::Tensor& h) { return attention(tape, h, mask); });
}

at::Tensor TransformerLayer::next(Tape& tape, const at::Tensor& x, AttentionMemory& memory) const {
  return layer_around(*this, tape, x, [&](const at::Tensor& h) { return attention.next(tape, h, memory); });
}

}  // namespace understudy::nn
