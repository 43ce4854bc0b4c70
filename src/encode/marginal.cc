#include "encode/marginal.h"

#include <algorithm>
#include <cmath>

#include "encode/grid.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::size_t kGuide = 512;

// A value this share of a cell below an edge counts as lying on it: edges are rounded products.
constexpr double kNudge = 1.0 / 1024;

// Draws stay this far (as a share of the stretch) from its ends, so that rounding never leads into the neighbour.
constexpr double kMargin = 0x1p-20;

}  // namespace

void Marginal::prepare() {
  below_.assign(1, 0);
  bins_.clear();
  ends_.clear();
  for (std::size_t i = 0; i < mass.size(); ++i) {
    const double width = edges[i + 1] - edges[i];
    const double cells = is_atom(i) ? 1 : step > 0 ? std::round(width / step) : 0;
    if (mass[i] > 0) bins_.push_back({below_.back(), mass[i], edges[i], width, cells});
    below_.push_back(std::min(below_.back() + mass[i], 1.0));
    if (mass[i] > 0) ends_.push_back(below_.back());
  }
  guide_.assign(kGuide + 1, 0);
  std::uint32_t bin = 0;
  for (std::size_t k = 0; k <= kGuide; ++k) {
    while (bin + 1 < ends_.size() && ends_[bin] <= static_cast<double>(k) / kGuide) ++bin;
    guide_[k] = bin;
  }
}

std::size_t Marginal::part(double x) const {
  const double at = step > 0 ? to_grid(x, step) : x + kNudge * cell;
  const auto above = std::upper_bound(edges.begin(), edges.end(), at) - edges.begin();
  const auto last = static_cast<std::ptrdiff_t>(mass.size()) - 1;
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(above - 1, 0, last));
}

Positions Marginal::positions(double x) const {
  const std::size_t i = part(x);
  const double below = below_[i];
  if (is_atom(i)) return {below, below_[i + 1]};
  const double width = edges[i + 1] - edges[i];
  if (step <= 0) {
    const double at = below + mass[i] * std::clamp((x - edges[i]) / width, 0.0, 1.0);
    return {at, at};
  }
  const double cells = std::round(width / step);
  const double k = std::clamp(std::round((x - edges[i]) / step), 0.0, cells - 1);
  return {below + mass[i] * (k / cells), below + mass[i] * ((k + 1) / cells)};
}

double Marginal::cdf(double x) const {
  const auto [low, high] = positions(x);
  return 0.5 * (low + high);
}

double Marginal::position(double x, Rng& rng) const {
  const auto [low, high] = positions(x);
  const double u = low + (high - low) * (kMargin + (1 - 2 * kMargin) * rng.uniform());
  return std::clamp(u, 0x1p-50, 1 - 0x1p-50);
}

double Marginal::quantile(double u) const {
  if (bins_.empty()) return edges.empty() ? 0 : edges.front();
  const double share = u > 0 ? std::min(u, 1.0) : 0;
  const auto slot = std::min(static_cast<std::size_t>(share * kGuide), kGuide - 1);
  const auto found = std::upper_bound(ends_.begin() + guide_[slot], ends_.begin() + guide_[slot + 1], share);
  const Bin& bin = bins_[static_cast<std::size_t>(found - ends_.begin())];
  if (bin.cells == 1) return bin.edge;
  const double inside = std::clamp((share - bin.below) / bin.mass, 0.0, 1.0);
  if (bin.cells == 0) return std::min(bin.edge + inside * bin.width, edges.back() - cell);
  return to_grid(bin.edge + std::min(std::floor(inside * bin.cells), bin.cells - 1) * step, step);
}

nlohmann::json to_json(const Marginal& marginal) {
  nlohmann::json json = {{"type", to_string(marginal.type)},
                         {"missing", marginal.missing},
                         {"from_data", marginal.from_data},
                         {"step", marginal.step},
                         {"cell", marginal.cell},
                         {"edges", marginal.edges},
                         {"mass", marginal.mass}};
  if (is_set(marginal.type)) json["shares"] = marginal.shares;
  return json;
}

Marginal marginal_from_json(const nlohmann::json& json) {
  Marginal marginal;
  try {
    marginal.type = parse_column_type(json.at("type").get<std::string>());
    json.at("missing").get_to(marginal.missing);
    json.at("from_data").get_to(marginal.from_data);
    json.at("step").get_to(marginal.step);
    json.at("cell").get_to(marginal.cell);
    json.at("edges").get_to(marginal.edges);
    json.at("mass").get_to(marginal.mass);
    if (is_set(marginal.type)) json.at("shares").get_to(marginal.shares);
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "a column's distribution cannot be read: {}", error.what());
  }
  const auto& [edges, mass] = std::tie(marginal.edges, marginal.mass);
  const bool has_parts = is_numeric(marginal.type) || is_categorical(marginal.type);
  double sum = 0;
  bool good = has_parts ? !mass.empty() && edges.size() == mass.size() + 1 : mass.empty() && edges.empty();
  for (const double share : mass) good = good && share >= 0, sum += share;
  for (const double share : marginal.shares) good = good && share >= 0 && share <= 1;
  for (std::size_t i = 0; good && i < mass.size(); ++i) good = edges[i] < edges[i + 1];
  good = good && (!has_parts || std::abs(sum - 1) < 1e-6) && marginal.missing >= 0 && marginal.missing <= 1 &&
         marginal.step >= 0 && marginal.cell > 0;
  if (!good) {
    fail(ErrorKind::input,
         "a column's distribution is damaged: edges must ascend and shares sum to 1 (of codes: lie between 0 and 1)");
  }
  marginal.prepare();
  return marginal;
}

}  // namespace understudy
