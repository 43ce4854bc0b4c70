#include "generators/gan/sampler.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/grad_mode.h>

#include <algorithm>
#include <numeric>

#include "generators/gan/rows.h"
#include "generators/shards.h"
#include "nn/noise.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::int64_t kMostDraws = 1000;   // for each subject that a condition asks for
constexpr std::int64_t kLeastDraws = 100'000;
constexpr std::int64_t kRoundShards = 8;

// Shards of network work: without graphs, each on one thread.
void for_each_network_shard(std::int64_t rows, const Context& context,
                            const std::function<void(std::int64_t shard, std::int64_t first, std::int64_t last)>& task) {
  for_each_shard(rows, context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    nn::use_one_thread();
    const at::NoGradGuard no_graph;
    task(shard, first, last);
  });
}

std::span<const float> numbers(const at::Tensor& values) {
  return {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())};
}

at::Tensor draw_statics(const GanPart& part, std::int64_t rows, Rng rng) {
  const at::Tensor raw = part.raw_rows(nn::normals(rng, rows, part.latent));
  return part.drawn(raw, rng);
}

// Which windows a stretch of series rows touches, and where in them its rows are.
struct WindowPlan {
  std::vector<std::int64_t> subjects;  // of each window
  std::vector<std::int64_t> starts;    // first series row of each window
  std::vector<std::int64_t> places;    // of each row: window number * window + place inside it
};

WindowPlan plan_windows(const Cohort& cohort, std::int64_t window, std::int64_t first, std::int64_t last) {
  WindowPlan plan;
  auto subject = std::upper_bound(cohort.offsets.begin(), cohort.offsets.end(), first) - cohort.offsets.begin() - 1;
  for (std::int64_t row = first; row < last; ++row) {
    while (row >= cohort.offsets[static_cast<std::size_t>(subject) + 1]) ++subject;
    const std::int64_t place = (row - cohort.offsets[static_cast<std::size_t>(subject)]) % window;
    if (plan.starts.empty() || plan.starts.back() != row - place) {
      plan.starts.push_back(row - place);
      plan.subjects.push_back(subject);
    }
    plan.places.push_back((static_cast<std::int64_t>(plan.starts.size()) - 1) * window + place);
  }
  return plan;
}

// Each window's latent numbers come from a stream of its own, so a window that two shards share is the same in both.
at::Tensor window_inputs(const GanPart& part, const WindowPlan& plan, const at::Tensor& conditions, const Rng& rng) {
  const auto windows = static_cast<std::int64_t>(plan.starts.size());
  const std::int64_t width = part.generator.widths().front();
  at::Tensor inputs = at::empty({windows, width}, at::kFloat);
  float* out = inputs.data_ptr<float>();
  for (std::size_t i = 0; i < plan.starts.size(); ++i) {
    Rng window = rng.stream("window", static_cast<std::uint64_t>(plan.starts[i]));
    for (std::int64_t k = 0; k < part.latent; ++k) *out++ = static_cast<float>(window.normal());
    Rng person = rng.stream("person", static_cast<std::uint64_t>(plan.subjects[i]));
    for (std::int64_t k = 0; k < part.person_latent; ++k) *out++ = static_cast<float>(person.normal());
    const float* condition = conditions.data_ptr<float>() + plan.subjects[i] * conditions.size(1);
    out = std::copy(condition, condition + conditions.size(1), out);
  }
  return inputs;
}

at::Tensor encode_conditions(const GanPart* part, const Cohort& cohort, const Context& context) {
  if (part == nullptr) return at::empty({cohort.size(), 0}, at::kFloat);
  at::Tensor result = at::empty({cohort.size(), part->codec.width()}, at::kFloat);
  for_each_network_shard(cohort.size(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(last - first));
    std::iota(rows.begin(), rows.end(), first);
    Rng rng = context.rng("gan conditions", static_cast<std::uint64_t>(shard));
    result.narrow(0, first, last - first).copy_(encode_rows(part->codec, part->head, cohort.statics, rows, rng));
  });
  return result;
}

}  // namespace

void sample_statics(const GanPart& part, Cohort& cohort, const Context& context) {
  for_each_network_shard(cohort.size(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    const Rng rng = context.rng("gan statics", static_cast<std::uint64_t>(shard));
    part.codec.decode(numbers(draw_statics(part, last - first, rng)), cohort.statics, first);
  });
}

void sample_statics_given(const GanPart& part, const std::vector<StaticCondition>& conditions, Cohort& cohort,
                          const Context& context) {
  const std::int64_t wanted = cohort.size();
  const std::int64_t most = std::max(kMostDraws * wanted, kLeastDraws);
  const auto specs = cohort.schema.statics();
  Table found(specs);
  for (std::int64_t drawn = 0; found.rows() < wanted && drawn < most; drawn += kRoundShards * kShardRows) {
    std::vector<Table> round(kRoundShards, Table(specs));
    for_each_network_shard(kRoundShards * kShardRows, context, [&](std::int64_t shard, std::int64_t, std::int64_t) {
      Table& table = round[static_cast<std::size_t>(shard)];
      table.resize(kShardRows);
      const auto stream = static_cast<std::uint64_t>(drawn / kShardRows + shard);
      part.codec.decode(numbers(draw_statics(part, kShardRows, context.rng("gan statics", stream))), table, 0);
      table = table.select(matching_rows(table, conditions));
    });
    for (const Table& table : round) found.append(table);
  }
  if (found.rows() < wanted) {
    fail(ErrorKind::usage, "only {} of {} drawn subjects meet the condition, {} were asked for; ask for a more common "
         "value", found.rows(), most, wanted);
  }
  std::vector<std::int64_t> kept(static_cast<std::size_t>(wanted));
  std::iota(kept.begin(), kept.end(), 0);
  cohort.statics = found.select(kept);
}

void sample_series(const GanPart& part, const GanPart* statics, Cohort& cohort, const Context& context) {
  const at::Tensor conditions = encode_conditions(statics, cohort, context);
  const Rng rng = context.rng("gan series");
  for_each_network_shard(cohort.series.rows(), context, [&](std::int64_t shard, std::int64_t first, std::int64_t last) {
    const WindowPlan plan = plan_windows(cohort, part.window, first, last);
    at::Tensor raw = part.raw_rows(window_inputs(part, plan, conditions, rng));
    if (part.window > 1) {
      const auto count = static_cast<std::int64_t>(plan.places.size());
      raw = raw.index_select(0, at::from_blob(const_cast<std::int64_t*>(plan.places.data()), {count}, at::kLong));
    }
    Rng choices = rng.stream("choices", static_cast<std::uint64_t>(shard));
    part.codec.decode(numbers(part.drawn(raw, choices)), cohort.series, first);
  });
}

}  // namespace understudy
