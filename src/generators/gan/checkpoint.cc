#include "generators/gan/checkpoint.h"

#include <ATen/core/Tensor.h>

#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {

GanCheckpoint::GanCheckpoint(const Checkpoint& checkpoint, std::string fingerprint)
    : checkpoint_(checkpoint), fingerprint_(std::move(fingerprint)) {}

void GanCheckpoint::resume() const {
  if (checkpoint_.path.empty() || !std::filesystem::exists(checkpoint_.path)) return;
  const TensorFile file = read_tensor_file(checkpoint_.path);
  if (file.metadata.value("checkpoint", "") != "gan" || file.metadata.value("fingerprint", "") != fingerprint_) {
    fail(ErrorKind::input, "'{}' is the checkpoint of another training (other data, options or seed); remove it or name "
         "another file", checkpoint_.path);
  }
  for (const auto& [name, trainer] : trainers_) trainer->restore(file, name);
}

void GanCheckpoint::save() const {
  if (checkpoint_.path.empty()) return;
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
