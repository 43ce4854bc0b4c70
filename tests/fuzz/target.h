// What the fuzz targets share. A target calls one parser with bytes that nobody vouches for; all it may do with them is
// take them, or refuse them by an Error of the kind that it promises. Everything else ends the program, and the fuzzer
// keeps the input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "understudy/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace understudy {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

[[noreturn]] inline void found(std::string_view what) {
  std::fprintf(stderr, "FOUND: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

inline void require(bool holds, std::string_view what) {
  if (!holds) found(what);
}

// What `parse` returns; nothing when it refused in the way that it may.
template <class F>
auto taken(ErrorKind kind, F&& parse) -> std::optional<decltype(parse())> {
  try {
    return parse();
  } catch (const Error& error) {
    if (error.kind() == kind) return std::nullopt;
    found(fmt::format("an error of kind {}: {}", static_cast<int>(error.kind()), error.what()));
  } catch (const std::exception& error) {
    found(fmt::format("an exception that is no Error: {}", error.what()));
  }
}

}  // namespace understudy
