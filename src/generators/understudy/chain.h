// The column chain: a row of categories, each drawn from a distribution that depends on the ones before it.
//
//   const Chain chain({.sizes = {2, 5, 7}});
//   std::vector<float> flat = chain.initial(shares, rng);
//   Chain::Workspace room;
//   double nats = chain.gradient(flat, rows, {}, gradient, room);   // summed over the rows
//
// Column k has a network of its own with one hidden layer: the embeddings of columns 0 to k-1, and `context` numbers that come
// from outside, lead to hidden units, and those to the logits of its categories. All columns are computed together, as
// masked products of one large first layer (the shape of MADE, Germain et al. 2015, arXiv:1502.03509, with the networks of
// TabularARGN, Tiwald et al. 2025, arXiv:2501.12012). The backward pass is written out; nothing here needs torch.
//
// A column may also have numbers of its own that no other column sees, and anchors: the category that it had last, and the mean of
// those that it had (`own`). The former is an embedding; both have gates, which let the hidden units raise or lower the logits of
// all categories near the anchor together: that tomorrow's value is near today's then need not be learnt category by category.
//
// Parameters are one flat row of floats: embeddings, those of the categories had last, first layer [inputs x hidden] with zeros
// where a column may not look, own layers [own inputs x hidden] column by column, the biases of both, heads [hidden x categories]
// column by column, gates [hidden x kGates] column by column, their biases, the biases of the heads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "understudy/random.h"

namespace understudy {

struct ChainShape {
  std::vector<std::int32_t> sizes;  // categories of each column, in the order of the chain; at least 1 each
  std::int64_t context = 0;         // numbers that every column sees, in front of the embeddings
  std::int64_t own = 0;             // numbers that each column sees by itself, beside its anchors; 0: neither
  std::vector<std::int32_t> missing = {};  // with `own`: the category of each column that is near no other; -1: there is none
  double width = 8;                 // hidden units of a column: width * round(ln categories), at least `width`
};

class Chain {
 public:
  // Hidden units that are left out of a pass, each by a coin: rounded to 1/256; the others count for them (Srivastava et al. 2014).
  struct Dropout {
    double share = 0;  // in [0, 1)
    Rng rng{0};
  };
  // Buffers of a thread, kept from one call to the next.
  struct Workspace {
    Dropout dropout;
    std::vector<float> inputs, own, hidden, logits, hidden_slopes, input_slopes, own_slopes, gates, gate_slopes, product;
    float scale = 1;  // of the hidden units, by dropout
  };
  // What is known before a row is drawn. Row-major: shape.context numbers a row; shape.own numbers and two categories (-1:
  // none) a column.
  struct Given {
    std::span<const float> context = {};
    std::span<const float> own = {};
    std::span<const std::int32_t> last = {}, mean = {};
  };
  // As many rows as categories / columns.
  struct Rows {
    std::span<const std::int32_t> categories;
    Given given = {};
  };

  explicit Chain(ChainShape shape);  // ErrorKind::internal for no column, or a size below 1

  const ChainShape& shape() const { return shape_; }
  std::int64_t columns() const { return static_cast<std::int64_t>(shape_.sizes.size()); }
  std::int64_t parameters() const { return end_; }
  std::int64_t last_biases() const { return last_bias_; }  // where they begin in the flat row, column by column; they end it
  std::int64_t hidden(std::size_t column) const { return units_[column + 1] - units_[column]; }

  // Embeddings normal, first layer normal / sqrt(inputs), heads uniform as Glorot and Bengio 2010; the last biases are the
  // logarithms of `shares`, one distribution for each column: what independent columns would be.
  std::vector<float> initial(std::span<const std::vector<double>> shares, Rng& rng) const;

  // Nats (-ln of the probability), summed over the rows; their gradient is added to `gradient`, and where it is not empty
  // that of the context is written to `context_gradient` [rows x context].
  double gradient(std::span<const float> flat, const Rows& rows, std::span<float> gradient, Workspace& room,
                  std::span<float> context_gradient = {}) const;
  // The same in steps, for gradients by subject: the next counts[i] rows are those of subject i.
  //   double nats = chain.differentiate(flat, rows, room, context_gradient);   // of all rows, as they are
  //   chain.add_squared_norms(rows, counts, squares, room);                     // of each subject's gradient
  //   chain.weigh(counts, factors, room);                                       // then, with factors that follow from those
  //   chain.add_gradient(rows, gradient, room);                                 // += sum_i factors[i] gradient of subject i
  // A layer's gradient is the product of what went in and what came back, so its norm is known without the sum over the
  // subjects, and a factor on what came back is one on the subject's gradient (docs/privacy/training.md).
  double differentiate(std::span<const float> flat, const Rows& rows, Workspace& room, std::span<float> context_gradient = {}) const;
  // float products, summed in double. Tried to break by Chain.SquaredNormsAreThoseOfEachSubjectsGradient.
  void add_squared_norms(const Rows& rows, std::span<const std::int64_t> counts, std::span<double> squares, Workspace& room) const;
  // A factor of 0 leaves out the subject, whatever its numbers are.
  void weigh(std::span<const std::int64_t> counts, std::span<const float> factors, Workspace& room) const;
  void add_gradient(const Rows& rows, std::span<float> gradient, Workspace& room) const;

  // Nats of each row, in the order of the rows: the sum over its columns.
  std::vector<double> nats(std::span<const float> flat, const Rows& rows, Workspace& room) const;

 private:
  friend class ChainSampler;
  friend std::vector<float> calibrated(const Chain&, std::vector<float>, std::span<const std::vector<double>>, std::int64_t, Rng&);
  struct Group {  // columns whose first layer is one product
    std::size_t first, end;
    std::int64_t inputs;  // numbers that its last column sees
  };

  std::int64_t rows_of(const Rows& rows) const;
  void check(const Given& given, std::int64_t rows) const;
  void fill_own(std::span<const float> flat, const Given& given, std::int64_t rows, std::vector<float>& own) const;
  // hidden [rows x all units] += what the columns see by themselves.
  void add_own(std::span<const float> flat, std::int64_t rows, const std::vector<float>& own, std::vector<float>& hidden) const;
  std::int64_t embedding(std::size_t column) const { return inputs_[column + 1] - inputs_[column]; }
  // How near each category of a column is to its anchor, for gate `gate`: [categories]; null where there is no anchor.
  const float* nearness(std::size_t column, std::size_t gate, std::size_t place, const Given& given) const;
  const float* gate(std::span<const float> flat, std::size_t column) const { return flat.data() + gates_ + units_[column] * kGates; }
  // Logits of column k [rows x stride] += gates [rows x stride of gates] times nearness.
  void add_gates(std::size_t k, std::int64_t rows, const Given& given, const float* gates, std::int64_t gate_stride, float* logits,
                 std::int64_t stride) const;
  std::int64_t all_gates() const { return shape_.own > 0 ? columns() * kGates : 0; }
  std::int64_t memory(std::size_t column, std::int32_t category) const;  // where it begins in the flat row
  std::int64_t all_inputs() const { return inputs_.back(); }
  std::int64_t all_own() const { return own_.back(); }
  std::int64_t own(std::size_t column) const { return own_[column + 1] - own_[column]; }
  std::int64_t all_units() const { return units_.back(); }
  std::int64_t all_categories() const { return categories_.back(); }
  const float* head(std::span<const float> flat, std::size_t column) const { return flat.data() + heads_ + head_at_[column]; }
  void forward(std::span<const float> flat, const Rows& rows, Workspace& room) const;
  static float drop(Workspace& room);
  double slopes(const Rows& rows, Workspace& room) const;
  void backward(std::span<const float> flat, const Rows& rows, Workspace& room) const;
  void backward_gates(std::span<const float> flat, const Rows& rows, Workspace& room) const;
  void add_own_gradient(const Rows& rows, std::span<float> gradient, const Workspace& room) const;
  double squared_norm_of_row(std::int64_t row, const Workspace& room) const;
  double squared_norm_of_rows(const Rows& rows, std::int64_t first, std::int64_t count, Workspace& room) const;

  static constexpr std::int64_t kGates = 4;  // at the last category, near it, about it; about the mean

  ChainShape shape_;
  std::vector<std::vector<float>> near_;  // by the size of a column: [kGates x categories of the anchor x categories]
  std::vector<std::int64_t> inputs_;      // where each column's embedding begins among the inputs; last: all
  std::vector<std::int64_t> own_;         // where each column's own inputs begin: its numbers, then its memory
  std::vector<std::int64_t> units_;       // where each column's hidden units begin
  std::vector<std::int64_t> categories_;  // where each column's logits begin
  std::vector<std::int64_t> embeddings_;  // where each column's embeddings begin in the flat row
  std::vector<std::int64_t> memories_;    // and the embeddings of the category had last
  std::vector<std::int64_t> own_at_;      // where each column's own layer begins, from own_layers_
  std::vector<std::int64_t> head_at_;     // where each column's head begins, from heads_
  std::vector<Group> groups_;
  std::int64_t first_ = 0, own_layers_ = 0, first_bias_ = 0, heads_ = 0, gates_ = 0, gate_bias_ = 0, last_bias_ = 0, end_ = 0;  // parts of the flat row
};

}  // namespace understudy
