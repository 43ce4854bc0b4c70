// Generator "gaussian-copula": each column by its own distribution, joined through the correlations of their normal
// scores.
//
// A subject's statics and one of its series rows are, behind their marginals, one draw of a multivariate normal. Rows
// of a subject are independent given its statics. A column that is sometimes missing has a second, binary variable that
// says whether it is. Categories stand in their declared order.
//
// The correlation of two variables is the one under which their mean scores (the mean normal score of the part that a
// value lies in) have the covariance that they have in the data: atoms, zero inflation and categories do not weaken it.
// See gaussian_copula/scores.h.
//
// A condition on one static column that is never missing is exact: its variable is drawn from the truncated normal
// behind the value and the rest given it. Several variables are drawn one after the other, and one of 32 such draws is
// taken in proportion to its likelihood (sampling-importance-resampling; Rubin, 1987), which is nearly exact.
#pragma once

#include <memory>

#include "understudy/generator.h"

namespace understudy {

std::unique_ptr<Generator> make_gaussian_copula();

}  // namespace understudy
