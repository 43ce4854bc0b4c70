// From a network's numbers to rows of a codec, and what is mended on the way.
//
// A network gives a number in [0, 1] for each position of an encoded row. Of a scalar it is the coded value: its share of
// the column's distribution (quantile coding) or of its bounds. Of a flag, category or code it is a chance, and a choice is
// drawn from it: with probability logistic(sharpness logit(p) + shift), of categories softmax(sharpness log p + shift).
// Sharpness 1 is for networks that give means (a decoder fitted by squares), a large one for those that give draws.
//
// Calibration sets the shifts so that choices come up as often as they should, and puts each scalar through a monotone map
// onto the quantiles that it should have. What should be comes from the columns' marginals alone, so it is as public as they
// are: it mends margins, and adds no joint structure.
#pragma once

#include <span>
#include <vector>

#include "encode/codec.h"

namespace understudy {

inline constexpr std::size_t kKnots = 257;

struct ChannelCalibration {
  std::vector<float> shift;     // [width], 0 at scalars; empty: nothing is mended
  std::vector<float> from, to;  // [scalars x kKnots]: from[k] becomes to[k], both ascending
};

// The numbers of encoded rows, [rows x width]: scalars in [0, 1], and the middle of it where a flag says that there is none.
void to_unit_rows(const Codec& codec, std::span<float> rows);

// outputs [rows x width] in [0, 1] -> encoded rows, of the same size.
std::vector<float> choose_rows(const Codec& codec, const ChannelCalibration& calibration, double sharpness,
                               std::span<const float> outputs, Rng& rng);

// `outputs`: many rows of the network. `marginals`: those of the codec's columns.
ChannelCalibration calibrate(const Codec& codec, std::span<const Marginal> marginals, double sharpness, std::span<const float> outputs,
                             const Rng& rng);

// 0 ... 1, [kKnots].
const std::vector<float>& even_knots();
// Evenly spaced quantiles of the values, ends included: [kKnots]. At least one value.
std::vector<float> knots_of(std::vector<float> values);
// `to` at x's place among the ascending `from`, linear between knots, clamped outside; where several knots equal x, at a place
// drawn among theirs.
float follow(std::span<const float> from, std::span<const float> to, float x, Rng& rng);

}  // namespace understudy
