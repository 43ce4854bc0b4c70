#!/usr/bin/env python3
"""Writes halo.json: the loss of a HALO network (arXiv:2304.02169) with fixed weights, in numpy alone, loops where they are clearer.

Weights are 0.4 sin(0.7 i) over the flat row in the order of src/generators/halo/network.cc; scales of normalisations are 1 more.
    python3 tests/golden/halo.py > tests/golden/halo.json
"""
import json
import math

import numpy as np

CODES, CONTEXT, LAYERS, HEADS, WIDTH = 7, 5, 2, 2, 4
VISITS = [[[], [5], [0, 3], [1, 2, 4], [0]], [[], [6], [3], [], []]]  # codes that are there; start, labels, rows
ASKED = [[[5, 6], [0, 1, 2, 3, 4], [0, 1, 2, 4], [0, 2]], [[5, 6], [0, 1, 3], [], []]]


def weights():
    index = 0

    def take(*shape):
        nonlocal index
        size = math.prod(shape)
        values = 0.4 * np.sin(0.7 * np.arange(index, index + size))
        index += size
        return values.reshape(shape)

    n, inputs = WIDTH, WIDTH + CODES
    layers = []
    net = {"embedding": take(n, CODES), "places": take(CONTEXT, n), "layers": layers}
    for _ in range(LAYERS):
        layers.append([take(3 * n, n), take(3 * n), take(n, n), take(n), take(4 * n, n), take(4 * n), take(n, 4 * n), take(n),
                       1 + take(n), take(n), 1 + take(n), take(n)])
    net["last"] = [1 + take(n), take(n)]
    net["first"] = [take(inputs, inputs), take(inputs)]
    net["second"] = [take(CODES, inputs), take(CODES)]
    return net, index


def normal(x, scale, shift):
    centred = x - x.mean()
    return centred / math.sqrt((centred ** 2).mean() + 1e-5) * scale + shift


def gelu(x):
    return np.array([v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])


def histories(net, visits):
    x = [net["embedding"] @ hot + place for hot, place in zip(visits, net["places"])]
    for w_in, b_in, w_out, b_out, up, b_up, down, b_down, s1, h1, s2, h2 in net["layers"]:
        parts = [w_in @ normal(v, s1, h1) + b_in for v in x]
        size, after = WIDTH // HEADS, []
        for t, v in enumerate(x):
            mixed = []
            for head in range(HEADS):
                at = slice(head * size, (head + 1) * size)
                query = parts[t][:WIDTH][at]
                scores = np.array([query @ parts[u][WIDTH:2 * WIDTH][at] for u in range(t + 1)]) / math.sqrt(size)
                shares = np.exp(scores - scores.max())
                mixed.append(sum(s * parts[u][2 * WIDTH:][at] for u, s in enumerate(shares / shares.sum())))
            h = v + w_out @ np.concatenate(mixed) + b_out
            after.append(h + down @ gelu(up @ normal(h, s2, h2) + b_up) + b_down)
        x = after
    return [normal(v, *net["last"]) for v in x]


def nats(net, visits, asked):
    hot = np.zeros((len(visits), CODES))
    for t, codes in enumerate(visits):
        hot[t, codes] = 1
    history, total = histories(net, hot[:-1]), 0.0
    for t, codes in enumerate(asked):
        for code in codes:  # each by itself: what it may see is cut out, and there is no mask
            seen = np.concatenate([history[t], hot[t + 1][:code]])
            size = len(seen)
            hidden = [max(0.0, net["first"][0][i, :i + 1] @ seen[:i + 1] + net["first"][1][i]) for i in range(size)]
            logit = net["second"][0][code, :size] @ np.array(hidden) + net["second"][1][code]
            total += math.log1p(math.exp(-logit if hot[t + 1, code] else logit))
    return total


NET, COUNT = weights()
print(json.dumps({"source": "tests/golden/halo.py", "codes": CODES, "context": CONTEXT, "layers": LAYERS, "heads": HEADS, "width": WIDTH,
                  "parameters": COUNT, "visits": VISITS, "asked": ASKED,
                  "nats": [round(nats(NET, *one), 9) for one in zip(VISITS, ASKED)]}, indent=1))
