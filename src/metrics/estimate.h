// A number with its interval and its reference, and how it becomes a finding.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "understudy/finding.h"

namespace understudy {

inline constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();

struct Estimate {
  double value = kNotMeasured;
  double low = kNotMeasured;
  double high = kNotMeasured;
  double reference = kNotMeasured;
};

// Mean of the values that are not NaN; NaN when there are none.
double mean_of(std::span<const double> values);
// Largest of the values that are not NaN; NaN when there are none.
double largest_of(std::span<const double> values);

// value -+ 1.96 standard deviations of the replicates, cut to [minimum, maximum]. Centred on the value because
// resampling pushes distances up: percentiles of the replicates would lie beside it. No interval for fewer than ten
// replicates that are not NaN.
Estimate with_interval(double value, std::span<const double> replicates, double minimum, double maximum);

// Mean of the values that are not NaN, -+ 1.96 standard errors, cut to [minimum, maximum]; no interval for fewer than
// two. The values are independent: one for each person.
Estimate mean_estimate(std::span<const double> values, double minimum, double maximum);

// Share of rows with a hit; Wilson's interval with the number of rows divided by the design effect of subjects
// (Korn and Graubard 1998). No interval for fewer than two subjects with rows. `owners`: the subject of each row.
Estimate share_estimate(std::span<const std::uint8_t> hits, std::span<const std::int32_t> owners,
                        std::int64_t subjects);

// 1 - estimate.
Estimate complement(const Estimate& estimate);

// `meaning` when there is a value, `absence` when there is none.
Finding make_finding(std::string name, std::vector<std::string> columns, const Estimate& estimate, Better better,
                     const std::string& meaning, const std::string& absence);

}  // namespace understudy
