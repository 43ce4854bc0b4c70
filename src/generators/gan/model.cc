#include "generators/gan/model.h"

#include <algorithm>

#include "encode/repair.h"
#include "generators/gan/sampler.h"
#include "generators/model_file.h"
#include "generators/shards.h"
#include "nn/serial.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kName = "gan";
constexpr const char* kStatics = "statics";
constexpr const char* kSeries = "series";

void check_columns(const GanPart& part, const std::vector<ColumnSpec>& columns, std::int64_t conditions) {
  const bool same = std::equal(columns.begin(), columns.end(), part.codec.specs().begin(), part.codec.specs().end(),
                               [](const auto& a, const auto& b) { return a.name == b.name && a.type == b.type; });
  if (!same || part.condition_width() != conditions) {
    fail(ErrorKind::input, "a part of the model file does not fit its schema");
  }
}

}  // namespace

Cohort GanModel::sample(const SampleRequest& request, const Context& context) const {
  check_subjects(request.subjects);
  const auto conditions = parse_conditions(parts_.schema, request.condition);
  Cohort cohort = scaffold(parts_.schema, parts_.timeline, request.subjects, context.rng("gan scaffold"));
  if (parts_.statics && conditions.empty()) sample_statics(*parts_.statics, cohort, context);
  if (parts_.statics && !conditions.empty()) sample_statics_given(*parts_.statics, conditions, cohort, context);
  impose(conditions, cohort.statics);
  if (parts_.series) sample_series(*parts_.series, parts_.statics ? &*parts_.statics : nullptr, cohort, context);
  repair(cohort);
  return cohort;
}

TensorFile GanModel::save() const {
  TensorFile file = begin_model_file(kName, parts_.schema);
  file.metadata["mode"] = parts_.options.at("mode");
  file.metadata["options"] = parts_.options;
  file.metadata["timeline"] = to_json(parts_.timeline);
  if (parts_.statics) parts_.statics->save(file, kStatics);
  if (parts_.series) parts_.series->save(file, kSeries);
  return file;
}

namespace {

// Whether a part of the schema has a column that a network can learn.
bool has_learnt(const std::vector<ColumnSpec>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const ColumnSpec& column) {
    return column.type != ColumnType::id && column.type != ColumnType::text;
  });
}

}  // namespace

ModelPtr GanModel::load(const TensorFile& file) {
  Parts parts;
  parts.schema = check_model_file(file, kName);
  parts.timeline = timeline_from_json(metadata_entry(file, "timeline"));
  parts.options = metadata_entry(file, "options");
  try {
    if (!parts.options.at("mode").is_string()) fail(ErrorKind::input, "the mode in the model file is not a text");
    const nlohmann::json& json = file.metadata;
    if (json.contains(kStatics)) parts.statics = GanPart::load(file, kStatics);
    if (json.contains(kSeries)) parts.series = GanPart::load(file, kSeries);
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::input, "the model file lacks what a 'gan' needs: {}", error.what());
  }
  if (has_learnt(parts.schema.statics()) != parts.statics.has_value() ||
      has_learnt(parts.schema.series()) != parts.series.has_value()) {
    fail(ErrorKind::input, "the model file lacks the network of a part that its schema has, or has one too many");
  }
  if (parts.statics) check_columns(*parts.statics, parts.schema.statics(), 0);
  const std::int64_t conditions = parts.statics ? parts.statics->head.width() : 0;
  if (parts.series) check_columns(*parts.series, parts.schema.series(), conditions);
  return std::make_shared<GanModel>(std::move(parts));
}

}  // namespace understudy
