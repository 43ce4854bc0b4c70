#include "nn/recurrent.h"

#include <ATen/ATen.h>

#include <vector>

namespace understudy::nn {
namespace {

struct Weights {
  at::Tensor input;       // W, [3 hidden, features]
  at::Tensor state;       // U, [3 hidden, hidden]
  at::Tensor input_bias;  // b, [3 hidden]
  at::Tensor state_bias;  // c
};

Weights weights_of(const RecurrentShape& shape, const at::Tensor& flat) {
  const std::int64_t gates = 3 * shape.hidden;
  const std::int64_t state = gates * shape.features;
  const std::int64_t biases = state + gates * shape.hidden;
  return {flat.narrow(0, 0, state).view({gates, shape.features}),
          flat.narrow(0, state, gates * shape.hidden).view({gates, shape.hidden}), flat.narrow(0, biases, gates),
          flat.narrow(0, biases + gates, gates)};
}

// The states before each row.
at::Tensor before(const at::Tensor& states) {
  return at::cat({at::zeros_like(states.narrow(0, 0, 1)), states.narrow(0, 0, states.size(0) - 1)});
}

}  // namespace

RecurrentPass recurrent_pass(const RecurrentShape& shape, const at::Tensor& flat, const at::Tensor& x) {
  const Weights weights = weights_of(shape, flat);
  const std::int64_t n = shape.hidden;
  const at::Tensor from_state = weights.state.t();
  const at::Tensor from_input = at::linear(x, weights.input, weights.input_bias);
  const auto gates_input = from_input.narrow(2, 0, 2 * n).unbind(0);
  const auto fresh_input = from_input.narrow(2, 2 * n, n).unbind(0);
  std::vector<at::Tensor> states, gates, inner, fresh;
  at::Tensor h = at::zeros({x.size(1), n}, x.options());
  for (std::size_t row = 0; row < gates_input.size(); ++row) {
    const at::Tensor part = at::addmm(weights.state_bias, h, from_state);
    gates.push_back((gates_input[row] + part.narrow(1, 0, 2 * n)).sigmoid_());
    inner.push_back(part.narrow(1, 2 * n, n));
    fresh.push_back(at::addcmul(fresh_input[row], gates[row].narrow(1, 0, n), inner[row]).tanh_());
    h = at::lerp(fresh[row], h, gates[row].narrow(1, n, n));
    states.push_back(h);
  }
  const at::Tensor both = at::stack(gates);
  return {x, at::stack(states), both.narrow(2, 0, n), both.narrow(2, n, n), at::stack(inner), at::stack(fresh)};
}

at::Tensor recurrent_gradient(const RecurrentShape& shape, const at::Tensor& flat, const RecurrentPass& pass,
                              const at::Tensor& slopes) {
  const Weights weights = weights_of(shape, flat);
  // d of what goes into the gates' functions by d of the state: all that does not depend on the way back, at once.
  const auto fresh_slope = ((1 - pass.update) * (1 - pass.fresh.square())).unbind(0);
  const auto update_slope = ((before(pass.states) - pass.fresh) * pass.update * (1 - pass.update)).unbind(0);
  const auto reset_slope = (pass.inner * pass.reset * (1 - pass.reset)).unbind(0);
  const auto reset = pass.reset.unbind(0);
  const auto update = pass.update.unbind(0);
  const auto given = slopes.unbind(0);
  std::vector<at::Tensor> inputs(given.size()), parts(given.size());  // d by W x + b, and by U h + c
  at::Tensor back;
  for (std::size_t row = given.size(); row-- > 0;) {
    const at::Tensor slope = back.defined() ? given[row] + back : given[row];
    const at::Tensor to_fresh = slope * fresh_slope[row];
    const at::Tensor to_update = slope * update_slope[row];
    const at::Tensor to_reset = to_fresh * reset_slope[row];
    inputs[row] = at::cat({to_reset, to_update, to_fresh}, 1);
    parts[row] = at::cat({to_reset, to_update, to_fresh * reset[row]}, 1);
    back = at::addmm(slope * update[row], parts[row], weights.state);
  }
  const at::Tensor by_input = at::cat(inputs);
  const at::Tensor by_part = at::cat(parts);
  return at::cat({at::matmul(by_input.t(), pass.x.reshape({-1, shape.features})).view({-1}),
                  at::matmul(by_part.t(), before(pass.states).view({-1, shape.hidden})).view({-1}), by_input.sum(0),
                  by_part.sum(0)});
}

}  // namespace understudy::nn
