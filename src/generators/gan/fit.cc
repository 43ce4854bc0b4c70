#include "generators/gan/fit.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <numeric>

#include "generators/gan/checkpoint.h"
#include "generators/gan/rows.h"
#include "generators/gan/trainer.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "nn/noise.h"
#include "nn/serial.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

constexpr std::int64_t kCalibrationRows = 131072;
constexpr std::int64_t kReportEvery = 50;  // steps

Codec learn_codec(const std::vector<ColumnSpec>& specs, const Table& table, Coding coding) {
  return Codec(specs, learn_marginals(specs, table), coding);
}

// What one part is trained on.
struct Source {
  Codec codec;
  GanRows rows;
};

Source make_source(Codec codec, const Table& table, std::span<const std::int64_t> offsets, at::Tensor conditions,
                   std::int64_t window, const Rng& rng) {
  GanRows rows(codec, table, offsets, std::move(conditions), window, rng);
  return {std::move(codec), std::move(rows)};
}

std::vector<std::int64_t> count_up(std::int64_t n) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(n));
  std::iota(result.begin(), result.end(), 0);
  return result;
}

class GanFit {
 public:
  GanFit(const Cohort& cohort, const Options& options, const Context& context)
      : options_(options), settings_(parse_gan_settings(options)), context_(context) {
    nn::use_one_thread();
    check_learnable(cohort, "gan");
    const Coding coding = options.text("coding") == "bounds" ? Coding::bounds : Coding::quantile;
    Codec static_codec = learn_codec(cohort.schema.statics(), cohort.statics, coding);
    const auto subjects = count_up(cohort.size());
    at::Tensor conditions = at::empty({cohort.size(), 0}, at::kFloat);
    if (static_codec.width() > 0) {
      Rng rng = context.rng("gan condition jitter");
      conditions = encode_rows(static_codec, GanHead(static_codec.blocks()), cohort.statics, subjects, rng);
      const auto offsets = count_up(cohort.size() + 1);
      statics_ = make_source(std::move(static_codec), cohort.statics, offsets, conditions.narrow(1, 0, 0), 1,
                             context.rng("gan static rows"));
    }
    if (cohort.schema.has_series()) add_series(cohort, coding, conditions);
    if (!statics_ && !series_) fail(ErrorKind::input, "there is no column that a network can learn (id and text are none)");
  }

  std::shared_ptr<const GanModel> run(const Cohort& cohort, const Checkpoint& checkpoint);

 private:
  void add_series(const Cohort& cohort, Coding coding, const at::Tensor& conditions) {
    Codec codec = learn_codec(cohort.schema.series(), cohort.series, coding);
    if (codec.width() == 0) return;
    if (cohort.series.rows() == 0) fail(ErrorKind::input, "no subject has a row to learn from");
    series_ = make_source(std::move(codec), cohort.series, cohort.offsets, conditions, settings_.window,
                          context_.rng("gan series rows"));
  }
  void train(std::vector<GanTrainer*> trainers, GanCheckpoint& checkpoint) const;
  GanPart finish(const Source& source, const GanSettings& settings, const nn::Mlp& generator, const Table& table,
                 std::string_view name) const;

  const Options& options_;
  GanSettings settings_;
  const Context& context_;
  std::optional<Source> statics_, series_;
};

// Statics have no windows and no second row of the same person.
GanSettings static_settings(GanSettings settings) {
  settings.window = 1;
  settings.person_latent = 0;
  return settings;
}

void GanFit::train(std::vector<GanTrainer*> trainers, GanCheckpoint& checkpoint) const {
  checkpoint.resume();
  std::int64_t done = 0;
  for (const GanTrainer* trainer : trainers) done += trainer->steps();
  const std::int64_t total = settings_.steps * static_cast<std::int64_t>(trainers.size());
  for (GanTrainer* trainer : trainers) {
    while (!trainer->done()) {
      if (at_any_rank(context_.ranks, context_.stop_requested())) {
        checkpoint.save();
        fail(ErrorKind::cancelled, "stopped on request");
      }
      trainer->step();
      if (++done % kReportEvery == 0 || done == total) {
        context_.report({.stage = "training", .unit = "steps", .done = done, .total = total});
        checkpoint.save_if_due();
      }
    }
  }
}

// A large sample of the network's raw rows, its windows conditioned like those it was trained on.
at::Tensor calibration_sample(const GanPart& part, const GanRows& rows, const Rng& rng, int threads) {
  constexpr std::int64_t kShard = 4096;
  std::vector<at::Tensor> shards(static_cast<std::size_t>(kCalibrationRows / kShard));
  parallel_for(static_cast<std::int64_t>(shards.size()), threads, [&](std::int64_t shard) {
    nn::use_one_thread();
    const at::NoGradGuard no_graph;
    Rng mine = rng.stream("shard", static_cast<std::uint64_t>(shard));
    const std::int64_t windows = (kShard + part.window - 1) / part.window;
    const at::Tensor latent = nn::normals(mine, windows, part.latent + part.person_latent);
    shards[static_cast<std::size_t>(shard)] = part.raw_rows(at::cat({latent, rows.draw_conditions(mine, windows)}, 1));
  });
  return at::cat(shards);
}

GanPart GanFit::finish(const Source& source, const GanSettings& settings, const nn::Mlp& generator,
                       const Table& table, std::string_view name) const {
  const at::NoGradGuard no_graph;
  nn::use_one_thread();
  GanHead head(source.codec.blocks());
  GanPart part{.codec = source.codec, .head = head, .generator = nn::Mlp(generator.widths(), generator.flat().clone()),
               .calibration = no_calibration(head), .window = settings.window, .latent = settings.latent,
               .person_latent = settings.person_latent};
  const std::string kind = options_.text("calibrate");
  if (kind == "none") return part;
  const Rng rng = context_.rng("gan calibration").stream(name);
  const CalibrationData data{.codec = part.codec, .head = part.head,
                             .raw = calibration_sample(part, source.rows, rng, context_.threads),
                             .encoded = source.rows.values(), .table = table, .rng = rng.stream("choices")};
  part.calibration = kind == "moments" ? calibrate_moments(data) : calibrate_marginals(data);
  return part;
}

std::shared_ptr<const GanModel> GanFit::run(const Cohort& cohort, const Checkpoint& where) {
  std::vector<const GanRows*> rows;
  for (const auto* source : {&statics_, &series_}) {
    if (*source) rows.push_back(&(*source)->rows);
  }
  const std::string fingerprint = training_fingerprint(options_, cohort, context_.seed, rows);
  check_same(context_.ranks, "data, schema, options and seed", fingerprint);
  GanCheckpoint checkpoint(where, fingerprint, context_.ranks);
  std::optional<GanTrainer> statics, series;
  std::vector<GanTrainer*> trainers;
  const auto add = [&](std::optional<GanTrainer>& trainer, const std::optional<Source>& source,
                       const GanSettings& settings, const char* name) {
    if (!source) return;
    trainer.emplace(settings, source->rows, source->codec.blocks(), context_.rng("gan training").stream(name),
                    context_.threads, context_.ranks);
    checkpoint.add(name, *trainer);
    trainers.push_back(&*trainer);
  };
  add(statics, statics_, static_settings(settings_), "statics");
  add(series, series_, settings_, "series");
  train(trainers, checkpoint);

  GanModel::Parts parts{.schema = cohort.schema, .timeline = learn_timeline(cohort), .statics = {}, .series = {},
                        .options = nlohmann::json::object()};
  for (const auto& [name, value] : options_.values()) parts.options[name] = value;
  if (statics) parts.statics = finish(*statics_, static_settings(settings_), statics->averaged(), cohort.statics, "statics");
  if (series) parts.series = finish(*series_, settings_, series->averaged(), cohort.series, "series");
  return std::make_shared<GanModel>(std::move(parts));
}

}  // namespace

std::shared_ptr<const GanModel> fit_gan(const Cohort& cohort, const Options& options, const Context& context,
                                        const Checkpoint& checkpoint) {
  return GanFit(cohort, options, context).run(cohort, checkpoint);
}

}  // namespace understudy
