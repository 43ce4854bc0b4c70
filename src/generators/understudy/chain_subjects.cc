// Gradients by subject: their norms, and factors on them.
#include "generators/understudy/chain.h"
#include "generators/understudy/chain_algebra.h"

namespace understudy {

using namespace algebra;

// The gradient of a weight is then an outer product, and its norm the product of two.
double Chain::squared_norm_of_row(std::int64_t row, const Workspace& room) const {
  const float* const hidden_row = room.hidden.data() + row * all_units();
  const float* const hidden_slopes = room.hidden_slopes.data() + row * all_units();
  const float* const logits = room.logits.data() + row * all_categories();
  const float* const inputs = room.inputs.data() + row * all_inputs();
  double seen = 1 + squares(inputs, shape_.context);  // 1: of the bias
  double sum = squares(room.input_slopes.data() + row * all_inputs() + shape_.context, all_inputs() - shape_.context);
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    double slopes_of_hidden = squares(logits + categories_[k], shape_.sizes[k]);
    if (shape_.own > 0) slopes_of_hidden += squares(room.gate_slopes.data() + row * all_gates() + static_cast<std::int64_t>(k) * kGates, kGates);
    sum += (1 + squares(hidden_row + units_[k], hidden(k))) * slopes_of_hidden;
    const float* const own_row = room.own.data() + row * all_own() + own_[k];
    sum += (seen + squares(own_row, own(k))) * squares(hidden_slopes + units_[k], hidden(k));
    seen += squares(inputs + inputs_[k], embedding(k));
    if (shape_.own > 0) sum += squares(room.own_slopes.data() + row * all_own() + own_[k] + shape_.own, embedding(k));
  }
  return sum;
}

// Layer by layer as the gradient of these rows alone.
double Chain::squared_norm_of_rows(const Rows& rows, std::int64_t first, std::int64_t count, Workspace& room) const {
  const std::int64_t inputs = all_inputs(), units = all_units(), categories = all_categories();
  const float* const in = room.inputs.data() + first * inputs;
  const float* const hidden_rows = room.hidden.data() + first * units;
  const float* const hidden_slopes = room.hidden_slopes.data() + first * units;
  const float* const logits = room.logits.data() + first * categories;
  const auto fresh = [&room](std::int64_t size) {
    room.product.assign(static_cast<std::size_t>(size), 0);
    return room.product.data();
  };
  const auto bias = [&](const float* slopes, std::int64_t size) {
    float* const sum = fresh(size);
    add_columns(slopes, count, size, sum);
    return squares(sum, size);
  };
  double sum = bias(logits, categories) + bias(hidden_slopes, units) + bias(room.gate_slopes.data() + first * all_gates(), all_gates());
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    const std::int64_t size = hidden(k) * shape_.sizes[k];
    float* const of_head = fresh(size);
    product({hidden_rows + units_[k], units, true}, {logits + categories_[k], categories}, of_head, shape_.sizes[k], hidden(k), shape_.sizes[k],
            count, 0);
    sum += squares(of_head, size);
  }
  for (const Group& group : groups_) {
    const std::int64_t at = units_[group.first], width = units_[group.end] - at;
    float* const of_group = fresh(group.inputs * width);
    product({in, inputs, true}, {hidden_slopes + at, units}, of_group, width, group.inputs, width, count, 0);
    for (std::size_t k = group.first; k < group.end; ++k) {
      for (std::int64_t i = 0; i < inputs_[k]; ++i) sum += squares(of_group + i * width + units_[k] - at, hidden(k));
    }
  }
  for (std::size_t k = 0; k < shape_.sizes.size(); ++k) {
    const std::int64_t width = inputs_[k + 1] - inputs_[k], size = shape_.sizes[k] * width;
    float* const of_embedding = fresh(size);
    for (std::int64_t row = 0; row < count; ++row) {
      const std::int32_t category = rows.categories[static_cast<std::size_t>((first + row) * columns()) + k];
      add_row(room.input_slopes.data() + (first + row) * inputs + inputs_[k], of_embedding + category * width, width);
    }
    sum += squares(of_embedding, size);
  }
  for (std::size_t k = 0; k < shape_.sizes.size() && shape_.own > 0; ++k) {
    float* const of_layer = fresh(own(k) * hidden(k));
    product({room.own.data() + first * all_own() + own_[k], all_own(), true}, {hidden_slopes + units_[k], units}, of_layer, hidden(k), own(k),
            hidden(k), count, 0);
    sum += squares(of_layer, own(k) * hidden(k));
    const float* const gate_slopes = room.gate_slopes.data() + first * all_gates() + static_cast<std::int64_t>(k) * kGates;
    float* const of_gates = fresh(hidden(k) * kGates);
    product({hidden_rows + units_[k], units, true}, {gate_slopes, all_gates()}, of_gates, kGates, hidden(k), kGates, count, 0);
    sum += squares(of_gates, hidden(k) * kGates);
    const std::int64_t size = (shape_.sizes[k] + 1) * embedding(k);
    float* const of_memory = fresh(size);
    for (std::int64_t row = first; row < first + count; ++row) {
      add_row(room.own_slopes.data() + row * all_own() + own_[k] + shape_.own,
              of_memory + memory(k, rows.given.last[static_cast<std::size_t>(row * columns()) + k]) - memories_[k], embedding(k));
    }
    sum += squares(of_memory, size);
  }
  return sum;
}

void Chain::add_squared_norms(const Rows& rows, std::span<const std::int64_t> counts, std::span<double> squares_of, Workspace& room) const {
  std::int64_t first = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 1) squares_of[i] += squared_norm_of_row(first, room);
    if (counts[i] > 1) squares_of[i] += squared_norm_of_rows(rows, first, counts[i], room);
    first += counts[i];
  }
}

void Chain::weigh(std::span<const std::int64_t> counts, std::span<const float> factors, Workspace& room) const {
  const auto scale = [](std::vector<float>& values, std::int64_t width, std::int64_t first, std::int64_t count, float factor) {
    float* const at = values.data() + first * width;
    for (std::int64_t i = 0; i < count * width; ++i) at[i] = factor == 0 ? 0 : at[i] * factor;
  };
  std::int64_t first = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (factors[i] != 1) {
      scale(room.logits, all_categories(), first, counts[i], factors[i]);
      scale(room.hidden_slopes, all_units(), first, counts[i], factors[i]);
      scale(room.input_slopes, all_inputs(), first, counts[i], factors[i]);
      scale(room.own_slopes, all_own(), first, counts[i], factors[i]);
      scale(room.gate_slopes, all_gates(), first, counts[i], factors[i]);
    }
    if (factors[i] == 0) {  // 0 times infinity is no 0
      scale(room.hidden, all_units(), first, counts[i], 0);
      scale(room.inputs, all_inputs(), first, counts[i], 0);
      scale(room.own, all_own(), first, counts[i], 0);
    }
    first += counts[i];
  }
}

}  // namespace understudy
