// What a codec needs to know of a column, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "understudy/schema.h"

namespace understudy {

nlohmann::json spec_to_json(const ColumnSpec& spec);
// nlohmann's exceptions, or ErrorKind::input for an unknown type.
ColumnSpec spec_from_json(const nlohmann::json& json);

}  // namespace understudy
