#include "pipeline/guarantee.h"

#include <algorithm>
#include <cmath>

namespace understudy {
namespace {

constexpr double kLongCurve = 30;  // epsilon above which a privacy-loss curve is long and tells no more than mu does

void set_epsilon(GuaranteeFacts& facts) {
  const double by_mu = gaussian_epsilon(facts.cost.mu, facts.limit.delta - facts.cost.delta);
  const double by_curve = by_mu > kLongCurve ? INFINITY : find_accountant("pld").epsilon(facts.plan, facts.limit.delta);
  facts.epsilon = std::min(by_mu, by_curve);
  facts.accountant = by_curve < by_mu ? "pld" : "gdp";
}

}  // namespace

std::optional<GuaranteeFacts> guarantee_since(const Ledger& ledger, std::size_t first) {
  const auto limit = ledger.limit();
  const auto events = ledger.events();
  if (!limit || !std::isfinite(epsilon_spent(events))) return std::nullopt;
  GuaranteeFacts facts{.limit = *limit, .allowed = allowed(*limit), .plan = {}, .cost = {}, .epsilon = 0,
                       .accountant = {}, .spent = epsilon_spent(events), .plan_json = {}, .dp_event_json = {}};
  facts.plan.unit = limit->unit;
  facts.plan.neighbours = limit->neighbours;
  for (std::size_t i = first; i < events.size(); ++i) {
    if (!events[i].plan) continue;
    const Plan& plan = *events[i].plan;
    facts.plan.purpose += (facts.plan.purpose.empty() ? "" : "; ") + plan.purpose;
    facts.plan.events.insert(facts.plan.events.end(), plan.events.begin(), plan.events.end());
    facts.cost.mu = std::hypot(facts.cost.mu, events[i].cost.mu);
    facts.cost.delta += events[i].cost.delta;
  }
  if (facts.plan.events.empty()) return std::nullopt;
  set_epsilon(facts);
  facts.plan_json = to_json(facts.plan);
  facts.dp_event_json = to_dp_event_json(facts.plan);
  return facts;
}

}  // namespace understudy
