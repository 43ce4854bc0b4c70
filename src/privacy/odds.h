// What a guarantee means for one person, in odds that an attacker gets. Epsilon and delta are for one subject.
//
//   posterior(0.5, 1, 0)       // 0.7311: who is 50 % sure that a person took part can become at most 73 % sure
//
// The attacker may know everything else and chooses any rule. All numbers are upper bounds; none says that an attack
// reaches it.
#pragma once

#include "understudy/privacy.h"

namespace understudy {

// The most that an attacker can believe that a person took part, who believed `prior` before the release. An
// (epsilon, delta)-DP mechanism is a mechanism that tells all with probability delta and is epsilon-DP otherwise, seen
// through something that adds nothing (Kairouz, Oh and Viswanath 2015); the first case counts here as full
// certainty: delta + (1 - delta) prior e^epsilon / (1 - prior + prior e^epsilon). ErrorKind::usage for prior outside
// (0, 1), epsilon below 0, delta outside [0, 1].
double posterior(double prior, double epsilon, double delta);

// Under mu-Gaussian-DP up to delta (Dong, Roth and Su 2022). Let an attacker decide by any rule who took part:
// The share of right decisions, where half of the people took part: Phi(mu / 2) + delta / 2.
double right_guesses(const GaussianCost& cost);
// The share of participants found, when at most `false_alarms` of the others are taken for one: Phi(Phi^-1(a) + mu) +
// delta.
double found(const GaussianCost& cost, double false_alarms);
// The area under the curve of the two shares: Phi(mu / sqrt 2) + delta.
double area_under_curve(const GaussianCost& cost);

}  // namespace understudy
