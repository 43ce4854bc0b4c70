// Turns rows of a table into numbers a network can learn, and back.
//
// Every column becomes a few blocks:
//   real, integer, date, datetime    scalar (one number about in [-1, 1]) [+ a missing flag] [+ a zero flag]
//   category, ordinal, boolean       one-hot (one number per category, and one for missing when nullable)
//   id, text                         nothing; decoding leaves them missing
// Scalars are coded either by bounds (linear from [minimum, maximum] to [-1, 1]) or by quantile (position in the
// column's Marginal, then the standard normal quantile divided by 3, so that most values lie in [-1, 1]).
// A zero flag separates an atom at 0 (or at the minimum) that holds at least 5 % of the values; a missing flag is
// there when the column is nullable.
//
// decode(encode(x)) is x to within the column's rounding step (bounds coding) or its marginal's part (quantile coding).
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

struct Block {
  enum class Kind { scalar, flag, one_hot };
  Kind kind = Kind::scalar;
  std::size_t column = 0;  // index of the column in the specs
  std::int64_t offset = 0; // first position in the encoded row
  std::int64_t width = 1;
};

class Codec {
 public:
  // `marginals`: one per spec; quantile coding and zero flags come from them, so a codec built from inside marginals
  // is inside. For bounds coding without zero flags pass an empty span. ErrorKind::input when bounds coding meets a
  // numeric column without public bounds.
  Codec(std::vector<ColumnSpec> specs, std::span<const Marginal> marginals, Coding coding);

  std::int64_t width() const { return width_; }
  std::span<const Block> blocks() const { return blocks_; }
  std::span<const ColumnSpec> specs() const { return specs_; }

  // out: [rows.size() x width], row-major. Flags are 0 or 1, one-hot is exact. rng: jitter inside a part.
  void encode(const Table& table, std::span<const std::int64_t> rows, std::span<float> out, Rng& rng) const;

  // Writes rows [first, first + n) of `table`, n = values.size() / width. Flags and one-hot are read as hard choices
  // (flag > 0.5, largest of one-hot), scalars are clamped, values rounded to the column's step. Columns of `table` are
  // found by name, so a codec over a part of the columns leaves the others alone. NaN decodes as the lower bound.
  void decode(std::span<const float> values, Table& table, std::int64_t first) const;

  nlohmann::json to_json() const;
  static Codec from_json(const nlohmann::json& json);  // ErrorKind::input when it is none

 private:
  std::vector<ColumnSpec> specs_;
  std::vector<Marginal> marginals_;
  Coding coding_;
  std::vector<Block> blocks_;
  std::int64_t width_ = 0;
};

}  // namespace understudy
