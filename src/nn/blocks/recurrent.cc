#include "nn/blocks/recurrent.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <cmath>

#include "nn/blocks/linear.h"
#include "nn/noise.h"
#include "nn/row.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

// The two windows of the gates, for one step or for all.
at::Tensor input_window(const Cell& cell, const at::Tensor& gates) {
  const std::int64_t block = gates.size(-1) / (cell.input_from + cell.blocks);
  return gates.narrow(-1, cell.input_from * block, cell.blocks * block);
}

at::Tensor hidden_window(const Cell& cell, const at::Tensor& gates) {
  const std::int64_t block = gates.size(-1) / (cell.input_from + cell.blocks);
  return gates.narrow(-1, 0, cell.blocks * block);
}

at::Tensor flat_rows(const at::Tensor& x) { return x.view({-1, x.size(-1)}); }

const Pointwise& pointwise(const Cell& cell, const at::Tensor& x) { return is_here(x) ? cell.loops : cell.operations; }

// One layer over all steps. x [steps, rows, inputs], initial [parts, rows, hidden].
struct Sequence : torch::autograd::Function<Sequence> {
  // The arguments that autograd counts.
  enum Argument : std::size_t { kX, kInitial, kInputWeight, kHiddenWeight, kInputBias, kHiddenBias };

  struct Context {
    Tape* tape;
    const Cell* cell;
    const RecurrentLayer* layer;
  };

  static tensor_list forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& initial,
                             const at::Tensor& input_weight, const at::Tensor& hidden_weight, const at::Tensor& input_bias,
                             const at::Tensor& hidden_bias, const at::Tensor& /*anchor*/, const Context& given) {
    const Cell& cell = *given.cell;
    const std::int64_t steps = x.size(0), rows = x.size(1), hidden = hidden_weight.size(1);
    const at::Tensor gates = at::empty({steps, rows, (cell.input_from + cell.blocks) * hidden}, x.options());
    gates.copy_(both_biases(cell, input_bias, hidden_bias).expand_as(gates));
    input_window(cell, flat_rows(gates)).addmm_(flat_rows(x), input_weight.t());
    const at::Tensor states = at::empty({cell.parts, steps + 1, rows, hidden}, x.options());
    states.select(1, 0).copy_(initial);
    for (std::int64_t t = 0; t < steps; ++t) {
      const at::Tensor before = states.select(1, t);
      hidden_window(cell, gates[t]).addmm_(before[0], hidden_weight.t());
      pointwise(cell, x).forward(gates[t], before, states.select(1, t + 1));
    }
    context->save_for_backward({x, input_weight, hidden_weight, gates, states});
    context->saved_data["tape"] = reinterpret_cast<std::int64_t>(given.tape);
    context->saved_data["cell"] = reinterpret_cast<std::int64_t>(given.cell);
    context->saved_data["layer"] = reinterpret_cast<std::int64_t>(given.layer);
    return {states[0].narrow(0, 1, steps), states.select(1, steps).clone()};
  }

  static tensor_list backward(AutogradContext* context, tensor_list gradients) {
    const tensor_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &input_weight = saved[1], &hidden_weight = saved[2], &gates = saved[3];
    const at::Tensor& states = saved[4];
    gates.unsafeGetTensorImpl()->bump_version();  // overwritten: a second pass over the same graph is an error
    const Cell& cell = *reinterpret_cast<const Cell*>(context->saved_data["cell"].toInt());
    const at::Tensor output = gradients[0].contiguous(), carry = gradients[1].clone(at::MemoryFormat::Contiguous);
    for (std::int64_t t = x.size(0) - 1; t >= 0; --t) {
      pointwise(cell, x).backward(gates[t], states.select(1, t), states.select(1, t + 1), output[t], carry);
      if (t > 0 || context->needs_input_grad(kInitial)) carry[0].addmm_(hidden_window(cell, gates[t]), hidden_weight);
    }
    tensor_list result = of_weights(context, cell, x, gates, states[0].narrow(0, 0, x.size(0)));
    if (context->needs_input_grad(kX)) {
      result[kX] = at::mm(flat_rows(input_window(cell, gates)), input_weight).view(x.sizes());
    }
    result[kInitial] = carry;
    return result;
  }

 private:
  // Of a row of gates.
  static at::Tensor both_biases(const Cell& cell, const at::Tensor& input_bias, const at::Tensor& hidden_bias) {
    const std::int64_t block = input_bias.size(0) / cell.blocks;
    return at::constant_pad_nd(input_bias, {cell.input_from * block, 0}) +
           at::constant_pad_nd(hidden_bias, {0, cell.input_from * block});
  }

  // By subject they go to the tape, else where autograd wants them.
  static tensor_list of_weights(AutogradContext* context, const Cell& cell, const at::Tensor& x, const at::Tensor& gates,
                                const at::Tensor& before) {
    tensor_list result(8);
    auto& tape = *reinterpret_cast<Tape*>(context->saved_data["tape"].toInt());
    if (tape.by_subject()) {
      const auto& layer = *reinterpret_cast<const RecurrentLayer*>(context->saved_data["layer"].toInt());
      const auto of_subjects = [&](const at::Tensor& t) { return t.view({-1, tape.subjects(), t.size(-1)}); };
      const at::Tensor g = of_subjects(gates);
      tape.record(layer.input_weight, layer.input_bias,
                  {.inputs = of_subjects(x), .gradients = input_window(cell, g), .time_first = true});
      tape.record(layer.hidden_weight, layer.hidden_bias,
                  {.inputs = of_subjects(before), .gradients = hidden_window(cell, g), .time_first = true});
      return result;
    }
    if (!context->needs_input_grad(kInputWeight)) return result;  // of a network that is only passed through
    const at::Tensor g = flat_rows(gates), bias = g.sum(0);
    result[kInputWeight] = at::mm(input_window(cell, g).t(), flat_rows(x));
    result[kHiddenWeight] = at::mm(hidden_window(cell, g).t(), flat_rows(before));
    result[kInputBias] = input_window(cell, bias);
    result[kHiddenBias] = hidden_window(cell, bias);
    return result;
  }
};

// [subjects windows, middle.., width] and [middle, windows subjects, width], either way.
struct Order {
  std::int64_t subjects;  // 0: rows stay in their order

  at::Tensor inside(const at::Tensor& x) const {
    const std::int64_t rows = x.size(0), outer = subjects > 0 ? subjects : rows;
    const at::Tensor apart = x.reshape({outer, rows / outer, x.size(1), x.size(2)});
    return apart.permute({2, 1, 0, 3}).reshape({x.size(1), rows, x.size(2)}).contiguous();
  }
  at::Tensor outside(const at::Tensor& x) const {
    const std::int64_t rows = x.size(1), outer = subjects > 0 ? subjects : rows;
    return x.view({x.size(0), rows / outer, outer, x.size(2)}).permute({2, 1, 0, 3}).reshape({rows, x.size(0), x.size(2)});
  }
};

}  // namespace

Recurrent::Recurrent(const Cell& cell, Parameters& parameters, const std::string& name, std::int64_t inputs,
                     std::int64_t hidden, std::int64_t layers, Rng& rng)
    : cell_(&cell), hidden_(hidden) {
  if (layers < 1) fail(ErrorKind::internal, "a recurrent network '{}' of {} layers", name, layers);
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  const std::int64_t outputs = cell.blocks * hidden;
  for (std::int64_t i = 0; i < layers; ++i) {
    const auto add = [&](const std::string& what, const std::vector<std::int64_t>& shape) {
      return parameters.add(name + "." + std::to_string(i) + "." + what, uniform_within(bound, shape, rng));
    };
    layers_.push_back({.input_weight = add("input_weight", {outputs, i == 0 ? inputs : hidden}),
                       .input_bias = add("input_bias", {outputs}),
                       .hidden_weight = add("hidden_weight", {outputs, hidden}),
                       .hidden_bias = add("hidden_bias", {outputs})});
  }
}

at::Tensor Recurrent::operator()(Tape& tape, const at::Tensor& x) const {
  const auto layers = static_cast<std::int64_t>(layers_.size());
  return run(tape, x, at::zeros({layers, cell_->parts, x.size(0), hidden_}, x.options())).output;
}

Recurrent::Run Recurrent::run(Tape& tape, const at::Tensor& x, const at::Tensor& state) const {
  const Order order{tape.by_subject() ? tape.subjects() : 0};
  at::Tensor sequence = order.inside(x);
  std::vector<at::Tensor> last;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const RecurrentLayer& layer = layers_[i];
    const Sequence::Context context{&tape, cell_, &layer};
    const at::Tensor initial = order.inside(state[static_cast<std::int64_t>(i)].transpose(0, 1));
    const tensor_list found =
        Sequence::apply(sequence, initial, tape.value(layer.input_weight), tape.value(layer.hidden_weight),
                        tape.value(layer.input_bias), tape.value(layer.hidden_bias), tape.anchor(), context);
    sequence = found[0];
    last.push_back(order.outside(found[1]).transpose(0, 1));
  }
  return {order.outside(sequence), at::stack(last)};
}

}  // namespace understudy::nn
