#include <chrono>
#include <filesystem>

#include "core/files.h"
#include "pipeline/document.h"
#include "pipeline/guarantee.h"
#include "pipeline/release.h"
#include "pipeline/run_folder.h"
#include "privacy/noise/source.h"
#include "understudy/error.h"
#include "understudy/version.h"
#include "vault/release/contents.h"

namespace understudy {
namespace {

// Seconds of each stage, for the report only.
class Stopwatch {
 public:
  void lap(const std::string& stage) {
    const auto now = std::chrono::steady_clock::now();
    laps_.emplace_back(stage, std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }
  const std::vector<std::pair<std::string, double>>& laps() const { return laps_; }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, double>> laps_;
};

nlohmann::ordered_json budget_json(const GeneratorRequest& request) {
  if (!request.budget) return nullptr;
  return {{"epsilon", request.budget->epsilon}, {"delta", request.budget->delta}};
}

// Everything that decides the model and the files: a run is continued only when it is the same.
std::string fingerprint(const RunRequest& request, const Options& options, const Schema& schema, std::uint64_t seed) {
  nlohmann::ordered_json facts = {{"version", kVersion}, {"name", request.name}, {"schema", to_toml(schema)},
                                  {"simulator", request.data.simulator}, {"subjects", request.data.subjects},
                                  {"holdout", request.holdout}, {"generator", request.generator.name},
                                  {"options", options.values()}, {"budget", budget_json(request.generator)}, {"sample", request.sample_subjects},
                                  {"format", request.format}, {"seed", seed}};
  for (const Source& source : request.data.sources) {
    std::error_code absent;
    facts["sources"].push_back({source.path, source.rename, std::filesystem::file_size(source.path, absent),
                                std::filesystem::last_write_time(source.path, absent).time_since_epoch().count()});
  }
  const std::string text = facts.dump();
  return sha256(text);
}

RunFacts first_facts(const RunRequest& request, const Options& options, std::uint64_t seed) {
  RunFacts facts;
  facts.name = request.name;
  facts.command = "run";
  facts.generator = request.generator.name;
  facts.options = options.values();
  facts.seed = seed;
  for (const Source& source : request.data.sources) facts.sources.push_back(source.path);
  if (!request.data.simulator.empty()) {
    facts.sources.push_back(fmt::format("simulator {}, {} people", request.data.simulator, request.data.subjects));
  }
  return facts;
}

std::int64_t sample_size(const RunRequest& request, const Vault& holdout) {
  if (request.sample_subjects > 0) return request.sample_subjects;
  if (request.generator.budget) return std::max<std::int64_t>(holdout.public_size().value(), 1);
  return std::max<std::int64_t>(holdout.look("count", [](const Cohort& cohort) { return cohort.size(); }).value(), 1);
}

// How many people are drawn must not be read off private data.
void check_sample(const RunRequest& request, const Schema& schema) {
  if (!request.generator.budget || request.sample_subjects > 0 || schema.subjects) return;
  fail(ErrorKind::usage, "a private run does not know how many people there are; say how many to draw: subjects under "
       "[sample], or declare the public number of people: subjects under [schema]");
}

StatementFacts statement_facts(const RunFacts& facts, const Schema& schema, std::int64_t synthetic_subjects) {
  StatementFacts result;
  result.name = facts.name;
  result.generator = facts.generator;
  result.synthetic_subjects = synthetic_subjects;
  result.schema = schema;
  result.guarantee = facts.guarantee;
  result.declassified = facts.reason;
  result.seeded_noise = noise_is_seeded();
  result.events = facts.events;
  return result;
}

nlohmann::ordered_json report_on(const RunFacts& facts, const Vault& train, const Vault& holdout,
                                 const Cohort& synthetic, const Assessment& assessment) {
  return look_at_both(train, holdout, "facts of the report", [&](const Cohort& members, const Cohort& others) {
           return make_report(facts, {members, others, synthetic}, assessment);
         }).value();
}

}  // namespace

RunResult run(const RunRequest& request, const Context& context) {
  // Everything that can be refused is refused before the first record is read.
  const GeneratorEntry& entry = find_generator(request.generator.name);
  const Options options = make_options(entry, request.generator);
  check_metrics(request.metrics);
  check_release_name(request.name);
  find_writer(request.format, "");
  const std::optional<SecretKey> key = open_key(request.key);
  const Schema schema = load_schema(request.data);
  check_privacy(request.generator, entry, schema);
  check_sample(request, schema);
  RunFolder folder(request.out, fingerprint(request, options, schema, context.seed));
  RunFacts facts = first_facts(request, options, context.seed);
  Stopwatch watch;

  Ledger ledger(ledger_path(request.data.ledger, request.data.sources, folder.ledger()), context.clock);
  declare_limit(request.generator, entry, schema, ledger);
  const std::size_t began_at = folder.began_at(ledger.events().size());
  folder.note_ledger(ledger.path());
  const Vault vault = open_vault(request.data, schema, ledger, facts.read, context);
  const std::pair<std::string, double> shares[] = {{"train", 1 - request.holdout}, {"holdout", request.holdout}};
  const auto parts = request.generator.budget ? vault.split_by_coins(shares, context.rng("split"))
                                              : vault.split(shares, context.rng("split"));
  GeneratorRequest training = request.generator;
  const Bounded bounded = buy_schema(parts[0], training, folder.checkpoint(), context);
  training.budget = bounded.budget;
  const Vault& train = bounded.vault;
  const Vault holdout = parts[1].recoded(train.schema());
  watch.lap("read");

  const Fitted fitted = fit(train, entry, options, training, folder.model(),
                            {folder.checkpoint(), request.checkpoint_seconds}, context);
  watch.lap("train");
  Drawn drawn = draw(fitted, {sample_size(request, holdout), {}}, context);
  if (const auto* sample = std::get_if<Inside<Cohort>>(&drawn); sample != nullptr && training.budget) {
    drawn = release_noised(train, *sample, *training.budget, context);
  }
  const Cohort& synthetic = value_of(drawn);
  watch.lap("sample");
  const auto assessment = assess(train, holdout, synthetic, request.metrics, context);
  watch.lap("evaluate");

  const auto* released = std::get_if<Released<Cohort>>(&drawn);
  facts.released = released != nullptr;
  facts.reason = facts.released ? request.generator.no_privacy : "";
  if (training.budget) facts.guarantee = guarantee_since(ledger, began_at);
  facts.seconds = watch.laps();
  facts.ledger = ledger.path();
  facts.events = ledger.events();
  facts.subjects_total = vault.look("count", [](const Cohort& cohort) { return cohort.size(); }).value();
  RunResult result;
  if (released != nullptr) {
    result.synthetic = folder.write_release(*released, request.name, request.format, context);
    write_papers(folder.release(), statement_facts(facts, train.schema(), synthetic.size()), ledger.head(), key);
  } else {
    result.synthetic = folder.write_inside(synthetic, request.name, request.format, context);
  }
  folder.write_report(report_on(facts, train, holdout, synthetic, assessment.value()));
  folder.finish();
  const Verdict verdict = decide(facts, assessment.value());
  result.decision = verdict.decision;
  result.summary = verdict.summary;
  result.report = folder.report();
  return result;
}

}  // namespace understudy
