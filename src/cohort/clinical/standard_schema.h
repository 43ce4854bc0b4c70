// What the variables of a clinical format look like before anybody looks at data.
#pragma once

#include <string_view>

#include "understudy/schema.h"

namespace understudy {

// Every variable that the concepts know in the format, in the order of the catalogue and with its ranges, hour by hour
// for the first two days; age, sex and death in hospital. ErrorKind::usage for a format without concepts, whose columns
// only its owner can name.
Schema standard_schema(std::string_view format);

}  // namespace understudy
