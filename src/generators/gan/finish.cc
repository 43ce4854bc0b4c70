#include "generators/gan/finish.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "nn/noise.h"
#include "nn/serial.h"

namespace understudy {
namespace {

constexpr std::int64_t kCalibrationRows = 131072;

// A large sample of the network's raw rows, its windows conditioned like those it was trained on.
at::Tensor calibration_sample(const GanPart& part, const GanRows& rows, const Rng& rng, int threads) {
  constexpr std::int64_t kShard = 4096;
  std::vector<at::Tensor> shards(static_cast<std::size_t>(kCalibrationRows / kShard));
  parallel_for(static_cast<std::int64_t>(shards.size()), threads, [&](std::int64_t shard) {
    nn::use_one_thread();
    const at::NoGradGuard no_graph;
    Rng mine = rng.stream("shard", static_cast<std::uint64_t>(shard));
    const std::int64_t windows = (kShard + part.window - 1) / part.window;
    const at::Tensor latent = nn::normals(mine, windows, part.latent + part.person_latent);
    shards[static_cast<std::size_t>(shard)] = part.raw_rows(at::cat({latent, rows.draw_conditions(mine, windows)}, 1));
  });
  return at::cat(shards);
}

}  // namespace

Calibrate parse_calibrate(std::string_view text) {
  return text == "none" ? Calibrate::none : text == "marginals" ? Calibrate::marginals : Calibrate::moments;
}

GanPart finish_part(const Codec& codec, const GanSettings& settings, const nn::Mlp& generator, const CalibrationTarget& target,
                    Calibrate calibrate, const Rng& rng, int threads) {
  const at::NoGradGuard no_graph;
  nn::use_one_thread();
  GanHead head(codec.blocks());
  GanPart part{.codec = codec, .head = head, .generator = generator, .calibration = no_calibration(head),
               .window = settings.window, .latent = settings.latent, .person_latent = settings.person_latent};
  if (calibrate == Calibrate::none) return part;
  const CalibrationData data{.codec = part.codec, .head = part.head, .raw = calibration_sample(part, target.rows, rng, threads),
                             .encoded = target.rows.values(), .table = target.table, .rng = rng.stream("choices")};
  part.calibration = calibrate == Calibrate::moments ? calibrate_moments(data) : calibrate_marginals(data);
  return part;
}

}  // namespace understudy
