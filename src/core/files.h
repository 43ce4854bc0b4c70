// Files that are complete or not there at all.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace understudy {

// Whole file; ErrorKind::input with the system's reason.
std::string read_text(const std::string& path);

// Writes `path`.part, syncs it, renames it to `path` and syncs the folder. On any failure the part file is removed,
// `path` keeps its old content, and ErrorKind::input carries the system's reason (no space left, permission).
void write_atomically(const std::string& path, std::string_view content);

// The same for writers that need a path of their own (DuckDB): `write` gets the part file's name.
void write_atomically(const std::string& path, const std::function<void(const std::string& part)>& write);

// As write_atomically, for a file that must not be there yet: ErrorKind::usage when it is, and it keeps its content, also
// when another process makes it at the same moment. For its owner alone (mode 0600).
void write_new(const std::string& path, std::string_view content);

// SHA-256 as lower-case hex.
std::string sha256(std::span<const std::uint8_t> bytes);
std::string sha256(std::string_view bytes);
std::string file_sha256(const std::string& path);

}  // namespace understudy
