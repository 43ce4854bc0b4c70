#include "generators/understudy/chain.h"

#include <algorithm>
#include <cmath>

#include "generators/understudy/chain_algebra.h"
#include "generators/understudy/softmax.h"
#include "understudy/error.h"

namespace understudy {

using namespace algebra;

namespace {

constexpr std::int64_t kGroupUnits = 96;  // hidden units of a group: wide enough for a product, few zeros inside

std::int64_t embedding_of(std::int32_t size) {
  const auto grown = static_cast<std::int64_t>(3 * std::ceil(std::pow(size, 0.25)));
  return std::min<std::int64_t>(size, std::max<std::int64_t>(10, grown));
}

// exp(-distance / scale) in ranks, of 40 categories; 0 wide: the category itself.
std::vector<float> nearness_of(std::int32_t size, std::int32_t missing) {
  std::vector<float> result;
  for (const double scale : {0.0, 1.5, 5.0, 5.0}) {
    for (std::int32_t anchor = 0; anchor < size; ++anchor) {
      for (std::int32_t c = 0; c < size; ++c) {
        const double distance = std::abs(c - anchor) * 40.0 / std::max(size, 40);
        const double near = scale > 0 ? std::exp(-distance / scale) : c == anchor;
        result.push_back(c == missing ? 0 : static_cast<float>(near));
      }
    }
  }
  return result;
}

}  // namespace

Chain::Chain(ChainShape shape) : shape_(std::move(shape)) {
  if (shape_.sizes.empty()) fail(ErrorKind::internal, "a chain of no column");
  inputs_ = {shape_.context};
  units_ = categories_ = head_at_ = own_ = own_at_ = {0};
  std::int64_t at = 0;
  for (const std::int32_t size : shape_.sizes) {
    if (size < 1) fail(ErrorKind::internal, "a column of {} categories", size);
    const auto units = static_cast<std::int64_t>(shape_.width * std::max(1.0, std::round(std::log(size))));
    embeddings_.push_back(at);
    at += size * embedding_of(size);
    inputs_.push_back(inputs_.back() + embedding_of(size));
    units_.push_back(units_.back() + units);
    categories_.push_back(categories_.back() + size);
    head_at_.push_back(head_at_.back() + units * size);
  }
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    memories_.push_back(at);
    if (shape_.own > 0) at += (shape_.sizes[k] + 1) * embedding(k);
    own_.push_back(own_.back() + (shape_.own > 0 ? shape_.own + embedding(k) : 0));
    own_at_.push_back(own_at_.back() + own(k) * hidden(k));
  }
  first_ = at;
  own_layers_ = first_ + all_inputs() * all_units();
  first_bias_ = own_layers_ + own_at_.back();
  heads_ = first_bias_ + all_units();
  gates_ = heads_ + head_at_.back();
  gate_bias_ = gates_ + (shape_.own > 0 ? all_units() * kGates : 0);
  last_bias_ = gate_bias_ + all_gates();
  for (std::size_t k = 0; k < shape_.sizes.size() && shape_.own > 0; ++k) near_.push_back(nearness_of(shape_.sizes[k], k < shape_.missing.size() ? shape_.missing[k] : -1));
  end_ = last_bias_ + all_categories();
  for (std::size_t first = 0; first < shape_.sizes.size();) {
    std::size_t end = first + 1;
    while (end < shape_.sizes.size() && units_[end + 1] - units_[first] <= kGroupUnits) ++end;
    groups_.push_back({first, end, inputs_[end - 1]});
    first = end;
  }
}

void Chain::check(const Given& given, std::int64_t rows) const {
  const auto holds = [&](std::size_t size, std::int64_t each) { return static_cast<std::int64_t>(size) == rows * each; };
  const bool fits = holds(given.context.size(), shape_.context) && holds(given.own.size(), columns() * shape_.own) &&
                    holds(given.last.size(), shape_.own > 0 ? columns() : 0) && given.mean.size() == given.last.size();
  if (!fits) {
    fail(ErrorKind::internal, "{} numbers of context, {} own ones and {} categories for {} rows of {}, {} and {}", given.context.size(),
         given.own.size(), given.last.size(), rows, shape_.context, columns() * shape_.own, columns());
  }
}

std::int64_t Chain::rows_of(const Rows& rows) const {
  const auto count = static_cast<std::int64_t>(rows.categories.size()) / columns();
  if (count * columns() != static_cast<std::int64_t>(rows.categories.size())) {
    fail(ErrorKind::internal, "{} categories for rows of {}", rows.categories.size(), columns());
  }
  check(rows.given, count);
  return count;
}

const float* Chain::nearness(std::size_t column, std::size_t gate, std::size_t place, const Given& given) const {
  const std::int32_t anchor = (gate + 1 < kGates ? given.last : given.mean)[place];
  if (anchor < 0) return nullptr;
  const auto size = static_cast<std::size_t>(shape_.sizes[column]);
  return near_[column].data() + (gate * size + static_cast<std::size_t>(anchor)) * size;
}

void Chain::add_gates(std::size_t k, std::int64_t rows, const Given& given, const float* gates, std::int64_t gate_stride, float* logits,
                      std::int64_t stride) const {
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::size_t g = 0; g < kGates; ++g) {
      const float* const near = nearness(k, g, static_cast<std::size_t>(row * columns()) + k, given);
      if (near == nullptr) continue;
      const float open = gates[row * gate_stride + static_cast<std::int64_t>(g)];
      float* const at = logits + row * stride;
      for (std::int32_t c = 0; c < shape_.sizes[k]; ++c) at[c] += open * near[c];
    }
  }
}

std::int64_t Chain::memory(std::size_t column, std::int32_t category) const {
  return memories_[column] + (category < 0 ? shape_.sizes[column] : category) * embedding(column);
}

void Chain::fill_own(std::span<const float> flat, const Given& given, std::int64_t rows, std::vector<float>& own_inputs) const {
  own_inputs.resize(static_cast<std::size_t>(rows * all_own()));
  if (shape_.own == 0) return;
  float* to = own_inputs.data();
  const float* numbers = given.own.data();
  const std::int32_t* last = given.last.data();
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < shape_.sizes.size(); ++k, numbers += shape_.own, ++last) {
      to = std::copy_n(numbers, shape_.own, to);
      to = std::copy_n(flat.data() + memory(k, *last), embedding(k), to);
    }
  }
}

void Chain::add_own(std::span<const float> flat, std::int64_t rows, const std::vector<float>& own_inputs, std::vector<float>& hidden_units) const {
  for (std::size_t k = 0; k < shape_.sizes.size() && shape_.own > 0; ++k) {
    product({own_inputs.data() + own_[k], all_own()}, {flat.data() + own_layers_ + own_at_[k], hidden(k)}, hidden_units.data() + units_[k],
            all_units(), rows, hidden(k), own(k), 1);
  }
}

std::vector<float> Chain::initial(std::span<const std::vector<double>> shares, Rng& rng) const {
  std::vector<float> flat(static_cast<std::size_t>(end_));
  for (std::int64_t i = 0; i < first_; ++i) flat[static_cast<std::size_t>(i)] = static_cast<float>(rng.normal());
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    // The columns before, the context and what a column sees by itself weigh the same at first, however many numbers each has: what a
    // subject is must not drown among what was drawn.
    const auto part = [](std::int64_t numbers) { return 1 / std::sqrt(std::max<double>(1, static_cast<double>(numbers))); };
    const double of_context = part(shape_.context), of_columns = part(inputs_[k] - shape_.context), of_own = part(own(k));
    for (std::int64_t i = 0; i < own(k) * hidden(k); ++i) {
      flat[static_cast<std::size_t>(own_layers_ + own_at_[k] + i)] = static_cast<float>(of_own * rng.normal());
    }
    for (std::int64_t in = 0; in < inputs_[k]; ++in) {
      for (std::int64_t unit = units_[k]; unit < units_[k + 1]; ++unit) {
        flat[static_cast<std::size_t>(first_ + in * all_units() + unit)] =
            static_cast<float>((in < shape_.context ? of_context : of_columns) * rng.normal());
      }
    }
    const std::int64_t size = shape_.sizes[k], head = heads_ + head_at_[k];
    const double bound = std::sqrt(6.0 / static_cast<double>(hidden(k) + size));
    for (std::int64_t i = 0; i < hidden(k) * size; ++i) {
      flat[static_cast<std::size_t>(head + i)] = static_cast<float>(rng.uniform(-bound, bound));
    }
    constexpr double kLeast = 1e-9;  // of a share: what nobody has is as good as ruled out, and finite
    for (std::int64_t c = 0; c < size; ++c) {
      const double share = shares[k][static_cast<std::size_t>(c)] * (1 - kLeast) + kLeast / static_cast<double>(size);
      flat[static_cast<std::size_t>(last_bias_ + categories_[k] + c)] = static_cast<float>(std::log(share));
    }
  }
  return flat;
}

// Returns what the units that stay are multiplied by.
float Chain::drop(Workspace& room) {
  const auto least = static_cast<std::uint64_t>(std::round(room.dropout.share * 256));
  if (least == 0) return 1;
  const float scale = 256.0F / static_cast<float>(256 - least);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < room.hidden.size(); ++i, bits >>= 8) {
    if (i % 8 == 0) bits = room.dropout.rng.next();
    room.hidden[i] = (bits & 255) < least ? 0 : room.hidden[i] * scale;
  }
  return scale;
}

// Fills inputs, hidden units and logits.
void Chain::forward(std::span<const float> flat, const Rows& rows, Workspace& room) const {
  const std::int64_t count = rows_of(rows), inputs = all_inputs(), units = all_units(), categories = all_categories();
  room.inputs.resize(static_cast<std::size_t>(count * inputs));
  room.hidden.resize(static_cast<std::size_t>(count * units));
  room.logits.resize(static_cast<std::size_t>(count * categories));
  for (std::int64_t row = 0; row < count; ++row) {
    float* const to = room.inputs.data() + row * inputs;
    std::copy_n(rows.given.context.data() + row * shape_.context, shape_.context, to);
    for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
      const std::int64_t width = inputs_[k + 1] - inputs_[k];
      std::copy_n(flat.data() + embeddings_[k] + rows.categories[static_cast<std::size_t>(row * columns()) + k] * width, width,
                  to + inputs_[k]);
    }
    std::copy_n(flat.data() + first_bias_, units, room.hidden.data() + row * units);
    std::copy_n(flat.data() + last_bias_, categories, room.logits.data() + row * categories);
  }
  for (const Group& group : groups_) {
    const std::int64_t at = units_[group.first];
    product({room.inputs.data(), inputs}, {flat.data() + first_ + at, units}, room.hidden.data() + at, units, count,
            units_[group.end] - at, group.inputs, 1);
  }
  fill_own(flat, rows.given, count, room.own);
  add_own(flat, count, room.own, room.hidden);
  for (float& unit : room.hidden) unit = std::max(unit, 0.0F);
  room.scale = drop(room);
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    product({room.hidden.data() + units_[k], units}, {head(flat, k), shape_.sizes[k]}, room.logits.data() + categories_[k], categories,
            count, shape_.sizes[k], hidden(k), 1);
  }
  room.gates.resize(static_cast<std::size_t>(count * all_gates()));
  if (shape_.own == 0) return;
  for (std::int64_t row = 0; row < count; ++row) std::copy_n(flat.data() + gate_bias_, all_gates(), room.gates.data() + row * all_gates());
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    float* const gates = room.gates.data() + static_cast<std::int64_t>(k) * kGates;
    product({room.hidden.data() + units_[k], units}, {gate(flat, k), kGates}, gates, all_gates(), count, kGates, hidden(k), 1);
    add_gates(k, count, rows.given, gates, all_gates(), room.logits.data() + categories_[k], categories);
  }
}

// Logits become probabilities less the one that was seen: the slopes of the nats, which are returned.
double Chain::slopes(const Rows& rows, Workspace& room) const {
  const std::int64_t count = rows_of(rows), categories = all_categories();
  double nats = 0;
  for (std::int64_t row = 0; row < count; ++row) {
    for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
      float* const at = room.logits.data() + row * categories + categories_[k];
      const std::int32_t seen = rows.categories[static_cast<std::size_t>(row * columns()) + k];
      const float logit = at[seen];
      float largest = 0;
      const float sum = exponentials(at, shape_.sizes[k], largest);
      nats += static_cast<double>(largest - logit) + std::log(static_cast<double>(sum));
      const float inverse = 1 / sum;
      for (std::int32_t c = 0; c < shape_.sizes[k]; ++c) at[c] *= inverse;
      at[seen] -= 1;
    }
  }
  return nats;
}

// Slopes of the hidden units and of the inputs.
void Chain::backward(std::span<const float> flat, const Rows& rows, Workspace& room) const {
  const std::int64_t count = rows_of(rows), inputs = all_inputs(), units = all_units(), categories = all_categories();
  room.hidden_slopes.resize(static_cast<std::size_t>(count * units));
  room.input_slopes.assign(static_cast<std::size_t>(count * inputs), 0);
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    product({room.logits.data() + categories_[k], categories}, {head(flat, k), shape_.sizes[k], true}, room.hidden_slopes.data() + units_[k],
            units, count, hidden(k), shape_.sizes[k], 0);
  }
  if (shape_.own > 0) backward_gates(flat, rows, room);
  for (std::size_t i = 0; i < room.hidden.size(); ++i) room.hidden_slopes[i] = room.hidden[i] > 0 ? room.hidden_slopes[i] * room.scale : 0;
  for (const Group& group : groups_) {
    const std::int64_t at = units_[group.first];
    product({room.hidden_slopes.data() + at, units}, {flat.data() + first_ + at, units, true}, room.input_slopes.data(), inputs, count,
            group.inputs, units_[group.end] - at, 1);
  }
  room.own_slopes.resize(static_cast<std::size_t>(count * all_own()));
  for (std::size_t k = 0; k < shape_.sizes.size() && shape_.own > 0; ++k) {  // of the memories alone
    const float* const weights = flat.data() + own_layers_ + own_at_[k] + shape_.own * hidden(k);
    product({room.hidden_slopes.data() + units_[k], units}, {weights, hidden(k), true}, room.own_slopes.data() + own_[k] + shape_.own, all_own(),
            count, embedding(k), hidden(k), 0);
  }
}

// Slopes of the gates, and what they add to those of the hidden units.
void Chain::backward_gates(std::span<const float> flat, const Rows& rows, Workspace& room) const {
  const std::int64_t count = rows_of(rows), units = all_units();
  room.gate_slopes.assign(static_cast<std::size_t>(count * all_gates()), 0);
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    float* const slopes_of = room.gate_slopes.data() + static_cast<std::int64_t>(k) * kGates;
    for (std::int64_t row = 0; row < count; ++row) {
      const float* const slopes = room.logits.data() + row * all_categories() + categories_[k];
      for (std::size_t g = 0; g < kGates; ++g) {
        const float* const near = nearness(k, g, static_cast<std::size_t>(row * columns()) + k, rows.given);
        if (near == nullptr) continue;
        float sum = 0;
        for (std::int32_t c = 0; c < shape_.sizes[k]; ++c) sum += slopes[c] * near[c];
        slopes_of[row * all_gates() + static_cast<std::int64_t>(g)] = sum;
      }
    }
    product({slopes_of, all_gates()}, {gate(flat, k), kGates, true}, room.hidden_slopes.data() + units_[k], units, count, hidden(k), kGates, 1);
  }
}

double Chain::differentiate(std::span<const float> flat, const Rows& rows, Workspace& room, std::span<float> context_gradient) const {
  forward(flat, rows, room);
  const double nats = slopes(rows, room);
  backward(flat, rows, room);
  if (context_gradient.empty()) return nats;
  for (std::int64_t row = 0; row < rows_of(rows); ++row) {
    std::copy_n(room.input_slopes.data() + row * all_inputs(), shape_.context, context_gradient.data() + row * shape_.context);
  }
  return nats;
}

void Chain::add_gradient(const Rows& rows, std::span<float> gradient, Workspace& room) const {
  const std::int64_t count = rows_of(rows), inputs = all_inputs(), units = all_units(), categories = all_categories();
  add_columns(room.logits.data(), count, categories, gradient.data() + last_bias_);
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    product({room.hidden.data() + units_[k], units, true}, {room.logits.data() + categories_[k], categories},
            gradient.data() + heads_ + head_at_[k], shape_.sizes[k], hidden(k), shape_.sizes[k], count, 1);
  }
  add_columns(room.hidden_slopes.data(), count, units, gradient.data() + first_bias_);
  for (const Group& group : groups_) {
    const std::int64_t at = units_[group.first];
    product({room.inputs.data(), inputs, true}, {room.hidden_slopes.data() + at, units}, gradient.data() + first_ + at, units,
            group.inputs, units_[group.end] - at, count, 1);
    for (std::size_t k = group.first; k < group.end; ++k) {  // what a column may not look at
      for (std::int64_t in = inputs_[k]; in < group.inputs; ++in) {
        std::fill_n(gradient.data() + first_ + in * units + units_[k], hidden(k), 0.0F);
      }
    }
  }
  for (std::int64_t row = 0; row < count; ++row) {
    for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
      const std::int64_t width = inputs_[k + 1] - inputs_[k];
      add_row(room.input_slopes.data() + row * inputs + inputs_[k],
              gradient.data() + embeddings_[k] + rows.categories[static_cast<std::size_t>(row * columns()) + k] * width, width);
    }
  }
  if (shape_.own > 0) add_own_gradient(rows, gradient, room);
}

void Chain::add_own_gradient(const Rows& rows, std::span<float> gradient, const Workspace& room) const {
  const std::int64_t count = rows_of(rows);
  add_columns(room.gate_slopes.data(), count, all_gates(), gradient.data() + gate_bias_);
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    product({room.hidden.data() + units_[k], all_units(), true}, {room.gate_slopes.data() + static_cast<std::int64_t>(k) * kGates, all_gates()},
            gradient.data() + gates_ + units_[k] * kGates, kGates, hidden(k), kGates, count, 1);
  }
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    product({room.own.data() + own_[k], all_own(), true}, {room.hidden_slopes.data() + units_[k], all_units()},
            gradient.data() + own_layers_ + own_at_[k], hidden(k), own(k), hidden(k), count, 1);
  }
  for (std::int64_t row = 0; row < count; ++row) {
    for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
      add_row(room.own_slopes.data() + row * all_own() + own_[k] + shape_.own,
              gradient.data() + memory(k, rows.given.last[static_cast<std::size_t>(row * columns()) + k]), embedding(k));
    }
  }
}

double Chain::gradient(std::span<const float> flat, const Rows& rows, std::span<float> gradient, Workspace& room,
                       std::span<float> context_gradient) const {
  const double nats = differentiate(flat, rows, room, context_gradient);
  add_gradient(rows, gradient, room);
  return nats;
}

std::vector<double> Chain::nats(std::span<const float> flat, const Rows& rows, Workspace& room) const {
  forward(flat, rows, room);
  std::vector<double> result(static_cast<std::size_t>(rows_of(rows)));
  for (std::size_t row = 0; row < result.size(); ++row) {
    for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
      float* const at = room.logits.data() + static_cast<std::int64_t>(row) * all_categories() + categories_[k];
      const float logit = at[rows.categories[row * static_cast<std::size_t>(columns()) + k]];
      float largest = 0;
      const float sum = exponentials(at, shape_.sizes[k], largest);
      result[row] += static_cast<double>(largest - logit) + std::log(static_cast<double>(sum));
    }
  }
  return result;
}

}  // namespace understudy
