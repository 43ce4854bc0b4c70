#include "encode/codec.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "encode/grid.h"
#include "encode/spec_json.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kZeroShare = 0.05;  // an atom this heavy gets a flag of its own

// The value that gets a zero flag: 0, else the minimum, if the atom that holds it is heavy enough.
std::optional<double> zero_value(const Marginal& marginal) {
  for (const double x : {0.0, marginal.edges.front()}) {
    const std::size_t i = marginal.part(x);
    const double offset = (x - marginal.edges[i]) / marginal.cell;  // part() puts what lies outside into the ends
    const bool holds_x = marginal.is_atom(i) && offset > -0.01 && offset < 1.01;
    if (holds_x && marginal.mass[i] >= kZeroShare && marginal.mass[i] < 1) return x;
  }
  return std::nullopt;
}

// The distribution of the values outside part i.
Marginal without(Marginal marginal, std::size_t i) {
  const double rest = 1 - marginal.mass[i];
  marginal.mass[i] = 0;
  for (double& share : marginal.mass) share /= rest;
  marginal.prepare();
  return marginal;
}

}  // namespace

Codec::Codec(std::vector<ColumnSpec> specs, std::span<const Marginal> marginals, Coding coding)
    : specs_(std::move(specs)),
      marginals_(marginals.begin(), marginals.end()),
      coding_(coding),
      layouts_(specs_.size()) {
  if (marginals_.empty() ? coding == Coding::quantile && !specs_.empty() : marginals_.size() != specs_.size()) {
    fail(ErrorKind::input, "a codec of {} columns got {} distributions; it needs one each", specs_.size(),
         marginals_.size());
  }
  for (std::size_t c = 0; c < specs_.size(); ++c) {
    const ColumnSpec& spec = specs_[c];
    if (!marginals_.empty() && marginals_[c].type != spec.type) {
      fail(ErrorKind::input, "column '{}' is a {}, its distribution that of a {}", spec.name, to_string(spec.type),
           to_string(marginals_[c].type));
    }
    if (is_numeric(spec.type)) {
      add_numeric(c, marginals_.empty() ? nullptr : &marginals_[c]);
    } else if (is_categorical(spec.type)) {
      layouts_[c].value = width_;
      layouts_[c].width = static_cast<std::int64_t>(spec.categories.size()) + (spec.nullable ? 1 : 0);
      add_block(Block::Kind::one_hot, c, layouts_[c].width);
    } else if (is_set(spec.type)) {
      layouts_[c].value = width_;
      layouts_[c].width = static_cast<std::int64_t>(spec.categories.size());
      add_block(Block::Kind::multi_hot, c, layouts_[c].width);
    }
  }
}

void Codec::add_block(Block::Kind kind, std::size_t column, std::int64_t block_width) {
  blocks_.push_back({kind, column, width_, block_width});
  width_ += block_width;
}

void Codec::add_numeric(std::size_t column, const Marginal* marginal) {
  const ColumnSpec& spec = specs_[column];
  Layout& layout = layouts_[column];
  if (coding_ == Coding::bounds && !(spec.minimum && spec.maximum)) {
    fail(ErrorKind::input,
         "column '{}' has no bounds, which coding by bounds needs; declare minimum and maximum, or "
         "code by quantile",
         spec.name);
  }
  layout.low = spec.minimum.value_or(0);
  layout.high = spec.maximum.value_or(0);
  layout.step = step_of(spec);
  layout.value = width_;
  add_block(Block::Kind::scalar, column, 1);
  if (spec.nullable) {
    layout.missing_flag = width_;
    add_block(Block::Kind::flag, column, 1);
  }
  if (marginal == nullptr) return;
  const std::optional<double> zero = zero_value(*marginal);
  if (zero) {
    layout.zero_flag = width_;
    layout.zero = *zero;
    layout.zero_part = marginal->part(*zero);
    add_block(Block::Kind::flag, column, 1);
  }
  if (coding_ == Coding::quantile) layout.scalar = zero ? without(*marginal, marginal->part(*zero)) : *marginal;
}

nlohmann::json Codec::to_json() const {
  nlohmann::json json = {{"coding", coding_ == Coding::bounds ? "bounds" : "quantile"},
                         {"columns", nlohmann::json::array()},
                         {"marginals", nlohmann::json::array()}};
  for (const ColumnSpec& spec : specs_) json["columns"].push_back(spec_to_json(spec));
  for (const Marginal& marginal : marginals_) json["marginals"].push_back(understudy::to_json(marginal));
  return json;
}

Coding parse_coding(std::string_view text) {
  if (text == "bounds") return Coding::bounds;
  if (text == "quantile") return Coding::quantile;
  fail(ErrorKind::usage, "coding is '{}'; it must be one of bounds, quantile", text);
}

Codec Codec::from_json(const nlohmann::json& json) {
  try {
    const auto coding = json.at("coding").get<std::string>();
    if (coding != "bounds" && coding != "quantile") {
      fail(ErrorKind::input, "coding '{}' is not known; accepted: bounds, quantile", coding);
    }
    std::vector<ColumnSpec> specs;
    std::vector<Marginal> marginals;
    for (const auto& entry : json.at("columns")) specs.push_back(spec_from_json(entry));
    for (const auto& entry : json.at("marginals")) marginals.push_back(marginal_from_json(entry));
    return Codec(std::move(specs), marginals, parse_coding(coding));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "a codec cannot be read: {}", error.what());
  }
}

}  // namespace understudy
