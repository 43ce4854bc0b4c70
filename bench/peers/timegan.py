#!/usr/bin/env python3
"""An iteration of each of TimeGAN's trainings by a public implementation in PyTorch (birdx0810/timegan-pytorch) beside ours, on made-up
panels of the same shape. The reference (jsyoon0823/TimeGAN) needs TensorFlow 1.

Its checkout and a Python with torch and numpy are elsewhere; nothing of them is in this project. One thread each, processor time,
the programs take turns, and the ratio is the median of the turns. Both train networks of the same layers and width on batches of
the same size with Adam; an iteration of the joint training is two steps of the generator and the embedder and one of the
discriminator. The loops are those of its models/utils.py without progress bars; batches come from its own data set.

    cmake --build --preset release --target bench_timegan
    PYTHON bench/peers/timegan.py build/release/bench/bench_timegan CHECKOUT [turns] [steps channels subjects batch layers hidden iterations]
"""
import json
import os
import re
import statistics
import subprocess
import sys
import time
import types

SETTINGS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
SHAPE = [24, 5, 2000, 128, 3, 24, 50]
PHASES = ("embedding", "supervised", "joint")


def worker(checkout, steps, channels, subjects, batch, layers, hidden, iterations):
    sys.path.insert(0, checkout)
    import numpy
    import torch
    from models.dataset import TimeGANDataset
    from models.timegan import TimeGAN

    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = TimeGAN(types.SimpleNamespace(device="cpu", feature_dim=channels, Z_dim=channels, hidden_dim=hidden, num_layers=layers,
                                          padding_value=-1.0, max_seq_len=steps, batch_size=batch))
    data = TimeGANDataset(numpy.random.default_rng(1).random((subjects, steps, channels)), [steps] * subjects)
    loader = torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True, drop_last=True)
    parts = {name: torch.optim.Adam(getattr(model, name).parameters(), lr=1e-3)
             for name in ("embedder", "recovery", "supervisor", "generator", "discriminator")}

    def step(loss, *moved):
        loss.backward()
        for name in moved:
            parts[name].step()

    def noise():
        return torch.rand((batch, steps, channels))

    def iterate(phase, x, t):
        model.zero_grad()
        if phase == "embedding":
            step(model(X=x, T=t, Z=None, obj="autoencoder")[1], "embedder", "recovery")
        elif phase == "supervised":
            step(model(X=x, T=t, Z=None, obj="supervisor"), "supervisor")
        else:
            for _ in range(2):
                z = noise()
                model.zero_grad()
                step(model(X=x, T=t, Z=z, obj="generator"), "generator", "supervisor")
                model.zero_grad()
                step(model(X=x, T=t, Z=z, obj="autoencoder")[0], "embedder", "recovery")
            model.zero_grad()
            loss = model(X=x, T=t, Z=noise(), obj="discriminator")
            if loss > 0.15:
                step(loss, "discriminator")

    took = {}
    for phase in PHASES:
        done = -2
        while done < iterations:
            for x, t in loader:
                if done == 0:
                    start = time.process_time()
                if done == iterations:
                    break
                iterate(phase, x, t)
                done += 1
        took[phase] = 1e3 * (time.process_time() - start) / iterations
    print(json.dumps(took | {"torch": torch.__version__, "parameters": sum(p.numel() for p in model.parameters())}))


def printed(command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, env=os.environ | SETTINGS).stdout


def main(program, checkout, turns=5, *shape):
    shape = [int(number) for number in shape] or SHAPE
    pairs = {phase: [] for phase in PHASES}
    for _ in range(int(turns)):
        theirs = json.loads(printed([sys.executable, __file__, "--worker", checkout, *shape]).split("\n")[-2])
        ours = dict(re.findall(r"(\w+): ([\d.]+) ms", printed([program, *shape])))
        for phase in PHASES:
            pairs[phase].append((theirs[phase], float(ours[phase])))
    median = statistics.median
    print(f"steps, channels, subjects, batch, layers, hidden, iterations: {shape}; torch {theirs['torch']}, {theirs['parameters']} parameters")
    for phase, found in pairs.items():
        ratios = [a / b for a, b in found]
        print(f"{phase}: theirs {median(a for a, _ in found):.1f} ms, ours {median(b for _, b in found):.1f} ms an iteration, "
              f"ratio {median(ratios):.2f} (of {len(ratios)} turns: {min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main(*sys.argv[1:])
