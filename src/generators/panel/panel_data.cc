#include <ATen/ATen.h>

#include "generators/panel/panel_network.h"
#include "nn/row.h"

namespace understudy {
namespace {

// [subjects, shape...]: each subject's numbers from a stream of its own.
template <class Stream, class Draw>
at::Tensor filled(std::vector<std::int64_t> shape, std::span<const std::int64_t> subjects, const Stream& stream, const Draw& draw) {
  shape.insert(shape.begin(), static_cast<std::int64_t>(subjects.size()));
  at::Tensor result = at::empty(shape);
  const auto numbers = nn::row<float>(result);
  const std::size_t each = subjects.empty() ? 0 : numbers.size() / subjects.size();
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    Rng own = stream(subjects[i]);
    for (float& x : numbers.subspan(i * each, each)) x = static_cast<float>(draw(own));
  }
  return result;
}

}  // namespace

Rng PanelData::stream_of(std::string_view purpose, const nn::Turn& turn, std::int64_t subject) const {
  const Rng of_turn = rng.stream(purpose, static_cast<std::uint64_t>(turn.step)).stream("turn", static_cast<std::uint64_t>(turn.number));
  if (subject < 0 || keys.empty()) return of_turn.stream("subject", static_cast<std::uint64_t>(subject + 1));  // 0: nobody
  return of_turn.stream("subject").stream(keys[static_cast<std::size_t>(subject)]);
}

at::Tensor PanelData::of(std::span<const std::int64_t> subjects) const {
  at::Tensor result = at::zeros({static_cast<std::int64_t>(subjects.size()), panels.size(1), panels.size(2)});
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i] >= 0) result[static_cast<std::int64_t>(i)].copy_(panels[subjects[i]]);
  }
  return result;
}

at::Tensor PanelData::normals(std::string_view purpose, const nn::Turn& turn, std::span<const std::int64_t> subjects,
                              std::vector<std::int64_t> shape) const {
  return filled(std::move(shape), subjects, [&](std::int64_t s) { return stream_of(purpose, turn, s); }, [](Rng& own) { return own.normal(); });
}

at::Tensor PanelData::uniforms(std::string_view purpose, const nn::Turn& turn, std::span<const std::int64_t> subjects,
                               std::vector<std::int64_t> shape) const {
  return filled(std::move(shape), subjects, [&](std::int64_t s) { return stream_of(purpose, turn, s); }, [](Rng& own) { return own.uniform(); });
}

at::Tensor PanelData::below(std::string_view purpose, const nn::Turn& turn, std::span<const std::int64_t> subjects, std::int64_t bound) const {
  at::Tensor result = at::empty({static_cast<std::int64_t>(subjects.size())}, at::kLong);
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    Rng own = stream_of(purpose, turn, subjects[i]);
    nn::row<std::int64_t>(result)[i] = static_cast<std::int64_t>(own.below(static_cast<std::uint64_t>(bound)));
  }
  return result;
}

}  // namespace understudy
