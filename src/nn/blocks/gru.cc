#include "nn/blocks/gru.h"

#include <ATen/ATen.h>

#include "nn/blocks/smooth.h"

namespace understudy::nn {
namespace {

// u: W_hn h + b_hn. Pointers that the compiler may take as apart make the loops vectors.
void forward_row(std::int64_t hidden, const float* __restrict u, float* __restrict r, float* __restrict z, float* __restrict n,
                 const float* __restrict before, float* __restrict after) {
  for (std::int64_t j = 0; j < hidden; ++j) {
    r[j] = logistic(r[j]);
    z[j] = logistic(z[j]);
    n[j] = tangent(n[j] + r[j] * u[j]);
    after[j] = n[j] + z[j] * (before[j] - n[j]);
  }
}

void forward_loop(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after) {
  const std::int64_t rows = before.size(1), hidden = before.size(2);
  float* g = gates.data_ptr<float>();
  const float* h = before.data_ptr<float>();
  float* next = after.data_ptr<float>();
  for (std::int64_t i = 0; i < rows; ++i, g += 4 * hidden, h += hidden, next += hidden) {
    forward_row(hidden, g, g + hidden, g + 2 * hidden, g + 3 * hidden, h, next);
  }
}

void backward_row(std::int64_t hidden, float* __restrict u, float* __restrict r, float* __restrict z, float* __restrict n,
                  const float* __restrict before, const float* __restrict gradient, float* __restrict carry) {
  for (std::int64_t j = 0; j < hidden; ++j) {
    const float dh = gradient[j] + carry[j];
    const float dn = dh * (1 - z[j]) * (1 - n[j] * n[j]);
    carry[j] = dh * z[j];
    z[j] = dh * (before[j] - n[j]) * z[j] * (1 - z[j]);
    n[j] = dn;
    const float reset = r[j];
    r[j] = dn * u[j] * reset * (1 - reset);
    u[j] = dn * reset;
  }
}

void backward_loop(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& /*after*/, const at::Tensor& gradient,
                   const at::Tensor& carry) {
  const std::int64_t rows = before.size(1), hidden = before.size(2);
  float* g = gates.data_ptr<float>();
  const float* h = before.data_ptr<float>();
  const float* d = gradient.data_ptr<float>();
  float* c = carry.data_ptr<float>();
  for (std::int64_t i = 0; i < rows; ++i, g += 4 * hidden, h += hidden, d += hidden, c += hidden) {
    backward_row(hidden, g, g + hidden, g + 2 * hidden, g + 3 * hidden, h, d, c);
  }
}

void forward_operations(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& after) {
  const std::vector<at::Tensor> block = gates.chunk(4, 1);
  const at::Tensor &u = block[0], &r = block[1].sigmoid_(), &z = block[2].sigmoid_(), &n = block[3].addcmul_(r, u).tanh_();
  after[0].copy_(n + z * (before[0] - n));
}

void backward_operations(const at::Tensor& gates, const at::Tensor& before, const at::Tensor& /*after*/,
                         const at::Tensor& gradient, const at::Tensor& carry) {
  const std::vector<at::Tensor> block = gates.chunk(4, 1);
  const at::Tensor &u = block[0], &r = block[1], &z = block[2], &n = block[3];
  const at::Tensor dh = gradient + carry[0];
  const at::Tensor dn = dh * (1 - z) * (1 - n * n), dz = dh * (before[0] - n) * z * (1 - z), dr = dn * u * r * (1 - r);
  carry[0].copy_(dh * z);
  u.copy_(dn * r);
  r.copy_(dr);
  z.copy_(dz);
  n.copy_(dn);
}

}  // namespace

const Cell& gru_cell() {
  static const Cell cell{.blocks = 3, .input_from = 1, .parts = 1, .loops = {forward_loop, backward_loop},
                         .operations = {forward_operations, backward_operations}};
  return cell;
}

}  // namespace understudy::nn
