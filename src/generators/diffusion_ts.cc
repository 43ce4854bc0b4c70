#include "generators/diffusion_ts.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "generators/panel/panel_fit.h"
#include "nn/blocks/attention.h"
#include "nn/blocks/conv1d.h"
#include "nn/blocks/encodings.h"
#include "nn/noise.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr double kWarmup = 500;       // steps in which the rate rises
constexpr double kPositions = 0.02;   // learnt positions begin within
constexpr std::int64_t kInner = 4;    // width of feed-forward parts, times the width
constexpr std::int64_t kDegree = 3;   // of trends

struct Settings {
  std::int64_t steps, batch, width, heads, encoder_layers, decoder_layers, noise_steps, sampling_steps;
  double rate, average;
};

Settings settings_of(const Options& options) {
  const Preset preset{options};
  Settings result{.steps = preset.integer("steps", 12000, 2500), .batch = preset.integer("batch", 256, 64),
                  .width = preset.integer("width", 64, 32), .heads = preset.integer("heads", 4, 4),
                  .encoder_layers = preset.integer("encoder_layers", 1, 1), .decoder_layers = preset.integer("decoder_layers", 2, 2),
                  .noise_steps = preset.integer("noise_steps", 500, 200), .sampling_steps = 0,
                  .rate = preset.real("learning_rate", 8e-4, 2e-3), .average = preset.is_paper() ? 0.9995 : 0.99};
  result.sampling_steps = preset.integer("sampling_steps", result.noise_steps, std::min<std::int64_t>(result.noise_steps, 40));
  if (result.width < 4 || result.width % 2 != 0 || result.width % result.heads != 0) {
    fail(ErrorKind::usage, "width is {}; accepted: an even number from 4 on that {} heads divide", result.width, result.heads);
  }
  if (result.sampling_steps > result.noise_steps) {
    fail(ErrorKind::usage, "sampling_steps is {}; accepted: 1 to noise_steps, {}", result.sampling_steps, result.noise_steps);
  }
  return result;
}

// The cosine schedule: abar_t = cos^2((t / T + 0.008) / 1.008 pi / 2) over its value at 0, no beta above 0.999.
struct NoiseSchedule {
  std::vector<double> beta, kept;  // beta_t, abar_t; t from 0

  explicit NoiseSchedule(std::int64_t steps) {
    const auto wave = [&](double t) { return std::pow(std::cos((t / static_cast<double>(steps) + 0.008) / 1.008 * std::numbers::pi / 2), 2); };
    double product = 1;
    for (std::int64_t t = 0; t < steps; ++t) {
      const auto at = static_cast<double>(t);
      beta.push_back(std::clamp(1 - wave(at + 1) / wave(at), 0.0, 0.999));
      kept.push_back(product *= 1 - beta.back());
    }
  }
  double kept_before(std::size_t t) const { return t == 0 ? 1 : kept[t - 1]; }
  double weight(std::size_t t) const { return std::sqrt(1 - beta[t]) * std::sqrt(1 - kept[t]) / beta[t] / 100; }
};

// [t.size(0), 1, 1]: f(t) for each.
template <class F>
at::Tensor for_each_time(const at::Tensor& times, const F& f) {
  at::Tensor result = at::empty({times.size(0), 1, 1});
  for (std::int64_t i = 0; i < times.size(0); ++i) {
    result.data_ptr<float>()[i] = static_cast<float>(f(static_cast<std::size_t>(times.data_ptr<std::int64_t>()[i])));
  }
  return result;
}

// Waves of the frequencies [first, last) per window: cosines and sines, each [frequencies, steps].
struct Waves {
  at::Tensor cosines, sines;
  Waves(std::int64_t steps, std::int64_t first, std::int64_t last) {
    const at::Tensor frequency = at::arange(first, std::max(first, last), at::kDouble).unsqueeze(1);
    const at::Tensor turns = at::matmul(frequency, at::arange(steps, at::kDouble).unsqueeze(0)) / static_cast<double>(steps);
    const at::Tensor angle = 2 * std::numbers::pi * turns;
    cosines = angle.cos().to(at::kFloat);
    sines = angle.sin().to(at::kFloat);
  }
};

// Of the frequencies between the mean and the highest, each channel's strongest log(how many) of them, summed up as the inverse
// transform would without dividing by the steps: x [windows, steps, width] -> the same.
class Season {
 public:
  explicit Season(std::int64_t steps) : waves_(steps, 1, (steps + 1) / 2) {
    const auto frequencies = static_cast<double>(waves_.cosines.size(0));
    strongest_ = frequencies > 0 ? static_cast<std::int64_t>(std::log(frequencies)) : 0;
  }
  at::Tensor operator()(const at::Tensor& x) const {
    if (strongest_ == 0) return at::zeros_like(x);
    const at::Tensor cosines = at::matmul(waves_.cosines, x), sines = at::matmul(waves_.sines, x);
    const at::Tensor power = cosines.detach().square() + sines.detach().square();
    const at::Tensor places = std::get<1>(power.topk(strongest_, 1));
    const at::Tensor mask = at::zeros_like(power).scatter_(1, places, 1.0);
    return 2 * (at::matmul(waves_.cosines.t(), cosines * mask) + at::matmul(waves_.sines.t(), sines * mask));
  }

 private:
  Waves waves_;
  std::int64_t strongest_ = 0;
};

// A normalisation whose scale and shift follow from what is told of t.
struct TimedNorm {
  nn::Linear linear;
  TimedNorm(nn::Parameters& parameters, const std::string& name, std::int64_t width, Rng& rng)
      : linear(parameters, name, width, 2 * width, rng) {}
  at::Tensor operator()(nn::Tape& tape, const at::Tensor& x, const at::Tensor& told) const {
    const auto parts = linear(tape, at::silu(told)).unsqueeze(1).chunk(2, 2);
    return at::layer_norm(x, {x.size(2)}) * (1 + parts[0]) + parts[1];
  }
};

struct FeedForward {
  nn::LayerNorm norm;
  nn::Linear up, down;
  FeedForward(nn::Parameters& parameters, const std::string& name, std::int64_t width, Rng& rng)
      : norm(parameters, name + ".norm", width), up(parameters, name + ".up", width, kInner * width, rng),
        down(parameters, name + ".down", kInner * width, width, rng) {}
  at::Tensor operator()(nn::Tape& tape, const at::Tensor& x) const { return down(tape, at::gelu(up(tape, norm(tape, x)))); }
};

struct EncoderBlock {
  TimedNorm norm;
  nn::SelfAttention attention;
  FeedForward inner;
  EncoderBlock(nn::Parameters& parameters, const std::string& name, std::int64_t width, std::int64_t heads, Rng& rng)
      : norm(parameters, name + ".norm", width, rng), attention(parameters, name + ".attention", width, heads, rng),
        inner(parameters, name + ".inner", width, rng) {}
  at::Tensor operator()(nn::Tape& tape, const at::Tensor& x, const at::Tensor& told) const {
    const at::Tensor h = x + attention(tape, norm(tape, x, told));
    return h + inner(tape, h);
  }
};

// Cubics in time, whose coefficients follow from a state: [windows, steps, width] -> [windows, steps, channels].
struct Trend {
  nn::Conv1d over_steps, over_width;
  at::Tensor powers;  // [steps, degree]
  Trend(nn::Parameters& parameters, const std::string& name, const PanelShape& shape, std::int64_t width, Rng& rng)
      : over_steps(parameters, name + ".steps", shape.steps, kDegree, {.kernel = 3, .padding = 1}, rng),
        over_width(parameters, name + ".width", width, shape.channels, {.kernel = 3, .padding = 1}, rng) {
    const at::Tensor time = at::arange(1, shape.steps + 1, at::kFloat) / static_cast<double>(shape.steps + 1);
    powers = at::stack({time, time.square(), time.pow(3)}, 1);
  }
  at::Tensor operator()(nn::Tape& tape, const at::Tensor& x) const {
    // Dense before GELU: torch 1.13 fills its gradient with rubbish where the one that arrives is strided.
    const at::Tensor few = at::gelu(over_steps(tape, x.transpose(1, 2)).transpose(1, 2).contiguous());  // [windows, degree, width]
    return at::matmul(powers, over_width(tape, few));
  }
};

struct DecoderBlock {
  struct Result {
    at::Tensor state, mean, trend, season;  // [.., steps, width], [.., 1, channels], [.., steps, channels], [.., steps, width]
  };
  TimedNorm first, second;
  nn::SelfAttention attention;
  nn::CrossAttention over;
  nn::Linear split, mean;
  Trend trend;
  FeedForward inner;
  DecoderBlock(nn::Parameters& parameters, const std::string& name, const PanelShape& shape, std::int64_t width, std::int64_t heads, Rng& rng)
      : first(parameters, name + ".first", width, rng), second(parameters, name + ".second", width, rng),
        attention(parameters, name + ".attention", width, heads, rng), over(parameters, name + ".over", width, width, heads, rng),
        split(parameters, name + ".split", shape.steps, 2 * shape.steps, rng), mean(parameters, name + ".mean", width, shape.channels, rng),
        trend(parameters, name + ".trend", shape, width, rng), inner(parameters, name + ".inner", width, rng) {}
  Result operator()(nn::Tape& tape, const at::Tensor& x, const at::Tensor& memory, const at::Tensor& told, const Season& season) const {
    at::Tensor h = x + attention(tape, first(tape, x, told));
    h = h + over(tape, second(tape, h, told), memory);
    const auto parts = split(tape, h.transpose(1, 2)).transpose(1, 2).chunk(2, 1);
    const at::Tensor rest = h + inner(tape, h), middle = rest.mean({1}, true);
    return {rest - middle, mean(tape, middle), trend(tape, parts[0]), season(parts[1])};
  }
};

class DiffusionTs : public PanelNetwork {
 public:
  DiffusionTs(const PanelShape& shape, const Settings& settings, Rng& rng)
      : shape_(shape), settings_(settings), schedule_(settings.noise_steps), waves_(shape.steps, 0, shape.steps), season_(shape.steps),
        in_(parameters_, "in", shape.channels, settings.width, {.kernel = 3, .padding = 1}, rng),
        rest_(parameters_, "rest", settings.width, shape.channels, {.kernel = 3, .padding = 1}, rng),
        seasons_(parameters_, "seasons", settings.width, shape.channels, rng, /*has_bias=*/false),
        means_(parameters_, "means", settings.decoder_layers, 1, rng, /*has_bias=*/false),
        encoder_positions_(positions("encoder.positions", rng)), decoder_positions_(positions("decoder.positions", rng)) {
    for (std::int64_t i = 0; i < settings.encoder_layers; ++i) {
      encoder_.emplace_back(parameters_, fmt::format("encoder.{}", i), settings.width, settings.heads, rng);
    }
    for (std::int64_t i = 0; i < settings.decoder_layers; ++i) {
      decoder_.emplace_back(parameters_, fmt::format("decoder.{}", i), shape, settings.width, settings.heads, rng);
    }
  }

  std::vector<PanelPlayer> players() const override {
    std::vector<PanelPlayer> players;
    players.push_back({.name = "network", .flat = parameters_.flat(), .adam = {.beta1 = 0.9, .beta2 = 0.96},
                       .schedule = {.rate = settings_.rate, .decay = nn::Decay::cosine,
                                    .warmup = std::min(kWarmup / static_cast<double>(settings_.steps), 0.1)},
                       .average = settings_.average, .longest = 1,
                       .loss = [this](const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) {
                         return loss(data, turn, tape, subjects);
                       }});
    return players;
  }

  PanelPlan plan(std::int64_t) const override { return {.steps = settings_.steps, .batch = settings_.batch}; }

  at::Tensor draw(std::int64_t count, Rng& rng) const override {
    at::Tensor x = noise(count, rng);
    for (std::int64_t left = settings_.sampling_steps; left > 0; --left) {
      const std::int64_t now = time_of(left), next = time_of(left - 1);
      nn::Tape tape = nn::Tape::sampling(parameters_.flat());
      const at::Tensor start = predicted(tape, x, at::full({count}, now, at::kLong)).clamp(-1, 1);
      x = settings_.sampling_steps < settings_.noise_steps ? strided(x, start, now, next) : ancestral(x, start, now, rng);
    }
    return x;
  }

 private:
  nn::Parameter positions(const std::string& name, Rng& rng) {
    return parameters_.add(name, nn::uniform_within(kPositions, {shape_.steps, settings_.width}, rng));
  }

  at::Tensor noise(std::int64_t count, Rng& rng) const {
    return nn::normals(rng, count * shape_.steps, shape_.channels).view({count, shape_.steps, shape_.channels});
  }

  // x_0 from x_t [windows, steps, channels] and t [windows].
  at::Tensor predicted(nn::Tape& tape, const at::Tensor& x, const at::Tensor& times) const {
    const std::int64_t windows = x.size(0), half = settings_.width / 2;
    const double longest = std::exp(std::log(10000.0) * static_cast<double>(half) / static_cast<double>(half - 1));
    const at::Tensor told = nn::sinusoidal(times, settings_.width, longest);
    const at::Tensor given = in_(tape, x);
    at::Tensor memory = given + tape.each(encoder_positions_, windows);
    for (const EncoderBlock& block : encoder_) memory = block(tape, memory, told);
    at::Tensor state = given + tape.each(decoder_positions_, windows);
    std::vector<at::Tensor> means;
    at::Tensor trend = at::zeros_like(x), season = at::zeros_like(given);
    for (const DecoderBlock& block : decoder_) {
      const auto result = block(tape, state, memory, told, season_);
      state = result.state;
      means.push_back(result.mean);
      trend = trend + result.trend;
      season = season + result.season;
    }
    const at::Tensor mean = means_(tape, at::cat(means, 1).transpose(1, 2)).transpose(1, 2);  // [windows, 1, channels]
    return trend + mean + seasons_(tape, season) + rest_(tape, state);
  }

  at::Tensor loss(const PanelData& data, const nn::Turn& turn, nn::Tape& tape, std::span<const std::int64_t> subjects) const {
    const at::Tensor start = data.of(subjects), times = data.below("time", turn, subjects, settings_.noise_steps);
    const at::Tensor added = data.normals("noise", turn, subjects, {shape_.steps, shape_.channels});
    const at::Tensor kept = for_each_time(times, [&](std::size_t t) { return schedule_.kept[t]; });
    const at::Tensor error = predicted(tape, kept.sqrt() * start + (1 - kept).sqrt() * added, times) - start;
    const auto steps = static_cast<double>(shape_.steps);
    const at::Tensor waves = (at::matmul(waves_.cosines, error).abs() + at::matmul(waves_.sines, error).abs()) / steps;
    const at::Tensor each = (error.abs() + std::sqrt(steps) / 5 * waves).mean({1, 2}, true);
    return (for_each_time(times, [&](std::size_t t) { return schedule_.weight(t); }) * each).sum();
  }

  // The time at which so many sampling steps are left; -1: none.
  std::int64_t time_of(std::int64_t left) const {
    return left * settings_.noise_steps / settings_.sampling_steps - 1;
  }

  // x_{t-1} given x_t and x_0, drawn.
  at::Tensor ancestral(const at::Tensor& x, const at::Tensor& start, std::int64_t time, Rng& rng) const {
    const auto t = static_cast<std::size_t>(time);
    const double beta = schedule_.beta[t], kept = schedule_.kept[t], before = schedule_.kept_before(t);
    const at::Tensor mean = beta * std::sqrt(before) / (1 - kept) * start + (1 - before) * std::sqrt(1 - beta) / (1 - kept) * x;
    return t == 0 ? mean : mean + std::sqrt(beta * (1 - before) / (1 - kept)) * noise(x.size(0), rng);
  }

  // x at time `next` along the line of x_0 and the noise that x_t has.
  at::Tensor strided(const at::Tensor& x, const at::Tensor& start, std::int64_t now, std::int64_t next) const {
    if (next < 0) return start;
    const double kept = schedule_.kept[static_cast<std::size_t>(now)], then = schedule_.kept[static_cast<std::size_t>(next)];
    const at::Tensor added = (x - std::sqrt(kept) * start) / std::sqrt(1 - kept);
    return std::sqrt(then) * start + std::sqrt(1 - then) * added;
  }

  PanelShape shape_;
  Settings settings_;
  NoiseSchedule schedule_;
  Waves waves_;
  Season season_;
  nn::Parameters parameters_;
  nn::Conv1d in_, rest_;
  nn::Linear seasons_, means_;
  nn::Parameter encoder_positions_, decoder_positions_;
  std::vector<EncoderBlock> encoder_;
  std::vector<DecoderBlock> decoder_;
};

}  // namespace

const PanelMethod& diffusion_ts_method() {
  static const PanelMethod method{.name = "diffusion-ts", .options = kDiffusionTsOptions, .is_symmetric = true, .sharpness = 8,
                                  .make = [](const PanelShape& shape, const Options& options, Rng& rng) -> std::unique_ptr<PanelNetwork> {
                                    return std::make_unique<DiffusionTs>(shape, settings_of(options), rng);
                                  }};
  return method;
}

std::unique_ptr<Generator> make_diffusion_ts() { return make_panel_generator(diffusion_ts_method()); }

}  // namespace understudy

understudy::Generator* understudy_make_diffusion_ts() { return understudy::make_diffusion_ts().release(); }
