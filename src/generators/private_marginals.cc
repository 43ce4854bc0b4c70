#include "generators/private_marginals.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "understudy/error.h"
#include "vault/cell_noise.h"

namespace understudy {
namespace {

constexpr std::int64_t kCoarseParts = 64;
constexpr double kCoarseShare = 0.2;   // of a number's mu^2
constexpr double kPeopleShare = 0.1;   // of codes' mu^2
constexpr double kMissingShare = 0.1;  // of the mu^2 of a series column that may lack values
constexpr double kPartInNoise = 3;     // what a fine part should hold, in standard deviations of its noise
constexpr double kMargin = 1 - 1e-9;   // for the rounding of noise to fractions
constexpr double kMinute = 60e6;       // of datetimes

ColumnGrid public_grid(const ColumnSpec& spec) {
  ColumnGrid grid;
  grid.step = step_of(spec);
  grid.low = grid.step > 0 ? grid_above(spec.minimum.value(), grid.step) : spec.minimum.value();
  const double high = grid.step > 0 ? grid_below(spec.maximum.value(), grid.step) : spec.maximum.value();
  grid.cell = grid.step > 0 ? grid.step : std::max((high - grid.low) / kContinuousCells, 1e-300);
  grid.cells = 1 + static_cast<std::int64_t>(std::max(std::round((high - grid.low) / grid.cell), 0.0));
  return grid;
}

bool is_asked(const ColumnSpec& spec) {
  return is_numeric(spec.type) || is_categorical(spec.type) || is_set(spec.type);
}

// Whether the column takes two histograms.
bool is_asked_twice(const ColumnSpec& spec) { return is_numeric(spec.type) || is_set(spec.type); }

// Codes of a cell that can count.
std::int64_t most_codes(const ColumnSpec& spec) {
  return std::min(spec.max_codes.value(), static_cast<std::int64_t>(spec.categories.size()));
}

// First cells of equal parts, a power of two cells wide.
std::vector<std::int64_t> coarse_starts(const ColumnGrid& grid) {
  const auto width = std::max<std::int64_t>(
      static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(grid.cells))) / kCoarseParts, 1);
  std::vector<std::int64_t> starts;
  for (std::int64_t start = 0; start < grid.cells; start += width) starts.push_back(start);
  return starts;
}

// Parts for the fine histogram: heavy coarse parts are halved while each half should hold `least`, light ones joined.
std::vector<std::int64_t> fine_starts(const ColumnGrid& grid, const std::vector<std::int64_t>& coarse,
                                      const std::vector<double>& held, double least,
                                      const std::vector<std::int64_t>& atoms) {
  std::vector<std::int64_t> starts = {0};
  double joined = 0;
  for (std::size_t i = 0; i < coarse.size(); ++i) {
    const std::int64_t end = i + 1 < coarse.size() ? coarse[i + 1] : grid.cells;
    std::int64_t parts = 1;
    while (parts * 2 <= end - coarse[i] && held[i] / static_cast<double>(parts * 2) >= least) parts *= 2;
    if (parts == 1 && joined + held[i] < least) {
      joined += std::max(held[i], 0.0);
      continue;
    }
    if (parts > 1) starts.push_back(coarse[i]);
    const std::int64_t width = (end - coarse[i] + parts - 1) / parts;
    for (std::int64_t start = coarse[i] + width; start < end; start += width) starts.push_back(start);
    starts.push_back(end);
    joined = 0;
  }
  for (const std::int64_t atom : atoms) starts.insert(starts.end(), {atom, atom + 1});
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  while (starts.back() >= grid.cells) starts.pop_back();
  return starts;
}

std::int64_t part_of(const std::vector<std::int64_t>& starts, std::int64_t cell) {
  return std::upper_bound(starts.begin(), starts.end(), cell) - starts.begin() - 1;
}

std::vector<double> in_subjects(const std::vector<std::int64_t>& units) {
  std::vector<double> result;
  for (const std::int64_t u : units) result.push_back(static_cast<double>(u) / static_cast<double>(kSubjectUnits));
  return result;
}

// Parts (the last count is that of missing values where there is one) as a distribution.
void fill_shares(std::vector<double> counts, bool missing_cell, Marginal& marginal) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  counts = project_to_simplex(std::move(counts), std::max(total, 1.0));
  const double sum = std::accumulate(counts.begin(), counts.end(), 0.0);
  marginal.missing = missing_cell ? counts.back() / sum : 0;
  if (missing_cell) counts.pop_back();
  const double present = std::accumulate(counts.begin(), counts.end(), 0.0);
  const double even = 1 / static_cast<double>(counts.size());
  for (const double count : counts) marginal.mass.push_back(present > 0 ? count / present : even);
}

Marginal number_marginal(const ColumnSpec& spec, const ColumnGrid& grid, const std::vector<std::int64_t>& starts,
                         std::vector<double> counts, bool missing_cell) {
  Marginal marginal;
  marginal.type = spec.type;
  marginal.step = grid.step;
  marginal.cell = grid.cell;
  for (const std::int64_t start : starts) marginal.edges.push_back(grid.edge(start));
  marginal.edges.push_back(grid.edge(grid.cells));
  fill_shares(std::move(counts), missing_cell, marginal);
  marginal.prepare();
  return marginal;
}

Marginal category_marginal(const ColumnSpec& spec, std::vector<double> counts, bool missing_cell) {
  Marginal marginal;
  marginal.type = spec.type;
  marginal.step = 1;
  for (std::size_t i = 0; i <= spec.categories.size(); ++i) marginal.edges.push_back(static_cast<double>(i));
  fill_shares(std::move(counts), missing_cell, marginal);
  marginal.prepare();
  return marginal;
}

Marginal codes_marginal(const ColumnSpec& spec, double people, std::vector<double> counts) {
  Marginal marginal;
  marginal.type = spec.type;
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (total <= 0) counts.assign(counts.size(), 0);
  if (total > 0) counts = project_to_simplex(std::move(counts), total);
  for (const double count : counts) marginal.shares.push_back(std::min(count / std::max(people, 1.0), 1.0));
  return marginal;
}

// A number that the timeline asks for: never missing.
ColumnSpec timeline_spec(std::string name, ColumnType type, double largest) {
  ColumnSpec spec;
  spec.name = std::move(name);
  spec.type = type;
  spec.minimum = 0;
  spec.maximum = largest;
  spec.nullable = false;
  return spec;
}

// Public interval, step and steps of note of the time between two rows.
struct GapShape {
  double step, largest;
  std::vector<double> notable;
};

GapShape gap_shape(const ColumnSpec& time) {
  if (time.type == ColumnType::date) return {1, 366, {1, 7}};
  if (time.type == ColumnType::datetime) {
    const double hour = 60 * kMinute, day = 24 * hour;
    return {kMinute, 31 * day, {kMinute, 5 * kMinute, 15 * kMinute, 30 * kMinute, hour, 6 * hour, 12 * hour, day, 7 * day}};
  }
  const bool bounded = time.minimum && time.maximum && time.is_public;
  return {time.type == ColumnType::integer ? 1.0 : 0.0, bounded ? *time.maximum - *time.minimum : 1000, {1}};
}

}  // namespace

std::vector<double> project_to_simplex(std::vector<double> counts, double total) {
  if (total <= 0) return std::vector<double>(counts.size(), 1.0 / static_cast<double>(counts.size()));
  std::vector<double> sorted = counts;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double sum = 0, shift = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sum += sorted[i];
    const double candidate = (sum - total) / static_cast<double>(i + 1);
    if (sorted[i] > candidate) shift = candidate;
  }
  for (double& count : counts) count = std::max(count - shift, 0.0);
  return counts;
}

PrivateSession::Ballot codes_ballot(std::size_t column, bool is_series, std::int64_t most_rows,
                                    std::int64_t most_codes) {
  const auto vote = [most_codes](const std::vector<std::int32_t>& codes, Votes& votes) {
    const auto count = std::min(codes.size(), static_cast<std::size_t>(most_codes));
    votes.add(std::span(codes).first(count));
  };
  if (!is_series) return [=](const Subject& subject, Votes& votes) { vote(subject.fixed_codes(column), votes); };
  return [=](const Subject& subject, Votes& votes) {
    const std::int64_t rows = std::min(subject.rows(), most_rows);
    for (std::int64_t row = 0; row < rows; ++row) vote(subject.codes(column, row), votes);
  };
}

MarginalPurchase::MarginalPurchase(const Schema& schema, double mu) : schema_(schema) {
  check_public(schema);
  add_columns(schema.statics(), false);
  if (schema.has_series()) {
    add_columns(schema.series(), true);
    add_timeline();
  }
  question_mu_ = kMargin * mu / std::sqrt(static_cast<double>(std::max<std::size_t>(questions_.size(), 1)));
}

void MarginalPurchase::add_columns(const std::vector<ColumnSpec>& specs, bool is_series) {
  for (std::size_t c = 0; c < specs.size(); ++c) {
    if (!is_asked(specs[c])) continue;
    Question question{.what = "shares of " + specs[c].name, .spec = specs[c], .grid = {}, .atoms = {}, .values = {},
                      .ballot = {}, .missing_apart = is_series && specs[c].nullable && !is_set(specs[c].type)};
    if (is_numeric(specs[c].type)) {
      question.grid = public_grid(specs[c]);
      question.atoms = {question.grid.index(0)};
    }
    if (is_set(specs[c].type)) {
      question.ballot = codes_ballot(c, is_series, schema_.max_rows.value_or(1), most_codes(specs[c]));
    } else if (is_series) {
      const std::int64_t most = schema_.max_rows.value();
      question.values = [c, most](const Subject& subject, const auto& say) {
        for (std::int64_t row = 0; row < std::min(subject.rows(), most); ++row) say(subject.value(c, row));
      };
    } else {
      question.values = [c](const Subject& subject, const auto& say) { say(subject.fixed(c)); };
    }
    questions_.push_back(std::move(question));
  }
}

void MarginalPurchase::add_timeline() {
  const std::int64_t most = schema_.max_rows.value();
  const ColumnSpec rows = timeline_spec("rows", ColumnType::integer, static_cast<double>(most));
  questions_.push_back({.what = "rows of a subject", .spec = rows, .grid = public_grid(rows), .atoms = {most},
                        .values = [most](const Subject& subject, const auto& say) {
                          say(static_cast<double>(std::min(subject.rows(), most)));
                        },
                        .ballot = {}, .missing_apart = false});
  if (schema_.time.empty()) return;
  const GapShape shape = gap_shape(schema_.time_spec);
  const ColumnSpec gap = timeline_spec("gap", schema_.time_spec.type, shape.largest);
  ColumnGrid grid = public_grid(gap);
  if (shape.step > 0) {
    grid.step = grid.cell = shape.step;
    grid.cells = 1 + static_cast<std::int64_t>(shape.largest / shape.step);
  }
  Question question{.what = "time between rows", .spec = gap, .grid = grid, .atoms = {}, .values = {}, .ballot = {}, .missing_apart = false};
  for (const double x : shape.notable) question.atoms.push_back(grid.index(x));
  question.values = [most](const Subject& subject, const auto& say) {
    for (std::int64_t row = 1; row < std::min(subject.rows(), most); ++row) say(subject.time(row) - subject.time(row - 1));
  };
  questions_.push_back(std::move(question));
}

NoisyHistogram MarginalPurchase::missing(const Question& question) const {
  return {.what = question.what + ", missing", .cells = 2, .noise = 1 / (question_mu_ * std::sqrt(kMissingShare))};
}

double MarginalPurchase::mu_of_values(const Question& question) const {
  return question.missing_apart ? question_mu_ * std::sqrt(1 - kMissingShare) : question_mu_;
}

NoisyHistogram MarginalPurchase::coarse(const Question& question) const {
  if (is_set(question.spec.type)) {
    return {.what = "people with " + question.spec.name, .cells = 1,
            .noise = 1 / (question_mu_ * std::sqrt(kPeopleShare))};
  }
  const auto parts = static_cast<std::int64_t>(coarse_starts(question.grid).size());
  return {.what = question.what + ", coarse", .cells = parts + (has_missing_cell(question) ? 1 : 0),
          .noise = 1 / (mu_of_values(question) * std::sqrt(kCoarseShare))};
}

NoisyHistogram MarginalPurchase::fine(const Question& question) const {
  const bool numeric = is_numeric(question.spec.type);
  const auto named = static_cast<std::int64_t>(question.spec.categories.size());
  if (is_set(question.spec.type)) {
    const std::int64_t most = most_codes(question.spec);
    return {.what = question.what, .cells = named,
            .noise = std::sqrt(static_cast<double>(most)) / (question_mu_ * std::sqrt(1 - kPeopleShare)), .most = most};
  }
  return {.what = question.what, .cells = named + (has_missing_cell(question) ? 1 : 0),
          .noise = 1 / (mu_of_values(question) * (numeric ? std::sqrt(1 - kCoarseShare) : 1.0))};
}

std::vector<PrivacyEvent> MarginalPurchase::events() const {
  std::vector<PrivacyEvent> events;
  for (const Question& question : questions_) {
    if (question.missing_apart) events.push_back(missing(question).event());
    if (is_asked_twice(question.spec)) events.push_back(coarse(question).event());
    events.push_back(fine(question).event());
  }
  return events;
}

Released<Marginal> MarginalPurchase::ask_codes(PrivateSession& session, const Question& question) const {
  const auto people = session.histogram(coarse(question), [&](const Subject& subject, Votes& votes) {
    Votes cells;
    question.ballot(subject, cells);
    if (!cells.empty()) votes.add(0);
  }).then(in_subjects);
  return session.histogram(fine(question), question.ballot).then([&](const auto& units) {
    return codes_marginal(question.spec, people.value().front(), in_subjects(units));
  });
}

Released<Marginal> MarginalPurchase::ask(PrivateSession& session, const Question& question) const {
  if (is_set(question.spec.type)) return ask_codes(session, question);
  if (!question.missing_apart) return ask_values(session, question);
  const auto share = session.histogram(missing(question), [&](const Subject& subject, Votes& votes) {
    question.values(subject, [&](std::optional<double> x) { votes.add(x ? 0 : 1); });
  }).then(in_subjects).then([](const std::vector<double>& counts) {
    const auto shares = project_to_simplex(counts, std::max(counts[0] + counts[1], 1.0));
    return shares[1] / (shares[0] + shares[1]);
  });
  return ask_values(session, question).then([&](Marginal marginal) {
    marginal.missing = share.value();
    return marginal;
  });
}

Released<Marginal> MarginalPurchase::ask_values(PrivateSession& session, const Question& question) const {
  const bool missing_cell = has_missing_cell(question);
  if (is_categorical(question.spec.type)) {
    const auto named = static_cast<std::int64_t>(question.spec.categories.size());
    return session.histogram(fine(question), [&](const Subject& subject, Votes& votes) {
      question.values(subject, [&](std::optional<double> x) {
        if (x || missing_cell) votes.add(x ? static_cast<std::int64_t>(*x) : named);
      });
    }).then([&](const auto& units) { return category_marginal(question.spec, in_subjects(units), missing_cell); });
  }
  const auto votes_in = [&](const std::vector<std::int64_t>& starts) {
    return [&](const Subject& subject, Votes& votes) {
      question.values(subject, [&](std::optional<double> x) {
        if (x || missing_cell) votes.add(x ? part_of(starts, question.grid.index(*x)) : static_cast<std::int64_t>(starts.size()));
      });
    };
  };
  const auto coarse_cells = coarse_starts(question.grid);
  const auto held = session.histogram(coarse(question), votes_in(coarse_cells)).then(in_subjects);
  NoisyHistogram last = fine(question);
  const auto starts = fine_starts(question.grid, coarse_cells, held.value(), kPartInNoise * last.noise, question.atoms);
  last.cells = static_cast<std::int64_t>(starts.size()) + (missing_cell ? 1 : 0);
  return session.histogram(last, votes_in(starts)).then([&](const auto& units) {
    return number_marginal(question.spec, question.grid, starts, in_subjects(units), missing_cell);
  });
}

Released<PrivateMarginals> MarginalPurchase::buy(PrivateSession& session) const {
  std::vector<Released<Marginal>> answers;
  for (const Question& question : questions_) answers.push_back(ask(session, question));
  return Released<Marginal>::all(std::move(answers)).then([&](const std::vector<Marginal>& bought) {
    PrivateMarginals result;
    std::size_t next = 0;
    const auto take = [&](const std::vector<ColumnSpec>& specs, std::vector<Marginal>& to) {
      for (const ColumnSpec& spec : specs) {
        to.push_back(is_asked(spec) ? bought[next++] : Marginal{});
        to.back().type = spec.type;
      }
    };
    take(schema_.statics(), result.statics);
    if (!schema_.has_series()) return result;
    take(schema_.series(), result.series);
    result.timeline.rows = bought[next++];
    if (schema_.time.empty()) return result;
    result.timeline.gap = bought[next++];
    result.timeline.origin = public_time(schema_.time_spec, 0);
    if (schema_.time_spec.maximum && schema_.time_spec.is_public) result.timeline.end = *schema_.time_spec.maximum;
    return result;
  });
}

}  // namespace understudy
