#include <filesystem>

#include "core/files.h"
#include "pipeline/document.h"
#include "pipeline/run_folder.h"
#include "privacy/shared_ledger.h"
#include "understudy/error.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

// Several processes, where the generator can use them.
void check_ranks(const GeneratorEntry& entry, const Ranks* ranks) {
  if (ranks == nullptr || entry.over_ranks) return;
  fail(ErrorKind::usage, "generator '{}' trains in one process, not in {}; start one", entry.name, ranks->size());
}

void refuse_existing(const std::string& path) {
  if (fs::exists(path)) fail(ErrorKind::usage, "--out '{}' exists already; name a new file or remove it", path);
}

std::int64_t count(const Vault& vault) {
  return vault.look("count", [](const Cohort& cohort) { return cohort.size(); }).value();
}

// What is drawn from a model that may not leave is as secret as the records.
void refuse_inside_model(const TensorFile& file, const std::string& path) {
  const bool keeps_records = file.metadata.value("keeps_records", true);
  const bool may_leave = file.metadata.value("released", false) || !file.metadata.value("declassified", "").empty();
  if (may_leave && !keeps_records) return;
  fail(ErrorKind::usage, "the model '{}' {}; --inside draws people that must stay inside with it", path,
       keeps_records ? "holds copies of training records"
                     : "was not paid for: only samples that understudy run noises and pays for may leave");
}

// NAME.csv in a folder, or the file itself.
std::string file_for(const std::string& out, const std::string& name) {
  return fs::is_directory(out) ? (fs::path(out) / (name + ".csv")).string() : out;
}

}  // namespace

std::string inspect(const InspectRequestFile& request, const Context& context) {
  if (!request.out.empty()) refuse_existing(request.out);
  Ledger ledger(ledger_path(request.ledger, request.data.sources, ""), context.clock);
  ledger.append({.kind = "look", .part = "all", .purpose = "draft a schema", .side = "inside"});
  const std::string text = to_toml(draft_schema(request.data, context));
  if (!request.out.empty()) write_atomically(request.out, text);
  return text;
}

void simulate(const SimulateRequest& request, const Context& context) {
  const SimulatorEntry& entry = find_simulator(request.simulator);
  if (request.subjects < 1) fail(ErrorKind::usage, "--subjects is {}; it must be at least 1", request.subjects);
  const WriterEntry& writer = find_writer(request.writer, request.out);
  const std::size_t star = request.out.find('*');
  const auto named = [&](const std::string& number) {
    return star == std::string::npos ? request.out : std::string(request.out).replace(star, 1, number);
  };
  if (star != std::string::npos && !writer.endings.starts_with('.')) {
    fail(ErrorKind::usage, "--out '{}' asks for parts, and {} writes one folder; parts are files, such as part-*.parquet", request.out, writer.name);
  }
  const std::int64_t part = star == std::string::npos ? request.subjects : 8 * kSimulatedPart;
  for (std::int64_t first = 0; first < request.subjects; first += part) {
    const Cohort people = entry.simulate(std::min(part, request.subjects - first), context, first);
    write_cohort(people, named(fmt::format("{:05}", first / part)), {.writer = request.writer}, context);
    context.report({.stage = "simulating", .unit = "people", .done = first + people.size(), .total = request.subjects});
  }
  write_atomically(named("all") + ".schema.toml", to_toml(entry.schema()));
}

WriteReport convert(const ConvertRequest& request, const Context& context) {
  find_writer(request.writer, request.out);
  refuse_existing(request.out);
  const Schema schema = read_schema(request.data.schema);
  Ledger ledger(ledger_path(request.data.ledger, request.data.sources, ""), context.clock);
  ReadReport read;
  const Vault vault = open_vault(request.data, schema, ledger, read, context);
  warn_of(read, context);
  return vault.look("write in another format", [&](const Cohort& cohort) {
    return write_cohort(cohort, request.out, {.writer = request.writer, .synthetic = request.synthetic}, context);
  }).value();
}

bool train(const TrainRequest& request, const Context& context) {
  const GeneratorEntry& entry = find_generator(request.generator.name);
  const Options options = make_options(entry, request.generator);
  check_ranks(entry, context.ranks);
  at_rank_0(context.ranks, [&] { return refuse_existing(request.out), std::string(); });
  const Schema schema = load_schema(request.data);
  check_privacy(request.generator, entry, schema);
  const auto held = open_ledger(ledger_path(request.data.ledger, request.data.sources, request.out + ".ledger.jsonl"),
                                context.clock, context.ranks);
  Ledger& ledger = *held;
  declare_limit(request.generator, entry, schema, ledger);
  ReadReport read;
  const Vault vault = open_vault(request.data, schema, ledger, read, context);
  if (!request.generator.budget) warn_of(read, context);  // what a private training says does not depend on the data
  const std::string checkpoint = request.out + ".checkpoint";
  GeneratorRequest training = request.generator;
  const Bounded bounded = buy_schema(vault, training, checkpoint, context);
  training.budget = bounded.budget;
  const Fitted fitted = fit(bounded.vault, entry, options, training, request.out, {checkpoint, request.checkpoint_seconds}, context);
  if (is_first(context.ranks)) remove_checkpoint(checkpoint);
  return std::holds_alternative<Released<ModelPtr>>(fitted);
}

std::string sample(const SampleFileRequest& request, const Context& context) {
  if (request.subjects < 1) fail(ErrorKind::usage, "--subjects is {}; it must be at least 1", request.subjects);
  const TensorFile file = read_tensor_file(request.model);
  const ModelPtr model = load_model(request.model);
  if (!request.inside) refuse_inside_model(file, request.model);
  const std::string path = file_for(request.out, model->schema().name.empty() ? "synthetic" : model->schema().name);
  write_cohort(model->sample({request.subjects, request.condition}, context), path, context);
  const nlohmann::ordered_json note = {{"format", "understudy-sample"},
                                       {"version", 1},
                                       {"stamp", file.metadata.value("stamp", "NOT PRIVATE")},
                                       {"generator", file.metadata.value("generator", "")},
                                       {"keeps_records", file.metadata.value("keeps_records", true)},
                                       {"declassified", file.metadata.value("declassified", "")},
                                       {"inside", request.inside},
                                       {"subjects", request.subjects},
                                       {"seed", context.seed}};
  write_atomically(path + ".note.json", note.dump(2) + "\n");
  return path;
}

nlohmann::ordered_json evaluate(const EvaluateRequest& request, const Context& context) {
  check_metrics(request.metrics);
  const Schema schema = read_schema(request.schema);
  Ledger ledger(ledger_path(request.ledger, request.train, ""), context.clock);
  RunFacts facts;
  facts.name = schema.name;
  facts.command = "evaluate";
  facts.seed = context.seed;
  ReadReport unused;
  const auto open = [&](std::span<const Source> sources, ReadReport& read, const std::string& part) {
    return Vault::open(ledger, "read " + schema.name,
                       [&] { return read_cohort(sources, schema, request.options, read, context); }, part);
  };
  const Vault train = open(request.train, facts.read, "train");
  const Vault holdout = open(request.holdout, unused, "holdout");
  const Cohort synthetic = read_cohort(request.synthetic, schema, request.options, unused, context);
  const auto assessment = assess(train, holdout, synthetic, request.metrics, context);
  for (const auto* part : {&request.train, &request.holdout, &request.synthetic}) {
    for (const Source& source : *part) facts.sources.push_back(source.path);
  }
  facts.subjects_total = count(train) + count(holdout);
  facts.ledger = ledger.path();
  facts.events = ledger.events();
  const auto report = look_at_both(train, holdout, "facts of the report", [&](const Cohort& members, const Cohort& others) {
    return make_report(facts, {members, others, synthetic}, assessment.value());
  });
  write_report_files(report.value(), request.out);
  return report.value();
}

}  // namespace understudy
