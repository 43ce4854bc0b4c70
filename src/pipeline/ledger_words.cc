#include "pipeline/ledger_words.h"

#include <cmath>

#include "privacy/ledger_filter.h"
#include "understudy/error.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

// "2026-11-23T09:00:00Z" -> "2026-11-23 09:00 "
std::string time_words(const std::string& when) {
  if (when.size() < 16) return "";
  std::string text = when.substr(0, 16);
  text[10] = ' ';
  return text + " ";
}

// Purposes and reasons are anyone's text: no line breaks, nothing that steers a terminal.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

std::string deed(const Event& event) {
  if (event.limit) return "limit declared: " + limit_words(*event.limit);
  const std::string what = one_line(event.part) + ": " + one_line(event.purpose);
  if (event.kind == "load") return "load of " + what;
  if (event.kind == "plan") return "plan on " + what;
  if (event.kind == "resume") return "training resumed on " + what;
  if (event.kind == "finish") return "result from " + what;
  if (event.kind == "release") return "kept from " + what;
  if (event.kind == "declassify") return "declassified from " + what;
  return "look at " + what;
}

std::string charge(const Event& event) {
  if (event.limit) return "";
  if (event.kind == "declassify") return " (outside, without a guarantee)";
  if (event.kind == "release" || event.kind == "finish") return " (outside, paid for by its plan)";
  if (event.kind != "plan") return fmt::format(" ({}, not charged)", event.side);
  return fmt::format(" ({}, epsilon {:.3g} alone, mu {:.3g})", event.side, event.epsilon, event.cost.mu);
}

std::string odds_words(double epsilon) {
  const double factor = std::exp(epsilon);
  return factor < 1e6 ? fmt::format("{:.3g}", factor) : fmt::format("e^{:.3g}", epsilon);
}

double epsilon_left(const Limit& limit, const GaussianCost& left) {
  return epsilon_of(limit, {.mu = left.mu, .delta = allowed(limit).delta});
}

ordered_json number(double value) { return std::isinf(value) ? ordered_json("infinite") : ordered_json(value); }

ordered_json limit_json(const Limit& limit) {
  return {{"epsilon", limit.epsilon}, {"delta", limit.delta}, {"unit", limit.unit},
          {"neighbours", to_string(limit.neighbours)}};
}

ordered_json cost_json(const GaussianCost& cost, double epsilon) {
  return {{"epsilon", number(epsilon)}, {"odds", number(std::exp(epsilon))}, {"mu", number(cost.mu)},
          {"delta", cost.delta}};
}

ordered_json event_json(const Event& event) {
  ordered_json json = {{"kind", event.kind}, {"part", event.part}, {"purpose", event.purpose}, {"side", event.side},
                       {"epsilon", number(event.epsilon)}, {"delta", event.delta}, {"when", event.when},
                       {"words", event_words(event)}};
  if (event.plan) {
    json["cost"] = {{"mu", event.cost.mu}, {"delta", event.cost.delta}};
    json["plan"] = to_json(*event.plan);
  }
  return json;
}

}  // namespace

std::string limit_words(const Limit& limit) {
  return fmt::format("epsilon {} at delta {} for each {} ({})", limit.epsilon, limit.delta, limit.unit,
                     to_string(limit.neighbours));
}

std::string event_words(const Event& event) { return time_words(event.when) + deed(event) + charge(event); }

std::vector<std::string> budget_words(const std::vector<Event>& events) {
  const GaussianCost cost = spent(events);
  const double epsilon = epsilon_spent(events);
  if (std::isinf(epsilon)) {
    return {"Spent: without bound. Something was declassified, and nothing limits what it tells about a person."};
  }
  const auto limit = limit_of(events);
  if (!limit) return {"Spent: nothing. Nothing has left."};
  const GaussianCost left = remaining(*limit, cost);
  return {fmt::format("Spent: epsilon {:.3g} of {:.3g} (mu {:.3g} of {:.3g}). Who sees all that left can raise or "
                      "lower the odds on a {}'s being in the data by a factor of at most {}, up to delta {:.3g}.",
                      epsilon, limit->epsilon, cost.mu, allowed(*limit).mu, limit->unit, odds_words(epsilon),
                      limit->delta),
          fmt::format("Left: a plan of epsilon {:.3g} (mu {:.3g}). With it the factor will be {}.",
                      epsilon_left(*limit, left), left.mu, odds_words(limit->epsilon))};
}

std::string ledger_words(const Ledger& ledger) {
  const auto events = ledger.events();
  const auto head = ledger.head();
  const auto limit = limit_of(events);
  std::string text = fmt::format("Ledger: {}\nLimit: {}.\n", ledger.path(),
                                 limit ? limit_words(*limit) : "none declared, so nothing can leave with a guarantee");
  text += fmt::format("{} {} (times in UTC)\n", events.size(), events.size() == 1 ? "event" : "events");
  for (const Event& event : events) text += "  " + event_words(event) + "\n";
  for (const std::string& sentence : budget_words(events)) text += sentence + "\n";
  if (head.length == 0) return text + "Head: no file yet; the first look makes it.\n";
  return text + fmt::format("Head: {} lines, {}; the chain of hashes holds.\n", head.length, head.hash);
}

ordered_json ledger_json(const Ledger& ledger) {
  const auto events = ledger.events();
  const auto head = ledger.head();
  const auto limit = limit_of(events);
  const GaussianCost cost = spent(events);
  ordered_json json = {{"format", "understudy-ledger"}, {"version", 1}, {"ledger", ledger.path()},
                       {"limit", limit ? limit_json(*limit) : ordered_json(nullptr)}, {"events", ordered_json::array()},
                       {"spent", cost_json(cost, epsilon_spent(events))}, {"left", nullptr},
                       {"head", {{"length", head.length}, {"hash", head.hash}}}};
  for (const Event& event : events) json["events"].push_back(event_json(event));
  if (limit) {
    const GaussianCost left = remaining(*limit, cost);
    json["left"] = cost_json(left, epsilon_left(*limit, left));
  }
  return json;
}

}  // namespace understudy
