#!/usr/bin/env python3
"""A training step by subject of PyPI's Opacus beside ours, on the three networks of bench/dp_step.cc.

Both over the same libtorch, so with the same products. One thread, processor time; the programs take turns, and the ratio
is the median of the turns. Opacus runs in whichever of its modes is fastest here, with Adam and its own float noise:
secure_mode off. Ours takes its noise from the secure source. All subjects of Opacus go through at once; ours go in the
micro-batches of bench_dp_step. The DPGRU is a loop in Python: with fewer subjects where 512 take longer than the limit.

    scripts/check_torch2          # torch in .deps/torch2, and ours built against it
    .deps/torch2/bin/python -m pip install opacus==1.6.0
    cmake --build build/torch2 --target bench_dp_step
    .deps/torch2/bin/python bench/peers/dp_step.py build/torch2/bench/bench_dp_step [turns] [seconds a step may take]
"""
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
import warnings

# For both: one thread everywhere, and memory that is given back to the allocator only (bench_dp_step sets it itself).
SETTINGS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
            "MALLOC_TRIM_THRESHOLD_": str((1 << 31) - 1)}
MODES = ["ghost", "hooks", "functorch", "ew"]
SUBJECTS = {"mlp": [512], "gru": [512, 64], "transformer": [64]}
STEPS = 3  # of a turn, after two that do not count


def network(kind):
    """The module, and the shape of a subject's record."""
    from opacus.layers import DPGRU
    from opacus.validators import ModuleValidator
    from torch import nn

    class Outputs(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = DPGRU(64, 256, num_layers=2, batch_first=True)

        def forward(self, x):
            return self.gru(x)[0]

    if kind == "gru":
        return Outputs(), (48, 64)
    if kind == "mlp":
        widths, layers = [128, 512, 512, 512, 512, 128], []
        for inputs, outputs in zip(widths, widths[1:]):
            layers += [nn.Linear(inputs, outputs), nn.ReLU()]
        return nn.Sequential(*layers[:-1]), (128,)
    layer = nn.TransformerEncoderLayer(256, 4, dim_feedforward=1024, dropout=0, batch_first=True)
    return ModuleValidator.fix(nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)), (96, 256)


class SumOfSquares:
    reduction = "sum"

    def __call__(self, output, _):
        each = output.square().flatten(1).sum(1)
        return each if self.reduction == "none" else each.sum()


def worker(kind, mode, subjects, steps):
    """Steps of Opacus in this process; prints the milliseconds of each and the peak in MB."""
    import torch
    from opacus import PrivacyEngine
    from torch.utils.data import DataLoader, TensorDataset

    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    torch.manual_seed(1)
    module, shape = network(kind)
    x = torch.randn(subjects, *shape)
    found = PrivacyEngine(secure_mode=False).make_private(
        module=module.train(), optimizer=torch.optim.Adam(module.parameters(), 1e-4), criterion=SumOfSquares(),
        data_loader=DataLoader(TensorDataset(x, x), batch_size=subjects), noise_multiplier=1.0, max_grad_norm=1.0,
        loss_reduction="sum", poisson_sampling=False, grad_sample_mode=mode)
    module, optimizer, criterion = found[0], found[1], found[2] if mode == "ghost" else SumOfSquares()
    times = []
    for step in range(-2, steps):
        start = time.process_time()
        optimizer.zero_grad()
        criterion(module(x), x).backward()
        optimizer.step()
        times.append(1e3 * (time.process_time() - start))
    print(json.dumps([times[2:], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]))


def run(command, limit=None):
    """What it prints, or none when it fails or takes longer than `limit` seconds."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=limit,
                              env=os.environ | SETTINGS, check=True)
        return done.stdout
    except subprocess.TimeoutExpired:
        print(f"  {' '.join(map(str, command[2:]))}: not done in {limit} s", flush=True)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().split("\n")[-1]
        print(f"  {' '.join(map(str, command[2:]))}: {reason}", flush=True)
    return None


def theirs(kind, mode, subjects, steps, limit=None):
    printed = run([sys.executable, __file__, "--worker", kind, mode, subjects, steps], limit)
    if printed is None:
        return None
    times, peak = json.loads(printed.split("\n")[-2])
    return statistics.median(times), peak


def ours(program, kind, subjects):
    micro_batch = 16 if kind == "transformer" else subjects
    printed = run([program, kind, subjects, micro_batch, STEPS])
    plain, private, peak = re.search(r"plain ([\d.]+) ms, private ([\d.]+) ms.*peak (\d+) MB", printed).groups()
    return float(plain), float(private), int(peak)


def fastest_mode(kind, limit):
    """The mode and the number of subjects, the most that a step of any mode finishes with in time."""
    for subjects in SUBJECTS[kind]:
        tried = {}
        for mode in MODES:
            found = theirs(kind, mode, subjects, 1, 3 * limit + 30)  # two steps before the one, and the start
            if found is not None:
                tried[mode] = found[0]
                print(f"  opacus {kind} {subjects} {mode}: {found[0]:.0f} ms, peak {found[1]} MB", flush=True)
        if tried:
            return min(tried, key=tried.get), subjects
    return None, 0


def compare(program, kind, turns, limit):
    mode, subjects = fastest_mode(kind, limit)
    if mode is None:
        print(f"{kind}: opacus not measured")
        return
    found = [(theirs(kind, mode, subjects, STEPS), ours(program, kind, subjects)) for _ in range(turns)]
    median = statistics.median
    print(f"{kind}, {subjects} subjects: opacus ({mode}, secure_mode off) {median(t[0] for t, _ in found):.1f} ms, ours "
          f"{median(o[1] for _, o in found):.1f} ms (plain torch {median(o[0] for _, o in found):.1f}), ratio "
          f"{median(t[0] / o[1] for t, o in found):.2f}; peak {max(t[1] for t, _ in found)} and "
          f"{max(o[2] for _, o in found)} MB", flush=True)


def main(program, turns=5, limit=60):
    import opacus
    import torch

    print(f"opacus {opacus.__version__}, torch {torch.__version__}, {turns} turns of {STEPS} steps")
    for kind in SUBJECTS:
        compare(program, kind, int(turns), float(limit))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--worker":
        worker(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
    else:
        main(*sys.argv[1:])
