// What a model file says, behind its checksum. An input is the metadata as JSON; its entry "correlation", a list of
// numbers, becomes the tensor of that name. A model that loads can be saved and loads again the same, and can be drawn
// from, where it does not say that subjects have more rows than a fuzzer has time for.
#include <cmath>

#include "core/json.h"
#include "generators/gaussian_copula.h"
#include "generators/independent.h"
#include "target.h"

using namespace understudy;
using nlohmann::json;

namespace {

TensorFile file_of(json metadata) {
  TensorFile file;
  if (metadata.is_object() && metadata.contains("correlation") && metadata["correlation"].is_array()) {
    std::vector<double> values;
    for (const json& value : metadata["correlation"]) values.push_back(value.is_number() ? value.get<double>() : 0);
    const auto side = static_cast<std::int64_t>(std::sqrt(static_cast<double>(values.size())));
    values.resize(static_cast<std::size_t>(side * side));
    file.put("correlation", {side, side}, std::span<const double>(values));
    metadata.erase("correlation");
  }
  file.metadata = std::move(metadata);
  return file;
}

constexpr double kMostRows = 100;

double rows_of(const json& metadata) {
  const json timeline = metadata.value("timeline", json::object());
  return timeline.contains("rows") ? timeline["rows"]["edges"].back().get<double>() : 0;
}

void survive(const Generator& generator, const TensorFile& input) {
  const auto model = taken(ErrorKind::input, [&] { return generator.load(input); });
  if (!model) return;
  const TensorFile saved = (*model)->save();
  const auto again = taken(ErrorKind::input, [&] { return generator.load(saved); });
  require(again && (*again)->save().metadata == saved.metadata,
          "a model that does not survive its own file: " + saved.metadata.dump());
  if (rows_of(saved.metadata) <= kMostRows) {
    require(taken(ErrorKind::input, [&] { return (*model)->sample({.subjects = 2, .condition = {}}, {}); }).has_value(),
            "a model that loads but cannot be drawn from: " + saved.metadata.dump());
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const TensorFile file = file_of(parse_json<json>(as_text(data, size)));
  survive(*make_independent(), file);
  survive(*make_gaussian_copula(), file);
  return 0;
}
