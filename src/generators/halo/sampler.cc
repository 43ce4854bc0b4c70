#include "generators/halo/sampler.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nn/row.h"

namespace understudy {
namespace {

// In lanes, so that the compiler works on several numbers at once.
float product(const float* a, const float* b, std::int64_t count) {
  constexpr std::int64_t kLanes = 16;
  float lanes[kLanes] = {};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  }
  float sum = std::accumulate(lanes, lanes + kLanes, 0.0F);
  for (; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<float> copied(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.contiguous();
  const auto numbers = nn::row<float>(dense);
  return {numbers.begin(), numbers.end()};
}

// Subjects side by side, those with many rows first, so that the ones at their end are the last; those with none are left out.
struct Queue {
  Queue(std::span<const std::int64_t> offsets, const Rng& rng) {
    for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
      if (offsets[s + 1] > offsets[s]) subjects.push_back(s);
    }
    const auto rows_of = [&](std::size_t s) { return offsets[s + 1] - offsets[s]; };
    std::stable_sort(subjects.begin(), subjects.end(), [&](std::size_t a, std::size_t b) { return rows_of(a) > rows_of(b); });
    for (const std::size_t s : subjects) {
      rows.push_back(rows_of(s));
      coins.push_back(rng.stream("subject", s));
    }
  }
  // How many have a row of this number; falls with the number.
  std::int64_t with(std::int64_t row) const {
    return std::partition_point(rows.begin(), rows.end(), [&](std::int64_t all) { return all > row; }) - rows.begin();
  }

  std::vector<std::size_t> subjects;
  std::vector<std::int64_t> rows;
  std::vector<Rng> coins;
};

}  // namespace

HaloSampler::HaloSampler(const HaloNetwork& network, const at::Tensor& flat, const VisitCode& labels, const VisitCode& visits)
    : network_(&network), labels_(&labels), visits_(&visits), flat_(flat) {
  const nn::Tape tape = nn::Tape::sampling(flat_);
  const std::int64_t width = network.shape().width, codes = network.shape().codes;
  const at::Tensor first = tape.value(network.first().weight) * network.first().mask.ones;
  history_weight_ = first.narrow(1, 0, width).contiguous();
  first_bias_ = tape.value(network.first().bias);
  columns_ = copied(first.narrow(1, width, codes).t());
  second_ = copied(tape.value(network.second().weight) * network.second().mask.ones);
  second_bias_ = copied(tape.value(network.second().bias));
}

at::Tensor HaloSampler::sums(const at::Tensor& history) const {
  return at::linear(history.reshape({history.size(0), -1}), history_weight_, first_bias_);
}

// `units`: sums; their ReLU is taken once all codes that they see are drawn.
void HaloSampler::draw(const VisitCode& code, std::span<float> units, Rng& rng, std::span<std::int32_t> categories) const {
  const auto width = static_cast<std::size_t>(network_->shape().width), all = units.size();
  const std::size_t end = width + static_cast<std::size_t>(code.first() + code.codes());
  const auto slope = static_cast<float>(network_->shape().slope);
  std::size_t ready = 0;
  for (std::size_t k = 0; k < code.groups().size(); ++k) {
    const VisitCode::Group& group = code.groups()[k];
    categories[k] = group.absent;
    for (std::int32_t c = 0; c < group.codes; ++c) {
      const auto at = static_cast<std::size_t>(group.first + c), seen = width + at;
      for (; ready < seen; ++ready) units[ready] = std::max(units[ready], slope * units[ready]);
      const float logit = second_bias_[at] + product(second_.data() + at * all, units.data(), static_cast<std::int64_t>(seen));
      if (!rng.bernoulli(1 / (1 + std::exp(-static_cast<double>(logit))))) continue;
      categories[k] = group.category(c);
      const float* column = columns_.data() + at * all;
      for (std::size_t unit = seen; unit < end; ++unit) units[unit] += column[unit];
      break;
    }
  }
}

at::Tensor HaloSampler::visit_of(const VisitCode& code, std::span<const std::int32_t> categories, std::int64_t subjects) const {
  const std::int64_t codes = network_->shape().codes;
  const std::size_t groups = code.groups().size();
  at::Tensor visit = at::zeros({subjects, 1, codes});
  const auto hot = nn::row<float>(visit);
  for (std::int64_t s = 0; s < subjects; ++s) {
    for (const std::int64_t at : code.present(categories.subspan(static_cast<std::size_t>(s) * groups, groups))) {
      hot[static_cast<std::size_t>(s * codes + at)] = 1;
    }
  }
  return visit;
}

std::vector<std::int32_t> HaloSampler::draw_labels(std::int64_t subjects, const Rng& rng) const {
  const std::size_t groups = labels_->groups().size();
  std::vector<std::int32_t> categories(static_cast<std::size_t>(subjects) * groups);
  nn::Tape tape = nn::Tape::sampling(flat_);
  auto memories = network_->begin(1, 1);
  const std::vector<float> begin = copied(sums(network_->next(tape, at::zeros({1, 1, network_->shape().codes}), memories)));
  std::vector<float> units;
  for (std::int64_t s = 0; s < subjects; ++s) {
    units = begin;
    Rng own = rng.stream("subject", static_cast<std::uint64_t>(s));
    draw(*labels_, units, own, std::span(categories).subspan(static_cast<std::size_t>(s) * groups, groups));
  }
  return categories;
}

std::vector<std::int32_t> HaloSampler::draw_rows(std::span<const std::int32_t> labels, std::span<const std::int64_t> offsets,
                                                 const Rng& rng) const {
  const std::size_t groups = visits_->groups().size(), of_labels = labels_->groups().size();
  std::vector<std::int32_t> categories(static_cast<std::size_t>(offsets.back()) * groups), last;
  Queue queue(offsets, rng);
  if (queue.subjects.empty()) return categories;
  for (const std::size_t s : queue.subjects) {
    const auto own = labels.subspan(s * of_labels, of_labels);
    last.insert(last.end(), own.begin(), own.end());
  }
  std::int64_t active = queue.with(0);
  nn::Tape tape = nn::Tape::sampling(flat_);
  auto memories = network_->begin(active, queue.rows.front() + 2);
  network_->next(tape, at::zeros({active, 1, network_->shape().codes}), memories);
  at::Tensor history = network_->next(tape, visit_of(*labels_, last, active), memories);
  for (std::int64_t row = 0; row < queue.rows.front(); ++row) {
    if (row > 0) {
      active = queue.with(row);
      for (nn::AttentionMemory& memory : memories) memory.keep(active);
      history = network_->next(tape, visit_of(*visits_, last, active), memories);
    }
    const at::Tensor units = sums(history);
    const auto numbers = nn::row<float>(units);
    const auto width = static_cast<std::size_t>(units.size(1));
    last.assign(static_cast<std::size_t>(active) * groups, 0);
    for (std::size_t place = 0; place < static_cast<std::size_t>(active); ++place) {
      const auto own = std::span(last).subspan(place * groups, groups);
      draw(*visits_, numbers.subspan(place * width, width), queue.coins[place], own);
      const std::size_t at = static_cast<std::size_t>(offsets[queue.subjects[place]] + row) * groups;
      std::copy(own.begin(), own.end(), categories.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
  return categories;
}

}  // namespace understudy
