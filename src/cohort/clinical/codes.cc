#include "cohort/clinical/codes.h"

#include <algorithm>
#include <unordered_map>

#include "understudy/error.h"

namespace understudy {
namespace {

// The categories of a column by their text.
class Vocabulary {
 public:
  explicit Vocabulary(const ColumnSpec& spec) {
    for (std::size_t i = 0; i < spec.categories.size(); ++i) {
      places_.emplace(spec.categories[i], static_cast<std::int32_t>(i));
      longest_ = std::max(longest_, spec.categories[i].size());
    }
  }

  // -1: no category holds the code.
  std::int32_t find(std::string_view code) const {
    for (std::size_t length = std::min(longest_, code.size()); length > 0; --length) {
      const auto found = places_.find(std::string(code.substr(0, length)));
      if (found != places_.end()) return found->second;
    }
    return -1;
  }

 private:
  std::unordered_map<std::string, std::int32_t> places_;
  std::size_t longest_ = 0;
};

std::string query_of(const CodeSource& source) {
  const std::string_view owner = source.owner == EventSource::Owner::subject ? "subject" : "stay";
  return fmt::format("SELECT c.row, CAST(e.code AS VARCHAR) FROM ({}) e LEFT JOIN chosen c ON c.{} = e.{} WHERE e.code IS NOT NULL",
                     source.sql, owner, owner);
}

void read_column(Folder& folder, const Layout& layout, const Stays& stays, const ColumnSpec& spec, Column& column,
                 MeasurementProblems& problems) {
  const Vocabulary vocabulary(spec);
  std::vector<std::vector<std::int32_t>> sets(stays.subjects.size());
  for (const CodeSource& source : layout.codes) {
    std::int64_t elsewhere = 0, unnamed = 0;
    Result result = folder.database().query(query_of(source), Database::streaming);
    while (result.next()) {
      for (std::int64_t row = 0; row < result.rows(); ++row) {
        const bool counts = result.valid(0, row);
        const std::int32_t place = counts ? vocabulary.find(result.text(1, row)) : -1;
        elsewhere += !counts;
        unnamed += counts && place < 0;
        if (place >= 0) sets[static_cast<std::size_t>(stays.rank[static_cast<std::size_t>(result.values<std::int64_t>(0)[row])])].push_back(place);
      }
    }
    const std::string file = folder.file(source.table);
    problems.leave_out(file, "codes of no stay that counts", elsewhere);
    problems.leave_out(file, fmt::format("codes of no category of '{}'", spec.name), unnamed);
  }
  std::int64_t beyond = 0;
  for (std::size_t s = 0; s < sets.size(); ++s) {
    const auto all = as_set(std::move(sets[s]));
    auto kept = as_set(all, spec.max_codes);
    beyond += static_cast<std::int64_t>(all.size() - kept.size());
    column.set_codes(static_cast<std::int64_t>(s), std::move(kept));
  }
  problems.leave_out("", fmt::format("codes beyond max_codes of '{}'", spec.name), beyond);
}

}  // namespace

void read_codes(Folder& folder, const Layout& layout, const Stays& stays, Cohort& cohort, MeasurementProblems& problems) {
  const auto specs = cohort.schema.statics();
  for (std::size_t c = 0; c < specs.size(); ++c) {
    if (!is_set(specs[c].type)) continue;
    if (layout.codes.empty()) {
      fail(ErrorKind::input, "column '{}' is of type codes, and {} has none that are read", specs[c].name, layout.name);
    }
    read_column(folder, layout, stays, specs[c], cohort.statics.column(c), problems);
  }
}

}  // namespace understudy
