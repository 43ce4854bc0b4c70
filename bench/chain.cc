// The column chain on UCI Adult: processor time of encoding, training and sampling, nats of held-out rows, and what plain
// matrix products of the same shapes take in this process.
//   bench_chain [epochs] [rate] [weight decay] [width] [threads]      needs $UNDERSTUDY_DATA
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <string>

#include "generators/model_file.h"
#include "generators/code/bins.h"
#include "generators/understudy/chain_sampler.h"
#include "generators/understudy/fitting.h"
#include "understudy/cohort.h"
#include "understudy/error.h"
#include "understudy/reader.h"

using namespace understudy;

namespace {

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Cohort adult() {
  const char* data = std::getenv("UNDERSTUDY_DATA");
  if (data == nullptr) fail(ErrorKind::usage, "UNDERSTUDY_DATA is not set");
  ReadReport report;
  Source source;
  source.path = std::string(data) + "/uci-adult/adult-aim.csv.gz";
  return read_cohort({&source, 1}, read_schema("examples/adult.schema.toml"), {}, report, {});
}

std::vector<std::int32_t> encode(const std::vector<Bins>& bins, const std::vector<std::size_t>& order, const Table& table,
                                 std::int64_t first, std::int64_t end) {
  std::vector<std::int32_t> categories;
  for (std::int64_t row = first; row < end; ++row) {
    for (const std::size_t c : order) categories.push_back(bins[c].category(table.column(c), row));
  }
  return categories;
}

}  // namespace

int main(int count, char** words) try {
  const auto number = [&](int at, double otherwise) { return count > at ? std::atof(words[at]) : otherwise; };
  const Cohort cohort = adult();
  const Table& table = cohort.statics;
  const auto specs = cohort.schema.statics();
  constexpr std::int64_t kTrain = 32561, kHeld = 16281;
  Context context;
  context.threads = static_cast<int>(number(5, 1));

  const double begin = seconds();
  std::vector<std::int64_t> train_rows(kTrain);
  std::iota(train_rows.begin(), train_rows.end(), 0);
  const auto marginals = learn_marginals(specs, table.select(train_rows));
  std::vector<Bins> bins;
  for (std::size_t c = 0; c < specs.size(); ++c) bins.emplace_back(specs[c], marginals[c]);
  std::vector<std::size_t> order(specs.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return bins[a].size() < bins[b].size(); });
  const auto train = encode(bins, order, table, 0, kTrain), held = encode(bins, order, table, kTrain, kTrain + kHeld);
  const double encoded = seconds();

  ChainShape shape{.sizes = {}, .width = number(4, 8)};
  std::vector<std::vector<double>> shares;
  for (const std::size_t c : order) shape.sizes.push_back(bins[c].size()), shares.push_back(bins[c].shares());
  const Chain chain(shape);
  Rng rng(1);
  FittingPlan plan;
  plan.epochs = static_cast<std::int64_t>(number(1, 8)), plan.rate = number(2, 6e-3), plan.weight_decay = number(3, 0.1);
  std::vector<float> initial = chain.initial(shares, rng);
  Fitting training(at::from_blob(initial.data(), {chain.parameters()}), kTrain, plan, rng, context, chain_loss(chain, train));
  while (!training.trainer().done()) training.trainer().step();
  const at::Tensor averaged = training.averaged();
  const std::vector<float> flat(averaged.data_ptr<float>(), averaged.data_ptr<float>() + averaged.numel());
  const double trained = seconds();

  const ChainSampler sampler(chain, flat);
  std::vector<std::int32_t> drawn(kTrain * specs.size(), -1);
  sampler.draw(kTrain, {}, drawn, rng);
  const double sampled = seconds();
  Table out = table.select(train_rows);
  for (std::int64_t row = 0; row < kTrain; ++row) {
    for (std::size_t k = 0; k < order.size(); ++k) {
      bins[order[k]].draw(out.column(order[k]), row, drawn[static_cast<std::size_t>(row) * order.size() + k], rng);
    }
  }
  const double decoded = seconds();

  Chain::Workspace room;
  double nats = 0, alone = 0;
  for (const double one : chain.nats(flat, {held}, room)) nats += one / kHeld;
  for (std::size_t k = 0; k < order.size(); ++k) {
    for (std::int64_t row = 0; row < kHeld; ++row) {
      alone -= std::log(std::max(shares[k][static_cast<std::size_t>(held[static_cast<std::size_t>(row) * order.size() + k])], 1e-9)) / kHeld;
    }
  }
  std::printf("%lld parameters, %lld categories, %lld steps\n", static_cast<long long>(chain.parameters()),
              static_cast<long long>(std::accumulate(shape.sizes.begin(), shape.sizes.end(), 0)), static_cast<long long>(training.trainer().total()));
  std::printf("held-out nats a row %.3f (independent columns %.3f)\n", nats, alone);
  std::printf("seconds: encode %.2f, train %.2f, sample %.2f (%.0f rows a second), decode %.2f\n", encoded - begin, trained - encoded,
              sampled - trained, kTrain / (sampled - trained), decoded - sampled);
} catch (const Error& error) {
  std::fprintf(stderr, "bench_chain: %s\n", error.what());
  return 2;
}
