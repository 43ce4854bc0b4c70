#include "generators/panel/panel_model.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "encode/repair.h"
#include "generators/condition.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "generators/subject_rows.h"
#include "nn/row.h"
#include "nn/serial.h"
#include "nn/store.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kAtOnce = 64;         // subjects drawn side by side
constexpr std::int64_t kCalibration = 2048;  // subjects that are drawn to see what is to be mended
constexpr std::int64_t kMostDraws = 200;     // for each subject that shall meet a condition
constexpr std::int64_t kLeastDraws = 1 << 14;

PanelOptions panel_options(const PanelMethod& method, const Options& options) {
  return {.rows = options.integer("rows"), .most_rows = options.integer("most_rows"), .coding = parse_coding(options.text("coding")),
          .sharpness = method.sharpness};
}

std::unique_ptr<PanelNetwork> network_of(const PanelMethod& method, const PanelCode& code, const Options& options, Rng rng) {
  return method.make({.steps = code.steps(), .channels = code.channels()}, options, rng);
}

void put(TensorFile& file, const std::string& name, const std::vector<float>& values) {
  file.put(name, {static_cast<std::int64_t>(values.size())}, std::span<const float>(values));
}

void put(TensorFile& file, const std::string& name, const ChannelCalibration& calibration) {
  put(file, name + ".shift", calibration.shift);
  put(file, name + ".from", calibration.from);
  put(file, name + ".to", calibration.to);
}

std::vector<float> take(const TensorFile& file, const std::string& name, std::size_t size) {
  std::vector<float> values = file.floats(name);
  const bool is_finite = std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
  if ((!values.empty() && values.size() != size) || !is_finite) {
    fail(ErrorKind::input, "'{}' of the model file has {} numbers; accepted: {} finite ones, or none", name, values.size(), size);
  }
  return values;
}

ChannelCalibration take(const TensorFile& file, const std::string& name, const Codec& codec) {
  const auto scalars = static_cast<std::size_t>(
      std::count_if(codec.blocks().begin(), codec.blocks().end(), [](const Block& b) { return b.kind == Block::Kind::scalar; }));
  ChannelCalibration result{.shift = take(file, name + ".shift", static_cast<std::size_t>(codec.width())),
                            .from = take(file, name + ".from", scalars * kKnots), .to = take(file, name + ".to", scalars * kKnots)};
  if (result.from.size() != result.to.size()) fail(ErrorKind::input, "'{}' of the model file is half a map", name);
  return result;
}

// What the file asks for is refused as input, whatever the maker calls it.
std::shared_ptr<PanelModel> model_from(const PanelMethod& method, PanelSource source, const Options& options) {
  try {
    return std::make_shared<PanelModel>(method, std::move(source), options, Context{});
  } catch (const Error& error) {
    fail(ErrorKind::input, "a model file that cannot be: {}", error.what());
  }
}

Options options_from(const nlohmann::json& json, std::span<const OptionSpec> specs) {
  Options options(specs);
  try {
    for (const OptionSpec& spec : specs) options.set(spec.name, json.at(std::string(spec.name)).get<std::string>());
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "the options of the model file cannot be read: {}", error.what());
  } catch (const Error& error) {
    fail(ErrorKind::input, "an option of the model file: {}", error.what());
  }
  return options;
}

}  // namespace

PanelModel::PanelModel(const PanelMethod& method, PanelSource source, Options options, const Context& context)
    : method_(&method), options_(std::move(options)), code_(std::move(source), panel_options(method, options_)),
      network_(network_of(method, code_, options_, context.rng("panel weights"))) {}

std::vector<float> PanelModel::draw_panels(std::int64_t count, Rng rng) const {
  nn::use_one_thread();
  at::Tensor panels = network_->draw(count, rng).contiguous();
  if (method_->is_symmetric) panels = (panels + 1) / 2;
  panels = panels.clamp(0, 1);
  const auto numbers = nn::row<float>(panels);
  return {numbers.begin(), numbers.end()};
}

DecodedPanels PanelModel::draw_subjects(std::int64_t count, std::uint64_t round, const Context& context) const {
  const std::int64_t shards = (count + kAtOnce - 1) / kAtOnce;
  std::vector<DecodedPanels> parts(static_cast<std::size_t>(shards));
  std::atomic<std::int64_t> done = 0;
  parallel_for(shards, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    const Rng rng = context.rng("panels", round).stream("shard", static_cast<std::uint64_t>(shard));
    const std::int64_t size = std::min(kAtOnce, count - shard * kAtOnce);
    Rng values = rng.stream("values");
    parts[static_cast<std::size_t>(shard)] = code_.decode(draw_panels(size, rng.stream("network")), calibration_, values);
    done += size;
    context.report({.stage = "sampling", .unit = "subjects", .done = done, .total = count});
  });
  DecodedPanels all;
  for (const DecodedPanels& part : parts) all.append(part);
  return all;
}

DecodedPanels PanelModel::subjects_for(const SampleRequest& request, const Context& context) const {
  const auto conditions = parse_conditions(schema(), request.condition);
  if (conditions.empty()) return draw_subjects(request.subjects, 0, context);
  const ConditionalDraws draws{.round = std::clamp<std::int64_t>(2 * request.subjects, 4 * kAtOnce, 64 * kAtOnce),
                               .most = std::max(kMostDraws * request.subjects, kLeastDraws)};
  DecodedPanels drawn, found;
  Table statics = draw_until_met(
      request.subjects, conditions, draws,
      [&](std::int64_t first) {
        drawn = draw_subjects(draws.round, static_cast<std::uint64_t>(1 + first), context);
        return drawn.statics;
      },
      [&](std::span<const std::int64_t> subjects) { found.append(drawn.select(subjects)); });
  found.statics = std::move(statics);
  return found;
}

Cohort PanelModel::sample(const SampleRequest& request, const Context& context) const {
  check_subjects(request.subjects);
  DecodedPanels drawn = subjects_for(request, context);
  Cohort cohort = make_cohort(schema());
  for (std::int64_t s = 0; s < request.subjects; ++s) cohort.subjects.push_back(std::to_string(s + 1));
  cohort.statics = std::move(drawn.statics);
  if (schema().has_series()) put_rows(code_.source().timeline, drawn.rows, std::move(drawn.series), std::move(drawn.gaps), cohort);
  repair(cohort);
  return cohort;
}

void PanelModel::calibrate(const Context& context) {
  if (options_.text("calibrate") == "none") return;
  const std::int64_t shards = kCalibration / kAtOnce;
  std::vector<std::vector<float>> parts(static_cast<std::size_t>(shards));
  parallel_for(shards, context.threads, [&](std::int64_t shard) {
    context.check_cancelled();
    parts[static_cast<std::size_t>(shard)] = draw_panels(kAtOnce, context.rng("panel calibration", static_cast<std::uint64_t>(shard)));
  });
  std::vector<float> panels;
  for (const auto& part : parts) panels.insert(panels.end(), part.begin(), part.end());
  calibration_ = code_.calibrated(panels, context.rng("panel calibration choices"));
}

TensorFile PanelModel::save() const {
  const PanelSource& source = code_.source();
  TensorFile file = begin_model_file(method_->name, source.schema);
  file.metadata["statics"] = marginals_to_json(source.statics);
  file.metadata["series"] = marginals_to_json(source.series);
  file.metadata["timeline"] = to_json(source.timeline);
  file.metadata["options"] = options_json(options_);
  for (const PanelPlayer& player : network_->players()) {
    if (player.is_kept) nn::put(file, "network." + player.name, player.flat);
  }
  put(file, "calibration.series", calibration_.series);
  put(file, "calibration.gap", calibration_.gap);
  put(file, "calibration.statics", calibration_.statics);
  put(file, "calibration.rows", calibration_.rows);
  return file;
}

ModelPtr PanelModel::load(const PanelMethod& method, const TensorFile& file) {
  const Schema schema = check_model_file(file, method.name);
  PanelSource source{.schema = schema, .timeline = timeline_from_json(metadata_entry(file, "timeline")),
                     .statics = marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
                     .series = marginals_from_json(metadata_entry(file, "series"), schema.series())};
  if (schema.has_series() == source.timeline.rows.mass.empty()) {
    fail(ErrorKind::input, "the timeline of the model file does not fit its schema");
  }
  const auto model = model_from(method, std::move(source), options_from(metadata_entry(file, "options"), method.options));
  for (const PanelPlayer& player : model->network_->players()) {
    if (player.is_kept) nn::take_into(file, "network." + player.name, player.flat);
  }
  model->calibration_ = {.series = take(file, "calibration.series", model->code_.series()),
                         .gap = take(file, "calibration.gap", model->code_.gap()),
                         .statics = take(file, "calibration.statics", model->code_.statics()),
                         .rows = take(file, "calibration.rows", kKnots)};
  return model;
}

}  // namespace understudy
