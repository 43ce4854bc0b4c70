#include "generators/code/bins.h"

#include <algorithm>
#include <cmath>

#include "understudy/error.h"

namespace understudy {
namespace {

// What each part counts when parts are joined; sums to 1. Half is its mass, so that a category says as much as another; half is
// mass^(1/3) width^(2/3), by which cuts lie where they take most of the variance inside the categories (Panter and Dite 1951): those
// of a long tail would be so wide by mass alone that who is in the last one could be anywhere.
std::vector<double> weights_of(const Marginal& marginal) {
  std::vector<double> result;
  double sum = 0;
  for (std::size_t part = 0; part < marginal.mass.size(); ++part) {
    result.push_back(std::cbrt(marginal.mass[part] * std::pow(marginal.edges[part + 1] - marginal.edges[part], 2)));
    sum += result.back();
  }
  for (std::size_t part = 0; part < result.size(); ++part) result[part] = (marginal.mass[part] + (sum > 0 ? result[part] / sum : marginal.mass[part])) / 2;
  return result;
}

// Where categories begin: all parts, or as few as `most` allows when neighbours are joined until they hold a fair share.
std::vector<std::size_t> starts(const Marginal& marginal, std::size_t most) {
  const std::vector<double> mass = weights_of(marginal);
  std::vector<std::size_t> result;
  const double fair = mass.size() <= most ? 0 : 1.0 / static_cast<double>(most);
  double held = 1;  // by the category that is being filled
  for (std::size_t part = 0; part < mass.size(); ++part) {
    const bool heavy = mass[part] >= fair;
    if (held + mass[part] > fair || heavy) {
      result.push_back(part);
      held = 0;
    }
    held += heavy ? 1 : mass[part];
  }
  result.push_back(mass.size());
  return result;
}

}  // namespace

Bins::Bins(const ColumnSpec& spec, Marginal marginal, std::int32_t most)
    : name_(spec.name), marginal_(std::move(marginal)), nullable_(spec.nullable), below_{0},
      first_(starts(marginal_, is_categorical(spec.type) ? marginal_.mass.size() : static_cast<std::size_t>(most))), of_part_(marginal_.mass.size()) {
  for (const double mass : marginal_.mass) below_.push_back(std::min(below_.back() + mass, 1.0));
  for (std::size_t c = 0; c + 1 < first_.size(); ++c) {
    std::fill(of_part_.begin() + static_cast<std::ptrdiff_t>(first_[c]), of_part_.begin() + static_cast<std::ptrdiff_t>(first_[c + 1]),
              static_cast<std::int32_t>(c));
  }
}

std::vector<double> Bins::shares() const {
  const double missing = nullable_ ? marginal_.missing : 0;
  std::vector<double> result;
  for (std::size_t c = 0; c + 1 < first_.size(); ++c) result.push_back((below_[first_[c + 1]] - below_[first_[c]]) * (1 - missing));
  if (nullable_) result.push_back(missing);
  return result;
}

std::int32_t Bins::category(std::optional<double> value) const {
  if (value) return of_part_[marginal_.part(*value)];
  if (!nullable_) fail(ErrorKind::input, "column '{}' has a missing value but is not nullable; declare nullable = true", name_);
  return present();
}

std::int32_t Bins::category(const Column& column, std::int64_t row) const {
  return category(column.is_valid(row) ? std::optional(column.number(row)) : std::nullopt);
}

std::optional<double> Bins::draw(std::int32_t category, Rng& rng) const {
  const auto c = static_cast<std::size_t>(category);
  if (category == present()) return std::nullopt;
  const double low = below_[first_[c]], high = below_[first_[c + 1]];
  if (low < high) return marginal_.quantile(rng.uniform(low, high));
  return marginal_.edges[first_[c]];  // nobody was there, and the network thinks there may be
}

double Bins::middle(std::int32_t category) const {
  if (category == present()) return 0;
  const auto c = static_cast<std::size_t>(category);
  const double low = below_[first_[c]], high = below_[first_[c + 1]];
  return low < high ? marginal_.quantile((low + high) / 2) : marginal_.edges[first_[c]];
}

void Bins::draw(Column& column, std::int64_t row, std::int32_t category, Rng& rng) const {
  const auto value = draw(category, rng);
  value ? column.set_number(row, *value) : column.set_missing(row);
}

}  // namespace understudy
