#include "generators/gan_model.h"

#include "encode/repair.h"
#include "generators/gan_sampler.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr int kVersion = 1;
constexpr const char* kStatics = "statics";
constexpr const char* kSeries = "series";

nlohmann::json noise_to_json(const CellNoise& noise) {
  return {{"kind", noise.kind == CellNoise::Kind::gaussian ? "gaussian" : "laplace"}, {"epsilon", noise.epsilon},
          {"delta", noise.delta}};
}

CellNoise noise_from_json(const nlohmann::json& json) {
  return {.kind = json.at("kind") == "gaussian" ? CellNoise::Kind::gaussian : CellNoise::Kind::laplace,
          .epsilon = json.at("epsilon"), .delta = json.at("delta")};
}

}  // namespace

Cohort GanModel::sample(const SampleRequest& request, const Context& context) const {
  if (request.subjects < 1) fail(ErrorKind::usage, "{} subjects asked for; it must be at least 1", request.subjects);
  const auto conditions = parse_conditions(parts_.schema, request.condition);
  Cohort cohort = scaffold(parts_.schema, parts_.timeline, request.subjects, context.rng("gan scaffold"));
  if (parts_.statics && conditions.empty()) sample_statics(*parts_.statics, cohort, context);
  if (parts_.statics && !conditions.empty()) sample_statics_given(*parts_.statics, conditions, cohort, context);
  impose(conditions, cohort.statics);
  if (parts_.series) sample_series(*parts_.series, parts_.statics ? &*parts_.statics : nullptr, cohort, context);
  if (parts_.output_noise) {
    add_cell_noise(cohort, *parts_.output_noise, context.rng("gan output noise"));
    impose(conditions, cohort.statics);
  }
  repair(cohort);
  return cohort;
}

TensorFile GanModel::save() const {
  TensorFile file;
  file.metadata = {{"generator", "gan"}, {"version", kVersion}, {"private", false}, {"options", parts_.options},
                   {"mode", parts_.options.at("mode")}, {"schema", to_toml(parts_.schema)},
                   {"timeline", to_json(parts_.timeline)}};
  if (parts_.output_noise) file.metadata["output_noise"] = noise_to_json(*parts_.output_noise);
  if (parts_.statics) parts_.statics->save(file, kStatics);
  if (parts_.series) parts_.series->save(file, kSeries);
  return file;
}

ModelPtr GanModel::load(const TensorFile& file) {
  try {
    const nlohmann::json& json = file.metadata;
    if (json.at("generator") != "gan" || json.at("version") != kVersion) {
      fail(ErrorKind::input, "the model file is not one of generator 'gan', version {}", kVersion);
    }
    Parts parts;
    parts.schema = parse_schema(json.at("schema").get<std::string>(), "schema of the model file");
    parts.timeline = timeline_from_json(json.at("timeline"));
    parts.options = json.at("options");
    if (json.contains("output_noise")) parts.output_noise = noise_from_json(json.at("output_noise"));
    if (json.contains(kStatics)) parts.statics = GanPart::load(file, kStatics);
    if (json.contains(kSeries)) parts.series = GanPart::load(file, kSeries);
    return std::make_shared<GanModel>(std::move(parts));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "the model file lacks what a 'gan' needs: {}", error.what());
  }
}

}  // namespace understudy
