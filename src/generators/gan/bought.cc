#include "generators/gan/bought.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/files.h"
#include "generators/marginal_draws.h"
#include "generators/model_file.h"
#include "understudy/error.h"
#include "understudy/ranks.h"
#include "vault/session.h"

namespace understudy {
namespace {

constexpr const char* kKind = "gan bought";
constexpr double kShare = 0.2;        // of mu^2
constexpr double kCountShare = 0.02;  // of that, where the number of people is not public

TensorFile to_file(const GanBought& bought, const Schema& schema) {
  TensorFile file = begin_model_file(kKind, schema);
  file.metadata["statics"] = marginals_to_json(bought.marginals.statics);
  file.metadata["series"] = marginals_to_json(bought.marginals.series);
  file.metadata["timeline"] = to_json(bought.marginals.timeline);
  file.metadata["subjects"] = bought.subjects;
  file.metadata["mu"] = bought.mu;
  return file;
}

GanBought from_file(const TensorFile& file, const Schema& schema) {
  check_model_file(file, kKind);
  return {.marginals = {.statics = marginals_from_json(metadata_entry(file, "statics"), schema.statics()),
                        .series = marginals_from_json(metadata_entry(file, "series"), schema.series()),
                        .timeline = timeline_from_json(metadata_entry(file, "timeline"))},
          .subjects = metadata_entry(file, "subjects").get<double>(),
          .mu = metadata_entry(file, "mu").get<double>()};
}

Released<GanBought> buy(const Vault& vault, double mu, const Context& context) {
  const std::optional<std::int64_t> known = vault.public_size();
  const MarginalPurchase purchase(vault.schema(), known ? mu : mu * std::sqrt(1 - kCountShare));
  const NoisyCount people{.what = "number of people", .noise = 1 / (mu * std::sqrt(kCountShare))};
  std::vector<PrivacyEvent> events = purchase.events();
  if (!known) events.push_back(people.event());
  PrivateSession session(vault, {.purpose = "describe the data for gan", .events = events}, context.seed);
  const Released<PrivateMarginals> marginals = purchase.buy(session);
  const auto described = [&](std::int64_t subjects) {
    return GanBought{.marginals = marginals.value(), .subjects = static_cast<double>(std::max<std::int64_t>(subjects, 1)),
                     .mu = session.cost().mu};
  };
  if (known) return marginals.then([&](const PrivateMarginals&) { return described(*known); });
  return session.count(people).then(described);
}

TensorFile bought_file(const Vault& vault, const GaussianCost& whole, const Context& context, const Checkpoint& checkpoint) {
  const std::string kept = checkpoint.path + ".bought";
  if (!checkpoint.path.empty() && std::filesystem::exists(kept)) {
    return vault.readmit("description " + file_sha256(kept), [&] { return read_tensor_file(kept); }).value();
  }
  vault.check_budget("train gan", whole);
  const Released<TensorFile> bought =
      buy(vault, whole.mu * std::sqrt(kShare), context).then([&](const GanBought& all) { return to_file(all, vault.schema()); });
  if (!checkpoint.path.empty()) {
    write_tensor_file(bought.value(), kept);
    vault.note_released(bought, "description " + file_sha256(kept));
  }
  return bought.value();
}

}  // namespace

GanBought buy_for_gan(const Vault& vault, const GaussianCost& whole, const Context& context, const Checkpoint& checkpoint) {
  TensorFile file;  // all of it is in the metadata
  file.metadata = nlohmann::json::parse(
      at_rank_0(context.ranks, [&] { return bought_file(vault, whole, context, checkpoint).metadata.dump(); }));
  return from_file(file, vault.schema());
}

Cohort stand_in(const Schema& schema, const PrivateMarginals& marginals, std::int64_t subjects, std::int64_t rows,
                const Context& context) {
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  for (std::int64_t s = 0; s < subjects; ++s) cohort.subjects.push_back(std::to_string(s));
  draw_columns(schema.statics(), marginals.statics, cohort.statics, context.rng("gan stand-in statics"), context);
  if (!schema.has_series()) return cohort;
  cohort.series.resize(subjects * rows);
  for (std::int64_t s = 0; s < subjects; ++s) cohort.offsets.push_back((s + 1) * rows);
  draw_columns(schema.series(), marginals.series, cohort.series, context.rng("gan stand-in series"), context);
  return cohort;
}

}  // namespace understudy
