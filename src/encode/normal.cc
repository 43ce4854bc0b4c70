#include "encode/normal.h"

#include <boost/math/special_functions/erf.hpp>
#include <limits>

namespace understudy {

double normal_quantile(double u) {
  if (!(u > 0)) return -std::numeric_limits<double>::infinity();
  if (!(u < 1)) return std::numeric_limits<double>::infinity();
  // The upper half by 1 - u, which is exact there; errors are returned as values, never thrown.
  using boost::math::policies::domain_error;
  using boost::math::policies::errno_on_error;
  using boost::math::policies::overflow_error;
  using Policy = boost::math::policies::policy<domain_error<errno_on_error>, overflow_error<errno_on_error>,
                                               boost::math::policies::promote_double<false>>;
  if (u > 0.5) return std::numbers::sqrt2 * boost::math::erfc_inv(2 * (1 - u), Policy());
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * u, Policy());
}

}  // namespace understudy
