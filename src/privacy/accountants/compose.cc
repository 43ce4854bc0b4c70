#include "privacy/accountants/compose.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "privacy/accountants/fft.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kUnit = std::numeric_limits<double>::epsilon() / 2;
constexpr double kSteepest = 4;

using Direction = LossMasses TwoWayLosses::*;

double loss_at(const LossMasses& losses, std::size_t i, double interval) {
  return static_cast<double>(losses.first + static_cast<std::int64_t>(i)) * interval;
}

// log of the sum of mass * e^(lambda * loss), for |lambda * interval| <= kSteepest: no exponent below overflows.
double log_moment(const LossMasses& losses, double interval, double lambda) {
  constexpr std::size_t kStride = 64;
  const double slope = lambda * interval;
  const std::size_t blocks = (losses.mass.size() + kStride - 1) / kStride;
  const auto last = static_cast<double>(blocks * kStride - 1);
  std::array<double, kStride> powers;  // e^(slope * j) over its largest value
  for (std::size_t j = 0; j < kStride; ++j) {
    powers[j] = std::exp(slope * static_cast<double>(j) - std::max(0.0, slope * (kStride - 1)));
  }
  double sum = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    const std::size_t begin = block * kStride, size = std::min(kStride, losses.mass.size() - begin);
    double part = 0;
    for (std::size_t j = 0; j < size; ++j) part += losses.mass[begin + j] * powers[j];
    const double from_top = slope > 0 ? static_cast<double>(begin + kStride - 1) - last : static_cast<double>(begin);
    if (part > 0) sum += part * std::exp(slope * from_top);
  }
  return std::log(sum) + std::max(0.0, slope * last) + lambda * loss_at(losses, 0, interval);
}

// One direction of all parts.
class Composition {
 public:
  Composition(const std::vector<RepeatedLosses>& parts, Direction direction, double interval)
      : parts_(parts), direction_(direction), interval_(interval) {}

  double log_moment(double lambda) const {
    double sum = 0;
    for (const RepeatedLosses& part : parts_) {
      sum += static_cast<double>(part.count) * understudy::log_moment(part.losses.*direction_, interval_, lambda);
    }
    return sum;
  }

  // The search for exponents goes up to here; two of them are added at most.
  double steepest() const { return kSteepest / 2 / interval_; }

  double infinite() const {
    double log_finite = 0;
    for (const RepeatedLosses& part : parts_) {
      log_finite += static_cast<double>(part.count) * std::log1p(-(part.losses.*direction_).infinite);
    }
    return -std::expm1(log_finite);
  }

  double uses() const {
    double sum = 0;
    for (const RepeatedLosses& part : parts_) sum += static_cast<double>(part.count);
    return sum;
  }

  double variance() const {
    double sum = 0;
    for (const RepeatedLosses& part : parts_) {
      const LossMasses& losses = part.losses.*direction_;
      double total = 0, first = 0, second = 0;
      for (std::size_t i = 0; i < losses.mass.size(); ++i) {
        const double loss = loss_at(losses, i, interval_);
        total += losses.mass[i];
        first += losses.mass[i] * loss;
        second += losses.mass[i] * loss * loss;
      }
      if (total <= 0) continue;
      const double mean = first / total;
      sum += static_cast<double>(part.count) * std::max(0.0, second / total - mean * mean);
    }
    return sum;
  }

 private:
  const std::vector<RepeatedLosses>& parts_;
  Direction direction_;
  double interval_;
};

// The lambda > 0 that nearly minimises (log_moment(lambda) + cost) / lambda, by golden sections of its logarithm. Any
// lambda gives a valid Chernoff bound, so 3 % are near enough.
template <class F>
double best_exponent(const F& log_moment, double cost, double largest) {
  const double ratio = 0.6180339887498949;
  double low = std::log(1e-9 * largest), high = std::log(largest);
  const auto value = [&](double log_lambda) {
    const double lambda = std::exp(log_lambda);
    const double bound = (log_moment(lambda) + cost) / lambda;
    return std::isnan(bound) ? kInfinity : bound;
  };
  double a = high - ratio * (high - low), b = low + ratio * (high - low);
  double at_a = value(a), at_b = value(b);
  while (high - low > 0.03) {
    if (at_a < at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - ratio * (high - low);
      at_a = value(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + ratio * (high - low);
      at_b = value(b);
    }
  }
  return std::exp((low + high) / 2);
}

// The tilt that minimises Chernoff's bound would make the tail as precise as it can be, and the window wide when the
// tail is heavy. The smallest that keeps rounding below 1e-5 `delta` is enough.
void choose_tilt(Exponents& exponents, const Composition& composition, double delta) {
  const auto moment = [&](double lambda) { return composition.log_moment(lambda); };
  const double best = best_exponent(moment, -std::log(delta), composition.steepest());
  const double epsilon = (moment(best) - std::log(delta)) / best;
  const auto gain = [&](double tilt) { return moment(tilt) - tilt * epsilon; };  // log of what errors shrink by
  const double rounding = 1e-11 + 1e-12 * composition.uses();                    // about, before
  const double wanted = std::log(1e-5 * delta / rounding);
  double low = 0, high = best;
  for (int k = 0; k < 8 && gain(low) > wanted; ++k) {
    const double middle = k == 0 ? high / 64 : (low + high) / 2;
    (gain(middle) > wanted ? low : high) = middle;
  }
  exponents.tilt = gain(low) <= wanted ? low : high;
  exponents.lost = std::min(1e-7, 1e-6 * delta * std::exp(-gain(exponents.tilt)));
}

Exponents exponents_of(const Composition& composition, double delta, double lost) {
  Exponents exponents{.lost = lost};
  const auto moment = [&](double lambda) { return composition.log_moment(lambda); };
  if (delta < 1) choose_tilt(exponents, composition, delta);
  const double tilt = exponents.tilt, base = moment(tilt), cost = std::log(2 / exponents.lost);
  exponents.upper =
      best_exponent([&](double lambda) { return moment(tilt + lambda) - base; }, cost, composition.steepest());
  exponents.lower =
      best_exponent([&](double lambda) { return moment(tilt - lambda) - base; }, cost, composition.steepest());
  return exponents;
}

// Grid indices that hold all but `lost` of the tilted mass.
struct Window {
  double log_moment = 0;  // at the tilt
  double low = 0, high = 0;
};

Window window_of(const Composition& composition, const Exponents& exponents, double interval) {
  const double tilt = exponents.tilt, base = composition.log_moment(tilt), cost = std::log(2 / exponents.lost);
  const double high = (composition.log_moment(tilt + exponents.upper) - base + cost) / exponents.upper;
  const double low = -(composition.log_moment(tilt - exponents.lower) - base + cost) / exponents.lower;
  return {base, std::floor(low / interval), std::ceil(high / interval)};
}

double width(const Window& window) { return window.high - window.low + 2; }

// The tilted masses, each at its index modulo the size of `data`.
void fold(std::vector<double>& data, const LossMasses& losses, double interval, double tilt) {
  const double base = log_moment(losses, interval, tilt);
  const std::size_t mask = data.size() - 1;
  auto index = static_cast<std::size_t>(losses.first) & mask;  // two's complement: the residue of negative ones too
  for (std::size_t i = 0; i < losses.mass.size(); ++i) {
    if (losses.mass[i] > 0) data[index] += losses.mass[i] * std::exp(tilt * loss_at(losses, i, interval) - base);
    index = (index + 1) & mask;
  }
}

// A bound on the sum of |computed - exact| over the composed tilted masses. The spectrum F of a part is off by
// `transform`; F^T by at most T |F|^(T-1) times that, and by 3 T units for its T products. |F|^(T-1) has at most the
// norm of |F|^T to the power 1 - 1/T. Square root of the number of points: from the norm to the sum. Twice all that
// covers what is of second order.
double rounding_bound(const std::vector<RepeatedLosses>& parts, const Fourier& fourier,
                      const std::vector<double>& data) {
  double squares = 0;
  for (const double value : data) squares += value * value;
  const double norm = std::sqrt(squares), transform = 2 * fourier.error() + kUnit;
  double error = fourier.error() * norm;
  for (const RepeatedLosses& part : parts) {
    const auto count = static_cast<double>(part.count);
    error += count * (transform * std::pow(norm, 1 - 1 / count) + 3 * kUnit * norm);
  }
  return 2 * std::sqrt(static_cast<double>(data.size())) * error;
}

// Takes the tilt away again. Weights and moments are right to 1e-14 a use.
LossCurve curve_of(const Composition& composition, const Window& window, const Exponents& exponents, double interval,
                   const std::vector<double>& data, double rounding) {
  LossCurve curve{.interval = interval, .first = static_cast<std::int64_t>(window.low), .tilt = exponents.tilt};
  const double excess = 1 + 1e-14 * composition.uses();
  const std::size_t mask = data.size() - 1;
  curve.mass.resize(data.size());
  auto index = static_cast<std::size_t>(curve.first) & mask;
  for (std::size_t i = 0; i < data.size(); ++i, index = (index + 1) & mask) {
    if (data[index] <= 0) continue;
    const double loss = static_cast<double>(curve.first + static_cast<std::int64_t>(i)) * interval;
    curve.mass[i] = std::min(1.0, excess * data[index] * std::exp(window.log_moment - exponents.tilt * loss));
  }
  curve.log_noise = std::log(excess * rounding) + window.log_moment;
  const double beyond = std::exp(window.log_moment - exponents.tilt * window.high * interval) * exponents.lost;
  curve.infinite = std::min(1.0, composition.infinite() + beyond);
  return curve;
}

LossCurve single_curve(const LossMasses& losses, double interval) {
  return {.interval = interval, .first = losses.first, .mass = losses.mass, .infinite = losses.infinite};
}

}  // namespace

double smallest_variance(const std::vector<RepeatedLosses>& parts, double interval) {
  return std::min(Composition(parts, &TwoWayLosses::remove, interval).variance(),
                  Composition(parts, &TwoWayLosses::add, interval).variance());
}

TwoWayOutline outline(const std::vector<RepeatedLosses>& parts, double interval, double delta, double lost) {
  return {exponents_of({parts, &TwoWayLosses::remove, interval}, delta, lost),
          exponents_of({parts, &TwoWayLosses::add, interval}, delta, lost)};
}

double points_needed(const std::vector<RepeatedLosses>& parts, double interval, const TwoWayOutline& outline) {
  const Composition remove(parts, &TwoWayLosses::remove, interval), add(parts, &TwoWayLosses::add, interval);
  return std::max(width(window_of(remove, outline.remove, interval)), width(window_of(add, outline.add, interval)));
}

TwoWayCurves compose(const std::vector<RepeatedLosses>& parts, double interval, const TwoWayOutline& outline) {
  if (parts.size() == 1 && parts[0].count == 1) {
    return {single_curve(parts[0].losses.remove, interval), single_curve(parts[0].losses.add, interval)};
  }
  const Composition remove(parts, &TwoWayLosses::remove, interval), add(parts, &TwoWayLosses::add, interval);
  const Window removes = window_of(remove, outline.remove, interval);
  const Window adds = window_of(add, outline.add, interval);
  const double points = std::max(width(removes), width(adds));
  if (!(points <= kMostPoints)) {
    fail(ErrorKind::usage, "a grid of interval {} needs {} points for this plan; {} are possible", interval, points,
         kMostPoints);
  }
  const std::size_t size = std::bit_ceil(static_cast<std::size_t>(std::max(points, 2.0)));
  const Fourier fourier(size);
  ComplexArray product = unit_spectrum(size);
  for (const RepeatedLosses& part : parts) {
    ComplexArray data(size);
    fold(data.re, part.losses.remove, interval, outline.remove.tilt);
    fold(data.im, part.losses.add, interval, outline.add.tilt);
    fourier.forward(data);
    multiply_power(product, data, part.count);
  }
  fourier.inverse(product);
  return {curve_of(remove, removes, outline.remove, interval, product.re, rounding_bound(parts, fourier, product.re)),
          curve_of(add, adds, outline.add, interval, product.im, rounding_bound(parts, fourier, product.im))};
}

}  // namespace understudy
