// Turns rows of a table into numbers a network can learn, and back.
//
// Every column becomes a few blocks, side by side in this order:
//   real, integer, date, datetime    scalar (one number about in [-1, 1]) [, missing flag] [, zero flag]
//   category, ordinal, boolean       one-hot (one number per category, and one for missing when nullable)
//   codes                            multi-hot (one number per code: 1 where the cell holds it, else 0)
//   id, text                         nothing; decoding leaves them missing
// Scalars are coded either by bounds (linear from [minimum, maximum] to [-1, 1]) or by quantile (position in the
// column's Marginal, then the standard normal quantile divided by 3, so that most values lie in [-1, 1]; at most
// kScalarLimit either way). A zero flag separates an atom at 0 (or at the minimum) that holds at least 5 % of the
// values, but not all of them; with it, quantile coding codes the other values by their own distribution. A missing
// flag is there when the column is nullable. Where a flag is set, the scalar says nothing: it is drawn from the normal
// distribution with standard deviation 1/3 (clamped), so that the channel stays continuous.
//
// decode(encode(x)) is x: in bounds coding to within the rounding step, for intervals of up to 2^23 steps; in quantile
// coding exactly for atoms, else to within x's part of the marginal. Flags, categories, codes and missing are exact.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "encode/marginal.h"
#include "understudy/random.h"
#include "understudy/table.h"

namespace understudy {

enum class Coding { bounds, quantile };
Coding parse_coding(std::string_view text);  // ErrorKind::usage for another text

constexpr float kScalarLimit = 1.75F;  // 5.25 standard deviations; a share of 1.5e-7 lies outside

struct Block {
  enum class Kind { scalar, flag, one_hot, multi_hot };
  Kind kind = Kind::scalar;
  std::size_t column = 0;   // index of the column in the specs
  std::int64_t offset = 0;  // first position in the encoded row
  std::int64_t width = 1;
};

class Codec {
 public:
  // `marginals`: one per spec; quantile coding and zero flags come from them, so a codec built from inside marginals
  // is inside. For bounds coding without zero flags pass an empty span. ErrorKind::input when bounds coding meets a
  // numeric column without bounds, or the marginals are not those of the specs.
  Codec(std::vector<ColumnSpec> specs, std::span<const Marginal> marginals, Coding coding);

  std::int64_t width() const { return width_; }
  Coding coding() const { return coding_; }
  std::span<const Block> blocks() const { return blocks_; }
  std::span<const ColumnSpec> specs() const { return specs_; }

  // out: [rows.size() x width], row-major. Flags and multi-hot are 0 or 1, one-hot is exact, values outside the bounds
  // are clamped. rng: jitter inside a part. Columns are found by name. ErrorKind::input for a missing value in a column
  // that is not nullable, or a category or code that was not declared.
  void encode(const Table& table, std::span<const std::int64_t> rows, std::span<float> out, Rng& rng) const { encode(table, rows, out, &rng); }
  // The same without jitter: a scalar is the middle of what stands for its value, and 0 where a flag is set. For networks that
  // are fitted by squares, which would take jitter for something to learn.
  void encode(const Table& table, std::span<const std::int64_t> rows, std::span<float> out) const { encode(table, rows, out, nullptr); }

  // Writes rows [first, first + n) of `table`, n = values.size() / width. Flags, one-hot and multi-hot are read as
  // hard choices (flag and code > 0.5, largest of one-hot), scalars are clamped, values rounded to the column's step.
  // Columns of `table` are found by name, so a codec over a part of the columns leaves the others alone. NaN decodes as
  // the lower bound, and as no code.
  // Calls on different threads may write one table when each `first` is a multiple of 64.
  void decode(std::span<const float> values, Table& table, std::int64_t first) const;

  nlohmann::json to_json() const;
  static Codec from_json(const nlohmann::json& json);  // ErrorKind::input when it is none

 private:
  // Where a column's numbers are; -1: it has none of that kind.
  struct Layout {
    std::int64_t value = -1;  // scalar, or the first of the one-hot or multi-hot
    std::int64_t missing_flag = -1;
    std::int64_t zero_flag = -1;
    std::int64_t width = 0;     // of the one-hot or multi-hot
    double zero = 0;            // the value the zero flag stands for
    std::size_t zero_part = 0;  // and the part of the marginal that holds it
    double low = 0, high = 0;   // the interval of bounds coding
    double step = 0;
    Marginal scalar;  // quantile coding: the distribution of the scalar's values
  };

  void add_numeric(std::size_t column, const Marginal* marginal);
  void add_block(Block::Kind kind, std::size_t column, std::int64_t width);
  void encode(const Table& table, std::span<const std::int64_t> rows, std::span<float> out, Rng* rng) const;
  float code(const Layout& layout, double x, Rng* rng) const;
  double value(const Layout& layout, float scalar) const;
  void encode_numeric(std::size_t column, const Column& from, std::span<const std::int64_t> rows, std::span<float> out,
                      Rng* rng) const;
  void encode_one_hot(std::size_t column, const Column& from, std::span<const std::int64_t> rows,
                      std::span<float> out) const;
  void encode_multi_hot(std::size_t column, const Column& from, std::span<const std::int64_t> rows,
                        std::span<float> out) const;
  void decode_numeric(const Layout& layout, std::span<const float> values, Column& to, std::int64_t first) const;
  void decode_one_hot(std::size_t column, std::span<const float> values, Column& to, std::int64_t first) const;
  void decode_multi_hot(const Layout& layout, std::span<const float> values, Column& to, std::int64_t first) const;

  std::vector<ColumnSpec> specs_;
  std::vector<Marginal> marginals_;
  Coding coding_;
  std::vector<Layout> layouts_;
  std::vector<Block> blocks_;
  std::int64_t width_ = 0;
};

}  // namespace understudy
