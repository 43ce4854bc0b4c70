#include "nn/tape.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <numeric>

#include "nn/row_norms.h"
#include "understudy/error.h"

namespace understudy::nn {

// Gives its input, and hands the gradient to the tape on the way back. The anchor, which always asks for a gradient, keeps
// it on every path that the pass takes.
struct Watch : torch::autograd::Function<Watch> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& output, const at::Tensor& /*anchor*/,
                            std::int64_t tape, std::int64_t index) {
    context->saved_data["tape"] = tape;
    context->saved_data["index"] = index;
    return output;
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    auto* tape = reinterpret_cast<Tape*>(context->saved_data["tape"].toInt());
    tape->pending_[static_cast<std::size_t>(context->saved_data["index"].toInt())](gradients[0]);
    return {gradients[0], at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

Tape::Tape(at::Tensor flat, Mode mode, std::int64_t subjects)
    : flat_(std::move(flat)), mode_(mode), subjects_(subjects), anchor_(at::zeros({}, flat_.options())) {
  if (mode == Mode::by_subject && subjects < 1) fail(ErrorKind::internal, "a tape by subject of {} subjects", subjects);
  if (mode != Mode::without_gradients) anchor_.requires_grad_(true);
}

at::Tensor Tape::window(const at::Tensor& flat, const Parameter& parameter) const {
  return flat.narrow(0, parameter.offset, parameter.size()).view(parameter.shape);
}

at::Tensor Tape::value(const Parameter& parameter) const {
  if (mode_ != Mode::plain) return window(flat_, parameter).detach();
  at::Tensor& leaf = leaves_[parameter.offset];
  if (!leaf.defined()) leaf = flat_.narrow(0, parameter.offset, parameter.size()).detach().requires_grad_(true);
  return leaf.view(parameter.shape);
}

at::Tensor Tape::watched(const at::Tensor& output, Pending pending) {
  pending_.push_back(std::move(pending));
  return Watch::apply(output, anchor_, reinterpret_cast<std::int64_t>(this), static_cast<std::int64_t>(pending_.size() - 1));
}

at::Tensor Tape::rows_of_subjects(const at::Tensor& x) const { return x.reshape({subjects_, -1, x.size(-1)}); }

namespace {

// All rows in one product. Left to itself torch chooses by strides, and from 2.x on by what asks for a gradient; the modes
// of a tape would differ in their last bits.
at::Tensor flat_rows(const at::Tensor& x) { return x.reshape({-1, x.size(-1)}); }

at::Tensor as_before(const at::Tensor& rows, const at::Tensor& x) {
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = rows.size(1);
  return rows.view(shape);
}

}  // namespace

at::Tensor Tape::linear(const at::Tensor& x, const Parameter& weight, const std::optional<Parameter>& bias) {
  const at::Tensor y = as_before(at::linear(flat_rows(x), value(weight), bias ? value(*bias) : at::Tensor()), x);
  if (!by_subject()) return y;
  const at::Tensor inputs = rows_of_subjects(x.detach());
  return watched(y, [this, weight, bias, inputs](const at::Tensor& gradient) {
    record(weight, bias, {.inputs = inputs, .gradients = rows_of_subjects(gradient)});
  });
}

at::Tensor Tape::masked_linear(const at::Tensor& x, const Parameter& weight, const std::optional<Parameter>& bias, const WeightMask& mask) {
  const at::Tensor y = as_before(masked_product(flat_rows(x), value(weight), bias ? value(*bias) : at::Tensor(), mask), x);
  if (!by_subject()) return y;
  const at::Tensor inputs = rows_of_subjects(x.detach());
  return watched(y, [this, weight, bias, ones = mask.ones, inputs](const at::Tensor& gradient) {
    record(weight, bias, {.inputs = inputs, .gradients = rows_of_subjects(gradient), .mask = ones});
  });
}

// The roles of inputs and gradients are exchanged: d rows in x, p in what comes back.
at::Tensor Tape::transposed(const at::Tensor& x, const Parameter& weight) {
  const at::Tensor y = as_before(at::mm(flat_rows(x), value(weight)), x);
  if (!by_subject()) return y;
  const at::Tensor rows = rows_of_subjects(x.detach());
  return watched(y, [this, weight, rows](const at::Tensor& gradient) {
    record(weight, std::nullopt, {.inputs = rows_of_subjects(gradient), .gradients = rows});
  });
}

at::Tensor Tape::embedding(const at::Tensor& ids, const Parameter& weight) {
  const at::Tensor y = at::embedding(value(weight), ids);
  if (!by_subject()) return y;
  return watched(y, [this, weight, ids](const at::Tensor& gradient) {
    Lookup& lookup = lookups_.try_emplace(weight.offset, Lookup{weight, {}}).first->second;
    lookup.uses.emplace_back(ids.reshape({subjects_, -1}), rows_of_subjects(gradient));
  });
}

at::Tensor Tape::scale_shift(const at::Tensor& x, const Parameter& scale, const Parameter& shift) {
  const at::Tensor y = x * value(scale) + value(shift);
  if (!by_subject()) return y;
  return watched(y, [this, scale, shift, input = x.detach()](const at::Tensor& gradient) {
    record_each(scale, rows_of_subjects(gradient * input).sum(1));
    record_each(shift, rows_of_subjects(gradient).sum(1));
  });
}

at::Tensor Tape::each(const Parameter& parameter, std::int64_t windows) {
  std::vector<std::int64_t> shape = parameter.shape;
  shape.insert(shape.begin(), windows);
  const at::Tensor y = value(parameter).unsqueeze(0).expand(shape);
  if (!by_subject()) return y;
  return watched(y, [this, parameter](const at::Tensor& gradient) {
    record_each(parameter, gradient.reshape({subjects_, -1, parameter.size()}).sum(1));
  });
}

void Tape::record(const Parameter& weight, const std::optional<Parameter>& bias, Use use) {
  Linear& linear = linears_.try_emplace(weight.offset, Linear{weight, bias, {}, use.mask}).first->second;
  if (!linear.bias) linear.bias = bias;
  if (bias && linear.bias->offset != bias->offset) fail(ErrorKind::internal, "a weight is used with two biases; by subject it may have one");
  use.has_bias = bias.has_value();
  if (!linear.mask.is_same(use.mask)) fail(ErrorKind::internal, "a weight is used with two masks; by subject it may have one");
  linear.uses.push_back(std::move(use));
}

void Tape::record_each(const Parameter& parameter, const at::Tensor& gradient) {
  const auto [at, is_new] = small_.try_emplace(parameter.offset, parameter, gradient.reshape({subjects_, -1}));
  if (!is_new) at->second.second = at->second.second + gradient.reshape({subjects_, -1});
}

void Tape::backward(const at::Tensor& loss) {
  if (by_subject()) {
    torch::autograd::grad({loss}, {anchor_}, {}, /*retain_graph=*/false, /*create_graph=*/false, /*allow_unused=*/true);
    pending_.clear();
    return;
  }
  std::vector<at::Tensor> leaves;
  for (const auto& [offset, leaf] : leaves_) leaves.push_back(leaf);
  const auto found = torch::autograd::grad({loss}, leaves, {}, false, false, true);
  plain_gradient_ = at::zeros_like(flat_);
  std::size_t next = 0;
  for (const auto& [offset, leaf] : leaves_) {
    if (found[next].defined()) plain_gradient_.narrow(0, offset, leaf.numel()).copy_(found[next].reshape({-1}));
    ++next;
  }
}

at::Tensor Tape::gradient() const { return plain_gradient_; }

bool Tape::Linear::has_one_kind() const {
  return std::all_of(uses.begin(), uses.end(), [&](const Use& use) { return use.has_bias == uses.front().has_bias; });
}

// All uses of a weight as one, subjects outermost. Where some have the bias and some do not, a last input says which: 1 or 0.
Tape::Use Tape::joined(const Linear& linear) const {
  const bool is_mixed = !linear.has_one_kind();
  std::vector<at::Tensor> inputs, gradients;
  for (const Use& use : linear.uses) {
    at::Tensor a = use.time_first ? use.inputs.transpose(0, 1) : use.inputs;
    if (is_mixed) a = at::cat({a, at::full({a.size(0), a.size(1), 1}, use.has_bias ? 1.0 : 0.0, a.options())}, 2);
    inputs.push_back(a);
    gradients.push_back(use.time_first ? use.gradients.transpose(0, 1) : use.gradients);
  }
  const bool has_bias = !is_mixed && linear.uses.front().has_bias;
  if (inputs.size() == 1) return {.inputs = inputs.front(), .gradients = gradients.front(), .has_bias = has_bias};
  return {.inputs = at::cat(inputs, 1), .gradients = at::cat(gradients, 1), .has_bias = has_bias};
}

void Tape::check_owners() const {
  std::vector<std::int64_t> owned;
  for (const auto& [offset, linear] : linears_) {
    owned.push_back(offset);
    if (linear.bias) owned.push_back(linear.bias->offset);
  }
  for (const auto& [offset, lookup] : lookups_) {
    if (!linears_.contains(offset)) owned.push_back(offset);
  }
  for (const auto& [offset, small] : small_) owned.push_back(offset);
  std::sort(owned.begin(), owned.end());
  const auto twice = std::adjacent_find(owned.begin(), owned.end());
  if (twice != owned.end()) fail(ErrorKind::internal, "the parameter at {} is used through doors of two kinds; its norm would be wrong", *twice);
}

at::Tensor Tape::squared_norms() const {
  check_owners();
  at::Tensor total = at::zeros({subjects_}, flat_.options().dtype(at::kDouble));
  for (const auto& [offset, linear] : linears_) {
    if (linear.mask.defined()) {
      total += masked_norms(linear);
      continue;
    }
    const Use use = joined(linear);
    const auto tied = lookups_.find(offset);
    total += tied != lookups_.end() ? tied_norms(linear, tied->second)
                                    : nn::squared_norms(use.inputs, use.gradients, use.has_bias);
  }
  for (const auto& [offset, lookup] : lookups_) {
    if (!linears_.contains(offset)) total += lookup_norms(lookup);
  }
  for (const auto& [offset, small] : small_) total += small.second.to(at::kDouble).square().sum(1);
  unusable_ = at::logical_not(at::isfinite(total));
  has_unusable_ = unusable_.any().item<bool>();
  return total;
}

// Gradients of equal ids belong to one row of the table.
at::Tensor Tape::lookup_norms(const Lookup& lookup) const {
  at::Tensor total = at::zeros({subjects_}, flat_.options().dtype(at::kDouble));
  std::vector<at::Tensor> ids, gradients;
  for (const auto& [id, gradient] : lookup.uses) ids.push_back(id), gradients.push_back(gradient);
  const at::Tensor all_ids = at::cat(ids, 1), all = at::cat(gradients, 1).to(at::kDouble);
  for (std::int64_t i = 0; i < subjects_; ++i) {
    const auto [words, places, counts] = at::unique_dim(all_ids[i], 0, true, true, false);
    const at::Tensor rows = at::zeros({words.size(0), all.size(2)}, all.options()).index_add_(0, places.reshape({-1}), all[i]);
    total[i] = rows.square().sum();
  }
  return total;
}

// The gram knows no mask: the subject's gradient itself.
at::Tensor Tape::masked_norms(const Linear& linear) const {
  if (!linear.has_one_kind()) fail(ErrorKind::internal, "a masked weight is used with its bias and without");
  at::Tensor total = at::zeros({subjects_}, flat_.options().dtype(at::kDouble));
  const Use use = joined(linear);
  for (std::int64_t i = 0; i < subjects_; ++i) {
    const at::Tensor whole = at::matmul(use.gradients[i].t(), use.inputs[i]) * linear.mask;
    total[i] = whole.to(at::kDouble).square().sum();
    if (use.has_bias) total[i] += use.gradients[i].to(at::kDouble).sum(0).square().sum();
  }
  return total;
}

// A weight that is a table and a layer: the subject's gradient itself.
at::Tensor Tape::tied_norms(const Linear& linear, const Lookup& lookup) const {
  at::Tensor total = at::zeros({subjects_}, flat_.options().dtype(at::kDouble));
  const Use use = joined(linear);
  for (std::int64_t i = 0; i < subjects_; ++i) {
    at::Tensor whole = at::matmul(use.gradients[i].t(), use.inputs[i]).to(at::kDouble);
    for (const auto& [ids, gradients] : lookup.uses) whole.index_add_(0, ids[i], gradients[i].to(at::kDouble));
    total[i] = whole.square().sum();
    if (use.has_bias) total[i] += use.gradients[i].to(at::kDouble).sum(0).square().sum();
  }
  return total;
}

namespace {

// `by_subject` [subjects] in the shape that fits x, whose subjects are dimension `at`.
at::Tensor along(const at::Tensor& by_subject, const at::Tensor& x, std::int64_t at) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[static_cast<std::size_t>(at)] = by_subject.size(0);
  return by_subject.view(shape);
}

}  // namespace

// x without what is not finite.
at::Tensor Tape::usable(const at::Tensor& x, std::int64_t subjects_at) const {
  return has_unusable_ ? x.masked_fill(along(unusable_, x, subjects_at), 0) : x;
}

at::Tensor Tape::weighted(const at::Tensor& x, const at::Tensor& factors, std::int64_t subjects_at) const {
  return usable(x, subjects_at) * along(factors, x, subjects_at);
}

// One product, as in plain training. The factors go to the narrower of its two sides: the other stays as it is, and may be a
// window of something wider. The first use writes, so that the window of the sum needs no zeros; later ones add.
void Tape::add_linear(const Linear& linear, const at::Tensor& factors, const at::Tensor& sum) const {
  bool is_first = true, is_first_bias = true;
  for (const Use& use : linear.uses) {
    const std::int64_t subjects_at = use.time_first ? 1 : 0;
    at::Tensor a = usable(use.inputs, subjects_at), g = usable(use.gradients, subjects_at);
    if (use.has_bias) {
      const at::Tensor of_rows = along(factors, g, subjects_at).expand({g.size(0), g.size(1), 1}).reshape({-1});
      window(sum, *linear.bias).view({-1}).addmv_(flat_rows(g).t(), of_rows, /*beta=*/is_first_bias ? 0 : 1);
      is_first_bias = false;
    }
    at::Tensor& narrower = a.size(-1) < g.size(-1) ? a : g;
    narrower = narrower * along(factors, narrower, subjects_at);
    window(sum, linear.weight).view({g.size(-1), -1}).addmm_(flat_rows(g).t(), flat_rows(a), /*beta=*/is_first ? 0 : 1);
    is_first = false;
  }
  if (linear.mask.defined()) window(sum, linear.weight).mul_(linear.mask);
}

void Tape::zero_others(const at::Tensor& sum) const {
  std::map<std::int64_t, std::int64_t> written;  // offset -> end
  for (const auto& [offset, linear] : linears_) {
    written[offset] = offset + linear.weight.size();
    if (linear.bias) written[linear.bias->offset] = linear.bias->offset + linear.bias->size();
  }
  std::int64_t at = 0;
  for (const auto& [offset, end] : written) {
    sum.narrow(0, at, offset - at).zero_();
    at = end;
  }
  sum.narrow(0, at, sum.numel() - at).zero_();
}

at::Tensor Tape::weighted_sum(const at::Tensor& factors) const {
  const at::NoGradGuard no_graph;
  if (!unusable_.defined()) fail(ErrorKind::internal, "a clipped sum is asked for before the norms");
  const at::Tensor sum = at::empty_like(flat_);
  zero_others(sum);
  for (const auto& [offset, linear] : linears_) add_linear(linear, factors, sum);
  for (const auto& [offset, lookup] : lookups_) {
    for (const auto& [ids, g] : lookup.uses) {
      window(sum, lookup.weight).index_add_(0, ids.reshape({-1}), weighted(g, factors, 0).reshape({-1, g.size(2)}));
    }
  }
  for (const auto& [offset, small] : small_) {
    window(sum, small.first).view({-1}).add_(weighted(small.second, factors, 0).sum(0));
  }
  return sum;
}

}  // namespace understudy::nn
