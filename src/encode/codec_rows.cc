// Codec's way from rows to numbers and back.
#include <algorithm>
#include <cmath>

#include "encode/codec.h"
#include "encode/grid.h"
#include "encode/normal.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr float kSpread = 3;  // standard deviations in a scalar of 1

std::size_t at(std::int64_t row, std::int64_t width, std::int64_t offset) {
  return static_cast<std::size_t>(row * width + offset);
}

float drawn(Rng* rng) {
  return rng == nullptr ? 0 : std::clamp(static_cast<float>(rng->normal()) / kSpread, -kScalarLimit, kScalarLimit);
}

// The scalar of a quantile-coded value, checked after rounding to float: a draw that left x's own positions is
// replaced by their middle, as is one that nobody asked for.
float quantile_scalar(const Marginal& marginal, double x, Rng* rng) {
  const auto scalar = [](double u) {
    return std::clamp(static_cast<float>(normal_quantile(u) / kSpread), -kScalarLimit, kScalarLimit);
  };
  const auto [low, high] = marginal.positions(x);
  if (rng == nullptr) return scalar(0.5 * (low + high));
  const float drawn_scalar = scalar(marginal.position(x, *rng));
  const double back = normal_cdf(static_cast<double>(kSpread * drawn_scalar));
  return back > low && back < high ? drawn_scalar : scalar(0.5 * (low + high));
}

[[noreturn]] void refuse_missing(const ColumnSpec& spec) {
  fail(ErrorKind::input, "column '{}' has a missing value but is not nullable; declare nullable = true", spec.name);
}

}  // namespace

float Codec::code(const Layout& layout, double x, Rng* rng) const {
  if (coding_ == Coding::quantile) return quantile_scalar(layout.scalar, x, rng);
  if (layout.high <= layout.low) return 0;
  return static_cast<float>(2 * (std::clamp(x, layout.low, layout.high) - layout.low) / (layout.high - layout.low) - 1);
}

double Codec::value(const Layout& layout, float scalar) const {
  if (coding_ == Coding::quantile) {
    const float z = kSpread * std::clamp(scalar, -kScalarLimit, kScalarLimit);
    return layout.scalar.quantile(std::isnan(scalar) ? 0 : normal_cdf(static_cast<double>(z)));
  }
  const double share = std::isnan(scalar) ? 0 : 0.5 * (std::clamp(static_cast<double>(scalar), -1.0, 1.0) + 1);
  const double x = to_grid(layout.low + share * (layout.high - layout.low), layout.step);
  return std::clamp(x, layout.low, layout.high);
}

void Codec::encode_numeric(std::size_t column, const Column& from, std::span<const std::int64_t> rows,
                           std::span<float> out, Rng* rng) const {
  const Layout& layout = layouts_[column];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const double x = from.is_valid(rows[i]) ? from.number(rows[i]) : std::nan("");
    const bool missing = std::isnan(x);
    if (missing && layout.missing_flag < 0) refuse_missing(specs_[column]);
    const bool zero = layout.zero_flag >= 0 && marginals_[column].part(x) == layout.zero_part;
    out[at(row, width_, layout.value)] = missing || zero ? drawn(rng) : code(layout, x, rng);
    if (layout.missing_flag >= 0) out[at(row, width_, layout.missing_flag)] = missing ? 1 : 0;
    if (layout.zero_flag >= 0) out[at(row, width_, layout.zero_flag)] = zero ? 1 : 0;
  }
}

void Codec::encode_one_hot(std::size_t column, const Column& from, std::span<const std::int64_t> rows,
                           std::span<float> out) const {
  const Layout& layout = layouts_[column];
  const auto categories = static_cast<std::int32_t>(specs_[column].categories.size());
  const auto indices = from.values<std::int32_t>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool valid = from.is_valid(rows[i]);
    if (!valid && !specs_[column].nullable) refuse_missing(specs_[column]);
    const std::int32_t k = valid ? indices[static_cast<std::size_t>(rows[i])] : categories;
    if (k < 0 || (valid && k >= categories)) {
      fail(ErrorKind::input, "column '{}' holds category number {}; {} are declared", specs_[column].name, k,
           categories);
    }
    const auto one_hot =
        out.subspan(at(static_cast<std::int64_t>(i), width_, layout.value), static_cast<std::size_t>(layout.width));
    std::fill(one_hot.begin(), one_hot.end(), 0.0F);
    one_hot[static_cast<std::size_t>(k)] = 1;
  }
}

void Codec::encode_multi_hot(std::size_t column, const Column& from, std::span<const std::int64_t> rows,
                             std::span<float> out) const {
  const Layout& layout = layouts_[column];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto cell =
        out.subspan(at(static_cast<std::int64_t>(i), width_, layout.value), static_cast<std::size_t>(layout.width));
    std::fill(cell.begin(), cell.end(), 0.0F);
    for (const std::int32_t code : from.codes(rows[i])) {
      if (code < 0 || code >= layout.width) {
        fail(ErrorKind::input, "column '{}' holds code number {}; {} are declared", specs_[column].name, code,
             layout.width);
      }
      cell[static_cast<std::size_t>(code)] = 1;
    }
  }
}

void Codec::encode(const Table& table, std::span<const std::int64_t> rows, std::span<float> out, Rng* rng) const {
  if (out.size() != rows.size() * static_cast<std::size_t>(width_)) {
    fail(ErrorKind::internal, "encoding {} rows of width {} into {} numbers", rows.size(), width_, out.size());
  }
  for (std::size_t c = 0; c < specs_.size(); ++c) {
    if (layouts_[c].value < 0) continue;
    const Column& from = table.column(specs_[c].name);
    if (is_numeric(specs_[c].type)) {
      encode_numeric(c, from, rows, out, rng);
    } else if (is_set(specs_[c].type)) {
      encode_multi_hot(c, from, rows, out);
    } else {
      encode_one_hot(c, from, rows, out);
    }
  }
}

void Codec::decode_numeric(const Layout& layout, std::span<const float> values, Column& to, std::int64_t first) const {
  const auto rows = static_cast<std::int64_t>(values.size()) / width_;
  const auto is_set = [&](std::int64_t row, std::int64_t flag) {
    return flag >= 0 && values[at(row, width_, flag)] > 0.5F;
  };
  for (std::int64_t row = 0; row < rows; ++row) {
    if (is_set(row, layout.missing_flag)) {
      to.set_missing(first + row);
    } else if (is_set(row, layout.zero_flag)) {
      to.set_number(first + row, layout.zero);
    } else {
      to.set_number(first + row, value(layout, values[at(row, width_, layout.value)]));
    }
  }
}

void Codec::decode_one_hot(std::size_t column, std::span<const float> values, Column& to, std::int64_t first) const {
  const Layout& layout = layouts_[column];
  const auto categories = static_cast<std::int64_t>(specs_[column].categories.size());
  const auto rows = static_cast<std::int64_t>(values.size()) / width_;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* choices = values.data() + at(row, width_, layout.value);
    std::int64_t best = 0;
    for (std::int64_t k = 1; k < layout.width; ++k) {
      if (choices[k] > choices[best] || std::isnan(choices[best])) best = k;
    }
    if (std::isnan(choices[best])) best = 0;
    if (best == categories) {
      to.set_missing(first + row);
    } else {
      to.set_number(first + row, static_cast<double>(best));
    }
  }
}

void Codec::decode_multi_hot(const Layout& layout, std::span<const float> values, Column& to,
                             std::int64_t first) const {
  const auto rows = static_cast<std::int64_t>(values.size()) / width_;
  for (std::int64_t row = 0; row < rows; ++row) {
    const float* cell = values.data() + at(row, width_, layout.value);
    std::vector<std::int32_t> codes;
    for (std::int64_t k = 0; k < layout.width; ++k) {
      if (cell[k] > 0.5F) codes.push_back(static_cast<std::int32_t>(k));
    }
    to.set_codes(first + row, std::move(codes));
  }
}

void Codec::decode(std::span<const float> values, Table& table, std::int64_t first) const {
  if (width_ == 0 || values.size() % static_cast<std::size_t>(width_) != 0) {
    fail(ErrorKind::internal, "decoding {} numbers as rows of width {}", values.size(), width_);
  }
  for (std::size_t c = 0; c < specs_.size(); ++c) {
    if (layouts_[c].value < 0) continue;
    const int index = table.find(specs_[c].name);
    if (index < 0) fail(ErrorKind::internal, "decoding column '{}' into a table without it", specs_[c].name);
    Column& to = table.column(static_cast<std::size_t>(index));
    if (is_numeric(specs_[c].type)) {
      decode_numeric(layouts_[c], values, to, first);
    } else if (is_set(specs_[c].type)) {
      decode_multi_hot(layouts_[c], values, to, first);
    } else {
      decode_one_hot(c, values, to, first);
    }
  }
}

}  // namespace understudy
