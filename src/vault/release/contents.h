// What lies in a release folder, and the hash of each file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace understudy {

inline constexpr std::string_view kStatementFile = "statement.json";
inline constexpr std::string_view kSignatureFile = "statement.sig";

// The key of a release's hashes: random for each release and written in its statement.
using HashKey = std::array<std::uint8_t, 32>;
HashKey random_hash_key();
std::string to_hex(const HashKey& key);

struct ReleaseFile {
  std::string path;  // relative, with '/'
  std::uint64_t bytes = 0;
  std::string hash;  // BLAKE2b-256 (RFC 7693) keyed with the release's key, lower-case hex

  bool operator==(const ReleaseFile&) const = default;
};

struct Contents {
  std::vector<ReleaseFile> files;     // sorted by path; without the statement and its signature
  std::vector<std::string> problems;  // words: links, devices, empty folders, names that are no text
};

// Reads every file under `folder`, following no link. ErrorKind::input when the folder or a file cannot be read.
Contents scan_release(const std::string& folder, const HashKey& key);

// ErrorKind::usage unless a file of this name can be sealed: text without '/' and without control characters. To be
// asked before anything is spent on a release.
void check_release_name(std::string_view name);

// A name from a disk or a file as it can stand in a message on a terminal: quoted, control characters escaped.
std::string in_quotes(std::string_view name);

}  // namespace understudy
