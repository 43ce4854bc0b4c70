#!/usr/bin/env python3
"""Compares the generators and the controls on Fitbit and nhanes-steps, five splits of the people each.

    docs/results/compare.py [--generators gan,independent,...] [--sets fitbit,nhanes] [--splits 5] [--set name=value ...]
    docs/results/compare.py --epsilons 1,10,100 --generators independent,gan:noise-input,gan:noise-output,naive-laplace,naive-histograms

Every split trains on one half of the people, draws fifty times as many synthetic people, and compares them with the other
half on ten columns. The floor is what the training half itself scores against the other half. With --epsilons every training is
private for a person, at delta 1e-6 (Fitbit: 33 people with at most 31 days, nhanes-steps: one row a person; both numbers taken
as public); a noise-output run draws as many people as trained, since every released cell costs. The naive baselines are what
is often done instead: Laplace noise on every cell, or on 32 equal bins of every column, epsilon split over the columns, with
bounds read off the data and a row as the unit: no guarantee for a person, and because of the bounds not even for a row. Needs
the release build and $UNDERSTUDY_DATA. Prints a Markdown table; nothing of the data is written outside a temporary folder.
"""
import argparse
import csv
import gzip
import json
import os
import pathlib
import random
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/understudy"
METRICS = ["ks", "correlation", "near_copies", "discriminator", "rule_violations"]

# name: (file, subject, time line of the schema, columns of the table with type and public range)
FITBIT = {
    "file": "fitbit/apr-may/dailyActivity_merged.csv", "subject": "Id", "people": 33, "rows": 31,
    "time": 'time = "ActivityDate"\ntime_type = "date"\ntime_format = "%m/%d/%Y"\n',
    "columns": [("TotalSteps", "integer", 0, 100000), ("TotalDistance", "real", 0, 100),
                ("VeryActiveDistance", "real", 0, 100), ("ModeratelyActiveDistance", "real", 0, 100),
                ("LightActiveDistance", "real", 0, 100), ("VeryActiveMinutes", "integer", 0, 1440),
                ("FairlyActiveMinutes", "integer", 0, 1440), ("LightlyActiveMinutes", "integer", 0, 1440),
                ("SedentaryMinutes", "integer", 0, 1440), ("Calories", "integer", 0, 10000)],
    "constraint": ["VeryActiveMinutes", "FairlyActiveMinutes", "LightlyActiveMinutes", "SedentaryMinutes"],
}
NHANES = {
    "file": "nhanes-steps/nhanes_2011_2014_subject_level.csv.gz", "subject": "SEQN", "people": 8571, "rows": 1, "time": "",
    "columns": [("age_in_years_at_screening", "integer", 0, 80), ("body_mass_index_kg_m_2", "real", 10, 100),
                ("total_scrfsteps", "real", 0, 100000), ("peak30_scrfsteps", "real", 0, 300),
                ("total_AC", "real", 0, 20000000), ("peak1_AC", "real", 0, 100000),
                ("total_PAXMTSM", "real", 0, 100000), ("weight_kg", "real", 2, 350),
                ("standing_height_cm", "real", 50, 250), ("num_valid_days", "integer", 0, 7)],
    "constraint": [],
}
SETS = {"fitbit": FITBIT, "nhanes": NHANES}
DECIMALS = {"body_mass_index_kg_m_2": 1, "weight_kg": 1, "standing_height_cm": 1}


def complete_adults(rows, names):
    """Adults with at least three valid days and all ten measures: 8,571 people."""
    for row in rows:
        if row["inclusion_type"] == ">= 3 valid days" and float(row["age_in_years_at_screening"]) >= 18 and all(row[name] not in ("", "Inf") for name in names):
            yield row


def prepare(name, folder):
    """Writes the ten columns and their schema to `folder`."""
    spec = SETS[name]
    path = pathlib.Path(os.environ["UNDERSTUDY_DATA"]) / spec["file"]
    names = [column[0] for column in spec["columns"]]
    keys = [spec["subject"]] + (["ActivityDate"] if spec["time"] else [])
    with (gzip.open(path, "rt") if path.suffix == ".gz" else open(path, newline="")) as source:
        rows = csv.DictReader(source)
        rows = complete_adults(rows, names) if name == "nhanes" else rows
        with open(folder / "data.csv", "w", newline="") as target:
            writer = csv.DictWriter(target, keys + names, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
    schema = f'[schema]\nname = "{name}"\nsubject = "{spec["subject"]}"\nsubjects = {spec["people"]}\nmax_rows = {spec["rows"]}\n{spec["time"]}'
    for column, kind, low, high in spec["columns"]:
        decimals = "" if kind == "integer" else f"decimals = {DECIMALS.get(column, 2)}\n"
        schema += f'[[column]]\nname = "{column}"\ntype = "{kind}"\nminimum = {low}\nmaximum = {high}\nnullable = false\n{decimals}'
    if spec["constraint"]:
        schema += f'[[constraint]]\nkind = "sum_at_most"\ncolumns = {json.dumps(spec["constraint"])}\nlimit = 1440\n'
    (folder / "schema.toml").write_text(schema)


def laplace(rng, scale):
    return scale * (rng.expovariate(1) - rng.expovariate(1))


def noisy_cells(rng, values, epsilon):
    low, high = min(values), max(values)
    return [min(high, max(low, value + laplace(rng, (high - low) / epsilon))) for value in values]


def noisy_histogram(rng, values, epsilon):
    low, high = min(values), max(values)
    width = (high - low) / 32 or 1
    counts = [0] * 32
    for value in values:
        counts[min(31, int((value - low) / width))] += 1
    noised = [max(0, count + laplace(rng, 1 / epsilon)) for count in counts]
    weights = noised if any(noised) else [1] * 32
    return [low + width * (bin + rng.random()) for bin in rng.choices(range(32), weights, k=len(values))]


NAIVE = {"naive-laplace": noisy_cells, "naive-histograms": noisy_histogram}


def run_naive(name, generator, split, epsilon, folder):
    """Two halves of the people, noise on one of them, and `understudy evaluate`."""
    spec, rng = SETS[name], random.Random(split)
    with open(folder / "data.csv", newline="") as source:
        rows = list(csv.DictReader(source))
    people = sorted({row[spec["subject"]] for row in rows})
    members = set(rng.sample(people, len(people) // 2))
    halves = {"train": [row for row in rows if row[spec["subject"]] in members],
              "holdout": [row for row in rows if row[spec["subject"]] not in members]}
    made = [dict(row) for row in halves["train"]]
    for column, kind, _, _ in spec["columns"]:
        drawn = NAIVE[generator](rng, [float(row[column]) for row in halves["train"]], epsilon / len(spec["columns"]))
        for row, value in zip(made, drawn):
            row[column] = round(value) if kind == "integer" else round(value, DECIMALS.get(column, 2))
    out = folder / f"{generator}-{split}-{epsilon}"
    for part, content in {**halves, "synthetic": made}.items():
        with open(f"{out}.{part}.csv", "w", newline="") as target:
            writer = csv.DictWriter(target, rows[0].keys())
            writer.writeheader()
            writer.writerows(content)
    parts = [text for part in ("train", "holdout", "synthetic") for text in (f"--{part}", f"{out}.{part}.csv")]
    done = subprocess.run([PROGRAM, "evaluate", *parts, "--schema", folder / "schema.toml", "--out", out,
                           "--seed", str(split), "--metrics", *METRICS], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    report = json.loads((out / "inside/report.json").read_text())
    report["spent"] = f"{epsilon:g} for a row, bounds leak"
    return report


def run(name, generator, split, options, epsilon, folder):
    if generator in NAIVE:
        return run_naive(name, generator, split, epsilon, folder)
    generator, _, mode = generator.partition(":")
    out = folder / f"{generator}-{mode}-{split}-{epsilon}"
    run_file = out.with_suffix(".toml")
    options = options + ([("mode", mode)] if mode else [])
    privacy = f"epsilon = {epsilon}\ndelta = 1e-6" if epsilon else 'none = "comparison on open data"'
    people = SETS[name]["people"] // 2 if mode == "noise-output" else SETS[name]["people"] * 25
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in options)
    run_file.write_text(f"""[run]
name = "{name}"
[data]
files = ["{folder}/data.csv"]
schema = "{folder}/schema.toml"
[vault]
path = "{out}.ledger.jsonl"
[generator]
name = "{generator}"
[generator.options]
{lines}[privacy]
{privacy}
[sample]
subjects = {people}
[evaluate]
metrics = {json.dumps(METRICS)}
""")
    timed = subprocess.run(["/usr/bin/time", "-f", "%M", PROGRAM, "run", run_file, "--out", out, "--seed", str(split)],
                           capture_output=True, text=True)
    if timed.returncode not in (0, 5):
        raise SystemExit(timed.stderr)
    report = json.loads((out / "inside/report.json").read_text())
    report["memory"] = int(timed.stderr.strip().splitlines()[-1]) / 1024
    return report


def finding(report, name):
    for group in ("fidelity", "audit"):
        for entry in report[group]["findings"]:
            if entry["name"] == name and not entry["columns"]:
                return entry
    raise SystemExit(f"the report has no finding {name}")


def spent(report):
    """What the release really cost one person."""
    if "spent" in report:
        return report["spent"]
    guarantee = report["privacy"]["guarantee"]
    return f"{guarantee['epsilon']:.3g}" if guarantee else "no guarantee"


def row(name, generator, reports):
    def mean(of, key):
        return statistics.mean(finding(report, of)[key] for report in reports)

    def against_floor(of):
        value, floor = mean(of, "value"), mean(of, "reference")
        return f"{value:.4f} | {floor:.4f} | {value / floor:.2f}" if floor else f"{value:.4f} | {floor:.4f} | -"

    train = statistics.median(report["run"]["seconds"].get("train", 0) for report in reports)
    return (f"| {name} | {generator} | {spent(reports[0])} | {against_floor('ks_mean')} | {against_floor('correlation_difference_pearson')} "
            f"| {mean('near_copies', 'value'):.4f} | {mean('near_copies', 'reference'):.4f} "
            f"| {mean('discriminator_auc', 'value'):.3f} | {mean('rule_violations', 'value'):.0f} "
            f"| {train:.1f} | {max(report.get('memory', 0) for report in reports):.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generators", default="gan,gaussian-copula,independent,memoriser")
    parser.add_argument("--sets", default="fitbit,nhanes")
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--set", action="append", default=[], help="an option of the generators, name=value")
    parser.add_argument("--epsilons", default="", help="private trainings at these; default: without privacy")
    arguments = parser.parse_args()
    epsilons = [float(text) for text in arguments.epsilons.split(",") if text] or [None]
    options = [tuple(text.split("=", 1)) for text in arguments.set]
    print("| data | generator | epsilon of a person | mean KS | floor | ratio | mean correlation difference | floor | ratio "
          "| near copies | floor | discriminator AUC | rule violations | train s | peak MB |")
    print("|" + " --- |" * 15)
    for name in arguments.sets.split(","):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            prepare(name, folder)
            for generator in arguments.generators.split(","):
                for epsilon in epsilons:
                    reports = [run(name, generator, split, options, epsilon, folder) for split in range(1, arguments.splits + 1)]
                    print(row(name, generator, reports), flush=True)


main()
