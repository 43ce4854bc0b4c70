#include <filesystem>
#include <fstream>

#include "core/files.h"
#include "core/json.h"
#include "pipeline/ledger_words.h"
#include "understudy/error.h"
#include "understudy/pipeline.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::string_view kEnding = ".ledger.jsonl";

bool is_folder(const std::string& path) {
  std::error_code absent;
  return fs::is_directory(path, absent);
}

bool is_there(const std::string& path) {
  std::error_code absent;
  return fs::exists(path, absent);
}

// JSON lines may be data too; every line of a ledger begins with its kind.
bool begins_like_a_ledger(const std::string& path) {
  constexpr std::string_view kBegin = "{\"kind\":\"";
  std::string begin(kBegin.size(), '\0');
  std::ifstream(path, std::ios::binary).read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin == kBegin;
}

bool is_ledger(const std::string& path) {
  if (!is_there(path)) return path.ends_with(".jsonl");  // one that a first event will make
  return begins_like_a_ledger(path) || path.ends_with(kEnding);
}

// The text at `pointer` of a JSON file; empty when there is none.
std::string text_at(const std::string& path, const char* pointer) {
  if (!is_there(path)) return "";
  const auto json = parse_json<ordered_json>(read_text(path));
  const ordered_json::json_pointer at(pointer);
  return json.is_object() && json.contains(at) && json.at(at).is_string() ? json.at(at).get<std::string>() : "";
}

std::string ledger_of_run(const std::string& folder) {
  for (const auto& [file, pointer] : {std::pair("run.json", "/ledger"), std::pair("report.json", "/privacy/ledger")}) {
    const std::string path = text_at(folder + "/inside/" + file, pointer);
    if (!path.empty()) return path;
  }
  const std::string own = folder + "/inside/ledger.jsonl";
  if (is_there(own)) return own;
  fail(ErrorKind::input, "the run folder '{}' names no ledger; name the data file or the ledger itself", folder);
}

}  // namespace

std::string find_ledger(const std::string& dataset_or_folder) {
  std::string place = dataset_or_folder;
  while (place.size() > 1 && place.ends_with('/')) place.pop_back();
  if (is_folder(place)) return is_folder(place + "/inside") ? ledger_of_run(place) : place.append(kEnding);
  if (is_ledger(place)) return place;
  if (is_there(place) || is_there(place + std::string(kEnding))) return place.append(kEnding);
  fail(ErrorKind::input, "there is no '{}'; name a data file, a run folder or a ledger (.jsonl)", place);
}

std::string ledger(const LedgerRequest& request, const Context& context) {
  Ledger ledger(find_ledger(request.place), context.clock);
  if (request.limit) ledger.declare(*request.limit);
  if (!request.json) return ledger_words(ledger);
  return ledger_json(ledger).dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace understudy
