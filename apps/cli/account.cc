#include <cmath>
#include <cstdio>
#include <optional>

#include "command.h"
#include "understudy/error.h"
#include "understudy/privacy.h"

namespace understudy::cli {
namespace {

using nlohmann::ordered_json;

struct Flags {
  Common common;
  std::optional<double> sigma, epsilon;
  double rate = 1, delta = 0, slack = 0;
  std::int64_t steps = 1, records = 1;
  std::string neighbours = "add-remove";
  bool json = false;
};

constexpr double kLeastNoise = 0.02, kMostNoise = 1e5;  // where --epsilon looks

Plan plan_of(const Flags& flags, double sigma) {
  return {.purpose = "account",
          .neighbours = parse_neighbours(flags.neighbours),
          .events = {{.what = "noisy sums",
                      .kind = EventKind::gaussian,
                      .noise = sigma,
                      .rate = flags.rate,
                      .records = flags.records,
                      .count = flags.steps}}};
}

void check(const Flags& flags) {
  const auto require = [](bool holds, std::string_view flag, auto value, std::string_view range) {
    if (!holds) fail(ErrorKind::usage, "{} is {}; it must be {}", flag, value, range);
  };
  if (flags.sigma.has_value() == flags.epsilon.has_value()) {
    fail(ErrorKind::usage, "give --sigma for its epsilon, or --epsilon for the sigma it needs");
  }
  require(!flags.sigma || (std::isfinite(*flags.sigma) && *flags.sigma > 0), "--sigma", flags.sigma.value_or(0),
          "above 0");
  require(!flags.epsilon || *flags.epsilon > 0, "--epsilon", flags.epsilon.value_or(0), "above 0");
  require(flags.rate > 0 && flags.rate <= 1, "--rate", flags.rate, "above 0 and at most 1");
  require(flags.steps >= 1, "--steps", flags.steps, "1 or more");
  require(flags.records >= 1, "--records", flags.records, "1 or more");
  require(flags.delta > 0 && flags.delta < 1, "--delta", flags.delta, "between 0 and 1");
  require(flags.slack >= 0 && flags.slack < flags.delta, "--slack", flags.slack, "0 or more and below --delta");
  if (flags.rate < 1 && parse_neighbours(flags.neighbours) == Neighbours::replace_one) {
    fail(ErrorKind::usage, "--rate is {} under replace-one; sampling is accounted for add-remove and zero-out",
         flags.rate);
  }
}

double solve_sigma(const Flags& flags) {
  const AccountantEntry& pld = find_accountant("pld");
  const auto epsilon = [&](double sigma) { return pld.epsilon(plan_of(flags, sigma), flags.delta); };
  return calibrate(kLeastNoise, kMostNoise, *flags.epsilon, epsilon, 1e-4);
}

// JSON has no infinity.
ordered_json number(double value) { return std::isinf(value) ? ordered_json("infinite") : ordered_json(value); }

ordered_json row(const AccountantEntry& entry, const Plan& plan, double delta) {
  const PrivacyEvent& event = plan.events.front();
  if (entry.supports(event)) return {{"name", entry.name}, {"epsilon", number(entry.epsilon(plan, delta))}};
  return {{"name", entry.name},
          {"epsilon", nullptr},
          {"note", event.records > 1 ? "no theorem for sampling of several records" : "no theorem for sampling"}};
}

ordered_json account(const Flags& flags) {
  const double sigma = flags.sigma ? *flags.sigma : solve_sigma(flags);
  const Plan plan = plan_of(flags, sigma);
  ordered_json rows = ordered_json::array();
  for (const AccountantEntry& entry : accountants()) rows.push_back(row(entry, plan, flags.delta));
  const GaussianCost cost = gaussian_cost(plan, flags.slack > 0 ? flags.slack : flags.delta / 1000);
  return {{"sigma", sigma},
          {"rate", flags.rate},
          {"steps", flags.steps},
          {"records", flags.records},
          {"delta", flags.delta},
          {"unit", plan.unit},
          {"neighbours", flags.neighbours},
          {"accountants", rows},
          {"filter",
           {{"mu", number(cost.mu)},
            {"delta", cost.delta},
            {"epsilon",
             number(cost.delta < flags.delta ? gaussian_epsilon(cost.mu, (flags.delta - cost.delta) / (1 - cost.delta))
                                             : INFINITY)}}}};
}

std::string text_of(const ordered_json& value) {
  return value.is_number() ? fmt::format("{:.6f}", value.get<double>())
         : value.is_null() ? "-"
                           : value.get<std::string>();
}

void print(const ordered_json& result) {
  const auto get = [&](const char* name) { return result[name].get<double>(); };
  std::printf("sigma %.6g, rate %.6g, %.0f steps, delta %.6g\n", get("sigma"), get("rate"), get("steps"), get("delta"));
  std::printf("neighbours: %s of one %s", result["neighbours"].get<std::string>().c_str(),
              result["unit"].get<std::string>().c_str());
  const auto records = result["records"].get<std::int64_t>();
  if (records > 1)
    std::printf(" with at most %lld records, each taking part by itself", static_cast<long long>(records));
  std::printf("\n\n%-12s %s\n", "accountant", "epsilon");
  for (const auto& row : result["accountants"]) {
    std::printf("%-12s %-12s %s\n", row["name"].get<std::string>().c_str(), text_of(row["epsilon"]).c_str(),
                row.value("note", "").c_str());
  }
  const auto& filter = result["filter"];
  std::printf("%-12s %-12s across plans: mu %s, delta %.3g\n", "filter", text_of(filter["epsilon"]).c_str(),
              text_of(filter["mu"]).c_str(), filter["delta"].get<double>());
}

}  // namespace

void add_account(CLI::App& app, int&) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("account", "What sums with Gaussian noise cost, by every accountant");
  command->add_option("--sigma", flags->sigma, "standard deviation of the noise over the sensitivity");
  command->add_option("--epsilon", flags->epsilon, "instead: find the sigma for this epsilon, by pld");
  command->add_option("--rate", flags->rate, "each subject takes part in a step with this probability")
      ->capture_default_str();
  command->add_option("--steps", flags->steps, "how many sums")->capture_default_str();
  command->add_option("--delta", flags->delta, "the delta of the guarantee")->required();
  command
      ->add_option("--records", flags->records, "a subject has at most so many records, each sampled and clipped alone")
      ->capture_default_str();
  command
      ->add_option("--neighbours", flags->neighbours, "add-remove, replace-one or zero-out; sigma is for this relation")
      ->capture_default_str();
  command->add_option("--slack", flags->slack, "delta that the filter's mu may leave out (default: delta / 1000)");
  command->add_flag("--json", flags->json, "as JSON");
  add_common(*command, flags->common);
  command->callback([flags] {
    check(*flags);
    const ordered_json result = account(*flags);
    if (flags->json) {
      std::printf("%s\n", result.dump(2).c_str());
    } else {
      print(result);
    }
  });
}

}  // namespace understudy::cli
