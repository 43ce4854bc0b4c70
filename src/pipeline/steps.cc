#include "pipeline/steps.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "cohort/cohort_file.h"
#include "core/files.h"
#include "encode/repair.h"
#include "generators/networks.h"
#include "metrics/profile.h"
#include "privacy/noise/source.h"
#include "pipeline/ledger_words.h"
#include "understudy/error.h"
#include "understudy/metric.h"
#include "understudy/ranks.h"
#include "understudy/simulator.h"
#include "vault/purchases.h"
#include "vault/session.h"

namespace understudy {
namespace {

constexpr std::string_view kStamp = "NOT PRIVATE";
constexpr std::string_view kBoughtSchema = ".schema.toml";  // beside the checkpoint

std::vector<const MetricEntry*> chosen_metrics(const std::vector<std::string>& names) {
  std::vector<const MetricEntry*> result;
  for (const std::string& name : names) result.push_back(&find_metric(name));
  if (names.empty()) {
    for (const MetricEntry& entry : metrics()) result.push_back(&entry);
  }
  return result;
}

// Null where no chosen metric has use for one; and, with a warning, where this build has no networks.
std::unique_ptr<Learner> open_learner(std::span<const MetricEntry* const> chosen, const Schema& schema,
                                      const Context& context) {
  const bool learns = std::any_of(chosen.begin(), chosen.end(), [](const auto* entry) { return entry->learns; });
  if (!learns || !schema.has_series()) return nullptr;
  try {
    return open_network_learner();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    context.warning(error.what());
    return nullptr;
  }
}

void write_model(const Fitted& fitted, const GeneratorEntry& entry, const GeneratorRequest& request,
                 const std::string& path) {
  const bool released = std::holds_alternative<Released<ModelPtr>>(fitted);
  TensorFile file = value_of(fitted)->save();
  file.metadata["stamp"] = released && !noise_is_seeded() ? "" : kStamp;
  file.metadata["released"] = released;
  file.metadata["keeps_records"] = entry.keeps_records;
  file.metadata["declassified"] = entry.keeps_records ? "" : request.no_privacy;
  write_tensor_file(file, path);
}

Cohort load_cohort(const DataRequest& request, const Schema& schema, ReadReport& report, const Context& context) {
  if (request.simulator.empty()) return read_cohort(request.sources, schema, request.options, report, context);
  Cohort cohort = find_simulator(request.simulator).simulate(request.subjects, context, 0);
  report.rows = cohort.flat().rows();
  return cohort;
}

}  // namespace

Schema load_schema(const DataRequest& request) {
  return request.simulator.empty() ? read_schema(request.schema) : find_simulator(request.simulator).schema();
}

Vault open_vault(const DataRequest& request, const Schema& schema, Ledger& ledger, ReadReport& report,
                 const Context& context) {
  return Vault::open(ledger, "read " + schema.name, [&] {
    Cohort cohort = load_cohort(request, schema, report, context);
    // Over ranks a person who has another number at one of them would be counted twice, or by none.
    if (context.ranks != nullptr) check_same(context.ranks, "the records", digest_of(cohort));
    return cohort;
  });
}

void warn_of(const ReadReport& report, const Context& context) {
  const auto where = [](const std::string& file) { return file.empty() ? "" : file + ": "; };
  for (const auto& problem : report.problems) {
    context.warning(fmt::format("{}{}{}{} ({})", where(problem.file), problem.column, problem.column.empty() ? "" : ": ",
                                problem.what, problem.count));
  }
  for (const auto& records : report.left_out) {
    context.warning(fmt::format("{}left out: {} ({})", where(records.file), records.what, records.count));
  }
}

std::string ledger_path(const std::string& asked, std::span<const Source> sources, const std::string& fallback) {
  if (!asked.empty()) return asked;
  return sources.empty() ? fallback : sources.front().path + ".ledger.jsonl";
}

Options make_options(const GeneratorEntry& entry, const GeneratorRequest& request) {
  Options options(entry.options);
  for (const auto& [name, value] : request.options) options.set(name, value);
  return options;
}

void check_privacy(const GeneratorRequest& request, const GeneratorEntry& entry, const Schema& schema) {
  if (!request.budget) {
    if (!request.no_privacy.empty()) return;
    fail(ErrorKind::usage,
         "generator '{}' needs a privacy budget (--epsilon E --delta D, or epsilon and delta under [privacy]), or the "
         "reason why training without a guarantee is acceptable (--no-privacy REASON, or none = \"REASON\"); the "
         "statement quotes the reason", request.name);
  }
  if (!request.no_privacy.empty()) {
    fail(ErrorKind::usage, "a privacy budget and a reason for having none exclude each other; give one of the two");
  }
  if (!entry.can_be_private) {
    fail(ErrorKind::usage, "generator '{}' has no private training; see: understudy list generators", request.name);
  }
  for (const Budget* budget : {&*request.budget, request.limit ? &*request.limit : nullptr}) {
    if (budget == nullptr || (budget->epsilon > 0 && std::isfinite(budget->epsilon) && budget->delta > 0 && budget->delta < 1)) continue;
    fail(ErrorKind::usage, "epsilon is {} and delta {}; epsilon must be above 0, delta between 0 and 1", budget->epsilon,
         budget->delta);
  }
  if (!(request.schema_share >= 0 && request.schema_share < 1)) {
    fail(ErrorKind::usage, "schema_share is {}; it must be at least 0 and below 1", request.schema_share);
  }
  check_public(schema, request.schema_share > 0);
  if (unit_of(schema) == "person" && names_a_stay(schema.subject)) {
    fail(ErrorKind::input,
         "the subject '{0}' is called like the key of a stay; a guarantee for a stay does not cover a person with several. "
         "Join the person and name that column as subject, or write unit = \"stay\" under [schema], and the statement "
         "will say so", schema.subject);
  }
  for (const ColumnSpec& column : schema.columns) {
    if (!schema.row_is_subject() || column.type != ColumnType::id) continue;
    fail(ErrorKind::input,
         "column '{}' names something, yet every row counts as a person of its own: a guarantee for a row would not cover "
         "a person with several; name the person's column as subject, or leave '{}' out of the schema",
         column.name, column.name);
  }
}

void declare_limit(const GeneratorRequest& request, const GeneratorEntry& entry, const Schema& schema, Ledger& ledger) {
  const auto limit = ledger.limit();
  if (!request.budget) {
    if (!limit || entry.keeps_records) return;
    fail(ErrorKind::budget,
         "the ledger '{}' has a limit of {}, so a model without a guarantee may not leave; train with --epsilon, or on data "
         "that has a ledger without a limit", ledger.path(), limit_words(*limit));
  }
  if (!request.limit && limit) return;
  const Budget most = request.limit.value_or(*request.budget);
  ledger.declare({.epsilon = most.epsilon, .delta = most.delta, .unit = unit_of(schema),
                  .neighbours = schema.subjects ? Neighbours::zero_out : Neighbours::add_remove});
}

namespace {

// What is left of a budget when a share of its mu^2 is taken.
Budget without(const Budget& budget, double share) {
  const GaussianCost all = allowed({.epsilon = budget.epsilon, .delta = budget.delta});
  const double mu = all.mu * std::sqrt(1 - share) * (1 - 1e-9);
  return {.epsilon = gaussian_epsilon(mu, budget.delta - all.delta), .delta = budget.delta};
}

std::string digest_of(const std::string& path) { return "model " + file_sha256(path); }

// The model of an earlier call that was interrupted, on the side on which it lay.
Fitted earlier_model(const Vault& vault, const std::string& path) {
  if (read_tensor_file(path).metadata.value("released", false)) {
    return vault.readmit(digest_of(path), [&] { return load_model(path); });
  }
  return vault.look("continue with this run's model", [&](const Cohort&) { return load_model(path); });
}

// As TOML; of an earlier call that was interrupted, where there is one.
std::string bought_schema(const Vault& vault, const SchemaPurchase& purchase, const std::string& kept, std::uint64_t seed) {
  if (std::filesystem::exists(kept)) {
    return vault.readmit("schema " + file_sha256(kept), [&] { return read_text(kept); }).value();
  }
  PrivateSession session(vault, {.purpose = "buy a schema", .events = purchase.events()}, seed);
  const Released<std::string> bought = purchase.buy(session).then([](const Schema& schema) { return to_toml(schema); });
  write_atomically(kept, bought.value());
  vault.note_released(bought, "schema " + file_sha256(kept));
  return bought.value();
}

}  // namespace

Bounded buy_schema(const Vault& vault, const GeneratorRequest& request, const std::string& checkpoint,
                   const Context& context) {
  if (!request.budget || request.schema_share == 0) return {vault, request.budget};
  const GaussianCost all = allowed({.epsilon = request.budget->epsilon, .delta = request.budget->delta});
  const SchemaPurchase purchase(vault.schema(), all.mu * std::sqrt(request.schema_share), all.delta / 10);
  if (purchase.empty()) return {vault, request.budget};
  const Budget left = without(*request.budget, request.schema_share);
  const std::string kept = checkpoint + std::string(kBoughtSchema);
  const std::string bought = at_rank_0(context.ranks, [&] { return bought_schema(vault, purchase, kept, context.seed); });
  return {vault.recoded(parse_schema(bought, kept)), left};
}

Fitted fit(const Vault& vault, const GeneratorEntry& entry, const Options& options, const GeneratorRequest& request,
           const std::string& model_path, const Checkpoint& checkpoint, const Context& context) {
  const auto train = [&] {
    const auto generator = entry.make();
    return request.budget ? generator->fit_private(vault, options, *request.budget, context, checkpoint)
                          : generator->fit(vault, options, context, checkpoint);
  };
  const bool continued = std::filesystem::exists(model_path);
  Fitted fitted = continued ? earlier_model(vault, model_path) : train();
  const bool writes = is_first(context.ranks);
  if (!continued && writes) write_model(fitted, entry, request, model_path);
  if (const auto* released = std::get_if<Released<ModelPtr>>(&fitted)) {
    if (!continued) vault.note_released(*released, writes ? digest_of(model_path) : "");
    return fitted;
  }
  if (entry.keeps_records || request.budget) return fitted;
  return vault.declassify(std::move(std::get<Inside<ModelPtr>>(fitted)), request.no_privacy);
}

void remove_checkpoint(const std::string& path) {
  std::error_code absent;
  for (const std::string_view ending : {std::string_view(), std::string_view(".bought"), kBoughtSchema}) {
    std::filesystem::remove(path + std::string(ending), absent);
  }
}

Drawn draw(const Fitted& fitted, const SampleRequest& request, const Context& context) {
  const auto sample = [&](const ModelPtr& model) { return model->sample(request, context); };
  return std::visit([&](const auto& side) { return Drawn(side.then(sample)); }, fitted);
}

Released<Cohort> release_noised(const Vault& vault, const Inside<Cohort>& sample, const Budget& budget,
                                const Context& context) {
  const Schema& schema = vault.schema();
  const std::int64_t people = sample.value().size();
  const CellNoise noise = share_noise(schema, people, allowed({.epsilon = budget.epsilon, .delta = budget.delta}).mu);
  PrivateSession session(vault, {.purpose = fmt::format("noise on {} sampled people", people),
                                 .events = cell_events(schema, noise, people)}, context.seed);
  return session.noised_sample(sample, noise).then([](const Cohort& noised) {
    Cohort repaired = noised;
    repair(repaired);
    return repaired;
  });
}

void check_metrics(const std::vector<std::string>& metric_names) { chosen_metrics(metric_names); }

Inside<Assessment> assess(const Vault& train, const Vault& holdout, const Cohort& synthetic,
                          const std::vector<std::string>& metric_names, const Context& context) {
  const auto chosen = chosen_metrics(metric_names);
  const auto learner = open_learner(chosen, synthetic.schema, context);
  Assessment assessment;
  const std::string stage = "evaluating";
  std::int64_t done = 0;
  for (const MetricEntry* entry : chosen) {
    context.check_cancelled();
    context.report({stage, "metrics", done++, static_cast<std::int64_t>(chosen.size())});
    const auto found = look_at_both(train, holdout, fmt::format("metric {}", entry->name),
                                    [&](const Cohort& members, const Cohort& others) {
                                      return entry->evaluate({members, others, synthetic, learner.get()}, context);
                                    });
    auto& group = assessment.findings[std::string(entry->group)];
    group.insert(group.end(), found.value().begin(), found.value().end());
  }
  return look_at_both(train, holdout, "charts of the report", [&](const Cohort& members, const Cohort& others) {
    assessment.charts = profile_charts({members, others, synthetic}, context);
    return std::move(assessment);
  });
}

}  // namespace understudy
