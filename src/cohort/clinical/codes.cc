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

std::string query_of(const CodeSource& source, bool by_visit) {
  const auto owner = [&]() -> std::string_view {
    switch (source.owner) {
      case CodeSource::Owner::subject:
        return by_visit ? kCodedInVisit : "c.subject = e.subject";
      case CodeSource::Owner::stay:
        return "c.stay = e.stay";
      case CodeSource::Owner::visit:
        return "c.visit = e.visit";
    }
    return "";
  };
  return fmt::format("SELECT c.row, CAST(e.code AS VARCHAR) FROM ({}) e LEFT JOIN chosen c ON {} WHERE e.code IS NOT NULL",
                     source.sql, owner());
}

// `places`: where in `column` a row of the table `chosen` belongs.
void read_column(Folder& folder, const Layout& layout, const std::vector<std::int64_t>& places, bool by_visit,
                 const ColumnSpec& spec, Column& column, MeasurementProblems& problems) {
  const Vocabulary vocabulary(spec);
  std::vector<std::vector<std::int32_t>> sets(static_cast<std::size_t>(column.size()));
  for (const CodeSource& source : layout.codes) {
    std::int64_t elsewhere = 0, unnamed = 0;
    Result result = folder.database().query(query_of(source, by_visit), Database::streaming);
    while (result.next()) {
      for (std::int64_t row = 0; row < result.rows(); ++row) {
        const bool counts = result.valid(0, row);
        const std::int32_t code = counts ? vocabulary.find(result.text(1, row)) : -1;
        elsewhere += !counts;
        unnamed += counts && code < 0;
        if (code < 0) continue;
        const auto stay = static_cast<std::size_t>(result.values<std::int64_t>(0)[row]);
        sets[static_cast<std::size_t>(places[stay])].push_back(code);
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

// By row of the table `chosen`: its place among the rows of all people.
std::vector<std::int64_t> places_of_visits(const Stays& stays) {
  std::vector<std::int64_t> places(stays.order.size());
  for (std::size_t i = 0; i < stays.order.size(); ++i) {
    places[static_cast<std::size_t>(stays.order[i])] = static_cast<std::int64_t>(i);
  }
  return places;
}

void read_table(Folder& folder, const Layout& layout, const std::vector<std::int64_t>& places, bool by_visit,
                const std::vector<ColumnSpec>& specs, Table& table, MeasurementProblems& problems) {
  for (std::size_t c = 0; c < specs.size(); ++c) {
    if (!is_set(specs[c].type)) continue;
    if (layout.codes.empty()) {
      fail(ErrorKind::input, "column '{}' is of type codes, and {} has none that are read", specs[c].name, layout.name);
    }
    read_column(folder, layout, places, by_visit, specs[c], table.column(c), problems);
  }
}

}  // namespace

void read_codes(Folder& folder, const Layout& layout, const Stays& stays, const Window& window, Cohort& cohort,
                MeasurementProblems& problems) {
  read_table(folder, layout, stays.person, window.by_visit, cohort.schema.statics(), cohort.statics, problems);
  if (!window.by_visit) return;
  read_table(folder, layout, places_of_visits(stays), true, cohort.schema.series(), cohort.series, problems);
}

}  // namespace understudy
