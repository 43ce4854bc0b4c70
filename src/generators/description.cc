#include "generators/description.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/files.h"
#include "generators/model_file.h"
#include "understudy/error.h"
#include "understudy/ranks.h"
#include "vault/session.h"

namespace understudy {
namespace {

constexpr double kShare = 0.2;        // of mu^2
constexpr double kCountShare = 0.02;  // of that, where the number of people is not public

std::string kind_of(std::string_view generator) { return fmt::format("{} description", generator); }

TensorFile to_file(const Description& bought, std::string_view generator, const Schema& schema) {
  TensorFile file = begin_model_file(kind_of(generator), schema);
  file.metadata["statics"] = marginals_to_json(bought.marginals.statics);
  file.metadata["series"] = marginals_to_json(bought.marginals.series);
  file.metadata["timeline"] = to_json(bought.marginals.timeline);
  file.metadata["subjects"] = bought.subjects;
  file.metadata["mu"] = bought.mu;
  return file;
}

Description from_file(const TensorFile& file, std::string_view generator, const Schema& schema) {
  check_model_file(file, kind_of(generator));
  return {.marginals = {.statics = marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
                        .series = marginals_from_json(metadata_entry(file, "series"), schema.series()),
                        .timeline = timeline_from_json(metadata_entry(file, "timeline"))},
          .subjects = metadata_entry(file, "subjects").get<double>(),
          .mu = metadata_entry(file, "mu").get<double>()};
}

Released<Description> buy(const Vault& vault, std::string_view generator, double mu, const Context& context) {
  const std::optional<std::int64_t> known = vault.public_size();
  const MarginalPurchase purchase(vault.schema(), known ? mu : mu * std::sqrt(1 - kCountShare));
  const NoisyCount people{.what = "number of people", .noise = 1 / (mu * std::sqrt(kCountShare))};
  std::vector<PrivacyEvent> events = purchase.events();
  if (!known) events.push_back(people.event());
  PrivateSession session(vault, {.purpose = fmt::format("describe the data for {}", generator), .events = events}, context.seed);
  const Released<PrivateMarginals> marginals = purchase.buy(session);
  const auto described = [&](std::int64_t subjects) {
    return Description{.marginals = marginals.value(), .subjects = static_cast<double>(std::max<std::int64_t>(subjects, 1)),
                     .mu = session.cost().mu};
  };
  if (known) return marginals.then([&](const PrivateMarginals&) { return described(*known); });
  return session.count(people).then(described);
}

TensorFile bought_file(const Vault& vault, std::string_view generator, const GaussianCost& whole, const Context& context,
                       const Checkpoint& checkpoint) {
  const std::string kept = checkpoint.path + ".bought";
  if (!checkpoint.path.empty() && std::filesystem::exists(kept)) {
    return vault.readmit("description " + file_sha256(kept), [&] { return read_tensor_file(kept); }).value();
  }
  vault.check_budget(fmt::format("train {}", generator), whole);
  const Released<TensorFile> bought =
      buy(vault, generator, whole.mu * std::sqrt(kShare), context).then([&](const Description& all) {
        return to_file(all, generator, vault.schema());
      });
  if (!checkpoint.path.empty()) {
    write_tensor_file(bought.value(), kept);
    vault.note_released(bought, "description " + file_sha256(kept));
  }
  return bought.value();
}

}  // namespace

GaussianCost whole_cost(const Budget& budget) {
  const Limit limit{.epsilon = budget.epsilon, .delta = budget.delta};
  return {.mu = allowed(limit).mu, .delta = plan_slack(limit)};
}

Description buy_description(const Vault& vault, std::string_view generator, const GaussianCost& whole, const Context& context,
                            const Checkpoint& checkpoint) {
  TensorFile file;  // all of it is in the metadata
  file.metadata = nlohmann::json::parse(
      at_rank_0(context.ranks, [&] { return bought_file(vault, generator, whole, context, checkpoint).metadata.dump(); }));
  return from_file(file, generator, vault.schema());
}

}  // namespace understudy
