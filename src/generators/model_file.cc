#include "generators/model_file.h"

#include <string>

#include "core/files.h"
#include "understudy/error.h"

namespace understudy {
namespace {

constexpr int kVersion = 1;

}  // namespace

TensorFile begin_model_file(std::string_view generator, const Schema& schema) {
  TensorFile file;
  file.metadata = {{"generator", generator}, {"version", kVersion}, {"schema", to_toml(schema)}};
  return file;
}

Schema check_model_file(const TensorFile& file, std::string_view generator) {
  if (metadata_entry(file, "generator") != generator || metadata_entry(file, "version") != kVersion) {
    fail(ErrorKind::input, "the model file is of generator {}, version {}; accepted: '{}', version {}",
         metadata_entry(file, "generator").dump(), metadata_entry(file, "version").dump(), generator, kVersion);
  }
  const auto& schema = metadata_entry(file, "schema");
  if (!schema.is_string()) fail(ErrorKind::input, "the schema of the model file is not a text");
  return parse_schema(schema.get<std::string>(), "schema of the model file");
}

const nlohmann::json& metadata_entry(const TensorFile& file, const char* key) {
  const auto it = file.metadata.find(key);
  if (it == file.metadata.end()) fail(ErrorKind::input, "the model file lacks '{}'", key);
  return *it;
}

nlohmann::json marginals_to_json(std::span<const Marginal> marginals) {
  nlohmann::json json = nlohmann::json::array();
  for (const Marginal& marginal : marginals) json.push_back(to_json(marginal));
  return json;
}

std::vector<Marginal> marginals_from_json(const nlohmann::json& json, std::span<const ColumnSpec> specs) {
  if (!json.is_array() || json.size() != specs.size()) {
    fail(ErrorKind::input, "the model file has {} distributions for {} columns", json.size(), specs.size());
  }
  std::vector<Marginal> marginals;
  for (std::size_t c = 0; c < specs.size(); ++c) {
    marginals.push_back(marginal_from_json(json[c]));
    const bool fits = marginals[c].type == specs[c].type &&
                      (!is_categorical(specs[c].type) || marginals[c].mass.size() == specs[c].categories.size()) &&
                      (!is_set(specs[c].type) || marginals[c].shares.size() == specs[c].categories.size());
    if (!fits) {
      fail(ErrorKind::input, "the distribution of column '{}' in the model file is not of its type", specs[c].name);
    }
  }
  return marginals;
}

std::vector<Marginal> learn_marginals(std::span<const ColumnSpec> specs, const Table& table) {
  std::vector<Marginal> marginals;
  for (const ColumnSpec& spec : specs) marginals.push_back(learn_marginal(spec, table.column(spec.name)));
  return marginals;
}

std::string training_fingerprint(std::string_view generator, const Options& options, const Schema& schema, std::uint64_t seed, const std::string& more) {
  std::string text = fmt::format("{}|{}|{}", generator, to_toml(schema), seed);
  for (const auto& [name, value] : options.values()) text += fmt::format("|{}={}", name, value);
  text += more;
  return sha256(text);
}

nlohmann::json options_json(const Options& options) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, value] : options.values()) json[name] = value;
  return json;
}

}  // namespace understudy
