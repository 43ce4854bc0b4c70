#include "generators/understudy/model.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "encode/repair.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "generators/subject_rows.h"
#include "generators/understudy/chain_sampler.h"
#include "nn/row.h"
#include "nn/serial.h"
#include "nn/store.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kName = "understudy";
constexpr std::int64_t kAtOnce = 256;        // subjects whose rows are drawn side by side
constexpr std::int64_t kMostDraws = 1000;    // for each subject that shall meet a condition
constexpr std::int64_t kLeastDraws = 1 << 17;
constexpr std::int64_t kRound = 1 << 15;     // draws between two looks at how many meet it

constexpr std::uint64_t kCalibration = std::uint64_t{1} << 40;  // rounds of draws from here on are those of the calibration

template <class T>
auto part(T& values, std::int64_t first, std::int64_t count) {
  return std::span(values).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

std::int64_t whole_number(const TensorFile& file, const char* key, std::int64_t least, std::int64_t most) {
  const auto& entry = metadata_entry(file, key);
  if (!entry.is_number_integer() || entry < least || entry > most) {
    fail(ErrorKind::input, "the model file's '{}' is {}; accepted: {} to {}", key, entry.dump(), least, most);
  }
  return entry.get<std::int64_t>();
}

}  // namespace

struct UnderstudyModel::Subjects {
  std::vector<std::int32_t> categories;  // [subjects x columns of the chain]
  Table statics;
  std::vector<std::int64_t> rows;
};

UnderstudyModel::UnderstudyModel(UnderstudyShape shape, const Context& context)
    : shape_(std::move(shape)), code_(shape_.schema, shape_.timeline, shape_.statics, shape_.series, {}, {.bins = shape_.bins}) {
  Rng rng = context.rng("understudy weights");
  if (code_.has_statics()) {
    statics_.emplace(ChainShape{.sizes = code_.statics().sizes()});
    statics_flat = initial_flat(*statics_, code_.statics().shares(), rng);
  }
  if (code_.has_series()) {
    series_.emplace(SeriesShape{.columns = code_.history_columns(), .statics = code_.numbers(), .hidden = shape_.hidden},
                    code_.series().shares(), rng);
    series_flat = series_->flat().clone();
  }
}

void UnderstudyModel::calibrate_statics(const Context& context) {
  constexpr std::int64_t kRows = 16384;
  Rng rng = context.rng("understudy calibration");
  const auto flat = nn::row<float>(statics_flat);
  std::ranges::copy(calibrated(*statics_, {flat.begin(), flat.end()}, code_.statics().shares(), kRows, rng), flat.begin());
}

// Of the categories of each column of a row.
std::vector<std::vector<double>> UnderstudyModel::drawn_shares(Weight weight, std::uint64_t round, const Context& context) const {
  constexpr std::int64_t kSubjects = 2000;
  Context quiet = context;
  quiet.progress = {};
  const Subjects subjects = draw_subjects(kSubjects, kCalibration + round, quiet);
  std::vector<std::int64_t> offsets = {0};
  for (const std::int64_t rows : subjects.rows) offsets.push_back(offsets.back() + rows);
  const auto categories = draw_rows(subjects, offsets, quiet);
  std::vector<std::vector<double>> shares = code_.series().shares();
  const std::vector<std::int32_t> missing = code_.series().missing();
  for (std::size_t k = 0; k < shares.size(); ++k) {
    std::ranges::fill(shares[k], 0);
    double of_missing = 0, of_values = 0, all = 0;
    for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
      const auto category = [&](std::int64_t row) { return categories[static_cast<std::size_t>(row) * shares.size() + k]; };
      std::int64_t lacking = 0;
      for (std::int64_t row = offsets[s]; row < offsets[s + 1]; ++row) lacking += category(row) == missing[k];
      const bool by_row = weight == Weight::row;
      const double each = by_row ? 1 : 1 / static_cast<double>(std::max<std::int64_t>(subjects.rows[s], 1));
      const double value = by_row ? 1 : 1 / static_cast<double>(std::max<std::int64_t>(subjects.rows[s] - lacking, 1));
      for (std::int64_t row = offsets[s]; row < offsets[s + 1]; ++row) {
        all += each;
        if (category(row) == missing[k]) {
          of_missing += each;
        } else {
          of_values += value;
          shares[k][static_cast<std::size_t>(category(row))] += value;
        }
      }
    }
    const double share = of_missing / std::max(all, 1e-9);
    for (double& one : shares[k]) one *= (1 - share) / std::max(of_values, 1e-9);
    if (missing[k] >= 0) shares[k][static_cast<std::size_t>(missing[k])] = share;
  }
  return shares;
}

// What a row draws leads the rows after it, so the shifts are found in rounds. The gaps are left alone: the first row's is none.
void UnderstudyModel::calibrate_series(Weight weight, const Context& context) {
  constexpr std::uint64_t kRounds = 4;
  constexpr double kStep = 0.7, kMostShift = 1, kLeast = 1e-5;  // kLeast: of a share, about what the draws can tell
  const auto wanted = code_.series().shares();
  const std::int32_t gaps = code_.series().extra();
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    context.check_cancelled();
    const auto found = drawn_shares(weight, round, context);
    const auto flat = nn::row<float>(series_flat);
    float* bias = flat.data() + (flat.size() - static_cast<std::size_t>(series_->chain().parameters() - series_->chain().last_biases()));
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      for (std::size_t c = 0; c < wanted[k].size(); ++c, ++bias) {
        const double shift = kStep * std::log((wanted[k][c] + kLeast) / (found[k][c] + kLeast));
        if (static_cast<std::int32_t>(k) != gaps) *bias += static_cast<float>(std::clamp(shift, -kMostShift, kMostShift));
      }
    }
  }
}

UnderstudyModel::Subjects UnderstudyModel::draw_subjects(std::int64_t count, std::uint64_t round, const Context& context) const {
  const auto columns = static_cast<std::int64_t>(code_.statics().columns());
  Subjects drawn{.categories = std::vector<std::int32_t>(static_cast<std::size_t>(count * columns), -1),
                 .statics = Table(shape_.schema.statics()),
                 .rows = std::vector<std::int64_t>(static_cast<std::size_t>(count))};
  drawn.statics.resize(count);
  if (!statics_) return drawn;
  const auto flat = nn::row<float>(statics_flat);
  const ChainSampler sampler(*statics_, {flat.begin(), flat.end()});
  for_each_shard(count, context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    nn::use_one_thread();
    Rng rng = context.rng("understudy statics", round).stream("shard", static_cast<std::uint64_t>(shard));
    const auto own = part(drawn.categories, first * columns, (last - first) * columns);
    sampler.draw(last - first, {}, own, rng);
    for (std::int64_t s = first; s < last; ++s) {
      const auto rows = code_.statics().decode(part(own, (s - first) * columns, columns), drawn.statics, s, rng);
      drawn.rows[static_cast<std::size_t>(s)] = static_cast<std::int64_t>(std::max(rows.value_or(0), 0.0));
    }
  });
  return drawn;
}

// Draws subjects until enough meet the conditions, then sets what was asked for exactly.
UnderstudyModel::Subjects UnderstudyModel::subjects_given(std::int64_t count, const std::vector<StaticCondition>& conditions,
                                                          const Context& context) const {
  if (conditions.empty()) return draw_subjects(count, 0, context);
  const auto columns = static_cast<std::int64_t>(code_.statics().columns());
  Subjects found{.categories = {}, .statics = Table(shape_.schema.statics()), .rows = {}}, drawn;
  found.statics = draw_until_met(
      count, conditions, {.round = kRound, .most = std::max(kMostDraws * count, kLeastDraws)},
      [&](std::int64_t first) {
        drawn = draw_subjects(kRound, static_cast<std::uint64_t>(1 + first), context);
        return drawn.statics;
      },
      [&](std::span<const std::int64_t> subjects) {
        for (const std::int64_t s : subjects) {
          const auto first = drawn.categories.begin() + s * columns;
          found.categories.insert(found.categories.end(), first, first + columns);
          found.rows.push_back(drawn.rows[static_cast<std::size_t>(s)]);
        }
      });
  return found;
}

// Of all rows, [rows x columns of the series' chain].
std::vector<std::int32_t> UnderstudyModel::draw_rows(const Subjects& subjects, const std::vector<std::int64_t>& offsets,
                                                     const Context& context) const {
  const auto columns = static_cast<std::int64_t>(code_.series().columns()), numbers = code_.numbers();
  std::vector<std::int32_t> categories(static_cast<std::size_t>(offsets.back() * columns), -1);
  if (!series_) return categories;
  const std::vector<float> described = code_.describe(subjects.categories);
  const auto count = static_cast<std::int64_t>(subjects.rows.size());
  std::atomic<std::int64_t> done = 0;
  parallel_for((count + kAtOnce - 1) / kAtOnce, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    nn::use_one_thread();
    Rng rng = context.rng("understudy series", static_cast<std::uint64_t>(shard));
    const std::int64_t first = shard * kAtOnce, last = std::min(count, first + kAtOnce);
    std::vector<std::int64_t> own(offsets.begin() + first, offsets.begin() + last + 1);
    const std::int64_t begin = own.front(), rows = own.back() - begin;
    for (std::int64_t& offset : own) offset -= begin;
    series_->draw(series_flat, own, part(described, first * numbers, (last - first) * numbers), part(categories, begin * columns, rows * columns), rng);
    done += last - first;
    context.report({.stage = "sampling", .unit = "subjects", .done = done, .total = count});
  });
  return categories;
}

void UnderstudyModel::draw_series(const Subjects& subjects, Cohort& cohort, const Context& context) const {
  std::vector<std::int64_t> offsets = {0};
  for (const std::int64_t rows : subjects.rows) offsets.push_back(offsets.back() + rows);
  std::vector<double> gaps(static_cast<std::size_t>(offsets.back()), 1);
  Table values = code_.decode_series(draw_rows(subjects, offsets, context), gaps, context, "understudy values");
  put_rows(shape_.timeline, subjects.rows, std::move(values), std::move(gaps), cohort);
}

Cohort UnderstudyModel::sample(const SampleRequest& request, const Context& context) const {
  check_subjects(request.subjects);
  const Subjects subjects = subjects_given(request.subjects, parse_conditions(shape_.schema, request.condition), context);
  Cohort cohort = make_cohort(shape_.schema);
  for (std::int64_t s = 0; s < request.subjects; ++s) cohort.subjects.push_back(std::to_string(s + 1));
  cohort.statics = subjects.statics;
  if (shape_.schema.has_series()) draw_series(subjects, cohort, context);
  repair(cohort);
  return cohort;
}

TensorFile UnderstudyModel::save() const {
  TensorFile file = begin_model_file(kName, shape_.schema);
  file.metadata["statics"] = marginals_to_json(shape_.statics);
  file.metadata["series"] = marginals_to_json(shape_.series);
  file.metadata["timeline"] = to_json(shape_.timeline);
  file.metadata["hidden"] = shape_.hidden;
  file.metadata["bins"] = shape_.bins;
  file.metadata["options"] = options;
  if (statics_) nn::put(file, "statics", statics_flat);
  if (series_) nn::put(file, "series", series_flat);
  return file;
}

ModelPtr UnderstudyModel::load(const TensorFile& file) {
  const Schema schema = check_model_file(file, kName);
  const auto hidden = whole_number(file, "hidden", 1, 4096), bins = whole_number(file, "bins", 2, 1000);
  auto model = std::make_shared<UnderstudyModel>(
      UnderstudyShape{.schema = schema, .timeline = timeline_from_json(metadata_entry(file, "timeline")),
                      .statics = marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
                      .series = marginals_from_json(metadata_entry(file, "series"), schema.series()), .hidden = hidden,
                      .bins = static_cast<std::int32_t>(bins)}, Context{});
  model->options = metadata_entry(file, "options");
  if (model->statics_) nn::take_into(file, "statics", model->statics_flat);
  if (model->series_) nn::take_into(file, "series", model->series_flat);
  return model;
}

}  // namespace understudy
