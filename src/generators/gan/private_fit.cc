#include "generators/gan/private_fit.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <deque>
#include <numeric>

#include "generators/description.h"
#include "generators/gan/finish.h"
#include "generators/gan/fit.h"
#include "generators/gan/sampler.h"
#include "generators/gan/stand_in.h"
#include "generators/gan/training.h"
#include "generators/model_file.h"
#include "generators/private_fit.h"
#include "nn/serial.h"

namespace understudy {
namespace {

constexpr std::int64_t kStandIns = 16384;     // people of the stand-in
constexpr std::int64_t kCopies = 8;           // jittered, of a person's rows: a number that hangs on nobody

// What both parts rest on.
struct Shared {
  const Options& options;
  const Context& context;
  const Description& bought;
  GanSettings settings;
  std::optional<Codec> conditions;  // of the statics, for the series
  Cohort stand_in;                  // its statics are drawn anew once they are learnt
  GanModel::Parts model;

  double expected() const { return std::min(bought.subjects, static_cast<double>(settings.batch)); }
};

class PrivateGanPart : public PrivatePart {
 public:
  PrivateGanPart(Shared& shared, bool is_static, Codec codec)
      : shared_(shared), is_static_(is_static), codec_(std::move(codec)),
        settings_(is_static ? static_settings(shared.settings) : shared.settings) {}

  std::string name() const override { return is_static_ ? "statics" : "series"; }
  SampledSum sum() const override;
  std::int64_t sums_each() const override { return settings_.critic_steps; }
  nn::Trainer& begin(PrivateTraining& paid, const SampledSum& sum) override;
  void skip(std::int64_t sums) override { sums_->skip(sums); }
  at::Tensor end() override;

 private:
  GanRows rows_of(const Cohort& cohort) const;

  Shared& shared_;
  bool is_static_;
  Codec codec_;
  GanSettings settings_;
  std::optional<GanRows> described_;                        // what the training rests on
  std::optional<PrivateTraining::Sums<GanRows>> sums_;
  std::unique_ptr<GanTraining> training_;
};

SampledSum PrivateGanPart::sum() const {
  const std::int64_t conditions = !is_static_ && shared_.conditions ? shared_.conditions->width() : 0;
  const GanGame game(settings_, codec_.blocks(), conditions, Rng(0));  // for its size
  return {.what = "gradients of the critic of " + name(), .size = game.critic_flat().numel(), .bound = settings_.clip,
          .rate = shared_.expected() / shared_.bought.subjects, .count = settings_.steps * settings_.critic_steps};
}

// Of raw records inside the training alone. Every row hangs on its subject: on its key, its records, and public numbers.
GanRows PrivateGanPart::rows_of(const Cohort& cohort) const {
  std::vector<std::int64_t> each(static_cast<std::size_t>(cohort.size()) + 1);
  std::iota(each.begin(), each.end(), 0);
  at::Tensor conditions = at::empty({cohort.size(), 0}, at::kFloat);
  if (!is_static_ && shared_.conditions) {
    conditions = encode_statics(*shared_.conditions, cohort, shared_.context.rng("gan condition jitter"));
  }
  return GanRows({.codec = codec_, .table = is_static_ ? cohort.statics : cohort.series,
                  .offsets = is_static_ ? std::span<const std::int64_t>(each) : cohort.offsets, .subjects = cohort.subjects,
                  .conditions = conditions, .window = settings_.window, .copies = kCopies},
                 shared_.context.rng("gan rows").stream(name()));
}

nn::Trainer& PrivateGanPart::begin(PrivateTraining& paid, const SampledSum& sum) {
  if (!is_static_ && shared_.model.statics) sample_statics(*shared_.model.statics, shared_.stand_in, shared_.context);
  described_ = rows_of(shared_.stand_in);
  training_ = std::make_unique<GanTraining>(settings_, codec_.blocks(), GanTraining::Described{*described_, true},
                                            shared_.context.rng("gan training").stream(name()), shared_.context);
  const std::function<GanRows(const Cohort&)> prepare = [this](const Cohort& cohort) { return rows_of(cohort); };
  sums_.emplace(paid.sums<GanRows>(sum, prepare));
  training_->play(*sums_, shared_.expected());
  return training_->trainer();
}

at::Tensor PrivateGanPart::end() {
  const auto calibrate = shared_.options.text("calibrate") == "none" ? Calibrate::none : Calibrate::marginals;
  (is_static_ ? shared_.model.statics : shared_.model.series) =
      finish_part(codec_, settings_, training_->averaged(), {*described_, is_static_ ? shared_.stand_in.statics : shared_.stand_in.series},
                  calibrate, shared_.context.rng("gan calibration").stream(name()), shared_.context.threads);
  return training_->averaged().flat();
}

}  // namespace

Released<ModelPtr> fit_gan_privately(const Vault& vault, const Options& options, const Budget& budget, const Context& context,
                                     const Checkpoint& checkpoint) {
  const GaussianCost whole = whole_cost(budget);
  const Description bought = buy_description(vault, "gan", whole, context, checkpoint);
  nn::use_one_thread();
  const Schema& schema = vault.schema();
  const Coding coding = parse_coding(options.text("coding"));
  const GanSettings settings = parse_gan_settings(options);
  Shared shared{.options = options, .context = context, .bought = bought, .settings = settings, .conditions = {},
                .stand_in = stand_in(schema, bought.marginals, kStandIns, settings.window, context), .model = {}};
  std::deque<PrivateGanPart> parts;
  std::vector<PrivatePart*> order;
  const auto add = [&](bool is_static, Codec codec) { order.push_back(&parts.emplace_back(shared, is_static, std::move(codec))); };
  const Codec statics(schema.statics(), bought.marginals.statics, coding);
  if (statics.width() > 0) {
    shared.conditions = statics;
    add(true, statics);
  }
  const Codec series(schema.series(), bought.marginals.series, coding);
  if (schema.has_series() && series.width() > 0) add(false, series);
  return fit_privately({vault, "gan", options, context, checkpoint, left_of(whole, bought.mu), whole.delta}, order, [&]() -> ModelPtr {
    shared.model.schema = schema;
    shared.model.timeline = bought.marginals.timeline;
    shared.model.options = options_json(options);
    return std::make_shared<GanModel>(std::move(shared.model));
  });
}

}  // namespace understudy
