#include "nn/blocks/gru_cell.h"

#include <ATen/ATen.h>

#include <cmath>

namespace understudy::nn {
namespace {

Linear part(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t units, Rng& rng) {
  const double bound = 1 / std::sqrt(static_cast<double>(units));
  Linear result;
  result.weight = parameters.add(name + ".weight", uniform_within(bound, {3 * units, in}, rng));
  result.bias = parameters.add(name + ".bias", uniform_within(bound, {3 * units}, rng));
  return result;
}

}  // namespace

GruCell::GruCell(Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t units, Rng& rng)
    : input(part(parameters, name + ".input", inputs, units, rng)), hidden(part(parameters, name + ".hidden", units, units, rng)) {}

at::Tensor GruCell::operator()(Tape& tape, const at::Tensor& x, const at::Tensor& state) const {
  const std::int64_t units = state.size(1);
  const at::Tensor of_input = input(tape, x), of_state = hidden(tape, state);
  const auto gates = (of_input.narrow(1, 0, 2 * units) + of_state.narrow(1, 0, 2 * units)).sigmoid().chunk(2, 1);
  const at::Tensor news = (of_input.narrow(1, 2 * units, units) + gates[0] * of_state.narrow(1, 2 * units, units)).tanh();
  return news + gates[1] * (state - news);
}

}  // namespace understudy::nn
