// People of one static number, for tests to which records do not matter.
#pragma once

#include <fmt/format.h>

#include "understudy/cohort.h"

namespace understudy {

inline Cohort people(std::int64_t count) {
  Schema schema;
  schema.name = "people";
  schema.subject = "id";
  schema.columns = {{.name = "age", .type = ColumnType::integer, .minimum = 0, .maximum = 100, .is_static = true}};
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(count);
  for (std::int64_t s = 0; s < count; ++s) {
    cohort.subjects.push_back(fmt::format("p{}", s));
    cohort.statics.column(0).set_number(s, static_cast<double>(s));
  }
  return cohort;
}

}  // namespace understudy
