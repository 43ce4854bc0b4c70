#include "core/files.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "understudy/error.h"

namespace understudy {
namespace {

[[noreturn]] void system_failure(std::string_view what, const std::string& path) {
  fail(ErrorKind::input, "cannot {} '{}': {}", what, path, std::strerror(errno));
}

class File {
 public:
  File(const std::string& path, int flags, std::string_view what) : path_(path), descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) system_failure(what, path);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(descriptor_); }

  void write_all(std::string_view content) {
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) system_failure("write", path_);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() {
    if (fsync(descriptor_) != 0) system_failure("sync", path_);
  }

  std::string read_all() {
    std::string content;
    char buffer[1 << 16];
    while (true) {
      const ssize_t got = ::read(descriptor_, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) system_failure("read", path_);
      if (got == 0) return content;
      content.append(buffer, static_cast<std::size_t>(got));
    }
  }

 private:
  std::string path_;
  int descriptor_;
};

std::string folder_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  return parent.empty() ? "." : parent.string();
}

}  // namespace

std::string read_text(const std::string& path) { return File(path, O_RDONLY, "read").read_all(); }

void write_atomically(const std::string& path, std::string_view content) {
  write_atomically(path, [&](const std::string& part) {
    File(part, O_WRONLY | O_CREAT | O_TRUNC, "write").write_all(content);
  });
}

void write_atomically(const std::string& path, const std::function<void(const std::string&)>& write) {
  const std::string part = path + ".part";
  try {
    write(part);
    File(part, O_RDONLY, "sync").sync();
    if (rename(part.c_str(), path.c_str()) != 0) system_failure("rename to", path);
  } catch (...) {
    unlink(part.c_str());
    throw;
  }
  File(folder_of(path), O_RDONLY | O_DIRECTORY, "sync").sync();
}

void write_new(const std::string& path, std::string_view content) {
  const std::string part = path + ".part";
  File file(part, O_WRONLY | O_CREAT | O_EXCL, "write");
  try {
    file.write_all(content);
    file.sync();
  } catch (...) {
    unlink(part.c_str());
    throw;
  }
  // A link, unlike a rename, never replaces.
  const int linked = link(part.c_str(), path.c_str());
  const int reason = errno;
  unlink(part.c_str());
  if (linked != 0 && reason == EEXIST) fail(ErrorKind::usage, "'{}' exists already; name a new file", path);
  errno = reason;
  if (linked != 0) system_failure("create", path);
  File(folder_of(path), O_RDONLY | O_DIRECTORY, "sync").sync();
}

std::string sha256(std::span<const std::uint8_t> bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, bytes.data(), bytes.size());
  char text[2 * sizeof digest + 1];
  sodium_bin2hex(text, sizeof text, digest, sizeof digest);
  return text;
}

std::string sha256(std::string_view bytes) {
  return sha256(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

std::string file_sha256(const std::string& path) { return sha256(read_text(path)); }

}  // namespace understudy
