#include "understudy/ledger.h"

#include <cmath>

#include "privacy/ledger_file.h"
#include "privacy/ledger_filter.h"
#include "understudy/error.h"

namespace understudy {
namespace {

std::string words(const Limit& limit) {
  return fmt::format("epsilon {} and delta {} for a {} ({})", limit.epsilon, limit.delta, limit.unit,
                     to_string(limit.neighbours));
}

void check(const Limit& limit) {
  if (!(limit.epsilon > 0 && std::isfinite(limit.epsilon))) {
    fail(ErrorKind::usage, "the limit's epsilon is {}; it must be a number above 0", limit.epsilon);
  }
  if (!(limit.delta > 0 && limit.delta < 1)) {
    fail(ErrorKind::usage, "the limit's delta is {}; it must lie between 0 and 1, both excluded", limit.delta);
  }
  if (limit.unit != "person" && limit.unit != "stay" && limit.unit != "row") {
    fail(ErrorKind::usage, "the limit's unit is '{}'; it must be 'person', 'stay' or 'row'", limit.unit);
  }
}

// What may be written without being charged, and by whom nothing is charged.
void check_uncharged(const Event& event) {
  const bool inside = (event.kind == "load" || event.kind == "look") && event.side == "inside" && event.epsilon == 0;
  const bool paid_before = event.kind == "release" && event.side == "outside" && event.epsilon == 0;
  if (!inside && !paid_before && event.kind != "declassify") {
    fail(ErrorKind::internal,
         "an event of kind '{}' on side '{}' cannot be appended: plans are reserved, limits declared", event.kind,
         event.side);
  }
}

bool was_declassified(const std::vector<Event>& events) { return std::isinf(spent(events).mu); }

void refuse_overspending(const Limit& limit, const std::string& purpose, const GaussianCost& cost,
                         const std::vector<Event>& events, const std::string& path) {
  if (fits(limit, spent(events), cost)) return;
  const GaussianCost left = remaining(limit, spent(events));
  fail(ErrorKind::budget,
       "plan '{}' asks for mu {:.6g} and delta {:.3g} (epsilon {:.4g} alone); the ledger '{}' has mu {:.6g} and delta "
       "{:.3g} (epsilon {:.4g}) left of its limit of {}; ask for less epsilon", purpose, cost.mu, cost.delta,
       epsilon_of(limit, cost), path, left.mu, left.delta, epsilon_of(limit, {left.mu, allowed(limit).delta}),
       words(limit));
}

// The limit that plans are charged to.
Limit declared(const std::optional<Limit>& limit, const std::string& purpose, const std::string& path) {
  if (limit) return *limit;
  fail(ErrorKind::budget,
       "the ledger '{}' has no limit, so plan '{}' cannot be charged; declare it once: understudy ledger '{}' "
       "--limit-epsilon E --limit-delta D", path, purpose, path);
}

Limit limit_for(const Plan& plan, const std::optional<Limit>& standing, const std::string& path) {
  const Limit limit = declared(standing, plan.purpose, path);
  if (plan.unit != limit.unit) {
    fail(ErrorKind::budget, "plan '{}' protects a {}; the ledger '{}' has a limit for a {}, and accepts no other plan",
         plan.purpose, plan.unit, path, limit.unit);
  }
  return limit;
}

Event plan_event(const Limit& limit, Plan plan, const std::string& part, const GaussianCost& cost) {
  return {.kind = "plan", .part = part, .purpose = plan.purpose, .side = "outside", .epsilon = epsilon_of(limit, cost),
          .delta = limit.delta, .plan = std::move(plan), .cost = cost};
}

// The plan on the line of this id; null when there is none.
const Event* plan_of(const LedgerLines& lines, const std::string& id) {
  for (std::size_t i = 0; i < lines.events.size(); ++i) {
    if (lines.chains[i + 1] == id && lines.events[i].plan) return &lines.events[i];
  }
  return nullptr;
}

std::string result_of(const std::string& id) { return "plan " + id; }

// The result of a plan that has left, as `finish` lists it.
std::optional<std::string> finished(const std::vector<Event>& events, const std::string& id) {
  for (const Event& event : events) {
    if (event.kind == "finish" && event.purpose.starts_with(result_of(id) + " ")) return event.purpose;
  }
  return std::nullopt;
}

}  // namespace

Ledger::Ledger(std::string path, std::function<std::string()> clock)
    : path_(std::move(path)), clock_(std::move(clock)) {
  read_ledger(path_);
}

void Ledger::append(Event event) {
  check_uncharged(event);
  LockedLedger file(path_);
  if (event.kind == "declassify") {
    event.epsilon = std::numeric_limits<double>::infinity();
    if (const auto limit = limit_of(file.lines().events)) {
      fail(ErrorKind::budget,
           "the ledger '{}' has a limit of {}, so nothing may leave that was not paid for; train with --epsilon, or "
           "keep the result inside", path_, words(*limit));
    }
  }
  if (clock_) event.when = clock_();
  file.append(event);
}

void Ledger::declare(const Limit& limit) {
  check(limit);
  LockedLedger file(path_);
  const auto standing = limit_of(file.lines().events);
  if (standing == limit) return;
  if (standing) {
    fail(ErrorKind::budget, "the ledger '{}' has a limit of {} already; it stands for ever, and {} cannot replace it",
         path_, words(*standing), words(limit));
  }
  if (was_declassified(file.lines().events)) {
    fail(ErrorKind::budget, "the ledger '{}' lists a declassification, so no limit of {} can hold any more", path_,
         words(limit));
  }
  Event event{.kind = "limit", .part = "all", .purpose = "declare the limit", .side = "inside", .limit = limit};
  if (clock_) event.when = clock_();
  file.append(event);
}

std::optional<Limit> Ledger::limit() const { return limit_of(events()); }

Reservation Ledger::reserve(const Plan& plan, const std::string& part) {
  plan.validate();
  const Limit limit = limit_for(plan, this->limit(), path_);
  Plan converted = convert(plan, limit.neighbours);
  const GaussianCost cost = gaussian_cost(converted, plan_slack(limit));  // may take seconds, so before the lock
  LockedLedger file(path_);
  if (limit_of(file.lines().events) != limit) {
    fail(ErrorKind::budget, "the ledger '{}' was replaced by another while plan '{}' was weighed; try again", path_,
         plan.purpose);
  }
  refuse_overspending(limit, plan.purpose, cost, file.lines().events, path_);
  Event event = plan_event(limit, std::move(converted), part, cost);
  if (clock_) event.when = clock_();
  return {.id = file.append(event), .cost = cost};
}

void Ledger::check_room(const std::string& purpose, const GaussianCost& cost) const {
  const auto listed = events();
  refuse_overspending(declared(limit_of(listed), purpose, path_), purpose, cost, listed, path_);
}

Reservation Ledger::resume(const Plan& plan, const std::string& part, const std::string& id) {
  LockedLedger file(path_);
  const auto limit = limit_of(file.lines().events);
  const Event* const line = plan_of(file.lines(), id);
  if (!limit || line == nullptr || line->part != part || to_json(*line->plan) != to_json(convert(plan, limit->neighbours))) {
    fail(ErrorKind::input,
         "the ledger '{}' has no plan '{}' that this training reserved; remove its checkpoint and pay for a new one", path_,
         plan.purpose);
  }
  Event event{.kind = "resume", .part = part, .purpose = result_of(id), .side = "inside"};
  if (clock_) event.when = clock_();
  const Reservation reservation{.id = id, .cost = line->cost, .finished = finished(file.lines().events, id).has_value()};
  file.append(event);
  return reservation;
}

void Ledger::finish(const std::string& part, const std::string& id, const std::string& digest) {
  LockedLedger file(path_);
  const std::string purpose = result_of(id) + " " + digest;
  if (const auto before = finished(file.lines().events, id)) {
    if (*before == purpose) return;
    fail(ErrorKind::budget, "the ledger '{}' lists another result of this plan, and a plan pays for one; train anew", path_);
  }
  Event event{.kind = "finish", .part = part, .purpose = purpose, .side = "outside"};
  if (clock_) event.when = clock_();
  file.append(event);
}

std::vector<Event> Ledger::events() const { return read_ledger(path_).events; }

LedgerHead Ledger::head() const {
  const auto chains = read_ledger(path_).chains;
  return {.length = static_cast<std::int64_t>(chains.size()), .hash = chains.empty() ? "" : chains.back()};
}

bool Ledger::extends(const LedgerHead& head) const {
  if (head.length == 0) return head.hash.empty();
  const auto chains = read_ledger(path_).chains;
  return head.length > 0 && static_cast<std::size_t>(head.length) <= chains.size() &&
         chains[static_cast<std::size_t>(head.length - 1)] == head.hash;
}

}  // namespace understudy
