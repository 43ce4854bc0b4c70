#include "privacy/ledger_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view what, const std::string& path, std::string_view cure = "") {
  fail(ErrorKind::input, "cannot {} the ledger '{}': {}{}", what, path, std::strerror(errno), cure);
}

void sync_folder(const fs::path& folder, const std::string& path) {
  const int descriptor = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int reason = errno;
  if (descriptor >= 0) close(descriptor);
  errno = reason;
  if (!synced) refuse("sync the folder of", path);
}

// A folder whose name is not on disk loses the ledger in it.
void make_folder(const fs::path& folder, const std::string& path) {
  std::error_code error;
  if (folder.empty() || fs::exists(folder, error)) return;
  make_folder(folder.parent_path(), path);
  fs::create_directory(folder, error);
  if (error) fail(ErrorKind::input, "cannot create the ledger's folder '{}': {}", folder.string(), error.message());
  sync_folder(folder.parent_path(), path);
}

struct stat status_of(int descriptor, const std::string& path) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) refuse("read", path);
  if (!S_ISREG(status.st_mode)) fail(ErrorKind::input, "the ledger '{}' is not a file; name a file", path);
  return status;
}

// Whether `path` still names the open file: while we waited for the lock it may have been moved away.
bool is_named(int descriptor, const std::string& path) {
  struct stat named {};
  const struct stat held = status_of(descriptor, path);
  return stat(path.c_str(), &named) == 0 && named.st_ino == held.st_ino && named.st_dev == held.st_dev;
}

int open_locked(const std::string& path) {
  while (true) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) refuse("open", path, "; name another place for it: --ledger, or path under [vault]");
    try {
      while (flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR) refuse("lock", path);
      }
      if (is_named(descriptor, path)) return descriptor;
    } catch (...) {
      close(descriptor);
      throw;
    }
    close(descriptor);
  }
}

std::string read_all(int descriptor, const std::string& path) {
  std::string text(static_cast<std::size_t>(status_of(descriptor, path).st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = pread(descriptor, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse("read", path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

}  // namespace

LedgerLines read_ledger(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0 && errno == ENOENT) return {};
  if (descriptor < 0) refuse("open", path);
  try {
    while (flock(descriptor, LOCK_SH) != 0 && errno == EINTR) {
    }  // where a lock is not to be had, reading goes on: a line that is being written is a torn tail
    const std::string text = read_all(descriptor, path);
    close(descriptor);
    return read_lines(text, path);
  } catch (...) {
    close(descriptor);
    throw;
  }
}

LockedLedger::LockedLedger(const std::string& path) : path_(path) {
  make_folder(fs::path(path).parent_path(), path);
  descriptor_ = open_locked(path);
  try {
    lines_ = read_lines(read_all(descriptor_, path), path);
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

LockedLedger::~LockedLedger() { close(descriptor_); }

std::string LockedLedger::text_for(const Event& event) const {
  std::string text = lines_.unended ? "\n" : "";
  if (lines_.chains.empty()) text += header_line();
  return text += event_line(event, lines_.chains.empty() ? chain_of(text) : lines_.chains.back());
}

void LockedLedger::write_all(const std::string& text) const {
  std::size_t done = 0;
  while (done < text.size()) {  // one write; a second one only tells why the first was cut short
    const ssize_t written = write(descriptor_, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return undo(done);
    done += static_cast<std::size_t>(written);
  }
  if (fdatasync(descriptor_) != 0) undo(done);
}

void LockedLedger::undo(std::size_t written) const {
  const int reason = errno;
  const bool undone = ftruncate(descriptor_, static_cast<off_t>(lines_.end)) == 0;
  errno = reason;
  if (undone || written == 0) refuse("write to", path_, "; nothing was listed and nothing was looked at");
  refuse("write to", path_, "; nothing was looked at, but what was written could not be taken back and may be listed");
}

std::string LockedLedger::append(const Event& event) {
  const auto end = static_cast<off_t>(lines_.end);
  const bool torn = status_of(descriptor_, path_).st_size > end;
  if (torn && ftruncate(descriptor_, end) != 0) refuse("cut the torn tail of", path_);
  // Before the first line, not after: whoever finds a line may rely on the file's name being on disk.
  if (lines_.end == 0) sync_folder(fs::path(path_).parent_path(), path_);
  const std::string text = text_for(event);
  write_all(text);
  return chain_of(text);
}

}  // namespace understudy
