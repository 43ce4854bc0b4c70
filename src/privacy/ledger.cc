#include "understudy/ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

// JSON has no infinity: a declassified event says "infinite".
ordered_json number(double value) { return std::isinf(value) ? ordered_json("infinite") : ordered_json(value); }

double number(const ordered_json& value) {
  return value.is_string() ? std::numeric_limits<double>::infinity() : value.get<double>();
}

std::string to_line(const Event& event) {
  ordered_json line = {{"kind", event.kind}, {"part", event.part}, {"purpose", event.purpose}, {"side", event.side},
                       {"epsilon", number(event.epsilon)}, {"delta", event.delta}};
  if (!event.when.empty()) line["when"] = event.when;
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Event from_line(const std::string& text) {
  const auto line = ordered_json::parse(text);
  return {.kind = line.at("kind"), .part = line.at("part"), .purpose = line.at("purpose"), .side = line.at("side"),
          .epsilon = number(line.at("epsilon")), .delta = line.at("delta"), .when = line.value("when", "")};
}

// Holds the ledger file open and locked for one append.
class Locked {
 public:
  explicit Locked(const std::string& path) : path_(path), descriptor_(open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) refuse("open", "; name another place for it: --ledger, or path under [vault]");
    if (flock(descriptor_, LOCK_EX) != 0) refuse("lock");
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { close(descriptor_); }

  void append(const std::string& line) {
    const off_t end = lseek(descriptor_, 0, SEEK_END);
    char last = '\n';
    if (end > 0 && pread(descriptor_, &last, 1, end - 1) != 1) refuse("read");
    if (last != '\n') fail(ErrorKind::input, "the last line of the ledger '{}' is cut short; restore the file", path_);
    const ssize_t written = write(descriptor_, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size()) || fsync(descriptor_) != 0) {
      const int reason = errno;
      if (ftruncate(descriptor_, end) != 0) errno = reason;  // half a line must not stay behind
      errno = written >= 0 && written < static_cast<ssize_t>(line.size()) ? ENOSPC : reason;
      refuse("write to");
    }
  }

 private:
  [[noreturn]] void refuse(std::string_view what, std::string_view cure = "") const {
    fail(ErrorKind::input, "cannot {} the ledger '{}': {}{}", what, path_, std::strerror(errno), cure);
  }
  std::string path_;
  int descriptor_;
};

}  // namespace

Ledger::Ledger(std::string path, std::function<std::string()> clock) : path_(std::move(path)), clock_(std::move(clock)) {
  std::error_code error;
  const auto folder = std::filesystem::path(path_).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) fail(ErrorKind::input, "cannot create the ledger's folder '{}': {}", folder.string(), error.message());
  if (access(path_.c_str(), F_OK) == 0) events();
}

void Ledger::append(Event event) {
  if (clock_) event.when = clock_();
  Locked(path_).append(to_line(event));
}

std::vector<Event> Ledger::events() const {
  std::vector<Event> result;
  const std::string text = access(path_.c_str(), F_OK) == 0 ? read_text(path_) : "";
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find('\n', begin), text.size());
    try {
      result.push_back(from_line(text.substr(begin, end - begin)));
    } catch (const std::exception&) {
      fail(ErrorKind::input, "'{}' line {} is not a ledger event", path_, result.size() + 1);
    }
    begin = end + 1;
  }
  return result;
}

double epsilon_spent(const std::vector<Event>& events) {
  double total = 0;
  for (const Event& event : events) total += event.epsilon;
  return total;
}

}  // namespace understudy
