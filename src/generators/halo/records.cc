#include "generators/halo/records.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "nn/row.h"

namespace understudy {

HaloBatch batch_of(const HaloRecords& records, const HaloShape& shape, std::span<const std::int64_t> subjects) {
  const auto rows = [&](std::int64_t s) {
    if (s < 0) return std::int64_t{0};
    const auto at = static_cast<std::size_t>(s);
    return std::min(records.offsets[at + 1] - records.offsets[at], shape.context - 2);
  };
  std::int64_t longest = 0;
  for (const std::int64_t s : subjects) longest = std::max(longest, rows(s));
  const auto count = static_cast<std::int64_t>(subjects.size());
  HaloBatch batch{at::zeros({count, longest + 2, shape.codes}), at::zeros({count, longest + 1, shape.codes})};
  const auto visits = nn::row<float>(batch.visits), asked = nn::row<float>(batch.asked);
  const auto width = static_cast<std::size_t>(shape.codes);
  // Category row `number` of `all` as visit `place` of the subject that is `index`-th in the batch.
  const auto write = [&](const VisitCode& code, const std::vector<std::int32_t>& all, std::int64_t number, std::int64_t index,
                         std::int64_t place) {
    const std::size_t groups = code.groups().size();
    code.write(std::span(all).subspan(static_cast<std::size_t>(number) * groups, groups),
               visits.subspan(static_cast<std::size_t>(index * (longest + 2) + place) * width, width),
               asked.subspan(static_cast<std::size_t>(index * (longest + 1) + place - 1) * width, width));
  };
  for (std::int64_t index = 0; index < count; ++index) {
    const std::int64_t s = subjects[static_cast<std::size_t>(index)];
    if (s < 0) continue;
    write(*records.labels, records.statics, s, index, 1);
    const std::int64_t first = records.offsets[static_cast<std::size_t>(s)];
    for (std::int64_t row = 0; row < rows(s); ++row) write(*records.visits, records.series, first + row, index, row + 2);
  }
  return batch;
}

nn::DataLoss<HaloRecords> halo_loss(const HaloNetwork& network) {
  return [&network](const HaloRecords& records, const nn::Turn&, nn::Tape& tape, std::span<const std::int64_t> subjects) {
    const HaloBatch batch = batch_of(records, network.shape(), subjects);
    return network.loss(tape, batch.visits, batch.asked);
  };
}

}  // namespace understudy
