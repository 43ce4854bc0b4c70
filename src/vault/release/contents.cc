#include "vault/release/contents.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = std::size_t{1} << 18;

template <std::size_t N>
std::string hex(const std::array<std::uint8_t, N>& bytes) {
  std::string text(2 * N + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), N);
  text.pop_back();  // the closing zero
  return text;
}

// UTF-8 without control characters, those of two bytes (U+0080 to U+009F) included.
bool is_text(const std::string& name) {
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7f) return false;
    if (byte == 0xc2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xa0) return false;
  }
  const std::string mended = nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return nlohmann::json::parse(mended).get<std::string>() == name;
}

// A plain file open for reading; a link that took its place meanwhile is not followed.
class PlainFile {
 public:
  explicit PlainFile(const std::string& path)
      : path_(path), descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {
    struct stat info{};
    if (descriptor_ >= 0 && fstat(descriptor_, &info) == 0 && S_ISREG(info.st_mode)) return;
    const int reason = errno;
    if (descriptor_ >= 0) close(descriptor_);
    fail(ErrorKind::input, "cannot read {}: {}", in_quotes(path), std::strerror(reason));
  }
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;
  ~PlainFile() { close(descriptor_); }

  std::size_t read(std::vector<std::uint8_t>& block) {
    while (true) {
      const ssize_t got = ::read(descriptor_, block.data(), block.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail(ErrorKind::input, "cannot read {}: {}", in_quotes(path_), std::strerror(errno));
    }
  }

 private:
  std::string path_;
  int descriptor_;
};

ReleaseFile hash_file(const fs::path& path, std::string name, const HashKey& key) {
  PlainFile file(path.string());
  ReleaseFile result;
  result.path = std::move(name);
  crypto_generichash_state state;
  std::array<std::uint8_t, crypto_generichash_BYTES> hash;
  crypto_generichash_init(&state, key.data(), key.size(), hash.size());
  std::vector<std::uint8_t> block(kBlock);
  while (const std::size_t got = file.read(block)) {
    crypto_generichash_update(&state, block.data(), got);
    result.bytes += got;
  }
  crypto_generichash_final(&state, hash.data(), hash.size());
  result.hash = hex(hash);
  return result;
}

bool is_paper(const std::string& name) { return name == kStatementFile || name == kSignatureFile; }

void add_entry(Contents& contents, const fs::directory_entry& entry, const std::string& name, const HashKey& key) {
  const fs::file_type type = entry.symlink_status().type();
  if (!is_text(name)) {
    contents.problems.push_back(fmt::format("{} has a name that is no text", in_quotes(name)));
  } else if (type == fs::file_type::directory) {
    // An empty folder is in no list of files; its name alone could carry a message.
    if (fs::is_empty(entry.path())) contents.problems.push_back(fmt::format("{} is an empty folder", in_quotes(name)));
  } else if (type != fs::file_type::regular) {
    const std::string_view what = type == fs::file_type::symlink ? "a symbolic link" : "no plain file";
    contents.problems.push_back(fmt::format("{} is {}", in_quotes(name), what));
  } else if (!is_paper(name)) {
    contents.files.push_back(hash_file(entry.path(), name, key));
  }
}

}  // namespace

HashKey random_hash_key() {
  if (sodium_init() < 0) fail(ErrorKind::internal, "libsodium did not start");
  HashKey key;
  randombytes_buf(key.data(), key.size());
  return key;
}

std::string to_hex(const HashKey& key) { return hex(key); }

Contents scan_release(const std::string& folder, const HashKey& key) {
  if (sodium_init() < 0) fail(ErrorKind::internal, "libsodium did not start");
  Contents contents;
  try {
    const fs::path root(folder);
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      add_entry(contents, entry, entry.path().lexically_relative(root).generic_string(), key);
    }
  } catch (const fs::filesystem_error& error) {
    fail(ErrorKind::input, "cannot read the release folder {}: {}", in_quotes(folder), error.code().message());
  }
  std::sort(contents.files.begin(), contents.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::sort(contents.problems.begin(), contents.problems.end());
  return contents;
}

void check_release_name(std::string_view name) {
  const bool plain = !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
  if (plain && is_text(std::string(name))) return;
  fail(ErrorKind::usage, "{} names a file of the release; it must be text without '/' and without control characters",
       in_quotes(name));
}

std::string in_quotes(std::string_view name) {
  return nlohmann::json(std::string(name)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace understudy
