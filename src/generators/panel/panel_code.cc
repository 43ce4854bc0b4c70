#include "generators/panel/panel_code.h"

#include <algorithm>
#include <numeric>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kMostSubjects = 0.95;  // so many have no more rows than a panel has steps
constexpr const char* kGap = "gap";

Codec gap_codec(const Schema& schema, const Timeline& timeline) {
  if (timeline.gap.mass.empty()) return Codec({}, {}, Coding::quantile);
  ColumnSpec spec;
  spec.name = kGap;
  spec.type = schema.time_spec.type;
  spec.decimals = schema.time_spec.decimals;
  spec.nullable = false;
  return Codec({spec}, std::span(&timeline.gap, 1), Coding::quantile);
}

std::int64_t steps_of(const PanelSource& source, const PanelOptions& options) {
  if (!source.schema.has_series()) return 1;
  if (options.rows > 0) return options.rows;
  const auto usual = static_cast<std::int64_t>(source.timeline.rows.quantile(kMostSubjects));
  return std::clamp<std::int64_t>(usual, 1, options.most_rows);
}

// The time before each row, as a table of its own; before first rows the median.
Table gap_table(const Codec& codec, const Marginal& gap, const Cohort& cohort) {
  Table table(codec.specs());
  table.resize(cohort.series.rows());
  const double usual = gap.quantile(0.5);
  for (std::size_t s = 0; s < cohort.subjects.size(); ++s) {
    for (std::int64_t row = cohort.offsets[s]; row < cohort.offsets[s + 1]; ++row) {
      const bool is_first = row == cohort.offsets[s];
      table.column(0).set_number(row, is_first ? usual : cohort.times.number(row) - cohort.times.number(row - 1));
    }
  }
  return table;
}

// Rows of a table as the channels of a panel, [rows x codec.width()].
std::vector<float> unit_rows(const Codec& codec, const Table& table, std::int64_t first, std::int64_t count) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), first);
  std::vector<float> result(rows.size() * static_cast<std::size_t>(codec.width()));
  if (result.empty()) return result;
  codec.encode(table, rows, result);
  to_unit_rows(codec, result);
  return result;
}

std::span<const float> part(std::span<const float> numbers, std::int64_t first, std::int64_t count) {
  return numbers.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

void append(std::vector<float>& to, std::span<const float> more) { to.insert(to.end(), more.begin(), more.end()); }

// `outputs` of the network -> a table of the specs with so many rows.
Table decoded(const Codec& codec, std::span<const ColumnSpec> specs, const ChannelCalibration& calibration, double sharpness,
              std::span<const float> outputs, std::int64_t rows, Rng& rng) {
  Table table(specs);
  table.resize(rows);
  if (outputs.empty()) return table;
  codec.decode(choose_rows(codec, calibration, sharpness, outputs, rng), table, 0);
  return table;
}

}  // namespace

void DecodedPanels::append(const DecodedPanels& other) {
  if (rows.empty()) {
    *this = other;
    return;
  }
  statics.append(other.statics);
  rows.insert(rows.end(), other.rows.begin(), other.rows.end());
  series.append(other.series);
  gaps.insert(gaps.end(), other.gaps.begin(), other.gaps.end());
}

DecodedPanels DecodedPanels::select(std::span<const std::int64_t> subjects) const {
  std::vector<std::int64_t> first(rows.size(), 0), chosen;
  std::exclusive_scan(rows.begin(), rows.end(), first.begin(), std::int64_t{0});
  DecodedPanels result{.statics = statics.select(subjects), .rows = {}, .series = {}, .gaps = {}};
  for (const std::int64_t s : subjects) {
    const auto subject = static_cast<std::size_t>(s);
    result.rows.push_back(rows[subject]);
    for (std::int64_t row = first[subject]; row < first[subject] + rows[subject]; ++row) {
      chosen.push_back(row);
      result.gaps.push_back(gaps[static_cast<std::size_t>(row)]);
    }
  }
  result.series = series.select(chosen);
  return result;
}

struct PanelCode::Outputs {
  std::vector<std::int64_t> rows;
  std::vector<float> series, gap;  // of all rows
  std::vector<float> statics;      // of all subjects: the mean over their rows
};

PanelCode::PanelCode(PanelSource source, PanelOptions options)
    : source_(std::move(source)), options_(options), series_(source_.schema.series(), source_.series, options.coding),
      gap_(gap_codec(source_.schema, source_.timeline)), statics_(source_.schema.statics(), source_.statics, options.coding),
      steps_(steps_of(source_, options)) {
  gap_at_ = series_.width();
  statics_at_ = gap_at_ + gap_.width();
  if (source_.schema.has_series()) exists_at_ = statics_at_++;
  channels_ = statics_at_ + statics_.width();
  if (channels_ == 0) fail(ErrorKind::input, "there is no column that a network can learn (id and text are none)");
}

std::vector<float> PanelCode::encode(const Cohort& cohort) const {
  std::vector<float> panels(static_cast<std::size_t>(cohort.size() * size()));
  const Table gaps = gap_.width() > 0 ? gap_table(gap_, source_.timeline.gap, cohort) : Table();
  for (std::int64_t s = 0; s < cohort.size(); ++s) {
    const std::int64_t first = has_series() ? cohort.offsets[static_cast<std::size_t>(s)] : 0;
    const std::int64_t rows = std::min(cohort.series_rows(s), steps_);
    const auto series = unit_rows(series_, cohort.series, first, rows);
    const auto gap = unit_rows(gap_, gaps, first, rows);
    const auto statics = unit_rows(statics_, cohort.statics, s, 1);
    for (std::int64_t step = 0; step < steps_; ++step) {
      float* const out = panels.data() + s * size() + step * channels_;
      if (step < rows) {
        std::copy_n(series.data() + step * series_.width(), series_.width(), out);
        std::copy_n(gap.data() + step * gap_.width(), gap_.width(), out + gap_at_);
        out[exists_at_] = 1;
      } else {
        for (const Block& block : series_.blocks()) out[block.offset] = block.kind == Block::Kind::scalar ? 0.5F : 0.0F;
        for (const Block& block : gap_.blocks()) out[gap_at_ + block.offset] = block.kind == Block::Kind::scalar ? 0.5F : 0.0F;
      }
      std::copy(statics.begin(), statics.end(), out + statics_at_);
    }
  }
  return panels;
}

double PanelCode::existence(std::span<const float> panel) const {
  double sum = 0;
  for (std::int64_t step = 0; step < steps_; ++step) sum += panel[static_cast<std::size_t>(step * channels_ + exists_at_)];
  return sum;
}

std::int64_t PanelCode::rows_of(std::span<const float> panel, const PanelCalibration& calibration, Rng& rng) const {
  if (!has_series()) return 0;
  if (calibration.rows.empty()) {
    std::int64_t rows = 0;
    while (rows < steps_ && panel[static_cast<std::size_t>(rows * channels_ + exists_at_)] > 0.5F) ++rows;
    return rows;
  }
  const float share = follow(calibration.rows, even_knots(), static_cast<float>(existence(panel)), rng);
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(source_.timeline.rows.quantile(share)), 0, steps_);
}

PanelCode::Outputs PanelCode::outputs(std::span<const float> panels, const PanelCalibration& calibration, Rng& rng) const {
  Outputs result;
  const auto subjects = static_cast<std::int64_t>(panels.size()) / size();
  for (std::int64_t s = 0; s < subjects; ++s) {
    const auto panel = part(panels, s * size(), size());
    const std::int64_t rows = rows_of(panel, calibration, rng), seen = rows > 0 ? rows : steps_;
    result.rows.push_back(rows);
    std::vector<double> sums(static_cast<std::size_t>(statics_.width()));
    for (std::int64_t step = 0; step < seen; ++step) {
      const auto row = part(panel, step * channels_, channels_);
      if (step < rows) append(result.series, part(row, 0, series_.width()));
      if (step < rows) append(result.gap, part(row, gap_at_, gap_.width()));
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row[static_cast<std::size_t>(statics_at_) + i];
    }
    for (const double sum : sums) result.statics.push_back(static_cast<float>(sum / static_cast<double>(seen)));
  }
  return result;
}

DecodedPanels PanelCode::decode(std::span<const float> panels, const PanelCalibration& calibration, Rng& rng) const {
  Outputs given = outputs(panels, calibration, rng);
  const auto subjects = static_cast<std::int64_t>(given.rows.size());
  const std::int64_t rows = std::accumulate(given.rows.begin(), given.rows.end(), std::int64_t{0});
  const double sharpness = options_.sharpness;
  DecodedPanels result{
      .statics = decoded(statics_, source_.schema.statics(), calibration.statics, sharpness, given.statics, subjects, rng),
      .rows = std::move(given.rows),
      .series = decoded(series_, source_.schema.series(), calibration.series, sharpness, given.series, rows, rng),
      .gaps = std::vector<double>(static_cast<std::size_t>(rows), 1)};
  if (gap_.width() == 0) return result;
  const Table gaps = decoded(gap_, gap_.specs(), calibration.gap, sharpness, given.gap, rows, rng);
  for (std::int64_t row = 0; row < rows; ++row) result.gaps[static_cast<std::size_t>(row)] = std::max(gaps.column(0).number(row), 0.0);
  return result;
}

PanelCalibration PanelCode::calibrated(std::span<const float> panels, const Rng& rng) const {
  PanelCalibration result;
  const auto subjects = static_cast<std::int64_t>(panels.size()) / size();
  if (has_series()) {
    std::vector<float> sums;
    for (std::int64_t s = 0; s < subjects; ++s) sums.push_back(static_cast<float>(existence(part(panels, s * size(), size()))));
    result.rows = knots_of(sums);
  }
  Rng rows = rng.stream("rows");
  const Outputs given = outputs(panels, result, rows);
  result.series = calibrate(series_, source_.series, options_.sharpness, given.series, rng.stream("series"));
  result.statics = calibrate(statics_, source_.statics, options_.sharpness, given.statics, rng.stream("statics"));
  if (gap_.width() > 0) result.gap = calibrate(gap_, std::span(&source_.timeline.gap, 1), options_.sharpness, given.gap, rng.stream("gap"));
  return result;
}

}  // namespace understudy
