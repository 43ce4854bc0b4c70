#include "encode/event_tokens.h"

#include <algorithm>
#include <cmath>

#include "understudy/error.h"

namespace understudy {

EventTokens::EventTokens(const Schema& schema, std::vector<Marginal> marginals, Marginal gap, int bins)
    : specs_(schema.series()), time_(schema.time_spec), marginals_(std::move(marginals)), gap_(std::move(gap)) {
  if (schema.time.empty()) fail(ErrorKind::usage, "event tokens need a time column; the schema has none");
  if (bins < 1) fail(ErrorKind::usage, "bins is {}; it must be at least 1", bins);
  gap_words_ = numeric_words(gap_, bins, kEnd + 1);
  std::int32_t next = gap_words_.first + gap_words_.count;
  for (std::size_t c = 0; c < specs_.size(); ++c) {
    Words words{.first = next};
    if (is_categorical(specs_[c].type)) {
      words.count = static_cast<std::int32_t>(specs_[c].categories.size());
      words.categorical = true;
    } else if (is_numeric(specs_[c].type)) {
      words = numeric_words(marginals_[c], bins, next);
    }
    next += words.count;
    words_.push_back(std::move(words));
  }
  size_ = next;
}

EventTokens::Words EventTokens::numeric_words(const Marginal& marginal, int bins, std::int32_t first) {
  Words words{.first = first};
  const double most = 1.0 / bins;
  double in_bin = 0, below = 0;
  const auto close = [&] {
    if (in_bin == 0) return;
    words.ends.push_back(below);
    in_bin = 0;
  };
  for (const double mass : marginal.mass) {
    if (in_bin + mass > most * (1 + 1e-9)) close();
    words.bin_of_part.push_back(static_cast<std::int32_t>(words.ends.size()));
    in_bin += mass;
    below += mass;
  }
  close();
  if (words.ends.empty()) words.ends.push_back(1);
  const auto last = static_cast<std::int32_t>(words.ends.size()) - 1;
  for (std::int32_t& bin : words.bin_of_part) bin = std::min(bin, last);
  words.count = last + 1;
  return words;
}

std::string EventTokens::word(std::int32_t token) const {
  if (token == kEnd) return "end";
  const auto in = [&](const Words& words) { return token >= words.first && token < words.first + words.count; };
  if (in(gap_words_)) return fmt::format("gap bin {} of {}", token - gap_words_.first, gap_words_.count);
  for (std::size_t c = 0; c < words_.size(); ++c) {
    if (!in(words_[c])) continue;
    const auto place = static_cast<std::size_t>(token - words_[c].first);
    if (words_[c].categorical) return fmt::format("{} = {}", specs_[c].name, specs_[c].categories[place]);
    return fmt::format("{} bin {} of {}", specs_[c].name, place, words_[c].count);
  }
  fail(ErrorKind::input, "token {} is none of {}", token, size_);
}

std::int32_t EventTokens::token_of(const Words& words, const Marginal& marginal, double value) const {
  if (words.categorical) return words.first + static_cast<std::int32_t>(value);
  return words.first + (words.bin_of_part.empty() ? 0 : words.bin_of_part[marginal.part(value)]);
}

double EventTokens::value_of(const Words& words, const Marginal& marginal, std::int32_t token, Rng& rng) const {
  const std::int32_t place = token - words.first;
  if (words.categorical) return place;
  const auto bin = static_cast<std::size_t>(place);
  const double low = bin == 0 ? 0 : words.ends[bin - 1];
  return marginal.quantile(low + rng.uniform() * (words.ends[bin] - low));
}

std::vector<std::int32_t> EventTokens::encode(const Cohort& cohort, std::int64_t subject, double origin) const {
  std::vector<std::int32_t> tokens;
  const auto s = static_cast<std::size_t>(subject);
  double before = origin;
  for (std::int64_t row = cohort.offsets[s]; row < cohort.offsets[s + 1]; ++row) {
    const double time = cohort.times.number(row);
    tokens.push_back(token_of(gap_words_, gap_, time - before));
    before = time;
    for (std::size_t c = 0; c < specs_.size(); ++c) {
      const Column& column = cohort.series.column(c);
      if (words_[c].count > 0 && column.is_valid(row)) {
        tokens.push_back(token_of(words_[c], marginals_[c], column.number(row)));
      }
    }
  }
  tokens.push_back(kEnd);
  return tokens;
}

void EventTokens::decode(std::span<const std::int32_t> tokens, double origin, Column& times, Table& series, Rng& rng) const {
  double time = origin;
  bool open = false;
  const auto start_row = [&] {
    series.resize(series.rows() + 1);
    times.resize(series.rows());
    times.set_number(series.rows() - 1, time);
    open = true;
  };
  for (const std::int32_t token : tokens) {
    if (token == kEnd) return;
    if (token < 0 || token >= size_) fail(ErrorKind::input, "token {} is none of {}", token, size_);
    if (token < gap_words_.first + gap_words_.count) {
      time += value_of(gap_words_, gap_, token, rng);
      start_row();
      continue;
    }
    if (!open) start_row();
    const auto after = std::upper_bound(words_.begin(), words_.end(), token,
                                        [](std::int32_t t, const Words& words) { return t < words.first; });
    auto c = static_cast<std::size_t>(after - words_.begin()) - 1;
    while (words_[c].count == 0) --c;  // columns without tokens begin where the next one does
    series.column(c).set_number(series.rows() - 1, value_of(words_[c], marginals_[c], token, rng));
  }
}

}  // namespace understudy
