#include "cohort/catalogue.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "cohort/catalogue_entries.h"
#include "understudy/error.h"

namespace understudy {
namespace {

bool has_alias(const CatalogueEntry& entry, std::string_view wanted) {
  std::string_view rest = entry.aliases;
  while (!rest.empty()) {
    const auto bar = rest.find('|');
    if (rest.substr(0, bar) == wanted) return true;
    rest = bar == std::string_view::npos ? std::string_view{} : rest.substr(bar + 1);
  }
  return plain_name(entry.name) == wanted;
}

// Names that share a word with the wanted one; all of them when none does.
std::vector<std::string_view> suggestions(std::string_view wanted) {
  const std::string word(wanted.substr(0, wanted.find('_')));
  std::vector<std::string_view> near;
  for (const CatalogueEntry& entry : kCatalogue) {
    if (!word.empty() && entry.name.find(word) != std::string_view::npos) near.push_back(entry.name);
  }
  if (!near.empty()) return near;
  for (const CatalogueEntry& entry : kCatalogue) near.push_back(entry.name);
  return near;
}

}  // namespace

std::string plain_name(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte)) result += static_cast<char>(std::tolower(byte));
  }
  return result;
}

std::span<const CatalogueEntry> catalogue() { return kCatalogue; }

const CatalogueEntry& find_catalogue_entry(std::string_view name, std::string_view where) {
  for (const CatalogueEntry& entry : kCatalogue) {
    if (entry.name == name) return entry;
  }
  fail(ErrorKind::input, "{}: the range catalogue has no '{}'; it has {}", where, name,
       fmt::join(suggestions(name), ", "));
}

const CatalogueEntry* match_catalogue(std::string_view column_name) {
  const std::string wanted = plain_name(column_name);
  if (wanted.empty()) return nullptr;
  const auto it = std::find_if(std::begin(kCatalogue), std::end(kCatalogue),
                               [&](const CatalogueEntry& entry) { return has_alias(entry, wanted); });
  return it == std::end(kCatalogue) ? nullptr : &*it;
}

std::string catalogue_markdown() {
  std::string page =
      "# The public range catalogue\n\n"
      "Bounds that are known before anybody looks at a data set. A schema takes one with `range = \"catalogue:NAME\"`\n"
      "([schema](formats/schema.md)). Ranges hold what can be recorded, not what is usual; none was read off a data "
      "set.\n\n"
      "| name | unit | minimum | maximum | decimals | source |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const CatalogueEntry& entry : kCatalogue) {
    page += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", entry.name, entry.unit, entry.minimum, entry.maximum,
                        entry.decimals, entry.source);
  }
  return page;
}

}  // namespace understudy
