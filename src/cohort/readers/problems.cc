#include "cohort/readers/problems.h"

#include <algorithm>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::size_t kPlacesKept = 5;
constexpr std::size_t kValueShown = 60;

std::string shown(const std::string& value) {
  return value.size() <= kValueShown ? value : value.substr(0, kValueShown) + "...";
}

std::string_view cure(Problems::Kind kind) {
  return kind == Problems::Kind::cell ? "mend the cell or read with bad_cells = missing"
                                      : "remove the row or read with duplicates = first";
}

bool is_refused(Problems::Kind kind, const ReadOptions& options) {
  if (kind == Problems::Kind::excess) return false;
  return kind == Problems::Kind::cell ? options.bad_cells == BadCells::refuse
                                      : options.duplicates == Duplicates::refuse;
}

}  // namespace

void Problems::add(Kind kind, std::size_t file, std::string_view column, std::string_view what, std::int64_t row,
                   std::string_view value) {
  Entry& entry = entries_[{file, std::string(column), std::string(what)}];
  entry.kind = kind;
  ++entry.count;
  if (entry.places.size() == kPlacesKept && row > entry.places.back().row) return;
  const Place place{row, std::string(value)};
  entry.places.insert(std::upper_bound(entry.places.begin(), entry.places.end(), place), place);
  if (entry.places.size() > kPlacesKept) entry.places.pop_back();
}

void Problems::refuse(const Key& key, const Entry& entry, const FileScan& file) const {
  const auto& [index, column, what] = key;
  const Place& place = entry.places.front();
  const std::int64_t line = file.locate({place.row}).front();
  std::string message = fmt::format("{} {} {}", file.path, file.line_word, line);
  if (column.empty()) {
    message += fmt::format(": {} {}", what, shown(place.value));
  } else {
    message += fmt::format(", column '{}': '{}' is {}", column, shown(place.value), what);
  }
  const std::string more = entry.count > 1 ? fmt::format(" ({} such places in this file)", entry.count) : "";
  fail(ErrorKind::input, "{}; {}{}", message, cure(entry.kind), more);
}

void Problems::settle(const std::vector<FileScan>& files, const ReadOptions& options, ReadReport& report) const {
  const std::pair<const Key, Entry>* first = nullptr;
  for (const auto& item : entries_) {
    if (!is_refused(item.second.kind, options)) continue;
    const auto place = [](const auto& i) { return std::pair(std::get<0>(i.first), i.second.places.front().row); };
    if (first == nullptr || place(item) < place(*first)) first = &item;
  }
  if (first != nullptr) refuse(first->first, first->second, files[std::get<0>(first->first)]);
  for (const auto& [key, entry] : entries_) {
    const auto& [index, column, what] = key;
    std::vector<std::int64_t> rows;
    for (const Place& place : entry.places) rows.push_back(place.row);
    report.problems.push_back({files[index].path, column, what, entry.count, files[index].locate(rows)});
  }
}

}  // namespace understudy
