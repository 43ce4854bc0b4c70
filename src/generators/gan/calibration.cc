#include "generators/gan/calibration.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "nn/store.h"

namespace understudy {
namespace {

float interpolate(std::span<const float> from, std::span<const float> to, float x) {
  const auto above = static_cast<std::size_t>(std::upper_bound(from.begin(), from.end(), x) - from.begin());
  if (above == 0) return to.front();
  if (above == from.size()) return to.back();
  const float share = (x - from[above - 1]) / (from[above] - from[above - 1]);
  return to[above - 1] + share * (to[above] - to[above - 1]);
}

void follow_knots(const GanHead& head, const at::Tensor& from, const at::Tensor& to, const at::Tensor& rows) {
  const auto knots = static_cast<std::size_t>(from.size(1));
  std::size_t scalar = 0;
  for (const Block& block : head.blocks()) {
    if (block.kind != Block::Kind::scalar) continue;
    const std::span<const float> source(from.data_ptr<float>() + scalar * knots, knots);
    const std::span<const float> target(to.data_ptr<float>() + scalar * knots, knots);
    float* value = rows.data_ptr<float>() + block.offset;
    for (std::int64_t row = 0; row < rows.size(0); ++row, value += rows.size(1)) {
      *value = interpolate(source, target, *value);
    }
    ++scalar;
  }
}

}  // namespace

GanCalibration no_calibration(const GanHead& head) {
  const at::Tensor none = at::zeros({head.width()}, at::kFloat);
  const at::Tensor no_knots = at::empty({0, 0}, at::kFloat);
  return {none, at::zeros({head.width(), head.width()}, at::kFloat), none, none, no_knots, no_knots};
}

at::Tensor GanCalibration::rows(const GanHead& head, const at::Tensor& raw, Rng& rng) const {
  const at::Tensor row = head.hard(raw + logit_shift, head.noise(rng, raw.size(0)));
  const at::Tensor there = head.present(row);
  at::Tensor result = (row + there * at::addmm(offset, (row - centre) * there, map.t())).contiguous();
  if (from.numel() > 0) follow_knots(head, from, to, result);
  return head.gated(result);
}

void GanCalibration::save(TensorFile& file, const std::string& name) const {
  nn::put(file, name + ".logit_shift", logit_shift);
  nn::put(file, name + ".map", map);
  nn::put(file, name + ".centre", centre);
  nn::put(file, name + ".offset", offset);
  nn::put(file, name + ".from", from);
  nn::put(file, name + ".to", to);
}

GanCalibration GanCalibration::load(const TensorFile& file, const std::string& name) {
  return {nn::take(file, name + ".logit_shift"), nn::take(file, name + ".map"), nn::take(file, name + ".centre"),
          nn::take(file, name + ".offset"), nn::take(file, name + ".from"), nn::take(file, name + ".to")};
}

bool GanCalibration::fits(const GanHead& head) const {
  const std::int64_t width = head.width();
  const auto is = [](const at::Tensor& x, std::vector<std::int64_t> shape) { return x.sizes().vec() == shape; };
  const auto scalars = static_cast<std::int64_t>(head.scalars().sum().item<float>());
  return is(logit_shift, {width}) && is(centre, {width}) && is(offset, {width}) && is(map, {width, width}) &&
         from.sizes() == to.sizes() && from.dim() == 2 && (from.numel() == 0 || from.size(0) == scalars);
}

}  // namespace understudy
