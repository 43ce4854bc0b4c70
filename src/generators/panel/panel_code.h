// A subject as a panel, a matrix [steps x channels] of numbers in [0, 1], and back: for generators that see a subject whole.
//
// A step is a row of the subject, in order; steps after its last row are padding. Channels of a step, side by side:
//   series    the row's columns as a Codec's (encode/codec.h); a scalar is its share of the column's distribution (quantile
//             coding) or of its bounds; where a flag says that there is none, 0.5
//   gap       the time since the row before, as a column of its own by the timeline's distribution; of a first row the median
//   existence 1: this row exists; where the schema has a series
//   statics   the subject's columns by a Codec of their own, the same at every step
// In padding, scalars are 0.5 and all else is 0, but for the statics. Ids and texts have no channel and decode as missing. A
// schema without series has one step.
//
// So mixed types, missing values, unequal lengths and irregular times are part of every panel. Rows after the last step are
// not seen and not drawn.
//
// Needs the schema and marginals alone: where those are public or paid for, so is the code.
#pragma once

#include <span>
#include <vector>

#include "encode/timeline.h"
#include "generators/panel/channel_calibration.h"
#include "understudy/cohort.h"

namespace understudy {

struct PanelOptions {
  std::int64_t rows = 0;         // steps; 0: as many as 95 % of the subjects have, and at most `most_rows`
  std::int64_t most_rows = 128;
  Coding coding = Coding::quantile;
  double sharpness = 1;          // of the network's choices (channel_calibration.h)
};

// What a panel is made by: marginals in the order of schema.statics() and schema.series().
struct PanelSource {
  Schema schema;
  Timeline timeline;
  std::vector<Marginal> statics, series;
};

struct PanelCalibration {
  ChannelCalibration series, gap, statics;
  std::vector<float> rows;  // [kKnots]: quantiles of a panel's sum of existence; empty: rows until existence falls below 0.5
};

// Subjects drawn: those of `statics` in order, their rows one after the other.
struct DecodedPanels {
  Table statics;
  std::vector<std::int64_t> rows;  // of each subject
  Table series;
  std::vector<double> gaps;        // of each row

  void append(const DecodedPanels& other);
  DecodedPanels select(std::span<const std::int64_t> subjects) const;
};

class PanelCode {
 public:
  // ErrorKind::input when bounds coding meets a numeric column without bounds, or there is nothing that a network can learn.
  PanelCode(PanelSource source, PanelOptions options);

  std::int64_t steps() const { return steps_; }
  std::int64_t channels() const { return channels_; }
  const PanelSource& source() const { return source_; }
  const Codec& series() const { return series_; }
  const Codec& gap() const { return gap_; }
  const Codec& statics() const { return statics_; }

  // [subjects x steps x channels]. A subject's panel depends on its record alone.
  std::vector<float> encode(const Cohort& cohort) const;

  // Of panels of a network, in [0, 1]. Values are not repaired yet.
  DecodedPanels decode(std::span<const float> panels, const PanelCalibration& calibration, Rng& rng) const;

  // From many panels of a network.
  PanelCalibration calibrated(std::span<const float> panels, const Rng& rng) const;

 private:
  struct Outputs;  // the channels of each codec, row by row
  std::int64_t size() const { return steps_ * channels_; }
  std::int64_t rows_of(std::span<const float> panel, const PanelCalibration& calibration, Rng& rng) const;
  double existence(std::span<const float> panel) const;
  Outputs outputs(std::span<const float> panels, const PanelCalibration& calibration, Rng& rng) const;
  bool has_series() const { return exists_at_ >= 0; }

  PanelSource source_;
  PanelOptions options_;
  Codec series_, gap_, statics_;
  std::int64_t gap_at_ = 0, exists_at_ = -1, statics_at_ = 0;
  std::int64_t steps_ = 1, channels_ = 0;
};

}  // namespace understudy
