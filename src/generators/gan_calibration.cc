#include "generators/gan_calibration.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "nn/store.h"

namespace understudy {
namespace {

constexpr std::int64_t kKnots = 257;
constexpr int kOffsetRounds = 100;
constexpr double kNever = -1000;  // a logit no noise lifts above 0

std::vector<std::int64_t> scalar_positions(const GanHead& head) {
  std::vector<std::int64_t> result;
  for (const Block& block : head.blocks()) {
    if (block.kind == Block::Kind::scalar) result.push_back(block.offset);
  }
  return result;
}

// [rows, width]: 1 at scalars none of whose flags is up.
at::Tensor presence(const GanHead& head, const at::Tensor& row) {
  return head.gated(at::where(head.scalars() > 0, at::ones({}, row.options()), row)) * head.scalars();
}

// Shifts of the logits after which flags and categories come up as often as in the training rows.
at::Tensor logit_shifts(const GanHead& head, const at::Tensor& raw, const at::Tensor& real) {
  const at::Tensor wanted = real.mean(0);
  const at::Tensor log_odds = head.flags() * at::log1p(-wanted.clamp(0, 1 - 1e-7));
  at::Tensor shift = at::zeros_like(wanted);
  const at::Tensor choice = head.flags() + head.hots();
  for (int round = 0; round < kOffsetRounds; ++round) {
    const at::Tensor share = head.expected(raw + shift).mean(0).clamp(1e-7, 1 - 1e-7);
    const at::Tensor log_share = share.log() - head.flags() * at::log1p(-share);
    shift = (shift + choice * (wanted.clamp_min(1e-7).log() - log_odds - log_share)).clamp(-30, 30);
  }
  shift = at::where((wanted <= 0).logical_and(choice > 0), at::full({}, kNever, shift.options()), shift);
  return at::where((wanted >= 1).logical_and(head.flags() > 0), at::full({}, -kNever, shift.options()), shift);
}

// Location, spread and correlation of scalars where they are there; a pair counts over the rows that have both.
struct Moments {
  at::Tensor mean, deviation;  // [width]
  at::Tensor correlation;      // [width, width]; 0 for pairs never seen together, 1 on the diagonal
};

Moments moments(const at::Tensor& values, const at::Tensor& there) {
  const at::Tensor m = there.to(at::kDouble);
  const at::Tensor x = values.to(at::kDouble) * m;
  const at::Tensor count = at::matmul(m.t(), m).clamp_min(1);
  const at::Tensor mean = at::matmul(x.t(), m) / count;  // [i, j]: of i over rows with i and j
  const at::Tensor variance = (at::matmul((x * x).t(), m) / count - mean * mean).clamp_min(1e-12);
  at::Tensor correlation = at::matmul(x.t(), x) / count - mean * mean.t();
  correlation = (correlation / (variance * variance.t()).sqrt()).clamp(-1, 1);
  correlation.fill_diagonal_(1);
  return {mean.diagonal().clone(), variance.diagonal().sqrt(), correlation};
}

template <class F>
at::Tensor spectral(const at::Tensor& symmetric, F f) {
  const auto [values, vectors] = at::linalg_eigh(symmetric);
  return at::matmul(vectors * f(values.clamp_min(1e-4)), vectors.t());
}

// The linear map that turns correlations `from` into `to` and moves points least (optimal transport between the two
// Gaussians): from^-1/2 (from^1/2 to from^1/2)^1/2 from^-1/2.
at::Tensor transport(const at::Tensor& from, const at::Tensor& to) {
  const at::Tensor root = spectral(from, [](const at::Tensor& v) { return v.sqrt(); });
  const at::Tensor inverse = spectral(from, [](const at::Tensor& v) { return v.rsqrt(); });
  const at::Tensor to_floored = spectral(to, [](const at::Tensor& v) { return v; });
  const at::Tensor middle = at::matmul(root, at::matmul(to_floored, root));
  return at::matmul(inverse, at::matmul(spectral(middle, [](const at::Tensor& v) { return v.sqrt(); }), inverse));
}

// Values of column `position` in rows where it is there, ascending.
at::Tensor sorted_values(const at::Tensor& values, const at::Tensor& there, std::int64_t position) {
  const at::Tensor column = values.select(1, position).masked_select(there.select(1, position) > 0.5);
  return std::get<0>(column.sort());
}

// Evenly spaced quantiles of sorted values, ends included.
void fill_quantiles(const at::Tensor& sorted, float* out) {
  const float* values = sorted.data_ptr<float>();
  const std::int64_t n = sorted.numel();
  for (std::int64_t k = 0; k < kKnots; ++k) {
    const double at = static_cast<double>(k) / (kKnots - 1) * static_cast<double>(n - 1);
    const auto i = std::min(static_cast<std::int64_t>(at), n - 1);
    const auto share = static_cast<float>(at - static_cast<double>(i));
    out[k] = values[i] + share * (values[std::min(i + 1, n - 1)] - values[i]);
  }
}

void fit_knots(GanCalibration& calibration, const GanHead& head, const at::Tensor& raw, const at::Tensor& there,
               const at::Tensor& real) {
  const auto positions = scalar_positions(head);
  const at::Tensor mapped = calibration.apply(head, raw);
  const at::Tensor real_there = presence(head, real);
  at::Tensor from = at::zeros({static_cast<std::int64_t>(positions.size()), kKnots}, at::kFloat);
  at::Tensor to = from.clone();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const at::Tensor source = sorted_values(mapped, there, positions[i]);
    const at::Tensor target = sorted_values(real, real_there, positions[i]);
    if (source.numel() == 0 || target.numel() == 0) continue;  // never there: nothing to mend
    const auto row = static_cast<std::int64_t>(i);
    fill_quantiles(source, from[row].data_ptr<float>());
    fill_quantiles(target, to[row].data_ptr<float>());
  }
  calibration.from = from;
  calibration.to = to;
}

float interpolate(std::span<const float> from, std::span<const float> to, float x) {
  const auto above = static_cast<std::size_t>(std::upper_bound(from.begin(), from.end(), x) - from.begin());
  if (above == 0) return to.front();
  if (above == from.size()) return to.back();
  const float share = (x - from[above - 1]) / (from[above] - from[above - 1]);
  return to[above - 1] + share * (to[above] - to[above - 1]);
}

}  // namespace

GanCalibration no_calibration(std::int64_t width) {
  return {at::eye(width, at::kFloat), at::zeros({width}, at::kFloat), at::empty({0, 0}, at::kFloat),
          at::empty({0, 0}, at::kFloat)};
}

at::Tensor GanCalibration::apply(const GanHead& head, const at::Tensor& raw) const {
  at::Tensor result = at::addmm(shift, raw, matrix.t());
  if (from.numel() == 0) return result;
  const auto knots = static_cast<std::size_t>(from.size(1));
  const auto positions = scalar_positions(head);
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const std::span<const float> source(from.data_ptr<float>() + i * knots, knots);
    const std::span<const float> target(to.data_ptr<float>() + i * knots, knots);
    float* value = result.data_ptr<float>() + positions[i];
    for (std::int64_t row = 0; row < result.size(0); ++row, value += result.size(1)) {
      *value = interpolate(source, target, *value);
    }
  }
  return result;
}

void GanCalibration::save(TensorFile& file, const std::string& name) const {
  nn::put(file, name + ".matrix", matrix);
  nn::put(file, name + ".shift", shift);
  nn::put(file, name + ".from", from);
  nn::put(file, name + ".to", to);
}

GanCalibration GanCalibration::load(const TensorFile& file, const std::string& name) {
  return {nn::take(file, name + ".matrix"), nn::take(file, name + ".shift"), nn::take(file, name + ".from"),
          nn::take(file, name + ".to")};
}

GanCalibration calibrate_marginals(const GanHead& head, const at::Tensor& raw, const at::Tensor& real, Rng rng) {
  GanCalibration calibration = no_calibration(head.width());
  if (head.has_choices()) calibration.shift = logit_shifts(head, raw, real);
  const at::Tensor row = head.hard(calibration.apply(head, raw), head.noise(rng, raw.size(0)));
  fit_knots(calibration, head, raw, presence(head, row), real);
  return calibration;
}

GanCalibration calibrate_moments(const GanHead& head, const at::Tensor& raw, const at::Tensor& real, Rng rng) {
  GanCalibration calibration = no_calibration(head.width());
  if (head.has_choices()) calibration.shift = logit_shifts(head, raw, real);
  const at::Tensor shifted = calibration.apply(head, raw);
  const at::Tensor there = presence(head, head.hard(shifted, head.noise(rng, raw.size(0))));
  const Moments generated = moments(shifted, there);
  const Moments wanted = moments(real, presence(head, real));
  // x' = mean_w + dev_w T (x - mean_g) / dev_g on scalars; logits only keep their shift.
  const at::Tensor scalars = head.scalars().to(at::kDouble);
  const at::Tensor step = at::matmul(at::diag(wanted.deviation),
                                     at::matmul(transport(generated.correlation, wanted.correlation),
                                                at::diag(1 / generated.deviation)));
  const at::Tensor matrix = step * at::outer(scalars, scalars) + at::diag(1 - scalars);
  const at::Tensor offset = (wanted.mean - at::matmul(matrix, generated.mean)) * scalars;
  calibration.matrix = matrix.to(at::kFloat);
  calibration.shift = calibration.shift + offset.to(at::kFloat);
  fit_knots(calibration, head, raw, there, real);
  return calibration;
}

}  // namespace understudy
