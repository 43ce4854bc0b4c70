// From a trained generator to a part that can be drawn from.
#pragma once

#include <string_view>

#include "generators/gan/part.h"
#include "generators/gan/rows.h"
#include "generators/gan/settings.h"
#include "understudy/context.h"

namespace understudy {

enum class Calibrate { none, marginals, moments };
Calibrate parse_calibrate(std::string_view text);

// What a part is calibrated to: `table` as it is, and the same rows encoded.
struct CalibrationTarget {
  const GanRows& rows;
  const Table& table;
};

GanPart finish_part(const Codec& codec, const GanSettings& settings, const nn::Mlp& generator, const CalibrationTarget& target,
                    Calibrate calibrate, const Rng& rng, int threads);

}  // namespace understudy
