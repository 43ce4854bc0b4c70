#include "nn/checkpoint.h"

#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kReportEvery = 50;  // steps

}  // namespace

TrainingCheckpoint::TrainingCheckpoint(const Checkpoint& where, std::string fingerprint, Ranks* ranks)
    : where_(where), fingerprint_(std::move(fingerprint)), ranks_(ranks) {
  if (where_.path.empty()) return;
  const auto is_kept = [&] { return std::string(std::filesystem::exists(where_.path) ? "yes" : "no"); };
  if (at_rank_0(ranks_, is_kept) == "no") return;
  const std::string content = at_rank_0(ranks_, [&] { return read_text(where_.path); });
  found_ = parse_tensor_file({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}, where_.path);
  const auto text = [&](const char* key) { return found_.metadata.contains(key) ? found_.metadata[key] : nlohmann::json(); };
  if (text("checkpoint") != "training" || text("fingerprint") != fingerprint_ || !text("notes").is_object()) {
    fail(ErrorKind::input, "'{}' is the checkpoint of another training (other data, options or seed); remove it or name "
         "another file", where_.path);
  }
  notes_ = found_.metadata["notes"];
}

void TrainingCheckpoint::add(std::string name, Trainer& trainer) {
  if (found_.tensors.contains(name + ".steps")) trainer.restore(found_, name);
  trainers_.emplace_back(std::move(name), &trainer);
}

void TrainingCheckpoint::save() const {
  if (where_.path.empty() || !is_first(ranks_)) return;
  TensorFile file;
  file.metadata = {{"checkpoint", "training"}, {"fingerprint", fingerprint_}, {"notes", notes_}};
  for (const auto& [name, trainer] : trainers_) trainer->save(file, name);
  write_tensor_file(file, where_.path);
}

void TrainingCheckpoint::save_if_due() {
  const auto now = std::chrono::steady_clock::now();
  if (where_.path.empty() || std::chrono::duration<double>(now - last_).count() < where_.every_seconds) return;
  save();
  last_ = now;
}

void train(Trainer& trainer, TrainingCheckpoint& checkpoint, const Context& context, const Stretch& stretch) {
  while (!trainer.done()) {
    if (at_any_rank(context.ranks, context.stop_requested())) {
      checkpoint.save();
      fail(ErrorKind::cancelled, "stopped on request");
    }
    trainer.step();
    const std::int64_t done = stretch.before + trainer.steps();
    if (done % kReportEvery == 0 || done == stretch.total) {
      context.report({.stage = "training", .unit = "steps", .done = done, .total = stretch.total});
    }
    checkpoint.save_if_due();
  }
  checkpoint.save();
}

}  // namespace understudy::nn
