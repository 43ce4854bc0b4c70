// Reads settings of sampled Gaussians, "sigma rate steps delta interval" a line (interval 0: as the program chooses),
// and prints "epsilon seconds" for each: the least processor time of three.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "privacy/accountants/pld.h"

int main() {
  using namespace understudy;
  double sigma = 0, rate = 0, delta = 0, interval = 0;
  long steps = 0;
  while (std::scanf("%lf %lf %ld %lf %lf", &sigma, &rate, &steps, &delta, &interval) == 5) {
    Plan plan;
    PrivacyEvent event;
    event.what = "steps";
    event.kind = EventKind::gaussian;
    event.noise = sigma;
    event.rate = rate;
    event.count = steps;
    plan.events = {event};
    double epsilon = 0, least = 1e300;
    for (int k = 0; k < 3; ++k) {
      const std::clock_t start = std::clock();
      epsilon = pld_epsilon(plan, delta, interval);
      least = std::min(least, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    std::printf("%.17g %.6g\n", epsilon, least);
  }
}
