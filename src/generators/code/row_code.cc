#include "generators/code/row_code.h"

#include <algorithm>
#include <numeric>

namespace understudy {

RowCode::RowCode(std::vector<ColumnSpec> specs, std::vector<Marginal> marginals, std::optional<Bins> extra, const CodeLimits& limits)
    : specs_(std::move(specs)), marginals_(std::move(marginals)) {
  const auto add = [&](std::size_t column, Bins bins) {
    places_.push_back({.column = column, .bins = bins_.size(), .size = bins.size()});
    bins_.push_back(std::move(bins));
  };
  for (std::size_t column = 0; column < specs_.size(); ++column) {
    if (is_set(specs_[column].type)) add_codes(column, limits.codes);
    if (!marginals_[column].mass.empty()) add(column, Bins(specs_[column], marginals_[column], limits.bins));
  }
  if (extra) add(specs_.size(), std::move(*extra));
  std::stable_sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.size < b.size; });
}

// Codes that nobody has are left out.
void RowCode::add_codes(std::size_t column, std::size_t most) {
  const std::vector<double>& shares = marginals_[column].shares;
  std::vector<std::int32_t> codes(shares.size());
  std::iota(codes.begin(), codes.end(), 0);
  const auto share = [&](std::int32_t code) { return shares[static_cast<std::size_t>(code)]; };
  std::stable_sort(codes.begin(), codes.end(), [&](std::int32_t a, std::int32_t b) { return share(a) > share(b); });
  for (std::size_t i = 0; i < codes.size() && share(codes[i]) > 0; ++i) {
    if (i < most) {
      places_.push_back({.column = column, .code = codes[i]});
    } else {
      coins_.emplace_back(column, codes[i]);
    }
  }
}

std::vector<std::int32_t> RowCode::sizes() const {
  std::vector<std::int32_t> result;
  for (const Place& place : places_) result.push_back(place.size);
  return result;
}

std::vector<std::int32_t> RowCode::missing() const {
  std::vector<std::int32_t> result;
  for (const Place& place : places_) result.push_back(place.code >= 0 ? -1 : bins_[place.bins].missing());
  return result;
}

std::vector<std::vector<double>> RowCode::shares() const {
  std::vector<std::vector<double>> result;
  for (const Place& place : places_) {
    if (place.code < 0) {
      result.push_back(bins_[place.bins].shares());
    } else {
      const double share = marginals_[place.column].shares[static_cast<std::size_t>(place.code)];
      result.push_back({1 - share, share});
    }
  }
  return result;
}

std::int32_t RowCode::extra() const {
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return is_extra(place); });
  return found == places_.end() ? -1 : static_cast<std::int32_t>(found - places_.begin());
}

std::vector<double> RowCode::middles_of_extra() const {
  std::vector<double> result;
  if (extra() < 0) return result;
  const Bins& bins = bins_[places_[static_cast<std::size_t>(extra())].bins];
  for (std::int32_t c = 0; c < bins.size(); ++c) result.push_back(bins.middle(c));
  return result;
}

void RowCode::encode(const Table& table, std::int64_t row, std::optional<double> extra, std::span<std::int32_t> categories) const {
  for (std::size_t k = 0; k < places_.size(); ++k) {
    const Place& place = places_[k];
    if (is_extra(place)) {
      categories[k] = bins_[place.bins].category(extra);
    } else if (place.code < 0) {
      categories[k] = bins_[place.bins].category(table.column(place.column), row);
    } else {
      const auto& codes = table.column(place.column).codes(row);
      categories[k] = std::binary_search(codes.begin(), codes.end(), place.code) ? 1 : 0;
    }
  }
}

std::optional<double> RowCode::decode(std::span<const std::int32_t> categories, Table& table, std::int64_t row, Rng& rng) const {
  std::optional<double> extra;
  std::vector<std::vector<std::int32_t>> codes(specs_.size());
  for (std::size_t k = 0; k < places_.size(); ++k) {
    const Place& place = places_[k];
    if (is_extra(place)) {
      extra = bins_[place.bins].draw(categories[k], rng);
    } else if (place.code < 0) {
      bins_[place.bins].draw(table.column(place.column), row, categories[k], rng);
    } else if (categories[k] == 1) {
      codes[place.column].push_back(place.code);
    }
  }
  for (const auto& [column, code] : coins_) {
    if (rng.bernoulli(marginals_[column].shares[static_cast<std::size_t>(code)])) codes[column].push_back(code);
  }
  for (std::size_t column = 0; column < specs_.size(); ++column) {
    if (!codes[column].empty()) table.column(column).set_codes(row, std::move(codes[column]));
  }
  return extra;
}

}  // namespace understudy
