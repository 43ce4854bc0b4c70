// Normal tails that keep their relative precision however far out.
#pragma once

namespace understudy {

double normal_density(double x);

// P[N(0, 1) > x], to a few units in the last place; 0 below the smallest double.
double normal_survival(double x);

// Mills' ratio P[N(0, 1) > x] / density(x); overflows for x below -37. Relative error below 1e-14 for x >= 0.
double mills_ratio(double x);
// 1 - x mills_ratio(x), the negative of its derivative, without cancellation.
double mills_slope(double x);

// log P[N(0, 1) > x].
double log_normal_survival(double x);

// The x with log P[N(0, 1) > x] = `log_probability` < 0.
double upper_normal_quantile(double log_probability);

}  // namespace understudy
