#include "generators/gan/checkpoint.h"

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {

GanCheckpoint::GanCheckpoint(const Checkpoint& checkpoint, std::string fingerprint, Ranks* ranks)
    : checkpoint_(checkpoint), fingerprint_(std::move(fingerprint)), ranks_(ranks) {}

void GanCheckpoint::resume() const {
  if (checkpoint_.path.empty()) return;
  const auto is_kept = [&] { return std::string(std::filesystem::exists(checkpoint_.path) ? "yes" : "no"); };
  if (at_rank_0(ranks_, is_kept) == "no") return;
  const std::string content = at_rank_0(ranks_, [&] { return read_text(checkpoint_.path); });
  const TensorFile file =
      parse_tensor_file({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}, checkpoint_.path);
  if (file.metadata.value("checkpoint", "") != "gan" || file.metadata.value("fingerprint", "") != fingerprint_) {
    fail(ErrorKind::input, "'{}' is the checkpoint of another training (other data, options or seed); remove it or name "
         "another file", checkpoint_.path);
  }
  for (const auto& [name, trainer] : trainers_) trainer->restore(file, name);
}

void GanCheckpoint::save() const {
  if (checkpoint_.path.empty() || !is_first(ranks_)) return;
  TensorFile file;
  file.metadata = {{"checkpoint", "gan"}, {"fingerprint", fingerprint_}};
  for (const auto& [name, trainer] : trainers_) trainer->save(file, name);
  write_tensor_file(file, checkpoint_.path);
}

void GanCheckpoint::save_if_due() {
  const auto now = std::chrono::steady_clock::now();
  if (checkpoint_.path.empty() || std::chrono::duration<double>(now - last_).count() < checkpoint_.every_seconds) return;
  save();
  last_ = now;
}

std::string training_fingerprint(const Options& options, const Cohort& cohort, std::uint64_t seed,
                                 const std::vector<const GanRows*>& rows) {
  std::string text = fmt::format("{}|{}|{}|{}", to_toml(cohort.schema), seed, cohort.size(), cohort.series.rows());
  for (const auto& [name, value] : options.values()) text += fmt::format("|{}={}", name, value);
  for (const GanRows* part : rows) {
    const at::Tensor& values = part->values();
    text.append(static_cast<const char*>(values.data_ptr()), values.nbytes());
  }
  return sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace understudy
