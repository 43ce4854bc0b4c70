// Fitting a GanCalibration.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "encode/normal.h"
#include "generators/gan/calibration.h"

namespace understudy {
namespace {

constexpr std::int64_t kKnots = 257;
constexpr int kShiftRounds = 100;          // at most
constexpr float kShiftDone = 1e-3F;        // a round that moves no logit further is the last
constexpr int kMomentRounds = 8;
constexpr double kMomentStep = 0.7;
constexpr double kSmallestSpread = 0.003;  // of a direction of the correlations, as a share; smaller ones are noise
constexpr double kNever = -1000;           // a logit that no noise lifts above 0

// Shifts of the logits after which flags and categories come up as often as in the training rows.
at::Tensor logit_shifts(const CalibrationData& data) {
  const GanHead& head = data.head;
  const at::Tensor choice = head.flags() + head.hots();
  const at::Tensor wanted = data.encoded.mean(0) * choice;
  const at::Tensor log_wanted = wanted.clamp_min(1e-7).log() - head.flags() * at::log1p(-wanted.clamp_max(1 - 1e-7));
  at::Tensor shift = at::zeros_like(wanted);
  for (int round = 0; round < kShiftRounds; ++round) {
    const at::Tensor share = head.expected(data.raw + shift).mean(0).clamp(1e-7, 1 - 1e-7);
    const at::Tensor log_share = share.log() - head.flags() * at::log1p(-share);
    const at::Tensor next = (shift + choice * (log_wanted - log_share)).clamp(-GanHead::kMostLogit, GanHead::kMostLogit);
    const bool settled = (next - shift).abs().max().item<float>() < kShiftDone;
    shift = next;
    if (settled) break;
  }
  shift = at::where((wanted <= 0).logical_and(choice > 0), at::full({}, kNever, shift.options()), shift);
  return at::where((wanted >= 1).logical_and(head.flags() > 0), at::full({}, -kNever, shift.options()), shift);
}

// Location, spread and correlation of columns where they are there; a pair counts over the rows that have both.
struct Moments {
  at::Tensor mean, deviation;  // [width], double
  at::Tensor correlation;      // [width, width]; 0 for pairs never seen together, 1 on the diagonal
};

Moments moments(const at::Tensor& values, const at::Tensor& there) {
  const at::Tensor m = there.to(at::kDouble);
  const at::Tensor x = values.to(at::kDouble) * m;
  const at::Tensor count = at::matmul(m.t(), m).clamp_min(1);
  const at::Tensor mean = at::matmul(x.t(), m) / count;  // [i, j]: of i over the rows with i and j
  const at::Tensor variance = (at::matmul((x * x).t(), m) / count - mean * mean).clamp_min(1e-12);
  at::Tensor correlation = (at::matmul(x.t(), x) / count - mean * mean.t()) / (variance * variance.t()).sqrt();
  correlation = correlation.clamp(-1, 1);
  correlation.fill_diagonal_(1);
  return {mean.diagonal().clone(), variance.diagonal().sqrt(), correlation};
}

template <class F>
at::Tensor spectral(const at::Tensor& symmetric, F f) {
  const auto [values, vectors] = at::linalg_eigh(symmetric);
  return at::matmul(vectors * f(values.clamp_min(kSmallestSpread)), vectors.t());
}

// The linear map that turns correlations `from` into `to` and moves points least (optimal transport between the two
// Gaussians): from^-1/2 (from^1/2 to from^1/2)^1/2 from^-1/2.
at::Tensor transport(const at::Tensor& from, const at::Tensor& to) {
  const at::Tensor root = spectral(from, [](const at::Tensor& v) { return v.sqrt(); });
  const at::Tensor inverse = spectral(from, [](const at::Tensor& v) { return v.rsqrt(); });
  const at::Tensor wanted = spectral(to, [](const at::Tensor& v) { return v; });
  const auto [values, vectors] = at::linalg_eigh(at::matmul(root, at::matmul(wanted, root)));
  const at::Tensor middle = at::matmul(vectors * values.clamp_min(0).sqrt(), vectors.t());
  return at::matmul(inverse, at::matmul(middle, inverse));
}

// Values of one position in the rows where it is there, ascending.
at::Tensor sorted_values(const at::Tensor& rows, const at::Tensor& there, std::int64_t position) {
  const at::Tensor column = rows.select(1, position).masked_select(there.select(1, position) > 0.5);
  return std::get<0>(column.sort());
}

// Evenly spaced quantiles of sorted values, ends included.
void fill_quantiles(const at::Tensor& sorted, float* out) {
  const float* values = sorted.data_ptr<float>();
  const std::int64_t last = sorted.numel() - 1;
  for (std::int64_t k = 0; k < kKnots; ++k) {
    const double at = static_cast<double>(k) / (kKnots - 1) * static_cast<double>(last);
    const auto i = std::min(static_cast<std::int64_t>(at), last);
    const auto share = static_cast<float>(at - static_cast<double>(i));
    out[k] = values[i] + share * (values[std::min(i + 1, last)] - values[i]);
  }
}

// Some value of the column, so that the row can be encoded.
void fill_any(const ColumnSpec& spec, Table& table, std::int64_t row) {
  if (!is_numeric(spec.type) && !is_categorical(spec.type)) return;
  table.column(static_cast<std::size_t>(table.find(spec.name))).set_number(row, spec.minimum.value_or(0));
}

// Quantiles that the scalars of a block should have, in the head's units, from the column's distribution on its public
// grid: never from the values themselves, which would then stand in the model file.
std::vector<float> wanted_quantiles(const CalibrationData& data, const Block& block) {
  static constexpr double kTail = 1e-5;
  std::vector<float> result(kKnots);
  const auto share = [](std::int64_t k) { return std::clamp(static_cast<double>(k) / (kKnots - 1), kTail, 1 - kTail); };
  if (data.codec.coding() == Coding::quantile) {  // such scalars are standard normal by construction
    for (std::int64_t k = 0; k < kKnots; ++k) result[static_cast<std::size_t>(k)] = static_cast<float>(normal_quantile(share(k)));
    return result;
  }
  const ColumnSpec& spec = data.codec.specs()[block.column];
  const Marginal marginal = learn_marginal(spec, data.table.column(spec.name));
  Table table(data.codec.specs());
  table.resize(kKnots);
  std::vector<std::int64_t> rows(kKnots);
  for (std::int64_t k = 0; k < kKnots; ++k) {
    for (const ColumnSpec& other : data.codec.specs()) fill_any(other, table, k);
    table.column(block.column).set_number(k, marginal.quantile(share(k)));
    rows[static_cast<std::size_t>(k)] = k;
  }
  std::vector<float> encoded(static_cast<std::size_t>(kKnots * data.codec.width()));
  Rng rng = data.rng;
  data.codec.encode(table, rows, encoded, rng);
  const float unit = data.head.units()[block.offset].item<float>();
  for (std::size_t k = 0; k < result.size(); ++k) {
    result[k] = unit * encoded[k * static_cast<std::size_t>(data.codec.width()) + static_cast<std::size_t>(block.offset)];
  }
  return result;
}

void fit_knots(const CalibrationData& data, GanCalibration& calibration) {
  Rng rng = data.rng;
  calibration.from = calibration.to = at::empty({0, 0}, at::kFloat);
  const at::Tensor rows = calibration.rows(data.head, data.raw, rng);
  const at::Tensor there = data.head.present(rows);
  const auto scalars = static_cast<std::int64_t>(data.head.scalars().sum().item<float>());
  at::Tensor from = at::zeros({scalars, kKnots}, at::kFloat);
  at::Tensor to = at::zeros({scalars, kKnots}, at::kFloat);
  std::int64_t scalar = 0;
  for (const Block& block : data.head.blocks()) {
    if (block.kind != Block::Kind::scalar) continue;
    const at::Tensor source = sorted_values(rows, there, block.offset);
    if (source.numel() > 0) {
      fill_quantiles(source, from[scalar].data_ptr<float>());
      std::ranges::copy(wanted_quantiles(data, block), to[scalar].data_ptr<float>());
    }
    ++scalar;
  }
  calibration.from = from;
  calibration.to = to;
}

// The affine map that takes standardised scalars with correlations `from` to location and spread of `real` with
// correlations `to`.
void set_affine(const GanHead& head, const Moments& generated, const Moments& real, const at::Tensor& to,
                GanCalibration& calibration) {
  const at::Tensor scalars = head.scalars().to(at::kDouble);
  const at::Tensor linear = at::matmul(at::diag(real.deviation), at::matmul(transport(generated.correlation, to),
                                                                            at::diag(1 / generated.deviation)));
  const at::Tensor map = (linear - at::eye(head.width(), at::kDouble)) * at::outer(scalars, scalars);
  calibration.map = map.to(at::kFloat);
  calibration.centre = (generated.mean * scalars).to(at::kFloat);
  calibration.offset = ((real.mean - generated.mean) * scalars).to(at::kFloat);
}

// Correlations of a table's numbers, laid out like the encoded scalars (0 elsewhere, 1 on the diagonal).
at::Tensor table_correlation(const CalibrationData& data, const Table& table) {
  const std::int64_t width = data.head.width();
  at::Tensor values = at::zeros({table.rows(), width}, at::kDouble);
  at::Tensor there = at::zeros({table.rows(), width}, at::kDouble);
  for (const Block& block : data.head.blocks()) {
    if (block.kind != Block::Kind::scalar) continue;
    const Column& column = table.column(data.codec.specs()[block.column].name);
    double* value = values.data_ptr<double>() + block.offset;
    double* valid = there.data_ptr<double>() + block.offset;
    for (std::int64_t row = 0; row < table.rows(); ++row, value += width, valid += width) {
      if (!column.is_valid(row)) continue;
      *value = column.number(row);
      *valid = 1;
    }
  }
  const at::Tensor centre = values.sum(0) / there.sum(0).clamp_min(1);
  return moments((values - centre) * there, there).correlation;
}

Table decoded(const CalibrationData& data, const GanCalibration& calibration) {
  Rng rng = data.rng;
  const at::Tensor rows = (calibration.rows(data.head, data.raw, rng) / data.head.units()).contiguous();
  Table table(data.codec.specs());
  table.resize(rows.size(0));
  data.codec.decode({rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())}, table, 0);
  return table;
}

}  // namespace

GanCalibration calibrate_marginals(const CalibrationData& data) {
  GanCalibration calibration = no_calibration(data.head);
  if (data.head.has_choices()) calibration.logit_shift = logit_shifts(data);
  fit_knots(data, calibration);
  return calibration;
}

// The affine map works on encoded values, correlations are wanted of decoded ones: what it aims at is moved by what is
// still missing, round by round.
GanCalibration calibrate_moments(const CalibrationData& data) {
  GanCalibration calibration = calibrate_marginals(data);
  GanCalibration unmapped = calibration;
  unmapped.from = unmapped.to = at::empty({0, 0}, at::kFloat);
  Rng rng = data.rng;
  const at::Tensor rows = unmapped.rows(data.head, data.raw, rng);
  const Moments generated = moments(rows, data.head.present(rows));
  const Moments real = moments(data.encoded, data.head.present(data.encoded));
  const at::Tensor wanted = table_correlation(data, data.table);
  at::Tensor aim = generated.correlation.clone();
  for (int round = 0; round < kMomentRounds; ++round) {
    const at::Tensor gap = wanted - table_correlation(data, decoded(data, calibration));
    aim = (aim + kMomentStep * gap).clamp(-0.999, 0.999).fill_diagonal_(1);
    set_affine(data.head, generated, real, aim, calibration);
    fit_knots(data, calibration);
  }
  return calibration;
}

}  // namespace understudy
