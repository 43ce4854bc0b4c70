// The folder of a run: DIR/inside (mode 0700) and DIR/release, the only part that leaves.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "understudy/cohort.h"
#include "understudy/context.h"
#include "understudy/vault.h"

namespace understudy {

class RunFolder {
 public:
  // Creates the folders. `fingerprint` identifies the request: a folder that holds another request's run, a finished
  // run, or foreign files is refused (ErrorKind::usage).
  RunFolder(std::string path, const std::string& fingerprint);

  std::string model() const { return path_ + "/inside/model.safetensors"; }
  std::string checkpoint() const { return path_ + "/inside/checkpoint.safetensors"; }
  std::string ledger() const { return path_ + "/inside/ledger.jsonl"; }
  std::string release() const { return path_ + "/release"; }
  std::string report() const { return path_ + "/inside/report.html"; }

  // Writers of releases take released values only. `writer`: how the file is written (find_writer), as NAME with the
  // writer's first ending, or a folder NAME. Return the path.
  std::string write_release(const Released<Cohort>& synthetic, const std::string& name, const std::string& writer,
                            const Context& context) const;
  // Synthetic data that may not leave.
  std::string write_inside(const Cohort& synthetic, const std::string& name, const std::string& writer,
                           const Context& context) const;
  void write_report(const nlohmann::ordered_json& report) const;
  // Where the ledger stood when this run began: `now`, or what an earlier call of the same run was told.
  std::size_t began_at(std::size_t now);
  // So that the folder says where its data set's ledger is.
  void note_ledger(const std::string& path);
  // The last step: marks the run as finished and removes the checkpoint.
  void finish() const;

 private:
  void write_state(bool finished) const;
  std::string path_;
  std::string fingerprint_;
  std::optional<std::size_t> began_at_;
  std::string ledger_;
};

// DIR/inside/report.json and report.html.
void write_report_files(const nlohmann::ordered_json& report, const std::string& folder);

}  // namespace understudy
