#include "generators/halo/model.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "encode/repair.h"
#include "generators/halo/sampler.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "generators/subject_rows.h"
#include "nn/serial.h"
#include "nn/store.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kName = "halo";
constexpr std::int64_t kAtOnce = 64;         // subjects whose rows are drawn side by side
constexpr std::int64_t kMostDraws = 1000;    // for each subject that shall meet a condition
constexpr std::int64_t kLeastDraws = 1 << 17;
constexpr std::int64_t kRound = 1 << 13;     // draws between two looks at how many meet it

template <class T>
auto part(T& values, std::int64_t first, std::int64_t count) {
  return std::span(values).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

// Every code that anybody has, and so many ranges of a number.
CodeLimits limits_of(const HaloParts& parts) {
  return {.bins = parts.bins, .codes = std::numeric_limits<std::size_t>::max()};
}

HaloNetwork network_of(HaloShape shape, const VisitCode& visits, const VisitCode& labels, const Context& context) {
  std::vector<double> chances = visits.chances();
  chances.insert(chances.end(), labels.chances().begin(), labels.chances().end());
  if (chances.empty()) chances.push_back(0.5);  // nothing varies: a code that nobody asks for
  shape.codes = static_cast<std::int64_t>(chances.size());
  Rng rng = context.rng("halo weights");
  return {shape, chances, rng};
}

}  // namespace

struct HaloModel::Subjects {
  std::vector<std::int32_t> labels;  // [subjects x groups]
  Table statics;
  std::vector<std::int64_t> rows;
};

HaloModel::HaloModel(HaloParts parts, const Context& context)
    : parts_(std::move(parts)), code_(parts_.schema, parts_.timeline, parts_.statics, parts_.series, limits_of(parts_), limits_of(parts_)),
      visits_(code_.series(), 0), labels_(code_.statics(), visits_.codes()),
      network_(network_of(parts_.network, visits_, labels_, context)) {
  parts_.network = network_.shape();
  flat = network_.flat().clone();
}

HaloModel::Subjects HaloModel::draw_subjects(std::int64_t count, std::uint64_t round, const Context& context) const {
  const auto groups = static_cast<std::int64_t>(labels_.groups().size());
  Subjects drawn{.labels = std::vector<std::int32_t>(static_cast<std::size_t>(count * groups)), .statics = Table(parts_.schema.statics()),
                 .rows = std::vector<std::int64_t>(static_cast<std::size_t>(count))};
  drawn.statics.resize(count);
  const HaloSampler sampler(network_, flat, labels_, visits_);
  for_each_shard(count, context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    nn::use_one_thread();
    const Rng rng = context.rng("halo labels", round).stream("shard", static_cast<std::uint64_t>(shard));
    const auto own = sampler.draw_labels(last - first, rng);
    std::copy(own.begin(), own.end(), drawn.labels.begin() + first * groups);
    Rng values = rng.stream("values");
    for (std::int64_t s = first; s < last; ++s) {
      const auto rows = code_.statics().decode(part(own, (s - first) * groups, groups), drawn.statics, s, values);
      drawn.rows[static_cast<std::size_t>(s)] =
          std::clamp<std::int64_t>(static_cast<std::int64_t>(rows.value_or(0)), 0, parts_.network.context - 2);
    }
  });
  return drawn;
}

HaloModel::Subjects HaloModel::subjects_given(std::int64_t count, const std::vector<StaticCondition>& conditions,
                                              const Context& context) const {
  if (conditions.empty()) return draw_subjects(count, 0, context);
  const auto groups = static_cast<std::int64_t>(labels_.groups().size());
  Subjects found{.labels = {}, .statics = Table(parts_.schema.statics()), .rows = {}}, drawn;
  found.statics = draw_until_met(
      count, conditions, {.round = kRound, .most = std::max(kMostDraws * count, kLeastDraws)},
      [&](std::int64_t first) {
        drawn = draw_subjects(kRound, static_cast<std::uint64_t>(1 + first), context);
        return drawn.statics;
      },
      [&](std::span<const std::int64_t> subjects) {
        for (const std::int64_t s : subjects) {
          const auto own = part(drawn.labels, s * groups, groups);
          found.labels.insert(found.labels.end(), own.begin(), own.end());
          found.rows.push_back(drawn.rows[static_cast<std::size_t>(s)]);
        }
      });
  return found;
}

// Of all rows, [rows x groups of the visits].
std::vector<std::int32_t> HaloModel::draw_rows(const Subjects& subjects, const std::vector<std::int64_t>& offsets,
                                               const Context& context) const {
  const auto groups = static_cast<std::int64_t>(visits_.groups().size()), of_labels = static_cast<std::int64_t>(labels_.groups().size());
  std::vector<std::int32_t> categories(static_cast<std::size_t>(offsets.back() * groups));
  if (groups == 0) return categories;
  const HaloSampler sampler(network_, flat, labels_, visits_);
  const auto count = static_cast<std::int64_t>(subjects.rows.size());
  std::atomic<std::int64_t> done = 0;
  parallel_for((count + kAtOnce - 1) / kAtOnce, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    nn::use_one_thread();
    const std::int64_t first = shard * kAtOnce, last = std::min(count, first + kAtOnce);
    std::vector<std::int64_t> own(offsets.begin() + first, offsets.begin() + last + 1);
    const std::int64_t begin = own.front();
    for (std::int64_t& offset : own) offset -= begin;
    const auto drawn = sampler.draw_rows(part(subjects.labels, first * of_labels, (last - first) * of_labels), own,
                                         context.rng("halo rows", static_cast<std::uint64_t>(shard)));
    std::copy(drawn.begin(), drawn.end(), categories.begin() + begin * groups);
    done += last - first;
    context.report({.stage = "sampling", .unit = "subjects", .done = done, .total = count});
  });
  return categories;
}

void HaloModel::draw_series(const Subjects& subjects, Cohort& cohort, const Context& context) const {
  std::vector<std::int64_t> offsets = {0};
  for (const std::int64_t rows : subjects.rows) offsets.push_back(offsets.back() + rows);
  std::vector<double> gaps(static_cast<std::size_t>(offsets.back()));
  Table values = code_.decode_series(draw_rows(subjects, offsets, context), gaps, context, "halo values");
  put_rows(parts_.timeline, subjects.rows, std::move(values), std::move(gaps), cohort);
}

Cohort HaloModel::sample(const SampleRequest& request, const Context& context) const {
  check_subjects(request.subjects);
  const Subjects subjects = subjects_given(request.subjects, parse_conditions(parts_.schema, request.condition), context);
  Cohort cohort = make_cohort(parts_.schema);
  for (std::int64_t s = 0; s < request.subjects; ++s) cohort.subjects.push_back(std::to_string(s + 1));
  cohort.statics = subjects.statics;
  if (parts_.schema.has_series()) draw_series(subjects, cohort, context);
  repair(cohort);
  return cohort;
}

TensorFile HaloModel::save() const {
  const HaloShape& shape = parts_.network;
  TensorFile file = begin_model_file(kName, parts_.schema);
  file.metadata["statics"] = marginals_to_json(parts_.statics);
  file.metadata["series"] = marginals_to_json(parts_.series);
  file.metadata["timeline"] = to_json(parts_.timeline);
  file.metadata["bins"] = parts_.bins;
  file.metadata["network"] = {{"context", shape.context}, {"layers", shape.layers}, {"heads", shape.heads}, {"width", shape.width},
                              {"slope", shape.slope}};
  file.metadata["options"] = options;
  nn::put(file, "network", flat);
  return file;
}

namespace {

// A whole number in the file's metadata, in [1, most].
std::int64_t number_of(const nlohmann::json& json, const char* name, std::int64_t most) {
  const auto found = json.find(name);
  const bool fits = found != json.end() && found->is_number_integer() && *found >= 1 && *found <= most;
  if (!fits) {
    fail(ErrorKind::input, "the model file's '{}' is {}; accepted: 1 to {}", name, found == json.end() ? "absent" : found->dump(), most);
  }
  return found->get<std::int64_t>();
}

// As large as halo.h allows.
HaloShape shape_of(const nlohmann::json& json) {
  const auto slope = json.find("slope");
  if (slope == json.end() || !slope->is_number() || !(*slope >= 0 && *slope <= 1)) {
    fail(ErrorKind::input, "the model file's network has no 'slope' from 0 to 1");
  }
  const HaloShape shape{.context = number_of(json, "context", 100000), .layers = number_of(json, "layers", 256),
                        .heads = number_of(json, "heads", 1024), .width = number_of(json, "width", 16384), .slope = *slope};
  if (shape.context < 3 || shape.width % shape.heads != 0) {
    fail(ErrorKind::input, "the model file's network has a context of {}, {} heads and a width of {}", shape.context, shape.heads,
         shape.width);
  }
  return shape;
}

}  // namespace

ModelPtr HaloModel::load(const TensorFile& file) {
  const Schema schema = check_model_file(file, kName);
  const HaloShape shape = shape_of(metadata_entry(file, "network"));
  const at::Tensor weights = nn::take(file, "network");
  if (HaloNetwork::parameters(shape) > weights.numel()) {  // with one code; before room is made for what the file only claims to have
    fail(ErrorKind::input, "the model file's network has {} parameters, too few for its size", weights.numel());
  }
  auto model = std::make_shared<HaloModel>(
      HaloParts{.schema = schema, .timeline = timeline_from_json(metadata_entry(file, "timeline")),
                .statics = marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
                .series = marginals_from_json(metadata_entry(file, "series"), schema.series()),
                .bins = static_cast<std::int32_t>(number_of(file.metadata, "bins", 1024)), .network = shape},
      Context{});
  model->options = metadata_entry(file, "options");
  nn::take_into(file, "network", model->flat);
  return model;
}

}  // namespace understudy
