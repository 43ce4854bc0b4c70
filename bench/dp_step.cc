// One training step by subject beside a plain one: torch's own modules and optimiser against our blocks, norms, clipped
// sum, noise and optimiser. Processor time, one thread; the two take turns, and the ratio is the median of the pairs. On a
// GPU: time by the clock.
//
//   bench_dp_step mlp|gru|transformer [subjects] [micro-batch] [repeats] [--device cpu|cuda]
#include <ATen/ATen.h>
#include <malloc.h>
#include <sys/resource.h>
#include <torch/nn.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <ctime>
#include <memory>
#include <numeric>
#include <string>

#include "nn/adam.h"
#include "nn/blocks/attention.h"
#include "nn/blocks/gru.h"
#include "nn/blocks/linear.h"
#include "nn/blocks/recurrent.h"
#include "nn/clipped_sum.h"
#include "nn/device.h"
#include "nn/noise.h"
#include "nn/passes.h"
#include "nn/serial.h"
#include "privacy/noise/gaussian_stream.h"
#include "understudy/error.h"

using namespace understudy;
using namespace understudy::nn;

namespace {

// When all that was asked for is done.
double seconds(const at::Device& device) {
  if (!device.is_cpu()) at::zeros({1}, device).item();  // waits for what is before it
  timespec now{};
  clock_gettime(device.is_cpu() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The same network twice. loss: the sum of squared outputs over the given rows of x.
struct Pair {
  std::function<at::Tensor(const at::Tensor& x)> theirs;
  std::vector<at::Tensor> their_parameters;
  Parameters ours;
  SubjectLoss loss;
  at::Tensor x;

  void move_to(const at::Device& device, torch::nn::Module& module) {
    module.to(device);
    their_parameters = module.parameters();
    ours.move_to(device);
  }
};

at::Tensor chosen(const at::Tensor& x, std::span<const std::int64_t> subjects) {
  return x.narrow(0, subjects.front(), static_cast<std::int64_t>(subjects.size()));
}

Pair mlp(std::int64_t subjects, const at::Device& device) {
  Rng rng(1);
  Pair pair;
  const std::vector<std::int64_t> widths = {128, 512, 512, 512, 512, 128};
  torch::nn::Sequential theirs;
  std::vector<Linear> layers;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    theirs->push_back(torch::nn::Linear(widths[i], widths[i + 1]));
    if (i + 2 < widths.size()) theirs->push_back(torch::nn::ReLU());
    layers.emplace_back(pair.ours, std::to_string(i), widths[i], widths[i + 1], rng);
  }
  pair.theirs = [theirs](const at::Tensor& x) mutable { return theirs->forward(x); };
  pair.move_to(device, *theirs);
  pair.x = normals(rng, subjects, 128).to(device);
  pair.loss = [layers, x = pair.x](Tape& tape, std::span<const std::int64_t> some) {
    at::Tensor h = chosen(x, some);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      h = layers[i](tape, h);
      if (i + 1 < layers.size()) h = at::relu(h);
    }
    return h.square().sum();
  };
  return pair;
}

Pair transformer(std::int64_t subjects, const at::Device& device) {
  Rng rng(1);
  Pair pair;
  torch::nn::TransformerEncoder theirs(
      torch::nn::TransformerEncoderOptions(torch::nn::TransformerEncoderLayerOptions(256, 4).dim_feedforward(1024).dropout(0), 4));
  std::vector<TransformerLayer> layers;
  for (int i = 0; i < 4; ++i) {
    layers.emplace_back(pair.ours, std::to_string(i),
                        TransformerOptions{.width = 256, .heads = 4, .inner = 1024, .norm_first = false, .gelu = false}, rng);
  }
  pair.theirs = [theirs](const at::Tensor& x) mutable { return theirs->forward(x.transpose(0, 1)); };
  pair.move_to(device, *theirs);
  pair.x = normals(rng, subjects * 96, 256).view({subjects, 96, 256}).to(device);
  pair.loss = [layers, x = pair.x](Tape& tape, std::span<const std::int64_t> some) {
    at::Tensor h = chosen(x, some);
    for (const TransformerLayer& layer : layers) h = layer(tape, h);
    return h.square().sum();
  };
  return pair;
}

Pair gru(std::int64_t subjects, const at::Device& device) {
  Rng rng(1);
  Pair pair;
  torch::nn::GRU theirs(torch::nn::GRUOptions(64, 256).num_layers(2).batch_first(true));
  const Recurrent ours(gru_cell(), pair.ours, "gru", 64, 256, 2, rng);
  pair.theirs = [theirs](const at::Tensor& x) mutable { return std::get<0>(theirs->forward(x)); };
  pair.move_to(device, *theirs);
  pair.x = normals(rng, subjects * 48, 64).view({subjects, 48, 64}).to(device);
  pair.loss = [ours, x = pair.x](Tape& tape, std::span<const std::int64_t> some) { return ours(tape, chosen(x, some)).square().sum(); };
  return pair;
}

double plain_step(Pair& pair, torch::optim::Adam& adam, std::int64_t micro_batch) {
  const double start = seconds(pair.x.device());
  adam.zero_grad();
  for (std::int64_t first = 0; first < pair.x.size(0); first += micro_batch) {
    pair.theirs(pair.x.narrow(0, first, micro_batch)).square().sum().backward();
  }
  adam.step();
  return seconds(pair.x.device()) - start;
}

double private_step(Pair& pair, nn::Adam& adam, ShardPool& pool, std::int64_t micro_batch, NoiseSource& noise) {
  const double start = seconds(pair.x.device());
  std::vector<std::int64_t> subjects(static_cast<std::size_t>(pair.x.size(0)));
  std::iota(subjects.begin(), subjects.end(), 0);
  std::vector<double> sum(static_cast<std::size_t>(pair.ours.size()));
  add_clipped(pool, pair.ours.flat(), subjects, {.bound = 1, .micro_batch = micro_batch}, pair.loss, sum);
  GaussianStream(noise).add(sum, 1.0);
  const at::Tensor gradient = at::empty({pair.ours.size()});
  scale_pass({gradient.data_ptr<float>(), sum.size()}, sum, 1 / static_cast<double>(subjects.size()));
  adam.step(pair.ours.flat(), gradient.to(pair.x.device()), 1e-4);
  return seconds(pair.x.device()) - start;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** given) try {
  std::vector<std::string> words(given + 1, given + count);
  at::Device device = at::kCPU;
  if (const auto flag = std::find(words.begin(), words.end(), "--device"); flag != words.end()) {
    device = parse_device(flag + 1 == words.end() ? "" : *(flag + 1));
    words.erase(flag, std::min(flag + 2, words.end()));
  }
  const std::string kind = !words.empty() ? words[0] : "mlp";
  const std::int64_t subjects = words.size() > 1 ? std::stoll(words[1]) : kind == "transformer" ? 64 : 512;
  const std::int64_t micro_batch = words.size() > 2 ? std::stoll(words[2]) : kind == "transformer" ? 16 : 512;
  const int repeats = words.size() > 3 ? std::stoi(words[3]) : 9;
  prepare(device);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  use_one_thread();
  Pair pair = (kind == "mlp" ? mlp : kind == "gru" ? gru : transformer)(subjects, device);
  torch::optim::Adam theirs(pair.their_parameters, torch::optim::AdamOptions(1e-4));
  nn::Adam ours(pair.ours.size(), {});
  ShardPool pool(1);
  const auto noise = make_noise_source(2);
  std::vector<double> plain, by_subject, ratios;
  for (int i = -2; i < repeats; ++i) {
    const double a = plain_step(pair, theirs, micro_batch);
    const double b = private_step(pair, ours, pool, micro_batch, *noise);
    if (i < 0) continue;
    plain.push_back(1e3 * a), by_subject.push_back(1e3 * b), ratios.push_back(b / a);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%s: %lld subjects in %lld: plain %.1f ms, private %.1f ms, ratio %.3f; peak %ld MB\n", kind.c_str(),
              static_cast<long long>(subjects), static_cast<long long>(micro_batch), median(plain), median(by_subject), median(ratios),
              usage.ru_maxrss / 1024);
} catch (const Error& error) {
  std::fprintf(stderr, "bench_dp_step: %s\n", error.what());
  return 2;
}
