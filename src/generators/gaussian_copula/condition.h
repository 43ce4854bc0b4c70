// The static variables of a subject, given what a condition says of some of them.
#pragma once

#include <span>
#include <vector>

#include "generators/condition.h"
#include "generators/gaussian_copula/scores.h"

namespace understudy {

class ConditionalStatics {
 public:
  // `correlation` of all variables; its first variables are those of the statics.
  ConditionalStatics(const std::vector<Variable>& all, std::size_t statics, const Matrix& correlation,
                     const std::vector<StaticCondition>& conditions, const Table& shape);

  // Writes one draw of the static variables to z [statics].
  void draw(std::span<double> z, Rng& rng) const;

 private:
  // The stretch of a normal variable behind the value asked for; a point where low == high.
  struct Given {
    double low, high;
  };
  double draw_given(std::span<double> e, Rng& rng) const;

  std::vector<std::size_t> order_;  // variables, the given ones first
  std::vector<Given> given_;
  Matrix lower_;  // Cholesky factor in that order
};

}  // namespace understudy
