// Picking a reader or writer from its table: by name, or by the ending of a path.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/error.h"

namespace understudy {

// `endings` are separated by '|'.
bool has_ending(std::string_view path, std::string_view endings);

// The entry called `name`, or, where `name` is empty, the one whose endings fit. ErrorKind::usage lists what there is.
template <class Entry>
const Entry& pick_format(std::span<const Entry> entries, std::string_view name, std::string_view path,
                         std::string_view what) {
  std::vector<std::string> known;
  for (const Entry& entry : entries) {
    if (name.empty() ? has_ending(path, entry.endings) : entry.name == name) return entry;
    known.push_back(fmt::format("{} ({})", entry.name, entry.endings));
  }
  if (!name.empty()) fail(ErrorKind::usage, "there is no {} '{}'; known: {}", what, name, fmt::join(known, ", "));
  fail(ErrorKind::usage, "no {} knows the ending of '{}'; known: {}", what, path, fmt::join(known, ", "));
}

}  // namespace understudy
