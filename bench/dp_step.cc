// One training step by subject beside a plain one: torch's own modules and optimiser against our blocks, norms, clipped
// sum, noise and optimiser. Processor time, one thread; the two take turns, and the ratio is the median of the pairs.
//
//   bench_dp_step mlp|gru|transformer [subjects] [micro-batch] [repeats]
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
#include "nn/noise.h"
#include "nn/passes.h"
#include "nn/serial.h"
#include "privacy/noise/gaussian_stream.h"

using namespace understudy;
using namespace understudy::nn;

namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The same network twice. loss: the sum of squared outputs over the given rows of x.
struct Pair {
  std::function<at::Tensor(const at::Tensor& x)> theirs;
  std::vector<at::Tensor> their_parameters;
  Parameters ours;
  SubjectLoss loss;
  at::Tensor x;
};

at::Tensor chosen(const at::Tensor& x, std::span<const std::int64_t> subjects) {
  return x.narrow(0, subjects.front(), static_cast<std::int64_t>(subjects.size()));
}

Pair mlp(std::int64_t subjects) {
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
  pair.their_parameters = theirs->parameters();
  pair.x = normals(rng, subjects, 128);
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

Pair transformer(std::int64_t subjects) {
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
  pair.their_parameters = theirs->parameters();
  pair.x = normals(rng, subjects * 96, 256).view({subjects, 96, 256});
  pair.loss = [layers, x = pair.x](Tape& tape, std::span<const std::int64_t> some) {
    at::Tensor h = chosen(x, some);
    for (const TransformerLayer& layer : layers) h = layer(tape, h);
    return h.square().sum();
  };
  return pair;
}

Pair gru(std::int64_t subjects) {
  Rng rng(1);
  Pair pair;
  torch::nn::GRU theirs(torch::nn::GRUOptions(64, 256).num_layers(2).batch_first(true));
  const Recurrent ours(gru_cell(), pair.ours, "gru", 64, 256, 2, rng);
  pair.theirs = [theirs](const at::Tensor& x) mutable { return std::get<0>(theirs->forward(x)); };
  pair.their_parameters = theirs->parameters();
  pair.x = normals(rng, subjects * 48, 64).view({subjects, 48, 64});
  pair.loss = [ours, x = pair.x](Tape& tape, std::span<const std::int64_t> some) { return ours(tape, chosen(x, some)).square().sum(); };
  return pair;
}

double plain_step(Pair& pair, torch::optim::Adam& adam, std::int64_t micro_batch) {
  const double start = processor_seconds();
  adam.zero_grad();
  for (std::int64_t first = 0; first < pair.x.size(0); first += micro_batch) {
    pair.theirs(pair.x.narrow(0, first, micro_batch)).square().sum().backward();
  }
  adam.step();
  return processor_seconds() - start;
}

double private_step(Pair& pair, nn::Adam& adam, ShardPool& pool, std::int64_t micro_batch, NoiseSource& noise) {
  const double start = processor_seconds();
  std::vector<std::int64_t> subjects(static_cast<std::size_t>(pair.x.size(0)));
  std::iota(subjects.begin(), subjects.end(), 0);
  std::vector<double> sum(static_cast<std::size_t>(pair.ours.size()));
  add_clipped(pool, pair.ours.flat(), subjects, {.bound = 1, .micro_batch = micro_batch}, pair.loss, sum);
  GaussianStream(noise).add(sum, 1.0);
  const at::Tensor gradient = at::empty({pair.ours.size()});
  scale_pass({gradient.data_ptr<float>(), sum.size()}, sum, 1 / static_cast<double>(subjects.size()));
  adam.step(pair.ours.flat(), gradient, 1e-4);
  return processor_seconds() - start;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  const std::string kind = count > 1 ? words[1] : "mlp";
  const std::int64_t subjects = count > 2 ? std::stoll(words[2]) : kind == "transformer" ? 64 : 512;
  const std::int64_t micro_batch = count > 3 ? std::stoll(words[3]) : kind == "transformer" ? 16 : 512;
  const int repeats = count > 4 ? std::stoi(words[4]) : 9;
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  use_one_thread();
  Pair pair = kind == "mlp" ? mlp(subjects) : kind == "gru" ? gru(subjects) : transformer(subjects);
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
}
