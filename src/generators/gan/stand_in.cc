#include "generators/gan/stand_in.h"

#include "generators/marginal_draws.h"

namespace understudy {

Cohort stand_in(const Schema& schema, const PrivateMarginals& marginals, std::int64_t subjects, std::int64_t rows,
                const Context& context) {
  Cohort cohort = make_cohort(schema);
  cohort.statics.resize(subjects);
  for (std::int64_t s = 0; s < subjects; ++s) cohort.subjects.push_back(std::to_string(s));
  draw_columns(schema.statics(), marginals.statics, cohort.statics, context.rng("gan stand-in statics"), context);
  if (!schema.has_series()) return cohort;
  cohort.series.resize(subjects * rows);
  for (std::int64_t s = 0; s < subjects; ++s) cohort.offsets.push_back((s + 1) * rows);
  draw_columns(schema.series(), marginals.series, cohort.series, context.rng("gan stand-in series"), context);
  return cohort;
}

}  // namespace understudy
