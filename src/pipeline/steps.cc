#include "pipeline/steps.h"

#include <filesystem>

#include "metrics/profile.h"
#include "pipeline/ledger_words.h"
#include "understudy/error.h"
#include "understudy/metric.h"
#include "understudy/simulator.h"

namespace understudy {
namespace {

constexpr std::string_view kStamp = "NOT PRIVATE";

std::vector<const MetricEntry*> chosen_metrics(const std::vector<std::string>& names) {
  std::vector<const MetricEntry*> result;
  for (const std::string& name : names) result.push_back(&find_metric(name));
  if (names.empty()) {
    for (const MetricEntry& entry : metrics()) result.push_back(&entry);
  }
  return result;
}

void write_model(const ModelPtr& model, const GeneratorEntry& entry, const GeneratorRequest& request,
                 const std::string& path) {
  TensorFile file = model->save();
  file.metadata["stamp"] = kStamp;
  file.metadata["keeps_records"] = entry.keeps_records;
  file.metadata["declassified"] = entry.keeps_records ? "" : request.no_privacy;
  write_tensor_file(file, path);
}

Cohort load_cohort(const DataRequest& request, const Schema& schema, ReadReport& report, const Context& context) {
  if (request.simulator.empty()) return read_cohort(request.sources, schema, request.options, report, context);
  Cohort cohort = find_simulator(request.simulator).simulate(request.subjects, context);
  report.rows = cohort.flat().rows();
  return cohort;
}

}  // namespace

Schema load_schema(const DataRequest& request) {
  return request.simulator.empty() ? read_schema(request.schema) : find_simulator(request.simulator).schema();
}

Vault open_vault(const DataRequest& request, const Schema& schema, Ledger& ledger, ReadReport& report,
                 const Context& context) {
  return Vault::open(ledger, "read " + schema.name, [&] { return load_cohort(request, schema, report, context); });
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

void check_privacy(const GeneratorRequest& request) {
  if (request.no_privacy.empty()) {
    fail(ErrorKind::usage,
         "generator '{}' trains without a privacy guarantee; say why that is acceptable: --no-privacy REASON, or "
         "none = \"REASON\" under [privacy]. The statement quotes the reason", request.name);
  }
}

void check_limit(const Ledger& ledger, const GeneratorEntry& entry) {
  const auto limit = ledger.limit();
  if (!limit || entry.keeps_records) return;
  fail(ErrorKind::budget,
       "the ledger '{}' has a limit of {}, so a model without a guarantee may not leave; train with --epsilon, or on data "
       "that has a ledger without a limit", ledger.path(), limit_words(*limit));
}

Fitted fit(const Vault& vault, const GeneratorEntry& entry, const Options& options, const GeneratorRequest& request,
           const std::string& model_path, const Checkpoint& checkpoint, const Context& context) {
  const bool continued = std::filesystem::exists(model_path);
  Fitted fitted = continued ? Fitted(vault.look("continue with this run's model", [&](const Cohort&) { return load_model(model_path); }))
                            : entry.make()->fit(vault, options, context, checkpoint);
  if (!continued) write_model(value_of(fitted), entry, request, model_path);
  auto* inside = std::get_if<Inside<ModelPtr>>(&fitted);
  if (inside == nullptr || entry.keeps_records) return fitted;
  return vault.declassify(std::move(*inside), request.no_privacy);
}

Drawn draw(const Fitted& fitted, const SampleRequest& request, const Context& context) {
  const auto sample = [&](const ModelPtr& model) { return model->sample(request, context); };
  return std::visit([&](const auto& side) { return Drawn(side.then(sample)); }, fitted);
}

void check_metrics(const std::vector<std::string>& metric_names) { chosen_metrics(metric_names); }

Inside<Assessment> assess(const Vault& train, const Vault& holdout, const Cohort& synthetic,
                          const std::vector<std::string>& metric_names, const Context& context) {
  const auto chosen = chosen_metrics(metric_names);
  Assessment assessment;
  const std::string stage = "evaluating";
  std::int64_t done = 0;
  for (const MetricEntry* entry : chosen) {
    context.check_cancelled();
    context.report({stage, "metrics", done++, static_cast<std::int64_t>(chosen.size())});
    const auto found = look_at_both(train, holdout, fmt::format("metric {}", entry->name),
                                    [&](const Cohort& members, const Cohort& others) {
                                      return entry->evaluate({members, others, synthetic}, context);
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
