// What the model files of all marginal generators have in common.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "encode/marginal.h"
#include "understudy/options.h"
#include "understudy/schema.h"
#include "understudy/tensor_file.h"

namespace understudy {

// A file with the metadata "generator", "version" and "schema" (TOML text).
TensorFile begin_model_file(std::string_view generator, const Schema& schema);

// The schema in it. ErrorKind::input when the file is of another generator or version.
Schema check_model_file(const TensorFile& file, std::string_view generator);

// The entry of the metadata. ErrorKind::input when it is not there.
const nlohmann::json& metadata_entry(const TensorFile& file, const char* key);

nlohmann::json marginals_to_json(std::span<const Marginal> marginals);
// ErrorKind::input unless it holds one distribution of the right type for each of the specs.
std::vector<Marginal> marginals_from_json(const nlohmann::json& json, std::span<const ColumnSpec> specs);

// SHA-256 over generator, options, schema, seed and what else tells a training from others, for its checkpoint.
std::string training_fingerprint(std::string_view generator, const Options& options, const Schema& schema, std::uint64_t seed,
                                 const std::string& more);
// Name -> value, as a model keeps them.
nlohmann::json options_json(const Options& options);

// One per spec, of the table's columns. Looks at raw values: call inside a vault's look.
std::vector<Marginal> learn_marginals(std::span<const ColumnSpec> specs, const Table& table);

}  // namespace understudy
