#!/usr/bin/env python3
"""An epoch of the public implementation of HALO (btheodorou99/HALO_Inpatient) beside ours, on made-up visits of the same shape; and the
drawing of a batch of subjects with all their visits, by the networks that this left.

Its checkout and a Python with torch and numpy are elsewhere; nothing of them is in this project. One thread each, processor time,
the programs take turns, and the ratio is the median of the turns. Both train on the same number of codes, visits, layers, heads and
width in the same batches with Adam; each makes its batches from sets of codes, and that is part of the time.

    cmake --build --preset release --target bench_halo
    PYTHON bench/peers/halo.py build/release/bench/bench_halo CHECKOUT [turns] [codes visits subjects batch layers heads width]
"""
import json
import os
import re
import statistics
import subprocess
import sys
import time

SETTINGS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
SHAPE = [500, 20, 256, 32, 2, 4, 64]


def worker(checkout, codes, visits, subjects, batch, layers, heads, width):
    sys.path.insert(0, checkout)
    import numpy
    import torch
    from config import HALOConfig
    from model import HALOModel

    torch.set_num_threads(1)
    torch.manual_seed(1)
    labels = codes // 20
    config = HALOConfig(total_vocab_size=codes + 3, code_vocab_size=codes - labels, label_vocab_size=labels, n_positions=visits + 2,
                        n_ctx=visits + 2, n_embd=width, n_layer=layers, n_head=heads, batch_size=batch)
    rng = numpy.random.default_rng(1)
    people = [([numpy.flatnonzero(rng.random(codes - labels) < 0.1) for _ in range(visits)], rng.random(labels) < 0.1)
              for _ in range(subjects)]

    def batch_of(some):
        hot, mask = numpy.zeros((len(some), visits + 2, codes + 3)), numpy.zeros((len(some), visits + 2, 1))
        hot[:, 0, codes] = 1
        mask[:, 1:] = 1
        for i, (rows, label) in enumerate(some):
            hot[i, 1, codes - labels:codes] = label
            for j, row in enumerate(rows):
                hot[i, j + 2, row] = 1
            hot[i, visits + 1, codes + 1] = 1
        return torch.tensor(hot, dtype=torch.float32), torch.tensor(mask[:, 1:], dtype=torch.float32)

    model = HALOModel(config).train()
    with torch.no_grad():  # as many codes a visit as ours begins with
        model.ehr_head.auto2.bias.fill_(-2.2)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.lr)
    steps = subjects // batch
    for step in range(-2, steps):
        if step == 0:
            start = time.process_time()
        at = max(step, 0) * batch
        visits_hot, mask = batch_of(people[at:at + batch])
        optimizer.zero_grad()
        loss = model(visits_hot, ehr_labels=visits_hot, ehr_masks=mask)[0]
        loss.backward()
        optimizer.step()
    took = time.process_time() - start
    start = time.process_time()
    with torch.no_grad():
        drawn = torch.zeros(batch, 1, codes + 3)
        drawn[:, 0, codes] = 1
        for _ in range(visits + 1):
            drawn = model.sample(torch.cat((drawn, torch.zeros(batch, 1, codes + 3)), dim=1))
    each = 1e3 * (time.process_time() - start) / batch
    print(json.dumps({"ms": 1e3 * took / steps, "drawn": each, "parameters": sum(p.numel() for p in model.parameters()), "torch": torch.__version__}))


def printed(command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, env=os.environ | SETTINGS).stdout


def main(program, checkout, turns=5, *shape):
    shape = [int(number) for number in shape] or SHAPE
    steps, draws = [], []
    for _ in range(int(turns)):
        theirs = json.loads(printed([sys.executable, __file__, "--worker", checkout, *shape]).split("\n")[-2])
        ours = re.search(r"([\d.]+) ms each.*drawn: ([\d.]+) ms", printed([program, *shape]), re.S)
        steps.append((theirs["ms"], float(ours.group(1))))
        draws.append((theirs["drawn"], float(ours.group(2))))
    median = statistics.median
    print(f"codes, visits, subjects, batch, layers, heads, width: {shape}; torch {theirs['torch']}, {theirs['parameters']} parameters")
    for what, pairs in (("a step", steps), ("a subject drawn", draws)):
        print(f"{what}: theirs {median(p[0] for p in pairs):.1f} ms, ours {median(p[1] for p in pairs):.2f} ms, "
              f"ratio {median(p[0] / p[1] for p in pairs):.2f} (of {len(pairs)} turns: "
              f"{min(p[0] / p[1] for p in pairs):.2f} to {max(p[0] / p[1] for p in pairs):.2f})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2], *map(int, sys.argv[3:]))
    else:
        main(*sys.argv[1:])
