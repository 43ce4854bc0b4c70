#include "cohort/readers/column_sketch.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "cohort/catalogue.h"
#include "cohort/readers/cell_text.h"
#include "cohort/readers/part.h"

namespace understudy {
namespace {

constexpr std::size_t kMostCategories = 50;
constexpr std::int64_t kFewRows = 20;  // below, "all different" says nothing
constexpr int kMostDecimals = 6;       // more digits are noise of the arithmetic that made them

bool is_one_of(const std::set<std::string, std::less<>>& values, std::initializer_list<std::string_view> words) {
  return std::all_of(values.begin(), values.end(), [&](const std::string& value) {
    return std::find(words.begin(), words.end(), value) != words.end();
  });
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

void ColumnSketch::add(std::string_view text, std::int32_t subject) {
  ++count_;
  add_number(text);
  add_distinct(text);
  blanks_ = blanks_ || text.find_first_of(" \t\n") != std::string_view::npos;
  const bool digit = text[0] >= '0' && text[0] <= '9';
  time_like_ = time_like_ && digit && text.find_first_of("-/:.", 1) != std::string_view::npos && text.size() >= 6;
  if (subject < 0) return;
  const auto at = static_cast<std::size_t>(subject);
  if (by_subject_.size() <= at) by_subject_.resize(at + 1, 0);
  const std::uint64_t hash = std::hash<std::string_view>{}(text) | 1U;  // 0: no value yet
  if (by_subject_[at] == 0) {
    by_subject_[at] = hash;
  } else {
    repeats_ = true;
    varies_ = varies_ || by_subject_[at] != hash;
  }
}

void ColumnSketch::add_number(std::string_view text) {
  if (!reals_) return;
  const auto value = parse_real(text, decimal_comma_);
  reals_ = value.has_value();
  if (!reals_) {
    integers_ = false;
    return;
  }
  if (!std::isfinite(*value)) return;  // a bad cell of a column of numbers
  minimum_ = std::min(minimum_, *value);
  maximum_ = std::max(maximum_, *value);
  integers_ = integers_ && parse_integer(text, decimal_comma_).has_value();
  leading_zeros_ =
      leading_zeros_ || (text.size() > 1 && text[0] == '0' && std::isdigit(static_cast<unsigned char>(text[1])));
  const auto point = text.find(decimal_comma_ ? ',' : '.');
  if (point == std::string_view::npos) return;
  const bool exponent = text.find_first_of("eE") != std::string_view::npos;
  decimals_ = std::max(decimals_, exponent ? kMostDecimals + 1 : static_cast<int>(text.size() - point - 1));
}

void ColumnSketch::add_distinct(std::string_view text) {
  if (all_different_ && !hashes_.insert(std::hash<std::string_view>{}(text)).second) {
    all_different_ = false;
    hashes_.clear();
  }
  if (many_values_ || values_.find(text) != values_.end()) return;
  if (values_.size() < kMostCategories) {
    values_.emplace(text);
  } else {
    many_values_ = true;
  }
}

bool ColumnSketch::is_named_id() const {
  const std::string name = lower(name_);
  const bool camel = name_.ends_with("Id") || name_.ends_with("ID");
  return name == "id" || name.ends_with("_id") || name == "uuid" || name == "key" || name.ends_with("_key") || camel;
}

bool ColumnSketch::may_be_time() const { return count_ > 0 && time_like_ && !reals_; }
bool ColumnSketch::is_constant_by_subject() const {
  return repeats_ && !varies_ && (many_values_ || values_.size() > 1);
}
bool ColumnSketch::repeats_id() const { return is_named_id() && !all_different_; }

bool ColumnSketch::is_id_like() const {
  if (is_named_id() && (integers_ || !reals_)) return all_different_ || many_values_;
  return all_different_ && count_ >= kFewRows && !blanks_ && (!reals_ || leading_zeros_);
}

bool ColumnSketch::is_boolean() const {
  if (many_values_ || values_.size() != 2) return false;
  return is_one_of(values_, {"0", "1"}) || is_one_of(values_, {"false", "true"}) ||
         is_one_of(values_, {"False", "True"}) || is_one_of(values_, {"FALSE", "TRUE"}) ||
         is_one_of(values_, {"no", "yes"}) || is_one_of(values_, {"No", "Yes"});
}

bool ColumnSketch::is_category() const {
  if (many_values_) return false;
  return static_cast<std::int64_t>(values_.size()) * 2 <= count_ || count_ < kFewRows;
}

ColumnSpec ColumnSketch::draft() const {
  ColumnSpec spec;
  spec.name = name_;
  spec.is_public = false;
  spec.is_static = is_constant_by_subject();
  if (count_ == 0) {
    spec.type = ColumnType::text;
    spec.description = "no value in the data";
    spec.is_public = true;
  } else if (is_boolean()) {
    spec.type = ColumnType::boolean;
    spec.categories.assign(values_.begin(), values_.end());
  } else if (is_id_like()) {
    spec.type = ColumnType::id;
    spec.is_public = true;  // nothing of the values is kept
  } else if (reals_ && minimum_ <= maximum_) {
    spec.type = integers_ ? ColumnType::integer : ColumnType::real;
    if (!integers_ && decimals_ <= kMostDecimals) spec.decimals = decimals_;
    spec.minimum = minimum_;
    spec.maximum = maximum_;
    const CatalogueEntry* entry = match_catalogue(name_);
    if (entry != nullptr && minimum_ >= entry->minimum && maximum_ <= entry->maximum) {
      spec.catalogue = entry->name;
      spec.unit = entry->unit;
      spec.minimum = entry->minimum;
      spec.maximum = entry->maximum;
      spec.is_public = true;
    }
  } else if (is_category()) {
    spec.type = ColumnType::category;
    spec.categories.assign(values_.begin(), values_.end());
    std::sort(spec.categories.begin(), spec.categories.end(), subject_before);
  } else {
    spec.type = ColumnType::text;
    spec.is_public = true;
  }
  return spec;
}

}  // namespace understudy
