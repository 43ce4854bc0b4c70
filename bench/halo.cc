// Generator "halo" on made-up visits: milliseconds of a step of the optimiser, those of an epoch after two that do not count, and of
// drawing the visits of a batch of subjects.
//   bench_halo [codes] [visits] [subjects] [batch] [layers] [heads] [width] [threads]
#include <ATen/ATen.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "generators/halo/records.h"
#include "generators/halo/sampler.h"
#include "generators/epoch_order.h"
#include "nn/adam.h"
#include "nn/serial.h"
#include "understudy/error.h"

using namespace understudy;

namespace {

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// `count` codes, each of every tenth visit.
RowCode codes(std::int64_t count) {
  ColumnSpec spec;
  spec.name = "codes";
  spec.type = ColumnType::codes;
  Marginal marginal;
  marginal.type = ColumnType::codes;
  for (std::int64_t code = 0; code < count; ++code) {
    spec.categories.push_back(std::to_string(code));
    marginal.shares.push_back(0.1);
  }
  return {{spec}, {marginal}, {}, {.codes = static_cast<std::size_t>(count)}};
}

std::vector<std::int32_t> drawn(std::int64_t rows, std::int64_t count, Rng& rng) {
  std::vector<std::int32_t> categories(static_cast<std::size_t>(rows * count));
  for (std::int32_t& category : categories) category = rng.bernoulli(0.1) ? 1 : 0;
  return categories;
}

}  // namespace

int main(int count, char** words) try {
  const auto number = [&](int at, std::int64_t otherwise) { return count > at ? std::atoll(words[at]) : otherwise; };
  const std::int64_t vocabulary = number(1, 500), rows = number(2, 20), subjects = number(3, 256), batch = number(4, 32);
  const std::int64_t labels = vocabulary / 20;
  const VisitCode of_visits(codes(vocabulary - labels), 0), of_labels(codes(labels), vocabulary - labels);
  const HaloShape shape{.codes = vocabulary, .context = rows + 2, .layers = number(5, 2), .heads = number(6, 4), .width = number(7, 64)};
  Rng rng(1);
  HaloRecords records{.labels = &of_labels, .visits = &of_visits, .offsets = {}, .statics = drawn(subjects, labels, rng),
                      .series = drawn(subjects * rows, vocabulary - labels, rng)};
  for (std::int64_t s = 0; s <= subjects; ++s) records.offsets.push_back(s * rows);
  std::vector<double> chances = of_visits.chances();
  chances.insert(chances.end(), of_labels.chances().begin(), of_labels.chances().end());
  const HaloNetwork network(shape, chances, rng);
  const at::Tensor flat = network.flat().clone();
  const auto loss = halo_loss(network);
  nn::use_one_thread();
  nn::ShardPool pool(static_cast<int>(number(8, 1)));
  nn::Adam adam(flat.numel(), {.beta1 = 0.9, .beta2 = 0.999});
  EpochOrder order(subjects, batch, rng.stream("order"));
  double begin = 0;
  for (std::int64_t step = -2; step < order.steps_each(); ++step) {
    if (step == 0) begin = seconds();
    const at::Tensor gradient = nn::mean_gradient(pool, flat, order.at(std::max<std::int64_t>(step, 0)), 8,
                                                  [&](nn::Tape& tape, std::span<const std::int64_t> some) {
                                                    nn::use_one_thread();
                                                    return loss(records, {}, tape, some);
                                                  });
    adam.step(flat, gradient, 1e-4);
  }
  const double took = seconds() - begin;
  std::printf("%lld parameters; an epoch %.3f s, %lld steps, %.1f ms each (processor time)\n", static_cast<long long>(flat.numel()), took,
              static_cast<long long>(order.steps_each()), 1e3 * took / static_cast<double>(order.steps_each()));
  const HaloSampler sampler(network, flat, of_labels, of_visits);
  std::vector<std::int64_t> offsets;
  for (std::int64_t s = 0; s <= batch; ++s) offsets.push_back(s * rows);
  begin = seconds();
  const auto labels_drawn = sampler.draw_labels(batch, rng.stream("labels"));
  sampler.draw_rows(labels_drawn, offsets, rng.stream("rows"));
  std::printf("drawn: %.2f ms a subject\n", 1e3 * (seconds() - begin) / static_cast<double>(batch));
  return 0;
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
