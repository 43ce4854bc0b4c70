#include "generators/kovae.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "generators/epoch_order.h"
#include "generators/panel/panel_fit.h"
#include "nn/blocks/bidirectional.h"
#include "nn/blocks/gru_cell.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/normalise.h"
#include "nn/noise.h"

namespace understudy {
namespace {

constexpr std::int64_t kShard = 128;  // a step of a path costs the same for many subjects as for few
constexpr double kRidge = 1e-9;  // of the mean square of the latents, so that the least squares have one solution

struct Settings {
  std::int64_t epochs, least_steps, batch, hidden, layers, latent;
  double rate, kl_weight, koopman_weight;
  bool is_paper;
};

Settings settings_of(const Options& options) {
  const Preset preset{options};
  return {.epochs = preset.integer("epochs", 600, 100), .least_steps = preset.integer("least_steps", 1, 2000),
          .batch = preset.integer("batch", 64, 64), .hidden = preset.integer("hidden", 20, 48),
          .layers = preset.integer("layers", 3, 1), .latent = preset.integer("latent", 16, 16),
          .rate = preset.real("learning_rate", 7e-4, 4e-3), .kl_weight = options.real("kl_weight"),
          .koopman_weight = options.real("koopman_weight"), .is_paper = preset.is_paper()};
}

struct Latents {
  at::Tensor mean, log_variance, drawn;  // [subjects, steps, latent]
};

// moments: means and log-variances side by side, [.., 2 latent]; noise [.., latent].
Latents drawn_from(const at::Tensor& moments, const at::Tensor& noise) {
  const auto parts = moments.chunk(2, -1);
  return {parts[0], parts[1], parts[0] + noise * (parts[1] / 2).exp()};
}

// The last dimension: KL(N(m1, v1) | N(m2, v2)) of each number.
at::Tensor divergence(const Latents& posterior, const Latents& prior) {
  return 0.5 * (prior.log_variance - posterior.log_variance +
                (posterior.log_variance.exp() + (posterior.mean - prior.mean).square()) / prior.log_variance.exp() - 1);
}

// How far paths [paths, steps, latent] are from one linear map; two steps at least.
at::Tensor koopman_error(const at::Tensor& paths) {
  const std::int64_t steps = paths.size(1), latent = paths.size(2);
  const at::Tensor exact = paths.to(at::kDouble);
  const at::Tensor past = exact.narrow(1, 0, steps - 1).reshape({-1, latent}), future = exact.narrow(1, 1, steps - 1).reshape({-1, latent});
  const at::Tensor ridge = kRidge * past.detach().square().sum() * at::eye(latent, exact.options());
  const at::Tensor map = at::linalg_solve(at::matmul(past.t(), past) + ridge, at::matmul(past.t(), future));
  const at::Tensor predicted = at::matmul(past, map);
  return ((predicted - future).square().mean() / predicted.square().sum().sqrt()).to(at::kFloat);
}

class Kovae : public PanelNetwork {
 public:
  Kovae(const PanelShape& shape, const Settings& settings, Rng& rng)
      : shape_(shape), settings_(settings),
        encoder_(parameters_, "encoder", shape.channels, settings.hidden, settings.layers, rng),
        norm_(parameters_, "norm", 2 * settings.hidden), posterior_(parameters_, "posterior", 2 * settings.hidden, 2 * settings.latent, rng),
        cell_(parameters_, "cell", settings.latent, settings.hidden, rng),
        prior_(parameters_, "prior", settings.hidden, 2 * settings.latent, rng),
        decoder_(parameters_, "decoder", settings.latent, settings.hidden, settings.layers, rng),
        out_(parameters_, "out", 2 * settings.hidden, shape.channels, rng) {}

  std::vector<PanelPlayer> players() const override {
    std::vector<PanelPlayer> players;
    players.push_back({.name = "network", .flat = parameters_.flat(), .adam = {.beta1 = 0.9, .beta2 = 0.999},
                       .schedule = {.rate = settings_.rate, .decay = settings_.is_paper ? nn::Decay::constant : nn::Decay::cosine},
                       .average = settings_.is_paper ? 0 : 0.99,
                       .loss = [this](const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) {
                         return loss(data, turn, tape, subjects);
                       }});
    if (shape_.steps > 1) players[0].free_term = [this](Rng rng, nn::Tape& tape) { return free_term(rng, tape); };
    return players;
  }

  PanelPlan plan(std::int64_t subjects) const override {
    const EpochOrder order(subjects, settings_.batch, Rng(0));
    return {.steps = order.steps(settings_.epochs, settings_.least_steps), .batch = settings_.batch, .shard = kShard};
  }

  at::Tensor draw(std::int64_t count, Rng& rng) const override {
    nn::Tape tape = nn::Tape::sampling(parameters_.flat());
    return decoded(tape, path(tape, normals(count, rng)).drawn);
  }

 private:
  at::Tensor normals(std::int64_t count, Rng& rng) const {
    return nn::normals(rng, count * shape_.steps, settings_.latent).view({count, shape_.steps, settings_.latent});
  }

  Latents posterior(nn::Tape& tape, const at::Tensor& panels, const at::Tensor& noise) const {
    return drawn_from(posterior_(tape, norm_(tape, encoder_(tape, panels))), noise);
  }

  // Of the prior, led by noise [paths, steps, latent].
  Latents path(nn::Tape& tape, const at::Tensor& noise) const {
    std::vector<at::Tensor> moments, latents;
    at::Tensor state = at::zeros({noise.size(0), settings_.hidden}), latent = at::zeros({noise.size(0), settings_.latent});
    for (std::int64_t step = 0; step < shape_.steps; ++step) {
      state = cell_(tape, latent, state);
      moments.push_back(prior_(tape, state));
      latent = drawn_from(moments.back(), noise.select(1, step)).drawn;
      latents.push_back(latent);
    }
    const auto parts = at::stack(moments, 1).chunk(2, 2);
    return {parts[0], parts[1], at::stack(latents, 1)};
  }

  at::Tensor decoded(nn::Tape& tape, const at::Tensor& latents) const { return out_(tape, decoder_(tape, latents)).sigmoid(); }

  at::Tensor loss(const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor panels = data.of(subjects);
    const std::vector<std::int64_t> shape = {shape_.steps, settings_.latent};
    const Latents seen = posterior(tape, panels, data.normals("posterior", turn, subjects, shape));
    const Latents expected = path(tape, data.normals("prior", turn, subjects, shape));
    return (decoded(tape, seen.drawn) - panels).square().sum() + settings_.kl_weight * divergence(seen, expected).sum();
  }

  at::Tensor free_term(Rng& rng, nn::Tape& tape) const {
    return settings_.koopman_weight * koopman_error(path(tape, normals(settings_.batch, rng)).drawn);
  }

  PanelShape shape_;
  Settings settings_;
  nn::Parameters parameters_;
  nn::BidirectionalGru encoder_;
  nn::LayerNorm norm_;
  nn::Linear posterior_;
  nn::GruCell cell_;
  nn::Linear prior_;
  nn::BidirectionalGru decoder_;
  nn::Linear out_;
};

}  // namespace

const PanelMethod& kovae_method() {
  static const PanelMethod method{.name = "kovae", .options = kKovaeOptions,
                                  .make = [](const PanelShape& shape, const Options& options, Rng& rng) -> std::unique_ptr<PanelNetwork> {
                                    return std::make_unique<Kovae>(shape, settings_of(options), rng);
                                  }};
  return method;
}

std::unique_ptr<Generator> make_kovae() { return make_panel_generator(kovae_method()); }

}  // namespace understudy

understudy::Generator* understudy_make_kovae() { return understudy::make_kovae().release(); }
