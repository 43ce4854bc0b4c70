#include "nn/blocks/lstm.h"

#include <ATen/ATen.h>

#include "nn/blocks/smooth.h"

namespace understudy::nn {
namespace {

// The numbers of part `part` of a state.
float* part_of(const at::Tensor& state, std::int64_t part) { return state.data_ptr<float>() + part * state.stride(0); }

void forward_row(std::int64_t hidden, float* __restrict i, float* __restrict f, float* __restrict g, float* __restrict o,
                 const float* __restrict memory_before, float* __restrict memory, float* __restrict after) {
  for (std::int64_t j = 0; j < hidden; ++j) {
    i[j] = logistic(i[j]);
    f[j] = logistic(f[j]);
    g[j] = tangent(g[j]);
    o[j] = logistic(o[j]);
    memory[j] = f[j] * memory_before[j] + i[j] * g[j];
    after[j] = o[j] * tangent(memory[j]);
  }
}

void forward_loop(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after) {
  const std::int64_t rows = before.size(1), hidden = before.size(2);
  float* g = gates.data_ptr<float>();
  for (std::int64_t row = 0; row < rows; ++row, g += 4 * hidden) {
    const std::int64_t at = row * hidden;
    forward_row(hidden, g, g + hidden, g + 2 * hidden, g + 3 * hidden, part_of(before, 1) + at, part_of(after, 1) + at,
                part_of(after, 0) + at);
  }
}

void backward_row(std::int64_t hidden, float* __restrict i, float* __restrict f, float* __restrict g, float* __restrict o,
                  const float* __restrict memory_before, const float* __restrict memory, const float* __restrict gradient,
                  float* __restrict carry, float* __restrict memory_carry) {
  for (std::int64_t j = 0; j < hidden; ++j) {
    const float dh = gradient[j] + carry[j], shown = tangent(memory[j]);
    const float dc = memory_carry[j] + dh * o[j] * (1 - shown * shown);
    const float in = i[j], forget = f[j], candidate = g[j];
    o[j] = dh * shown * o[j] * (1 - o[j]);
    i[j] = dc * candidate * in * (1 - in);
    f[j] = dc * memory_before[j] * forget * (1 - forget);
    g[j] = dc * in * (1 - candidate * candidate);
    carry[j] = 0;
    memory_carry[j] = dc * forget;
  }
}

void backward_loop(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after, const at::Tensor& gradient,
                   const at::Tensor& carry) {
  const std::int64_t rows = before.size(1), hidden = before.size(2);
  float* g = gates.data_ptr<float>();
  for (std::int64_t row = 0; row < rows; ++row, g += 4 * hidden) {
    const std::int64_t at = row * hidden;
    backward_row(hidden, g, g + hidden, g + 2 * hidden, g + 3 * hidden, part_of(before, 1) + at, part_of(after, 1) + at,
                 gradient.data_ptr<float>() + at, part_of(carry, 0) + at, part_of(carry, 1) + at);
  }
}

void forward_operations(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after) {
  const std::vector<at::Tensor> block = gates.chunk(4, 1);
  const at::Tensor &i = block[0].sigmoid_(), &f = block[1].sigmoid_(), &g = block[2].tanh_(), &o = block[3].sigmoid_();
  after[1].copy_(f * before[1] + i * g);
  after[0].copy_(o * after[1].tanh());
}

void backward_operations(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after, const at::Tensor& gradient,
                         const at::Tensor& carry) {
  const std::vector<at::Tensor> block = gates.chunk(4, 1);
  const at::Tensor &i = block[0], &f = block[1], &g = block[2], &o = block[3];
  const at::Tensor dh = gradient + carry[0], shown = after[1].tanh();
  const at::Tensor dc = carry[1] + dh * o * (1 - shown * shown);
  const at::Tensor di = dc * g * i * (1 - i), dg = dc * i * (1 - g * g);
  carry[0].zero_();
  carry[1].copy_(dc * f);
  i.copy_(di);
  f.copy_(dc * before[1] * f * (1 - f));
  g.copy_(dg);
  o.copy_(dh * shown * o * (1 - o));
}

}  // namespace

const Cell& lstm_cell() {
  static const Cell cell{.blocks = 4, .input_from = 0, .parts = 2, .loops = {forward_loop, backward_loop},
                         .operations = {forward_operations, backward_operations}};
  return cell;
}

}  // namespace understudy::nn
