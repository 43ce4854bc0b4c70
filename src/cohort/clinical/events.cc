#include "cohort/clinical/events.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "cohort/readers/cells.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr std::size_t kPlacesKept = 5;
constexpr std::size_t kValueShown = 40;

// An item of a source, and what becomes of its values.
struct ItemUse {
  std::string item;
  std::size_t column = 0;
  std::string unit;  // of every value; empty: the row says
  std::unordered_map<std::string, std::optional<UnitConversion>> conversions = {};  // by the row's text
};

std::vector<ItemUse> uses_of(std::string_view table, std::string_view format, const std::vector<MeasuredColumn>& columns) {
  std::vector<ItemUse> uses;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].variable == nullptr) {
      uses.push_back({columns[c].spec.name, c, ""});
      continue;
    }
    for (const ConceptItem& item : columns[c].variable->items_of(format)) {
      if (item.table == table || item.table.empty()) uses.push_back({item.item, c, item.unit});
    }
  }
  return uses;
}

// Where no concept says more, a column's values are in its own unit.
std::optional<UnitConversion> own_unit(const ColumnSpec& spec, const std::string& unit) {
  const bool same = unit.empty() || spec.unit.empty() || normalised_unit(unit) == normalised_unit(spec.unit);
  return same ? std::optional(UnitConversion{}) : std::nullopt;
}

// Takes the rows of one source.
class Sink {
 public:
  Sink(std::string file, EventSource::Owner owner, std::vector<ItemUse> uses, std::int64_t first_item, const Stays& stays, const Window& window,
       const std::vector<MeasuredColumn>& columns, Measured& series, Measured& statics, MeasurementProblems& problems)
      : file_(std::move(file)), owner_(owner), uses_(std::move(uses)), first_item_(first_item), stays_(stays), window_(window),
        columns_(columns), series_(series), statics_(statics), problems_(problems) {
    for (const MeasuredColumn& column : columns) outside_.push_back(outside_words(column.spec));
  }

  // Columns of `result`: row of `chosen`, minute, item's place in `uses`, number, text, unit.
  void take(const Result& result) {
    const auto* stay = result.values<std::int64_t>(0);
    const auto* item = result.values<std::int32_t>(2);
    for (std::int64_t row = 0; row < result.rows(); ++row) {
      if (!result.valid(2, row)) {
        ++unnamed_;
      } else if (!result.valid(0, row)) {
        ++without_stay_;
      } else {
        take_row(result, row, static_cast<std::size_t>(stay[row]), uses_[static_cast<std::size_t>(item[row])], item[row]);
      }
    }
    rows_ += result.rows();
  }

  std::int64_t finish() {
    problems_.leave_out(file_, "of no variable of the schema", unnamed_);
    problems_.leave_out(file_, "of no stay that counts", without_stay_);
    problems_.leave_out(file_, "outside the window of the stay", outside_window_);
    problems_.leave_out(file_, "without a value", empty_);
    return rows_;
  }

 private:
  void take_row(const Result& result, std::int64_t row, std::size_t stay, ItemUse& use, std::int32_t item) {
    const MeasuredColumn& column = columns_[use.column];
    const std::int64_t person = stays_.person[stay];
    const std::int64_t visit = window_.by_visit ? stays_.visit[stay] : -1;
    const std::int64_t minute = result.valid(1, row) ? result.values<std::int64_t>(1)[row] : kNoMinute;
    const auto wrong = [&](const std::string& what, std::string value) {
      problems_.add(file_, column.spec.name, what, {person, visit, minute, std::move(value)});
    };
    if (minute == kNoMinute) return wrong("without a time that can be read", "");
    const bool before = stays_.earliest[stay] != kNoMinute && minute < stays_.earliest[stay];
    if (before && owner_ == EventSource::Owner::stay) return wrong("before the admission", "");
    if (stays_.latest[stay] != kNoMinute && minute > stays_.latest[stay]) return wrong("after the death", "");
    if (before || !in_window(stay, minute)) {
      ++outside_window_;
      return;
    }
    const auto value = value_of(result, row, use, column, wrong);
    if (!value) return;
    const std::int64_t before_visit = window_.by_visit ? visit * window_.step : 0;
    (column.is_static ? statics_ : series_)
        .add({.person = person, .minute = before_visit + (column.is_static ? minute - window_.first : minute),
              .column = static_cast<std::int64_t>(use.column), .item = first_item_ + item, .value = *value});
  }

  bool in_window(std::size_t stay, std::int64_t minute) const {
    const bool after = stays_.stop[stay] != kNoMinute && minute > stays_.stop[stay];
    return minute >= window_.first && minute <= window_.last && !after;
  }

  template <class Wrong>
  std::optional<double> value_of(const Result& result, std::int64_t row, ItemUse& use, const MeasuredColumn& column,
                                 const Wrong& wrong) {
    if (is_categorical(column.spec.type)) return category_of(result, row, column, wrong);
    if (!result.valid(3, row)) {
      const std::string_view text = result.valid(4, row) ? result.text(4, row) : std::string_view{};
      if (text.empty()) {
        ++empty_;
      } else {
        wrong("not a number", std::string(text));
      }
      return std::nullopt;
    }
    const double number = result.values<double>(3)[row];
    const auto& conversion = conversion_of(result, row, use, column);
    if (!conversion) {
      wrong(fmt::format("in a unit that {} is not known in", use.item), fmt::format("{} {}", number, result.text(5, row)));
      return std::nullopt;
    }
    const double value = conversion->factor * number + conversion->offset;
    const bool inside = (!column.spec.minimum || value >= *column.spec.minimum) &&
                        (!column.spec.maximum || value <= *column.spec.maximum) && std::isfinite(value);
    if (inside) return value;
    wrong(outside_[use.column], fmt::format("{:.6g}", value));
    return std::nullopt;
  }

  // A number names the category by its place, a text by itself.
  template <class Wrong>
  std::optional<double> category_of(const Result& result, std::int64_t row, const MeasuredColumn& column, const Wrong& wrong) {
    const auto& categories = column.spec.categories;
    const std::string text = result.valid(4, row) ? std::string(result.text(4, row)) : std::string();
    const auto found = std::find(categories.begin(), categories.end(), text);
    if (found != categories.end()) return static_cast<double>(found - categories.begin());
    if (result.valid(3, row)) {
      const double number = result.values<double>(3)[row];
      if (number >= 0 && number < static_cast<double>(categories.size()) && number == std::floor(number)) return number;
    }
    wrong("not a declared category", text);
    return std::nullopt;
  }

  const std::optional<UnitConversion>& conversion_of(const Result& result, std::int64_t row, ItemUse& use,
                                                     const MeasuredColumn& column) {
    key_.assign(use.unit.empty() && result.valid(5, row) ? result.text(5, row) : std::string_view(use.unit));
    const auto found = use.conversions.find(key_);
    if (found != use.conversions.end()) return found->second;
    const auto known = column.variable == nullptr ? own_unit(column.spec, key_) : column.variable->conversion(key_);
    return use.conversions.emplace(key_, known).first->second;
  }

  const std::string file_;
  const EventSource::Owner owner_;  // a person's measurements before the admission may be of an earlier one
  std::vector<ItemUse> uses_;
  const std::int64_t first_item_;
  const Stays& stays_;
  const Window& window_;
  const std::vector<MeasuredColumn>& columns_;
  Measured& series_;
  Measured& statics_;
  MeasurementProblems& problems_;
  std::vector<std::string> outside_;
  std::string key_;
  std::int64_t rows_ = 0, unnamed_ = 0, without_stay_ = 0, outside_window_ = 0, empty_ = 0;
};

std::string item_values(const std::vector<ItemUse>& uses) {
  std::string values;
  for (std::size_t k = 0; k < uses.size(); ++k) {
    values += fmt::format("{}({}, {})", k == 0 ? "" : ", ", sql_text(uses[k].item), k);
  }
  return values;
}

// The item's own type, so that the join compares numbers where items are numbers.
std::string item_type(Database& database, const EventSource& source) {
  Result result = database.query(fmt::format("SELECT column_type FROM (DESCRIBE {}) WHERE column_name = 'item'", source.sql));
  if (!result.next() || result.rows() != 1) fail(ErrorKind::internal, "the source {} has no column item", source.table);
  return std::string(result.text(0, 0));
}

// Which row of `chosen` a measurement belongs to. A person's belongs to the visit that it falls into.
std::string owner_of(EventSource::Owner owner, bool by_visit) {
  if (owner == EventSource::Owner::stay) return "c.stay = e.stay";
  return by_visit ? std::string(kMeasuredInVisit) : "c.subject = e.subject";
}

std::string events_query(Database& database, const EventSource& source, const std::vector<ItemUse>& uses, bool by_visit) {
  return fmt::format(
      "SELECT c.row, {}, i.use, CAST(e.number AS DOUBLE), "
      "CASE WHEN e.number IS NULL THEN CAST(e.text AS VARCHAR) END, CAST(e.unit AS VARCHAR) FROM ({}) e "
      "LEFT JOIN chosen c ON {} "
      "LEFT JOIN (SELECT CAST(item AS {}) AS item, CAST(use AS INTEGER) AS use FROM (VALUES {}) AS v(item, use)) i "
      "ON i.item = e.item",
      since_start("e.at", "c.start"), source.sql, owner_of(source.owner, by_visit), item_type(database, source), item_values(uses));
}

}  // namespace

void MeasurementProblems::add(const std::string& file, const std::string& column, const std::string& what,
                              const Place& place) {
  Entry& entry = entries_[{file, column, what}];
  ++entry.count;
  auto& places = entry.places;
  if (places.size() == kPlacesKept && !(place < places.back())) return;
  places.insert(std::upper_bound(places.begin(), places.end(), place), place);
  if (places.size() > kPlacesKept) places.pop_back();
}

void MeasurementProblems::leave_out(const std::string& file, const std::string& what, std::int64_t count) {
  if (count > 0) left_out_[{file, what}] += count;
}

void MeasurementProblems::repeat(const std::string& column, std::int64_t count, std::vector<Place> places) {
  if (count > 0) repeated_[column] = {count, std::move(places)};
}

void MeasurementProblems::settle(const std::vector<std::string>& subjects, const ReadOptions& options,
                                 ReadReport& report) const {
  const auto words = [&](const Place& place) {
    const std::string visit = place.visit < 0 ? "" : fmt::format(", visit {}", place.visit);
    const std::string when = place.minute == kNoMinute ? "" : fmt::format(", minute {}", place.minute);
    const std::string value = place.value.empty() ? "" : fmt::format(": '{}'", place.value.substr(0, kValueShown));
    return fmt::format("person {}{}{}{}", subjects[static_cast<std::size_t>(place.person)], visit, when, value);
  };
  const auto all_words = [&](const Entry& entry) {
    std::vector<std::string> result;
    for (const Place& place : entry.places) result.push_back(words(place));
    return result;
  };
  for (const auto& [key, entry] : entries_) {
    const auto& [file, column, what] = key;
    const std::vector<std::string> places = all_words(entry);
    if (options.bad_cells == BadCells::refuse) {
      fail(ErrorKind::input, "{}: {} measurements of {} are {}, first {}; mend them or read with bad_cells = missing", file,
           entry.count, column, what, places.front());
    }
    report.problems.push_back({file, column, what, entry.count, {}, places});
  }
  for (const auto& [column, entry] : repeated_) {
    const std::vector<std::string> places = all_words(entry);
    if (options.duplicates == Duplicates::refuse) {
      fail(ErrorKind::input, "{} measurements of {} stand there twice (same item, minute and value), first {}; remove them or "
           "read with duplicates = first", entry.count, column, places.front());
    }
    report.problems.push_back({"", column, "a repeated measurement", entry.count, {}, places});
  }
  for (const auto& [key, count] : left_out_) report.left_out.push_back({key.first, key.second, count});
}

std::int64_t item_count(const Layout& layout, const std::vector<MeasuredColumn>& columns) {
  std::size_t count = 0;
  for (const EventSource& source : layout.events) count += uses_of(source.table, layout.name, columns).size();
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(count));
}

std::int64_t read_events(Folder& folder, const Layout& layout, const Stays& stays, const Window& window,
                         const std::vector<MeasuredColumn>& columns, const Context& context, Measured& series,
                         Measured& statics, MeasurementProblems& problems) {
  std::int64_t rows = 0, first_item = 0;
  for (const EventSource& source : layout.events) {
    std::vector<ItemUse> uses = uses_of(source.table, layout.name, columns);
    if (uses.empty() || folder.file(source.table).empty()) continue;
    const std::string sql = events_query(folder.database(), source, uses, window.by_visit);
    const auto items = static_cast<std::int64_t>(uses.size());
    Sink sink(folder.file(source.table), source.owner, std::move(uses), first_item, stays, window, columns, series, statics, problems);
    Result result = folder.database().query(sql, Database::streaming);
    while (result.next()) {
      context.check_cancelled();
      sink.take(result);
      context.report({.stage = "reading", .unit = "values", .done = series.size(), .total = 0});
    }
    rows += sink.finish();
    first_item += items;
  }
  return rows;
}

}  // namespace understudy
