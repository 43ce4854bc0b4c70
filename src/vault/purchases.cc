#include "vault/purchases.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "vault/cell_noise.h"

namespace understudy {
namespace {

constexpr double kMargin = 1 - 1e-9;                  // for the rounding of noise to fractions
constexpr std::int64_t kMostCells = std::int64_t{1} << 20;
constexpr std::int64_t kMostKeys = 8;                 // categories of one subject that count
constexpr int kLookups = 3;                           // mechanisms of a number
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

PowerBins bins_of(ColumnType type) {
  if (type == ColumnType::real) return {-20, 40};
  return {0, type == ColumnType::datetime ? 53 : 40};
}

// A public interval that holds the bought power of two, and 0; 0 alone where too few people have a value.
struct Interval {
  double low, high;
  double cell() const { return (high - low) / static_cast<double>(kMostCells - 1); }
  std::int64_t cell_of(double x) const {
    if (!(high > low)) return 0;
    return std::clamp<std::int64_t>(std::llround((x - low) / cell()), 0, kMostCells - 1);
  }
};

Interval interval_of(const std::optional<Bounds>& bought) {
  if (!bought) return {0, 0};
  return {std::min(0.0, bought->low), std::max(0.0, bought->high)};
}

// Calls say(x) for each number that the subject has in the column.
template <class F>
void each_value(const Subject& subject, std::size_t place, bool is_series, std::int64_t most_rows, const F& say) {
  if (!is_series) {
    if (const auto x = subject.fixed(place)) say(*x);
    return;
  }
  for (std::int64_t row = 0; row < std::min(subject.rows(), most_rows); ++row) {
    if (const auto x = subject.value(place, row)) say(*x);
  }
}

}  // namespace

SchemaPurchase::SchemaPurchase(const Schema& schema, double mu, double delta) : schema_(schema) {
  std::size_t statics = 0, series = 0, keys = 0;
  for (std::size_t c = 0; c < schema.columns.size(); ++c) {
    const ColumnSpec& column = schema.columns[c];
    if (!column.is_public) check_codes(column);
    const bool is_series = schema.has_series() && !column.is_static;
    const std::size_t place = is_series ? series++ : statics++;
    const bool known = column.is_public && (!is_numeric(column.type) || (column.minimum && column.maximum));
    if (known || (!is_numeric(column.type) && !is_categorical(column.type))) continue;
    wanted_.push_back({.column = c, .place = place, .is_series = is_series});
    keys += is_categorical(column.type);
  }
  delta_ = delta / static_cast<double>(std::max<std::size_t>(keys, 1));
  if (!empty()) mu_ = share_mu(mu, [this](double one) { return events_at(one); });
}

NoisyBounds SchemaPurchase::power(const Wanted& wanted, double mu) const {
  return {.what = "size of " + spec(wanted).name, .bins = bins_of(spec(wanted).type),
          .scale = ratio_above(1 / pure_epsilon(mu / std::sqrt(kLookups)))};
}

NoisyQuantile SchemaPurchase::end(const Wanted& wanted, bool upper, double mu) const {
  return {.what = (upper ? "upper end of " : "lower end of ") + spec(wanted).name, .cells = kMostCells,
          .share = {upper ? 199u : 1u, 200}, .epsilon = ratio_above(kMargin * 2 * pure_epsilon(mu / std::sqrt(kLookups)))};
}

NoisyKeys SchemaPurchase::categories(const Wanted& wanted, double mu) const {
  const std::int64_t most = wanted.is_series ? kMostKeys : 1;
  return {.what = "categories of " + spec(wanted).name, .most = most,
          .noise = std::sqrt(static_cast<double>(most)) / mu,
          .delta = delta_};
}

std::vector<PrivacyEvent> SchemaPurchase::events() const { return events_at(mu_); }

std::vector<PrivacyEvent> SchemaPurchase::events_at(double mu) const {
  std::vector<PrivacyEvent> events;
  for (const Wanted& wanted : wanted_) {
    if (is_categorical(spec(wanted).type)) {
      events.push_back(categories(wanted, mu).event());
    } else {
      events.insert(events.end(), {power(wanted, mu).event(), end(wanted, false, mu).event(), end(wanted, true, mu).event()});
    }
  }
  return events;
}

Released<ColumnSpec> SchemaPurchase::buy_number(PrivateSession& session, const Wanted& wanted) const {
  const std::int64_t rows = schema_.max_rows.value_or(std::numeric_limits<std::int64_t>::max());
  // The subject's value that comes first under `before`.
  const auto chosen = [&](const Subject& subject, const auto& before) {
    double best = kNone;
    each_value(subject, wanted.place, wanted.is_series, rows, [&](double x) {
      if (std::isnan(best) || before(x, best)) best = x;
    });
    return best;
  };
  const NoisyBounds size = power(wanted, mu_);
  const auto larger = [](double a, double b) { return std::abs(a) > std::abs(b); };
  const auto interval = session.bounds(size, [&](const Subject& s) { return chosen(s, larger); })
                            .then([&](const auto& bought) { return interval_of(bought); });
  const auto ask = [&](bool upper) {
    return session.quantile(end(wanted, upper, mu_), [&](const Subject& subject) -> std::int64_t {
      const double x = upper ? chosen(subject, std::greater<>()) : chosen(subject, std::less<>());
      return std::isnan(x) ? -1 : interval.value().cell_of(x);
    });
  };
  const auto low = ask(false), high = ask(true);
  return interval.then([&](const Interval& within) {
    ColumnSpec column = spec(wanted);
    const double step = column.type != ColumnType::real ? 1 : column.decimals ? std::pow(10.0, -*column.decimals) : 0;
    const auto at = [&](std::int64_t cell) { return within.low + within.cell() * static_cast<double>(cell); };
    const double first = at(std::min(low.value(), high.value())), last = at(std::max(low.value(), high.value()));
    column.minimum = step > 0 ? std::floor(first / step) * step : first;
    column.maximum = step > 0 ? std::ceil(last / step) * step : last;
    return column;
  });
}

Released<ColumnSpec> SchemaPurchase::buy_categories(PrivateSession& session, const Wanted& wanted) const {
  const std::int64_t rows = schema_.max_rows.value_or(std::numeric_limits<std::int64_t>::max());
  const auto& texts = spec(wanted).categories;
  return session.keys(categories(wanted, mu_), [&](const Subject& subject, std::vector<std::string>& mine) {
    each_value(subject, wanted.place, wanted.is_series, rows,
               [&](double x) { mine.push_back(texts[static_cast<std::size_t>(x)]); });
  }).then([&](const std::vector<std::string>& named) {
    ColumnSpec column = spec(wanted);
    column.categories = named.empty() ? std::vector<std::string>{"(none common)"} : named;
    return column;
  });
}

Released<Schema> SchemaPurchase::buy(PrivateSession& session) const {
  std::vector<Released<ColumnSpec>> bought;
  for (const Wanted& wanted : wanted_) {
    bought.push_back(is_categorical(spec(wanted).type) ? buy_categories(session, wanted) : buy_number(session, wanted));
  }
  return Released<ColumnSpec>::all(std::move(bought)).then([&](const std::vector<ColumnSpec>& columns) {
    Schema schema = schema_;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      ColumnSpec& column = schema.columns[wanted_[i].column];
      column = columns[i];
      column.is_public = true;
      column.is_bought = true;
      column.nullable = true;
    }
    return schema;
  });
}

}  // namespace understudy
