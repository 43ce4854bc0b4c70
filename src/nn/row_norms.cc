#include "nn/row_norms.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "nn/blas.h"
#include "nn/row.h"

namespace understudy::nn {
namespace {

constexpr double kUnit = 0x1p-24;
constexpr double kMargin = 8;         // in units of the rounding of one product
constexpr double kMostMargin = 1e-4;  // of the square; beyond, the gradient is instantiated in doubles

using SubjectRows = Rows<float>;

SubjectRows rows_of(const at::Tensor& all, std::int64_t subject) {
  const std::int64_t rows = all.size(1), width = all.size(2);
  return {all.data_ptr<float>() + subject * all.stride(0), rows, width, rows == 1 ? width : all.stride(1)};
}

// As rows_of takes them. Gradients may come from a transposition or, of a sum, as one number for all.
at::Tensor with_rows(const at::Tensor& x) { return x.stride(2) == 1 && x.stride(1) >= x.size(2) ? x : x.contiguous(); }

// Memory that every subject uses anew.
struct Scratch {
  std::vector<float> left, right;
};

struct Square {
  double value, margin;
};

// Sums of (left + bias) right and of its magnitude over the first `count` entries; eight lanes, so that it is one vector.
Square row_sums(const float* left, const float* right, std::int64_t count, float bias) {
  constexpr std::int64_t kLanes = 8;
  float sum[kLanes] = {}, magnitude[kLanes] = {};
  std::int64_t s = 0;
  for (; s + kLanes <= count; s += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const float term = (left[s + lane] + bias) * right[s + lane];
      sum[lane] += term;
      magnitude[lane] += std::abs(term);
    }
  }
  Square result{0, 0};
  for (std::int64_t lane = 0; lane < kLanes; ++lane) result = {result.value + sum[lane], result.margin + magnitude[lane]};
  for (; s < count; ++s) {
    const double term = (static_cast<double>(left[s]) + bias) * right[s];
    result = {result.value + term, result.margin + std::abs(term)};
  }
  return result;
}

Square by_gram(const SubjectRows& a, const SubjectRows& g, float bias, Scratch& scratch) {
  scratch.left.resize(static_cast<std::size_t>(a.rows * a.rows));
  scratch.right.resize(scratch.left.size());
  gram(a, scratch.left.data());
  gram(g, scratch.right.data());
  Square total{0, 0};
  for (std::int64_t t = 0; t < a.rows; ++t) {
    const float* left = scratch.left.data() + t * a.rows;
    const float* right = scratch.right.data() + t * a.rows;
    const Square before = row_sums(left, right, t, bias);
    const double own = (static_cast<double>(left[t]) + bias) * right[t];
    total = {total.value + 2 * before.value + own, total.margin + 2 * before.margin + own};
  }
  return {std::max(total.value, 0.0), kMargin * kUnit * total.margin};
}

double by_instance(const SubjectRows& a, const SubjectRows& g, bool has_bias, Scratch& scratch) {
  scratch.left.resize(static_cast<std::size_t>(g.width * a.width));
  inner_product(g, a, scratch.left.data());
  double sum = 0;
  for (const float entry : scratch.left) sum += static_cast<double>(entry) * entry;
  for (std::int64_t d = 0; has_bias && d < g.width; ++d) {
    double entry = 0;
    for (std::int64_t t = 0; t < g.rows; ++t) entry += g.data[t * g.stride + d];
    sum += entry * entry;
  }
  return sum;
}

// For what cancels: in doubles, where nothing of a float's product is lost.
double by_double(const SubjectRows& a, const SubjectRows& g, bool has_bias) {
  const auto widened = [](const SubjectRows& x, std::int64_t more) {
    std::vector<double> values(static_cast<std::size_t>(x.rows * (x.width + more)), 1.0);
    for (std::int64_t t = 0; t < x.rows; ++t) {
      std::copy(x.data + t * x.stride, x.data + t * x.stride + x.width, values.begin() + t * (x.width + more));
    }
    return values;
  };
  const std::int64_t p = a.width + has_bias, d = g.width;
  const std::vector<double> inputs = widened(a, has_bias), gradients = widened(g, 0);
  std::vector<double> product(static_cast<std::size_t>(d * p));
  inner_product({gradients.data(), g.rows, d, d}, {inputs.data(), a.rows, p, p}, product.data());
  double sum = 0;
  for (const double entry : product) sum += entry * entry;
  return sum;
}

double square(const SubjectRows& a, const SubjectRows& g, bool has_bias, bool takes_gram, NormRule rule, Scratch& scratch) {
  if (!takes_gram) return by_instance(a, g, has_bias, scratch);
  const Square found = by_gram(a, g, has_bias ? 1.0F : 0.0F, scratch);
  if (rule == NormRule::cheaper && !(found.margin <= kMostMargin * found.value)) return by_double(a, g, has_bias);
  return found.value + found.margin;
}

double sum_of_squares(const float* values, std::int64_t count) {
  constexpr std::int64_t kLanes = 16;
  float lanes[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += values[i + lane] * values[i + lane];
  }
  double sum = 0;
  for (const float lane : lanes) sum += lane;
  for (; i < count; ++i) sum += static_cast<double>(values[i]) * values[i];
  return sum;
}

at::Tensor of_one_row(const at::Tensor& inputs, const at::Tensor& gradients, bool has_bias) {
  if (!is_here(inputs)) {
    const auto squares = [](const at::Tensor& x) { return x.select(1, 0).to(at::kDouble).square().sum(1); };
    return (squares(inputs) + (has_bias ? 1.0 : 0.0)) * squares(gradients);
  }
  at::Tensor result = at::empty({inputs.size(0)}, at::kDouble);
  for (std::int64_t i = 0; i < inputs.size(0); ++i) {
    const SubjectRows a = rows_of(inputs, i), g = rows_of(gradients, i);
    result.data_ptr<double>()[i] = (sum_of_squares(a.data, a.width) + (has_bias ? 1.0 : 0.0)) * sum_of_squares(g.data, g.width);
  }
  return result;
}

at::Tensor instances_on_device(const at::Tensor& inputs, const at::Tensor& gradients, bool has_bias) {
  const at::Tensor squares = at::bmm(gradients.transpose(1, 2), inputs).to(at::kDouble).square().sum({1, 2});
  return has_bias ? squares + gradients.sum(1).to(at::kDouble).square().sum(1) : squares;
}

at::Tensor grams_on_device(const at::Tensor& inputs, const at::Tensor& gradients, bool has_bias, NormRule rule) {
  const at::Tensor left = at::bmm(inputs, inputs.transpose(1, 2)) + (has_bias ? 1.0 : 0.0);
  const at::Tensor terms = (left * at::bmm(gradients, gradients.transpose(1, 2))).to(at::kDouble);
  const at::Tensor squares = terms.sum({1, 2}).clamp_min(0), margin = kMargin * kUnit * terms.abs().sum({1, 2});
  at::Tensor result = squares + margin;
  const at::Tensor doubtful = at::logical_not(margin <= kMostMargin * squares).nonzero().view({-1});
  if (rule == NormRule::cheaper && doubtful.numel() > 0) {
    const auto chosen = [&](const at::Tensor& x) { return x.index_select(0, doubtful).to(at::kDouble); };
    result.index_copy_(0, doubtful, instances_on_device(chosen(inputs), chosen(gradients), has_bias));
  }
  return result;
}

// Where there are no loops of ours.
at::Tensor on_device(const at::Tensor& inputs, const at::Tensor& gradients, bool has_bias, bool takes_gram, NormRule rule) {
  return takes_gram ? grams_on_device(inputs, gradients, has_bias, rule) : instances_on_device(inputs, gradients, has_bias);
}

}  // namespace

at::Tensor squared_norms(const at::Tensor& some_inputs, const at::Tensor& some_gradients, bool has_bias, NormRule rule) {
  const at::Tensor inputs = with_rows(some_inputs), gradients = with_rows(some_gradients);
  const std::int64_t subjects = inputs.size(0), rows = inputs.size(1), p = inputs.size(2), d = gradients.size(2);
  if (rows == 1 && rule == NormRule::cheaper) return of_one_row(inputs, gradients, has_bias);
  const bool is_cheaper = 0.7 * static_cast<double>(rows) * static_cast<double>(p + d) < static_cast<double>(p) * static_cast<double>(d);
  const bool takes_gram = rule == NormRule::gram || (rule == NormRule::cheaper && is_cheaper);
  if (!is_here(inputs)) return on_device(inputs, gradients, has_bias, takes_gram, rule);
  at::Tensor result = at::empty({subjects}, at::kDouble);
  Scratch scratch;
  for (std::int64_t i = 0; i < subjects; ++i) {
    result.data_ptr<double>()[i] = square(rows_of(inputs, i), rows_of(gradients, i), has_bias, takes_gram, rule, scratch);
  }
  return result;
}

}  // namespace understudy::nn
