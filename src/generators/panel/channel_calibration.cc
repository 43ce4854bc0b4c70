#include "generators/panel/channel_calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "encode/normal.h"
#include "generators/marginal_draws.h"

namespace understudy {
namespace {

constexpr std::int64_t kReference = 16384;  // rows drawn from the marginals; a share is known to 0.004
constexpr double kSpread = 3;               // Codec: standard deviations in a scalar of 1
constexpr double kEdge = 1e-6;              // chances are taken as at least this far from 0 and 1
constexpr double kMostShift = 60;
constexpr float kNever = -1000;             // a shift that no chance makes up for
constexpr int kRounds = 100;
constexpr std::size_t kEnough = 8192;       // rows that shifts are fitted on

double unit_of(Coding coding, double scalar) { return coding == Coding::quantile ? normal_cdf(kSpread * scalar) : (scalar + 1) / 2; }
double scalar_of(Coding coding, double unit) {
  if (coding == Coding::bounds) return 2 * unit - 1;
  return std::clamp(normal_quantile(std::clamp(unit, 0.0, 1.0)) / kSpread, -double{kScalarLimit}, double{kScalarLimit});
}

double chance(double p) { return std::clamp(std::isnan(p) ? 0.5 : p, kEdge, 1 - kEdge); }
double logit(double p) { return std::log(chance(p)) - std::log1p(-chance(p)); }
double logistic(double x) { return 1 / (1 + std::exp(-x)); }

// Positions of the flags that say that a column's scalar is not there; they follow it.
struct Scalar {
  std::size_t position, first_flag, last_flag;
  bool is_there(const float* row) const {
    return std::all_of(row + first_flag, row + last_flag, [](float flag) { return flag < 0.5F; });
  }
};

std::vector<Scalar> scalars_of(const Codec& codec) {
  std::vector<Scalar> result;
  for (const Block& block : codec.blocks()) {
    const auto at = static_cast<std::size_t>(block.offset);
    if (block.kind == Block::Kind::scalar) result.push_back({at, at + 1, at + 1});
    if (block.kind == Block::Kind::flag) result.back().last_flag = at + 1;
  }
  return result;
}

template <class Visit>
void for_each_row(const Codec& codec, std::size_t numbers, const Visit& visit) {
  const auto width = static_cast<std::size_t>(codec.width());
  for (std::size_t at = 0; at + width <= numbers && width > 0; at += width) visit(at);
}

// weights[k] = softmax of the block's chances, shifted.
void category_weights(const float* chances, const float* shift, double sharpness, std::span<double> weights) {
  double most = -1e9;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    weights[k] = sharpness * std::log(chance(chances[k])) + (shift != nullptr ? shift[k] : 0);
    most = std::max(most, weights[k]);
  }
  double sum = 0;
  for (double& weight : weights) sum += weight = std::exp(weight - most);
  for (double& weight : weights) weight /= sum;
}

void draw_choices(const Block& block, const float* shift, double sharpness, const float* from, float* to, Rng& rng) {
  const auto width = static_cast<std::size_t>(block.width);
  if (block.kind == Block::Kind::one_hot) {
    std::vector<double> weights(width);
    category_weights(from, shift, sharpness, weights);
    std::partial_sum(weights.begin(), weights.end(), weights.begin());
    std::fill_n(to, width, 0.0F);
    to[rng.weighted(weights)] = 1;
    return;
  }
  for (std::size_t k = 0; k < width; ++k) {
    to[k] = rng.uniform() < logistic(sharpness * logit(from[k]) + (shift != nullptr ? shift[k] : 0)) ? 1 : 0;
  }
}

// Rows of the marginals, each column by itself, encoded.
std::vector<float> reference_rows(const Codec& codec, std::span<const Marginal> marginals, const Rng& rng) {
  Table table(codec.specs());
  table.resize(kReference);
  draw_columns(codec.specs(), marginals, table, rng, Context{});
  std::vector<std::int64_t> rows(static_cast<std::size_t>(kReference));
  std::iota(rows.begin(), rows.end(), 0);
  std::vector<float> encoded(rows.size() * static_cast<std::size_t>(codec.width()));
  Rng jitter = rng.stream("jitter");
  codec.encode(table, rows, encoded, jitter);
  return encoded;
}

// Every so many-th row, where there are more than enough.
std::vector<float> thinned(const Codec& codec, std::span<const float> rows) {
  const auto width = static_cast<std::size_t>(codec.width());
  const std::size_t stride = std::max<std::size_t>(rows.size() / (width * kEnough), 1);
  std::vector<float> result;
  for (std::size_t at = 0; at < rows.size(); at += stride * width) result.insert(result.end(), rows.begin() + static_cast<std::ptrdiff_t>(at),
                                                                              rows.begin() + static_cast<std::ptrdiff_t>(at + width));
  return result;
}

// The shift after which the choice at `position` comes up with this share.
float flag_shift(const Codec& codec, std::span<const float> outputs, std::size_t position, double share, double sharpness) {
  if (share <= 0) return kNever;
  if (share >= 1) return -kNever;
  double low = -kMostShift, high = kMostShift;
  for (int round = 0; round < 40; ++round) {
    const double middle = (low + high) / 2;
    double sum = 0, rows = 0;
    for_each_row(codec, outputs.size(), [&](std::size_t at) {
      sum += logistic(sharpness * logit(outputs[at + position]) + middle);
      ++rows;
    });
    (sum > share * rows ? high : low) = middle;
  }
  return static_cast<float>((low + high) / 2);
}

// The same for categories together: shifts grow where a category is too rare, by what is missing.
void category_shifts(const Codec& codec, std::span<const float> outputs, const Block& block, std::span<const double> shares,
                     double sharpness, float* shift) {
  const auto width = static_cast<std::size_t>(block.width);
  std::vector<double> weights(width), sums(width);
  for (int round = 0; round < kRounds; ++round) {
    std::fill(sums.begin(), sums.end(), 0.0);
    double rows = 0, moved = 0;
    for_each_row(codec, outputs.size(), [&](std::size_t at) {
      category_weights(outputs.data() + at + block.offset, shift, sharpness, weights);
      for (std::size_t k = 0; k < width; ++k) sums[k] += weights[k];
      ++rows;
    });
    for (std::size_t k = 0; k < width; ++k) {
      if (shares[k] <= 0) {
        shift[k] = kNever;
        continue;
      }
      const double step = std::log(shares[k]) - std::log(std::max(sums[k] / rows, kEdge));
      shift[k] = static_cast<float>(std::clamp(shift[k] + step, -kMostShift, kMostShift));
      moved = std::max(moved, std::abs(step));
    }
    if (moved < 1e-3) return;
  }
}

std::vector<float> fitted_shifts(const Codec& codec, std::span<const float> reference, std::span<const float> outputs, double sharpness) {
  const auto width = static_cast<std::size_t>(codec.width());
  std::vector<double> shares(width);
  for_each_row(codec, reference.size(), [&](std::size_t at) {
    for (std::size_t i = 0; i < width; ++i) shares[i] += reference[at + i] / static_cast<double>(kReference);
  });
  std::vector<float> shift(width);
  for (const Block& block : codec.blocks()) {
    const auto first = static_cast<std::size_t>(block.offset), count = static_cast<std::size_t>(block.width);
    if (block.kind == Block::Kind::scalar) continue;
    if (block.kind == Block::Kind::one_hot) {
      category_shifts(codec, outputs, block, std::span(shares).subspan(first, count), sharpness, shift.data() + first);
      continue;
    }
    for (std::size_t i = first; i < first + count; ++i) shift[i] = flag_shift(codec, outputs, i, shares[i], sharpness);
  }
  return shift;
}

std::vector<float> there(const Codec& codec, const Scalar& scalar, std::span<const float> rows, std::span<const float> values) {
  std::vector<float> result;
  for_each_row(codec, rows.size(), [&](std::size_t at) {
    if (scalar.is_there(rows.data() + at)) result.push_back(values[at + scalar.position]);
  });
  return result;
}

void append(std::vector<float>& to, const std::vector<float>& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

void to_unit_rows(const Codec& codec, std::span<float> rows) {
  const auto scalars = scalars_of(codec);
  for_each_row(codec, rows.size(), [&](std::size_t at) {
    float* const row = rows.data() + at;
    for (const Scalar& scalar : scalars) {
      float& x = row[scalar.position];
      x = scalar.is_there(row) ? static_cast<float>(unit_of(codec.coding(), x)) : 0.5F;
    }
  });
}

std::vector<float> choose_rows(const Codec& codec, const ChannelCalibration& calibration, double sharpness,
                               std::span<const float> outputs, Rng& rng) {
  const bool mends = !calibration.shift.empty();
  const auto scalars = scalars_of(codec);
  std::vector<float> rows(outputs.begin(), outputs.end());
  for_each_row(codec, rows.size(), [&](std::size_t at) {
    for (const Block& block : codec.blocks()) {
      if (block.kind == Block::Kind::scalar) continue;
      const auto first = static_cast<std::size_t>(block.offset);
      draw_choices(block, mends ? calibration.shift.data() + first : nullptr, sharpness, outputs.data() + at + first,
                   rows.data() + at + first, rng);
    }
    for (std::size_t i = 0; i < scalars.size(); ++i) {
      float& x = rows[at + scalars[i].position];
      if (std::isnan(x)) x = 0.5F;
      if (!calibration.from.empty() && scalars[i].is_there(rows.data() + at)) {
        x = follow(std::span(calibration.from).subspan(i * kKnots, kKnots), std::span(calibration.to).subspan(i * kKnots, kKnots), x, rng);
      }
      x = static_cast<float>(scalar_of(codec.coding(), x));
    }
  });
  return rows;
}

ChannelCalibration calibrate(const Codec& codec, std::span<const Marginal> marginals, double sharpness, std::span<const float> outputs,
                             const Rng& rng) {
  if (codec.width() == 0 || outputs.empty()) return {};
  std::vector<float> reference = reference_rows(codec, marginals, rng.stream("reference"));
  ChannelCalibration result;
  result.shift = fitted_shifts(codec, reference, thinned(codec, outputs), sharpness);
  to_unit_rows(codec, reference);
  Rng choices = rng.stream("choices");
  const std::vector<float> chosen = choose_rows(codec, result, sharpness, outputs, choices);
  for (const Scalar& scalar : scalars_of(codec)) {
    const auto given = there(codec, scalar, chosen, outputs), wanted = there(codec, scalar, reference, reference);
    const bool has_both = !given.empty() && !wanted.empty();
    append(result.from, has_both ? knots_of(given) : even_knots());
    append(result.to, has_both ? knots_of(wanted) : even_knots());
  }
  return result;
}

const std::vector<float>& even_knots() {
  static const std::vector<float> knots = [] {
    std::vector<float> result(kKnots);
    for (std::size_t k = 0; k < kKnots; ++k) result[k] = static_cast<float>(k) / (kKnots - 1);
    return result;
  }();
  return knots;
}

std::vector<float> knots_of(std::vector<float> values) {
  for (float& x : values) x = std::isnan(x) ? 0.5F : x;
  std::sort(values.begin(), values.end());
  std::vector<float> result(kKnots);
  const std::size_t last = values.size() - 1;
  for (std::size_t k = 0; k < kKnots; ++k) {
    const double at = static_cast<double>(k) / (kKnots - 1) * static_cast<double>(last);
    const auto i = std::min(static_cast<std::size_t>(at), last);
    const auto share = static_cast<float>(at - static_cast<double>(i));
    result[k] = values[i] + share * (values[std::min(i + 1, last)] - values[i]);
  }
  return result;
}

float follow(std::span<const float> from, std::span<const float> to, float x, Rng& rng) {
  const auto [first, last] = std::equal_range(from.begin(), from.end(), x);
  const auto low = static_cast<std::size_t>(first - from.begin()), high = static_cast<std::size_t>(last - from.begin());
  double place = 0;
  if (low < high) {
    place = static_cast<double>(low) + rng.uniform() * static_cast<double>(high - 1 - low);
  } else if (low == from.size()) {
    return to.back();
  } else if (low > 0) {
    place = static_cast<double>(low - 1) + static_cast<double>((x - from[low - 1]) / (from[low] - from[low - 1]));
  }
  const auto k = std::min(static_cast<std::size_t>(place), to.size() - 1);
  const auto share = static_cast<float>(place - static_cast<double>(k));
  return to[k] + share * (to[std::min(k + 1, to.size() - 1)] - to[k]);
}

}  // namespace understudy
