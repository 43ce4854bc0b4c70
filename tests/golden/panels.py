#!/usr/bin/env python3
"""Writes panels.json: the losses of the panel generators, step by step in numpy's doubles, from their papers' equations.

The random numbers (posterior, prior, paths; times, noise; z) are those that a training draws with the streams named in
src/generators/kovae_test.cc, diffusion_ts_test.cc and timegan_test.cc; they are inputs here and are checked there. Weights and panels are
made-up waves. Parameters lie in one row in the order in which the networks add them.
    tests/golden/panels.py
"""
import json
import math
import pathlib

import numpy as np

PATH = pathlib.Path(__file__).with_name("panels.json")
erf = np.vectorize(math.erf)


class Row:
    """Parameters, taken from the front."""

    def __init__(self):
        self.at = 0

    def take(self, *shape):
        size = int(np.prod(shape))
        values = 0.3 * np.sin(np.arange(self.at + 1, self.at + size + 1, dtype=float))
        self.at += size
        return values.reshape(shape)

    def linear(self, inputs, outputs, bias=True):
        weight = self.take(outputs, inputs)
        shift = self.take(outputs) if bias else 0
        return lambda x: x @ weight.T + shift

    def convolution(self, inputs, outputs):
        """Kernel 3, one zero on either side; x [windows, steps, inputs]."""
        weight, shift = self.take(outputs, inputs, 3), self.take(outputs)

        def apply(x):
            padded = np.pad(x, ((0, 0), (1, 1), (0, 0)))
            return sum(padded[:, k:k + x.shape[1]] @ weight[:, :, k].T for k in range(3)) + shift
        return apply


def made_panels(subjects, steps, channels):
    return (0.5 + 0.4 * np.sin(0.7 * np.arange(subjects * steps * channels))).reshape(subjects, steps, channels)


def logistic(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    return x * (1 + erf(x / math.sqrt(2))) / 2


def normal(x):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


# ---- kovae

def gru_step(gates_x, gates_h, h):
    """Gates in the order r, z, n."""
    (rx, zx, nx), (rh, zh, nh) = np.split(gates_x, 3, -1), np.split(gates_h, 3, -1)
    r, z = logistic(rx + rh), logistic(zx + zh)
    n = np.tanh(nx + r * nh)
    return (1 - z) * n + z * h


def gru(row, inputs, hidden):
    of_x = row.linear(inputs, 3 * hidden)
    of_h = row.linear(hidden, 3 * hidden)  # blocks n, r, z

    def apply(x):
        h, states = np.zeros((x.shape[0], hidden)), []
        for step in range(x.shape[1]):
            n, r, z = np.split(of_h(h), 3, -1)
            h = gru_step(of_x(x[:, step]), np.concatenate([r, z, n], -1), h)
            states.append(h)
        return np.stack(states, 1)
    return apply


def both_ways(row, inputs, hidden, layers):
    pairs = [(gru(row, inputs if i == 0 else 2 * hidden, hidden), gru(row, inputs if i == 0 else 2 * hidden, hidden)) for i in range(layers)]

    def apply(x):
        for there, back in pairs:
            x = np.concatenate([there(x), back(x[:, ::-1])[:, ::-1]], -1)
        return x
    return apply


def kovae(numbers, steps=3, channels=2, hidden=3, layers=2, latent=2, kl_weight=0.5, koopman_weight=2):
    row = Row()
    encoder = both_ways(row, channels, hidden, layers)
    scale, shift = row.take(2 * hidden), row.take(2 * hidden)
    posterior = row.linear(2 * hidden, 2 * latent)
    of_x, of_h = row.linear(latent, 3 * hidden), row.linear(hidden, 3 * hidden)
    prior = row.linear(hidden, 2 * latent)
    decoder = both_ways(row, latent, hidden, layers)
    out = row.linear(2 * hidden, channels)

    def path(noise):
        h, z, means, variances, drawn = np.zeros((len(noise), hidden)), np.zeros((len(noise), latent)), [], [], []
        for step in range(steps):
            h = gru_step(of_x(z), of_h(h), h)
            mean, log_variance = np.split(prior(h), 2, -1)
            z = mean + noise[:, step] * np.exp(log_variance / 2)
            means.append(mean), variances.append(np.exp(log_variance)), drawn.append(z)
        return np.stack(means, 1), np.stack(variances, 1), np.stack(drawn, 1)

    x = made_panels(2, steps, channels)
    mean, log_variance = np.split(posterior(normal(encoder(x)) * scale + shift), 2, -1)
    variance = np.exp(log_variance)
    z = mean + np.reshape(numbers["posterior"], mean.shape) * np.sqrt(variance)
    prior_mean, prior_variance, _ = path(np.reshape(numbers["prior"], mean.shape))
    divergence = 0.5 * (np.log(prior_variance / variance) + (variance + (mean - prior_mean) ** 2) / prior_variance - 1)
    loss = ((logistic(out(decoder(z))) - x) ** 2).sum() + kl_weight * divergence.sum()

    paths = path(np.reshape(numbers["paths"], (4, steps, latent)))[2]
    past, future = paths[:, :-1].reshape(-1, latent), paths[:, 1:].reshape(-1, latent)
    predicted = past @ np.linalg.lstsq(past, future, rcond=None)[0]
    return dict(numbers, loss=loss, free_term=koopman_weight * ((predicted - future) ** 2).mean() / np.linalg.norm(predicted))


# ---- diffusion-ts

def attention(q, k, v, heads):
    def split(x):
        return x.reshape(x.shape[0], x.shape[1], heads, -1).transpose(0, 2, 1, 3)
    scores = split(q) @ split(k).transpose(0, 1, 3, 2) / math.sqrt(q.shape[2] / heads)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    mixed = weights / weights.sum(-1, keepdims=True) @ split(v)
    return mixed.transpose(0, 2, 1, 3).reshape(q.shape)


def timed_norm(row, width):
    linear = row.linear(width, 2 * width)

    def apply(x, told):
        scale, shift = np.split(linear(told * logistic(told))[:, None], 2, -1)
        return normal(x) * (1 + scale) + shift
    return apply


def self_attention(row, width, heads):
    inside, outside = row.linear(width, 3 * width), row.linear(width, width)
    return lambda x: outside(attention(*np.split(inside(x), 3, -1), heads))


def cross_attention(row, width, heads):
    query, memory, outside = row.linear(width, width), row.linear(width, 2 * width), row.linear(width, width)
    return lambda x, other: outside(attention(query(x), *np.split(memory(other), 2, -1), heads))


def feed_forward(row, width):
    scale, shift = row.take(width), row.take(width)
    up, down = row.linear(width, 4 * width), row.linear(4 * width, width)
    return lambda x: down(gelu(up(normal(x) * scale + shift)))


def encoder_block(row, width, heads):
    norm, attend, inner = timed_norm(row, width), self_attention(row, width, heads), feed_forward(row, width)

    def apply(x, told):
        x = x + attend(norm(x, told))
        return x + inner(x)
    return apply


def season(x):
    """The strongest frequencies of each channel, as a sum of waves of their amplitude and phase, and of their mirror images."""
    steps = x.shape[1]
    spectrum = np.fft.rfft(x, axis=1)[:, 1:-1 if steps % 2 == 0 else None]
    count = int(math.log(spectrum.shape[1]))
    result = np.zeros_like(x)
    for window, channel in np.ndindex(x.shape[0], x.shape[2]):
        line = spectrum[window, :, channel]
        for k in np.argsort(-np.abs(line))[:count]:
            result[window, :, channel] += 2 * np.abs(line[k]) * np.cos(2 * np.pi * (k + 1) / steps * np.arange(steps) + np.angle(line[k]))
    return result


def decoder_block(row, steps, channels, width, heads):
    first, second = timed_norm(row, width), timed_norm(row, width)
    attend, over = self_attention(row, width, heads), cross_attention(row, width, heads)
    split, mean = row.linear(steps, 2 * steps), row.linear(width, channels)
    over_steps, over_width = row.convolution(steps, 3), row.convolution(width, channels)
    inner = feed_forward(row, width)
    time = np.arange(1, steps + 1) / (steps + 1)
    powers = np.stack([time, time ** 2, time ** 3], 1)

    def apply(x, memory, told):
        x = x + attend(first(x, told))
        x = x + over(second(x, told), memory)
        parts = split(x.transpose(0, 2, 1)).transpose(0, 2, 1)
        trend = powers @ over_width(gelu(over_steps(parts[:, :steps].transpose(0, 2, 1))).transpose(0, 2, 1))
        x = x + inner(x)
        middle = x.mean(1, keepdims=True)
        return x - middle, mean(middle), trend, season(parts[:, steps:])
    return apply


def diffusion_ts(numbers, steps=8, channels=2, width=4, heads=2, noise_steps=10):
    row = Row()
    embed, rest = row.convolution(channels, width), row.convolution(width, channels)
    seasons, means = row.linear(width, channels, bias=False), row.linear(2, 1, bias=False)
    positions = [row.take(steps, width) for _ in range(2)]
    encoder = encoder_block(row, width, heads)
    decoders = [decoder_block(row, steps, channels, width, heads) for _ in range(2)]

    wave = np.cos((np.arange(noise_steps + 1) / noise_steps + 0.008) / 1.008 * np.pi / 2) ** 2
    beta = np.clip(1 - wave[1:] / wave[:-1], 0, 0.999)
    kept = np.cumprod(1 - beta)
    t = np.array(numbers["times"], dtype=int)
    start = 2 * made_panels(2, steps, channels) - 1
    noise = np.reshape(numbers["noise"], start.shape)
    x = np.sqrt(kept[t])[:, None, None] * start + np.sqrt(1 - kept[t])[:, None, None] * noise

    half = width // 2
    angles = t[:, None] * np.exp(-math.log(10000) / (half - 1) * np.arange(half))
    told = np.concatenate([np.sin(angles), np.cos(angles)], 1)
    given = embed(x)
    memory, state = encoder(given + positions[0], told), given + positions[1]
    trend, all_seasons, all_means = 0, 0, []
    for block in decoders:
        state, mean, own_trend, own_season = block(state, memory, told)
        trend, all_seasons = trend + own_trend, all_seasons + own_season
        all_means.append(mean)
    left = rest(state)
    middle = left.mean(1, keepdims=True)
    mean = means(np.concatenate(all_means, 1).transpose(0, 2, 1)).transpose(0, 2, 1)
    predicted = (trend + mean + middle) + (seasons(all_seasons) + left - middle)

    error = predicted - start
    spectrum = np.fft.fft(predicted, axis=1, norm="forward") - np.fft.fft(start, axis=1, norm="forward")
    each = np.abs(error) + math.sqrt(steps) / 5 * (np.abs(spectrum.real) + np.abs(spectrum.imag))
    weight = np.sqrt(1 - beta) * np.sqrt(1 - kept) / beta / 100
    return dict(numbers, loss=(weight[t] * each.mean((1, 2))).sum())


# ---- timegan

def step_network(row, inputs, outputs, hidden, layers):
    cells = [gru(row, inputs if i == 0 else hidden, hidden) for i in range(layers)]
    out = row.linear(hidden, outputs)

    def apply(x):
        for cell in cells:
            x = cell(x)
        return out(x)
    return apply


def unit(network):
    return lambda x: logistic(network(x))


def timegan(numbers, steps=3, channels=2, hidden=3, layers=2, noise_sd=0.2, moment_weight=100, supervised_weight=100):
    row = Row()
    embedder, recovery = (unit(step_network(row, *sizes, hidden, layers)) for sizes in ((channels, hidden), (hidden, channels)))
    row = Row()
    generator = unit(step_network(row, channels, hidden, hidden, layers))
    supervisor = unit(step_network(row, hidden, hidden, hidden, layers - 1))
    discriminator = step_network(Row(), hidden, 1, hidden, layers)

    def cross_entropy(truth, scores):
        chance = logistic(scores)
        return -np.mean(truth * np.log(chance) + (1 - truth) * np.log(1 - chance))

    def deviation(x):
        return np.sqrt(x.var(0) + 1e-6)

    x, z = made_panels(2, steps, channels), np.reshape(numbers["z"], (2, steps, channels))
    h, e = embedder(x), generator(z)
    s = supervisor(e)
    drawn = recovery(s)
    reconstruction = ((recovery(h) - x) ** 2).mean()
    foretelling = ((h[:, 1:] - supervisor(h)[:, :-1]) ** 2).mean()
    moments = np.abs(deviation(drawn) - deviation(x)).mean() + np.abs(drawn.mean(0) - x.mean(0)).mean()
    noise = noise_sd * np.reshape(numbers["noise"], (2, 3, steps, hidden))
    return dict(numbers, embedding=10 * math.sqrt(reconstruction), supervised=foretelling,
                drawing=cross_entropy(1, discriminator(s)) + cross_entropy(1, discriminator(e))
                + supervised_weight * math.sqrt(foretelling) + moment_weight * moments,
                coding=10 * math.sqrt(reconstruction) + 0.001 * supervised_weight * foretelling,
                judging=cross_entropy(1, discriminator(h + noise[:, 0])) + cross_entropy(0, discriminator(s + noise[:, 1]))
                + cross_entropy(0, discriminator(e + noise[:, 2])))


if __name__ == "__main__":
    golden = json.loads(PATH.read_text())
    for name, loss in {"kovae": kovae, "diffusion-ts": diffusion_ts, "timegan": timegan}.items():
        golden[name] = loss(golden[name])
    golden["source"] = "tests/golden/panels.py"
    PATH.write_text("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in golden.items()) + "\n}\n")
