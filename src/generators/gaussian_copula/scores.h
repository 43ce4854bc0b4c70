// The normal variables behind a cohort's columns, and their correlations.
#pragma once

#include <cstddef>
#include <vector>

#include "encode/marginal.h"
#include "generators/gaussian_copula/matrix.h"
#include "understudy/cohort.h"
#include "understudy/context.h"

namespace understudy {

// A column's value, or whether it is missing (part 1 of a binary marginal).
struct Variable {
  bool in_series = false;
  bool is_missing_flag = false;
  std::size_t column = 0;  // of the statics or the series
  Marginal marginal;
};

// Statics first, then series; columns that never vary, and id, text and codes, have no variable.
std::vector<Variable> variables(const std::vector<Marginal>& statics, const std::vector<Marginal>& series);

// Mean of a standard normal inside each part of the marginal; 0 for parts without mass.
std::vector<double> mean_scores(const Marginal& marginal);

// Coefficients a_1, a_2, ... of the mean score as a function of the normal variable, in orthonormal Hermite
// polynomials. Two such functions of normals with correlation r have covariance sum_k a_k b_k r^k (Mehler, 1866).
std::vector<double> hermite(const Marginal& marginal, const std::vector<double>& scores);

// The r in [-0.98, 0.98] at which that covariance is nearest to the given one.
double matching_correlation(const std::vector<double>& a, const std::vector<double>& b, double covariance);

// Correlations of the variables: statics with each other over subjects, all others over series rows, each over the
// records that have both values; the nearest proper correlation matrix of that. Looks at raw values: call inside a
// vault's look.
Matrix correlations(const std::vector<Variable>& all, const Cohort& cohort, const Context& context);

}  // namespace understudy
