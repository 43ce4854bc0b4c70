#include <algorithm>
#include <vector>

#include "privacy/accountants/gdp.h"
#include "privacy/accountants/pld.h"
#include "privacy/accountants/rdp.h"
#include "privacy/accountants/zcdp.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// What every accountant checks before it starts.
void check(std::string_view name, bool (*supports)(const PrivacyEvent&), const Plan& plan, double delta) {
  plan.validate();
  if (!(delta > 0 && delta < 1)) fail(ErrorKind::usage, "delta is {}; it must lie between 0 and 1", delta);
  for (const PrivacyEvent& event : plan.events) {
    if (supports(event)) continue;
    fail(ErrorKind::usage, "the accountant '{}' has no theorem for '{}': kind {}, rate {}, {} records; 'pld' has", name,
         event.what, to_string(event.kind), event.rate, event.records);
  }
}

// Name, summary, supports, epsilon. docs/accountants.md has a row for each.
constexpr AccountantEntry kAccountants[] = {
    {"pld", "privacy-loss distributions, composed by Fourier transforms: the tightest", pld_supports,
     [](const Plan& plan, double delta) {
       check("pld", pld_supports, plan, delta);
       return pld_epsilon(plan, delta);
     }},
    {"rdp", "Renyi divergences at fixed orders", rdp_supports,
     [](const Plan& plan, double delta) {
       check("rdp", rdp_supports, plan, delta);
       return rdp_epsilon(plan, delta);
     }},
    {"zcdp", "concentrated differential privacy, without sampling", zcdp_supports,
     [](const Plan& plan, double delta) {
       check("zcdp", zcdp_supports, plan, delta);
       return zcdp_epsilon(plan, delta);
     }},
    {"gdp", "Gaussian differential privacy with proven mus, without sampling", gdp_supports,
     [](const Plan& plan, double delta) {
       check("gdp", gdp_supports, plan, delta);
       return gdp_epsilon(plan, delta);
     }},
};

std::vector<std::string_view> names() {
  std::vector<std::string_view> result;
  for (const AccountantEntry& entry : kAccountants) result.push_back(entry.name);
  return result;
}

}  // namespace

std::span<const AccountantEntry> accountants() { return kAccountants; }

const AccountantEntry& find_accountant(std::string_view name) {
  const auto it = std::find_if(std::begin(kAccountants), std::end(kAccountants),
                               [&](const AccountantEntry& entry) { return entry.name == name; });
  if (it != std::end(kAccountants)) return *it;
  fail(ErrorKind::usage, "there is no accountant '{}'; there are {}", name, fmt::join(names(), ", "));
}

}  // namespace understudy
