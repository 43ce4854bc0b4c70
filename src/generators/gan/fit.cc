#include "generators/gan/fit.h"

#include <ATen/ATen.h>

#include <numeric>

#include "core/files.h"
#include "generators/gan/finish.h"
#include "generators/gan/training.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "nn/checkpoint.h"
#include "nn/serial.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

namespace understudy {
namespace {

Codec learn_codec(const std::vector<ColumnSpec>& specs, const Table& table, Coding coding) {
  return Codec(specs, learn_marginals(specs, table), coding);
}

// What one part is trained on.
struct Source {
  std::string name;
  Codec codec;
  GanRows rows;
  GanSettings settings;
  const Table& table;
};

class GanFit {
 public:
  GanFit(const Cohort& cohort, const Options& options, const Context& context)
      : options_(options), settings_(parse_gan_settings(options)), context_(context) {
    nn::use_one_thread();
    check_learnable(cohort, "gan");
    const Coding coding = parse_coding(options.text("coding"));
    Codec codec = learn_codec(cohort.schema.statics(), cohort.statics, coding);
    at::Tensor conditions = at::empty({cohort.size(), 0}, at::kFloat);
    if (codec.width() > 0) {
      conditions = encode_statics(codec, cohort, context.rng("gan condition jitter"));
      add_statics(cohort, std::move(codec));
    }
    if (cohort.schema.has_series()) add_series(cohort, learn_codec(cohort.schema.series(), cohort.series, coding), conditions);
    if (sources_.empty()) fail(ErrorKind::input, "there is no column that a network can learn (id and text are none)");
  }

  std::shared_ptr<const GanModel> run(const Cohort& cohort, const Checkpoint& where) const {
    const std::string mine = fingerprint(cohort);
    check_same(context_.ranks, "data, schema, options and seed", mine);
    nn::TrainingCheckpoint checkpoint(where, mine, context_.ranks);
    GanModel::Parts parts{.schema = cohort.schema, .timeline = learn_timeline(cohort), .statics = {}, .series = {},
                          .options = options_json(options_)};
    nn::Stretch stretch{.total = settings_.steps * static_cast<std::int64_t>(sources_.size())};
    std::vector<std::unique_ptr<GanTraining>> done;  // the checkpoint keeps their states to the end
    for (const Source& source : sources_) {
      done.push_back(trained(source, checkpoint, stretch));
      auto& part = source.name == "statics" ? parts.statics : parts.series;
      part = finish_part(source.codec, source.settings, done.back()->averaged(), {source.rows, source.table},
                         parse_calibrate(options_.text("calibrate")), context_.rng("gan calibration").stream(source.name),
                         context_.threads);
      stretch.before += settings_.steps;
    }
    return std::make_shared<GanModel>(std::move(parts));
  }

 private:
  void add_statics(const Cohort& cohort, Codec codec) {
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(cohort.size()) + 1);
    std::iota(offsets.begin(), offsets.end(), 0);
    GanRows rows({.codec = codec, .table = cohort.statics, .offsets = offsets, .subjects = cohort.subjects,
                  .conditions = at::empty({cohort.size(), 0}, at::kFloat)}, context_.rng("gan static rows"));
    sources_.push_back({"statics", std::move(codec), std::move(rows), static_settings(settings_), cohort.statics});
  }

  void add_series(const Cohort& cohort, Codec codec, const at::Tensor& conditions) {
    if (codec.width() == 0) return;
    if (cohort.series.rows() == 0) fail(ErrorKind::input, "no subject has a row to learn from");
    GanRows rows({.codec = codec, .table = cohort.series, .offsets = cohort.offsets, .subjects = cohort.subjects,
                  .conditions = conditions, .window = settings_.window}, context_.rng("gan series rows"));
    if (rows.windows() == 0) fail(ErrorKind::input, "no subject has {} rows, which option window asks for", settings_.window);
    sources_.push_back({"series", std::move(codec), std::move(rows), settings_, cohort.series});
  }

  std::unique_ptr<GanTraining> trained(const Source& source, nn::TrainingCheckpoint& checkpoint, const nn::Stretch& stretch) const {
    auto training = std::make_unique<GanTraining>(source.settings, source.codec.blocks(), GanTraining::Described{source.rows},
                                                  context_.rng("gan training").stream(source.name), context_);
    training->play(source.rows);
    checkpoint.add(source.name, training->trainer());
    nn::train(training->trainer(), checkpoint, context_, stretch);
    return training;
  }

  std::string fingerprint(const Cohort& cohort) const {
    std::string more = fmt::format("{}|{}", cohort.size(), cohort.series.rows());
    for (const Source& source : sources_) {
      const at::Tensor& values = source.rows.values();
      more.append(static_cast<const char*>(values.data_ptr()), values.nbytes());
    }
    return training_fingerprint("gan", options_, cohort.schema, context_.seed, std::move(more));
  }

  const Options& options_;
  GanSettings settings_;
  const Context& context_;
  std::vector<Source> sources_;
};

}  // namespace

std::shared_ptr<const GanModel> fit_gan(const Cohort& cohort, const Options& options, const Context& context,
                                        const Checkpoint& checkpoint) {
  return GanFit(cohort, options, context).run(cohort, checkpoint);
}

}  // namespace understudy
