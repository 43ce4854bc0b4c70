// A release folder that somebody made up. An input is the text of statement.json, then, after a line "=signature=", the
// text of statement.sig; without that line the statement is signed with the key that it is checked against.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "target.h"
#include "vault/release/verify.h"

using namespace understudy;

namespace {

constexpr std::string_view kMark = "=signature=\n";

// A folder of its own, in memory where there is such a place.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::exists("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path()) /
                       "understudy-fuzz-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path = name;
    write("table.csv", "made up\n");
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const char* name, std::string_view text) const {
    std::ofstream(path / name, std::ios::binary) << text;
  }

  std::filesystem::path path;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  static const std::uint8_t seed[32] = {1};
  static const SecretKey key(seed);
  const std::string_view text = as_text(data, size);
  const auto mark = text.find(kMark);
  const std::string_view statement = text.substr(0, mark);
  folder.write("statement.json", statement);
  const bool signed_by_us = mark == std::string_view::npos;
  folder.write("statement.sig", signed_by_us ? sign(key, statement) : text.substr(mark + kMark.size()));
  VerifyOptions options{.key = key.public_key(), .extends = [](const LedgerHead& head) { return head.length == 3; }};
  const auto checks = taken(ErrorKind::input, [&] { return verify_release(folder.path, options); });
  require(checks && checks->size() >= 5, "a folder that can be read was not checked");
  if (!signed_by_us) require(!passed(*checks), "a signature that nobody made");
  return 0;
}
