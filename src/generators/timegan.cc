#include "generators/timegan.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "generators/panel/panel_fit.h"
#include "nn/blocks/gru.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/lstm.h"
#include "nn/noise.h"

namespace understudy {
namespace {

constexpr double kReconstruction = 10;  // weight of the root of the mean square error
constexpr double kOfSupervised = 1e-3;  // of supervised_weight, for the embedder
constexpr double kGoodEnough = 0.15;    // loss of the discriminator that it need not better
constexpr double kVariance = 1e-6;      // added to variances, so that roots have slopes
constexpr double kSquare = 1e-12;       // the same for mean squares
constexpr double kAverage = 0.995;      // memory of the mean of the weights, preset cpu
constexpr double kSharpness = 8;        // it draws; it does not give means
constexpr std::int64_t kMostShard = 64, kLeastShard = 16;
constexpr std::int64_t kDuels = 2;      // turns of the generator for one of the discriminator

struct Settings {
  std::int64_t iterations, batch, hidden, layers;
  double rate, noise_sd, moment_weight, supervised_weight;
  bool is_lstm, is_paper;
};

Settings settings_of(const Options& options, std::int64_t paper_iterations) {
  const Preset preset{options};
  return {.iterations = preset.integer("iterations", paper_iterations, 5000), .batch = preset.integer("batch", 128, 32),
          .hidden = preset.integer("hidden", 24, 24), .layers = preset.integer("layers", 3, 1),
          .rate = preset.real("learning_rate", 1e-3, 3e-3), .noise_sd = options.real("noise_sd"),
          .moment_weight = options.real("moment_weight"), .supervised_weight = options.real("supervised_weight"),
          .is_lstm = options.text("cell") == "lstm", .is_paper = preset.is_paper()};
}

// x [rows, steps, inputs] -> [rows, steps, outputs].
struct StepNetwork {
  nn::Recurrent recurrent;
  nn::Linear out;

  StepNetwork(nn::Parameters& parameters, const std::string& name, std::int64_t inputs, std::int64_t outputs, std::int64_t layers,
              const Settings& settings, Rng& rng)
      : recurrent(settings.is_lstm ? nn::lstm_cell() : nn::gru_cell(), parameters, name, inputs, settings.hidden, layers, rng),
        out(parameters, name + ".out", settings.hidden, outputs, rng) {}
  at::Tensor operator()(nn::Tape& tape, const at::Tensor& x) const { return out(tape, recurrent(tape, x)); }
  at::Tensor unit(nn::Tape& tape, const at::Tensor& x) const { return (*this)(tape, x).sigmoid(); }
};

// Each subject's sequences next to each other, so that a network takes them in one pass: [subjects sequences, steps, width].
at::Tensor side_by_side(const std::vector<at::Tensor>& sequences) { return at::stack(sequences, 1).flatten(0, 1); }

// Sequence `number` of `count`, [subjects, steps, width].
at::Tensor sequence(const at::Tensor& all, std::int64_t number, std::int64_t count) {
  return all.unflatten(0, {all.size(0) / count, count}).select(1, number);
}

// Summed over subjects, the mean over all else (0 where there is nothing): double, no dimension.
at::Tensor summed_means(const at::Tensor& x) {
  return x.numel() == 0 ? at::zeros({}, at::kDouble) : x.mean({1, 2}).sum().to(at::kDouble);
}

// How far what is foretold, [subjects, steps, hidden], is from the next latents.
at::Tensor foretelling_error(const at::Tensor& foretold, const at::Tensor& latents) {
  const std::int64_t steps = latents.size(1);
  return summed_means((foretold.narrow(1, 0, steps - 1) - latents.narrow(1, 1, steps - 1)).square());
}

at::Tensor root(const at::Tensor& mean_square) { return mean_square.clamp_min(kSquare).sqrt(); }

at::Tensor flat_sum(const at::Tensor& x) { return x.sum(0).flatten(); }

class Timegan : public PanelNetwork {
 public:
  Timegan(const PanelShape& shape, const Settings& settings, Rng& rng)
      : shape_(shape), settings_(settings),
        embedder_(coding_, "embedder", shape.channels, settings.hidden, settings.layers, settings, rng),
        recovery_(coding_, "recovery", settings.hidden, shape.channels, settings.layers, settings, rng),
        generator_(drawing_, "generator", shape.channels, settings.hidden, settings.layers, settings, rng),
        supervisor_(drawing_, "supervisor", settings.hidden, settings.hidden, std::max<std::int64_t>(settings.layers - 1, 1), settings,
                    rng),
        discriminator_(judging_, "discriminator", settings.hidden, 1, settings.layers, settings, rng),
        fixed_coding_(as_it_is(coding_)), fixed_drawing_(as_it_is(drawing_)), fixed_judging_(as_it_is(judging_)) {}

  std::vector<PanelWarmup> warmups() const override {
    PanelPlayer coding = player("coding", coding_, &Timegan::embedding_loss);
    PanelPlayer drawing = player("drawing", drawing_, &Timegan::supervised_loss);
    coding.whole = [](const at::Tensor& mean) { return kReconstruction * root(mean); };
    coding.average = drawing.average = 0;
    std::vector<PanelWarmup> result;
    result.push_back({.name = "embedding", .steps = settings_.iterations, .players = {std::move(coding)}});
    if (shape_.steps == 1) return result;  // no step to foretell
    result.push_back({.name = "supervised", .steps = settings_.iterations, .players = {std::move(drawing)}});
    return result;
  }

  std::vector<PanelPlayer> players() const override {
    PanelPlayer drawing = player("drawing", drawing_, &Timegan::drawing_loss), coding = player("coding", coding_, &Timegan::coding_loss),
                judging = player("judging", judging_, &Timegan::judging_loss);
    drawing.whole = [this](const at::Tensor& means) { return drawing_whole(means); };
    coding.whole = [this](const at::Tensor& means) {
      return kReconstruction * root(means[0]) + kOfSupervised * settings_.supervised_weight * means[1];
    };
    judging.every = kDuels;
    judging.least = kGoodEnough;
    judging.average = 0;
    judging.is_kept = false;
    return {drawing, coding, judging};
  }

  PanelPlan plan(std::int64_t) const override {
    return {.steps = kDuels * settings_.iterations, .batch = settings_.batch,
            .shard = std::clamp((settings_.batch + 1) / 2, kLeastShard, kMostShard)};
  }

  at::Tensor draw(std::int64_t count, Rng& rng) const override {
    nn::Tape &coding = *fixed_coding_, &drawing = *fixed_drawing_;
    const at::Tensor z = nn::uniforms(rng, count * shape_.steps * shape_.channels).view({count, shape_.steps, shape_.channels});
    return recovery_.unit(coding, supervisor_.unit(drawing, generator_.unit(drawing, z)));
  }

 private:
  using Loss = at::Tensor (Timegan::*)(const PanelData&, const nn::Turn&, nn::Tape&, std::span<const std::int64_t>) const;

  // For a network that is passed through while another learns. It outlives the gradients that go back through it.
  static std::unique_ptr<nn::Tape> as_it_is(const nn::Parameters& parameters) {
    return std::unique_ptr<nn::Tape>(new nn::Tape(nn::Tape::sampling(parameters.flat())));
  }

  PanelPlayer player(const std::string& name, const nn::Parameters& parameters, Loss loss) const {
    return {.name = name, .flat = parameters.flat(), .adam = {.beta1 = 0.9, .beta2 = 0.999},
            .schedule = {.rate = settings_.rate, .decay = settings_.is_paper ? nn::Decay::constant : nn::Decay::cosine},
            .average = settings_.is_paper ? 0 : kAverage,
            .loss = [this, loss](const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) {
              return (this->*loss)(data, turn, tape, subjects);
            }};
  }

  at::Tensor noise(const PanelData& data, const nn::Turn& turn, std::span<const std::int64_t> subjects) const {
    return data.uniforms("z", turn, subjects, {shape_.steps, shape_.channels});
  }

  at::Tensor reconstruction_error(nn::Tape& tape, const at::Tensor& latents, const at::Tensor& panels) const {
    return summed_means((recovery_.unit(tape, latents) - panels).square());
  }

  at::Tensor embedding_loss(const PanelData& data, const nn::Turn&, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor panels = data.of(subjects);
    return reconstruction_error(tape, embedder_.unit(tape, panels), panels);
  }

  at::Tensor supervised_loss(const PanelData& data, const nn::Turn&, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor latents = embedder_.unit(*fixed_coding_, data.of(subjects));
    return foretelling_error(supervisor_.unit(tape, latents), latents);
  }

  // Terms: the discriminator's opinion, the error of what is foretold, then for each step and channel the drawn panels' numbers
  // and squares and the real ones'. Numbers from 0.5, so that variances keep their digits.
  at::Tensor drawing_loss(const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor panels = data.of(subjects), latents = embedder_.unit(*fixed_coding_, panels);
    const at::Tensor raw = generator_.unit(tape, noise(data, turn, subjects));
    const at::Tensor all = supervisor_.unit(tape, side_by_side({raw, latents}));
    const at::Tensor supervised = sequence(all, 0, 2), foretold = sequence(all, 1, 2);
    const at::Tensor scores = discriminator_(*fixed_judging_, at::cat({supervised, raw}));
    const at::Tensor drawn = recovery_.unit(*fixed_coding_, supervised).to(at::kDouble) - 0.5, real = panels.to(at::kDouble) - 0.5;
    const at::Tensor two = at::stack({summed_means(at::softplus(-scores)), foretelling_error(foretold, latents)});
    return at::cat({two, flat_sum(drawn), flat_sum(drawn.square()), flat_sum(real), flat_sum(real.square())});
  }

  at::Tensor drawing_whole(const at::Tensor& means) const {
    const auto moments = means.narrow(0, 2, means.size(0) - 2).chunk(4);
    const auto deviation = [](const at::Tensor& mean, const at::Tensor& square) {
      return ((square - mean.square()).clamp_min(0) + kVariance).sqrt();
    };
    const at::Tensor spread = deviation(moments[0], moments[1]) - deviation(moments[2], moments[3]), shift = moments[0] - moments[2];
    const at::Tensor apart = spread.abs().mean() + shift.abs().mean();
    return means[0] + settings_.supervised_weight * root(means[1]) + settings_.moment_weight * apart;
  }

  at::Tensor coding_loss(const PanelData& data, const nn::Turn&, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor panels = data.of(subjects), latents = embedder_.unit(tape, panels);
    return at::stack({reconstruction_error(tape, latents, panels), foretelling_error(supervisor_.unit(*fixed_drawing_, latents), latents)});
  }

  at::Tensor judging_loss(const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor latents = embedder_.unit(*fixed_coding_, data.of(subjects));
    const at::Tensor raw = generator_.unit(*fixed_drawing_, noise(data, turn, subjects));
    at::Tensor all = side_by_side({latents, supervisor_.unit(*fixed_drawing_, raw), raw});
    if (settings_.noise_sd > 0) {
      all = all + settings_.noise_sd * data.normals("noise", turn, subjects, {3, shape_.steps, settings_.hidden}).flatten(0, 1);
    }
    const at::Tensor scores = discriminator_(tape, all);
    return summed_means(at::softplus(-sequence(scores, 0, 3))) + summed_means(at::softplus(sequence(scores, 1, 3))) +
           summed_means(at::softplus(sequence(scores, 2, 3)));
  }

  PanelShape shape_;
  Settings settings_;
  nn::Parameters coding_, drawing_, judging_;
  StepNetwork embedder_, recovery_, generator_, supervisor_, discriminator_;
  std::unique_ptr<nn::Tape> fixed_coding_, fixed_drawing_, fixed_judging_;
};

template <std::int64_t PaperIterations>
std::unique_ptr<PanelNetwork> made_of(const PanelShape& shape, const Options& options, Rng& rng) {
  return std::make_unique<Timegan>(shape, settings_of(options, PaperIterations), rng);
}

}  // namespace

const PanelMethod& timegan_method() {
  static const PanelMethod method{.name = "timegan", .options = kTimeganOptions, .sharpness = kSharpness, .make = made_of<50000>};
  return method;
}

const PanelMethod& augmented_timegan_method() {
  static const PanelMethod method{.name = "augmented-timegan", .options = kAugmentedTimeganOptions, .sharpness = kSharpness, .make = made_of<10000>};
  return method;
}

std::unique_ptr<Generator> make_timegan() { return make_panel_generator(timegan_method()); }

std::unique_ptr<Generator> make_augmented_timegan() { return make_panel_generator(augmented_timegan_method()); }

}  // namespace understudy

understudy::Generator* understudy_make_timegan() { return understudy::make_timegan().release(); }

understudy::Generator* understudy_make_augmented_timegan() { return understudy::make_augmented_timegan().release(); }
