#include "pipeline/run_folder.h"

#include <filesystem>
#include <system_error>

#include "core/files.h"
#include "core/json.h"
#include "pipeline/steps.h"
#include "understudy/error.h"
#include "understudy/reader.h"
#include "understudy/report.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

void make_folder(const std::string& path, fs::perms perms) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail(ErrorKind::input, "cannot create the folder '{}': {}", path, error.message());
  fs::permissions(path, perms, error);
}

std::string state_path(const std::string& folder) { return folder + "/inside/run.json"; }

// The state of the unfinished run of the same request that the folder holds, null when it is new or empty;
// ErrorKind::usage otherwise.
ordered_json check_folder(const std::string& path, const std::string& fingerprint) {
  if (!fs::exists(path)) return nullptr;
  if (!fs::is_directory(path)) fail(ErrorKind::usage, "--out '{}' is a file; name a new folder", path);
  if (fs::is_empty(path)) return nullptr;
  if (!fs::exists(state_path(path))) fail(ErrorKind::usage, "--out '{}' holds other files; name a new or empty folder", path);
  const auto state = parse_json<ordered_json>(read_text(state_path(path)));
  if (state.is_discarded() || state.value("fingerprint", "") != fingerprint) {
    fail(ErrorKind::usage, "--out '{}' holds a run of another request (data, options or seed differ); name a new folder", path);
  }
  if (state.value("finished", false)) {
    fail(ErrorKind::usage, "--out '{}' holds this run, finished; name a new folder or remove it", path);
  }
  return state;
}

// What an interrupted call of this run left under the name is replaced.
std::string write_people(const Cohort& synthetic, const std::string& folder, const std::string& name,
                         const std::string& writer, const Context& context) {
  make_folder(folder, fs::perms::owner_all);
  const std::string_view endings = find_writer(writer, "").endings;
  const std::string ending(endings.starts_with('.') ? endings.substr(0, endings.find('|')) : std::string_view{});
  const std::string path = folder + "/" + name + ending;
  fs::remove_all(path);
  write_cohort(synthetic, path, {.writer = writer}, context);
  return path;
}

}  // namespace

RunFolder::RunFolder(std::string path, const std::string& fingerprint)
    : path_(std::move(path)), fingerprint_(fingerprint) {
  const ordered_json earlier = check_folder(path_, fingerprint_);
  if (earlier.contains("ledger_began_at")) began_at_ = earlier["ledger_began_at"].get<std::size_t>();
  make_folder(path_, fs::perms::owner_all);
  make_folder(path_ + "/inside", fs::perms::owner_all);
  write_state(false);
}

std::string RunFolder::write_release(const Released<Cohort>& synthetic, const std::string& name,
                                     const std::string& writer, const Context& context) const {
  return write_people(synthetic.value(), path_ + "/release/synthetic", name, writer, context);
}

std::string RunFolder::write_inside(const Cohort& synthetic, const std::string& name, const std::string& writer,
                                    const Context& context) const {
  return write_people(synthetic, path_ + "/inside/synthetic", name, writer, context);
}

void RunFolder::write_report(const ordered_json& report) const { write_report_files(report, path_); }

void RunFolder::note_ledger(const std::string& path) {
  ledger_ = fs::absolute(path).lexically_normal().string();
  write_state(false);
}

void RunFolder::finish() const {
  remove_checkpoint(checkpoint());
  write_state(true);
}

std::size_t RunFolder::began_at(std::size_t now) {
  if (!began_at_) began_at_ = now;
  write_state(false);
  return *began_at_;
}

void RunFolder::write_state(bool finished) const {
  ordered_json state = {{"fingerprint", fingerprint_}, {"ledger", ledger_}, {"finished", finished}};
  if (began_at_) state["ledger_began_at"] = *began_at_;
  write_atomically(state_path(path_), state.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void write_report_files(const ordered_json& report, const std::string& folder) {
  make_folder(folder + "/inside", fs::perms::owner_all);
  write_atomically(folder + "/inside/report.json",
                   report.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  write_atomically(folder + "/inside/report.html", to_html(report));
}

}  // namespace understudy
