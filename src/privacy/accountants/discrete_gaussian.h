// The discrete Gaussian as a Gaussian mechanism of a slightly larger mu.
#pragma once

namespace understudy {

// The smallest mu such that the discrete Gaussian of parameter `sigma` on the integers, shifted by 1, is
// mu-Gaussian-DP, rounded up; above 1 / sigma by a factor of about 1 + 1 / (24 sigma^2). Integer shifts of L2 norm at
// most D are (D * mu)-Gaussian-DP. Proof and numbers: docs/privacy/filter.md. For `sigma` below 1/20, infinity.
double discrete_gaussian_mu(double sigma);

}  // namespace understudy
