#!/usr/bin/env python3
"""Compares the accountant `pld` with PyPI's dp-accounting on random settings of sampled Gaussians.

Three answers for each setting: dp-accounting and ours on the same grid, and ours on the grid that it chooses. The
yardstick for correctness is dp-accounting on a ten times finer grid: an upper bound that lies within 1e-5 or so of the
truth. Times are processor time of the computation alone, in one process each, the least of three.

    python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install dp-accounting==0.6.0
    cmake --build --preset release --target bench_accounting
    bench/peers/.venv/bin/python bench/peers/accounting.py build/release/bench/bench_accounting [settings] [interval]
"""
import math
import random
import statistics
import subprocess
import sys
import time

from dp_accounting import dp_event
from dp_accounting.pld import PLDAccountant


def settings(count):
    rng = random.Random(20261125)
    for _ in range(count):
        sigma = math.exp(rng.uniform(math.log(0.6), math.log(5)))
        rate = math.exp(rng.uniform(math.log(0.001), math.log(0.2)))
        steps = round(math.exp(rng.uniform(math.log(10), math.log(10000))))
        yield sigma, rate, steps, rng.choice([1e-5, 1e-6, 1e-8])


def theirs(setting, interval, repeats):
    sigma, rate, steps, delta = setting
    least = math.inf
    for _ in range(repeats):
        start = time.process_time()
        accountant = PLDAccountant(value_discretization_interval=interval)
        accountant.compose(dp_event.PoissonSampledDpEvent(rate, dp_event.GaussianDpEvent(sigma)), steps)
        epsilon = accountant.get_epsilon(delta)
        least = min(least, time.process_time() - start)
    return epsilon, least


def ours(program, chosen, interval):
    text = "".join(f"{s!r} {q!r} {t} {d!r} {interval!r}\n" for s, q, t, d in chosen)
    lines = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout.split("\n")
    return [tuple(map(float, line.split())) for line in lines if line]


def main(program, count=50, interval=1e-4):
    chosen = list(settings(int(count)))
    interval = float(interval)
    same, free = ours(program, chosen, interval), ours(program, chosen, 0)
    ratios, worst, lowest, times = [], 0, math.inf, ([], [], [])
    print("sigma rate steps delta | dp-accounting ours ours-chosen finer | seconds dp-accounting ours ours-chosen")
    for setting, (at_same, t_same), (at_free, t_free) in zip(chosen, same, free):
        peer, t_peer = theirs(setting, interval, 3)
        # Small epsilons need a finer yardstick: our own grid is below 1e-5 there.
        finer, _ = theirs(setting, interval / (100 if peer < 0.1 else 10), 1)
        ratios.append(t_peer / t_same)
        for bucket, value in zip(times, (t_peer, t_same, t_free)):
            bucket.append(value)
        worst = max(worst, abs(at_free - finer) / finer)
        lowest = min(lowest, (min(at_free, at_same) - finer) / finer)
        print(*(f"{x:.4g}" for x in setting), "|", *(f"{x:.6f}" for x in (peer, at_same, at_free, finer)), "|",
              *(f"{x:.4f}" for x in (t_peer, t_same, t_free)), flush=True)
    print(f"speed at equal grid: median {statistics.median(ratios):.1f} times, least {min(ratios):.1f}, "
          f"total {sum(times[0]) / sum(times[1]):.1f}; median seconds {statistics.median(times[0]):.4f} against "
          f"{statistics.median(times[1]):.4f}, on the chosen grid {statistics.median(times[2]):.4f}")
    print(f"on the chosen grid: largest relative difference from the finer grid {worst:.2e}; "
          f"ours below it by at most {max(0.0, -lowest):.2e}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
