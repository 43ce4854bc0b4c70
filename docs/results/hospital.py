#!/usr/bin/env python3
"""Runs the controls on the hospital sets of examples/ and prints what their reports say, as a Markdown table.

    docs/results/hospital.py [generator ...]        independent, gaussian-copula, memoriser

Half the people train, half are the holdout, as many synthetic ones. The floor is what the training half scores against the
other half. Seconds: the whole command, mostly metrics. Needs the release build and $UNDERSTUDY_DATA.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETS = ["mimic-iv-demo", "eicu-demo", "physionet-2012", "icu-harmonised", "mimic-iv-visits"]
FINDINGS = {
    "mean KS": "ks_mean", "autocorrelation": "autocorrelation_difference_mean",
    "cross-correlation": "cross_correlation_difference_mean",
    "informative missingness": "informative_missingness_difference_mean", "gap KS": "gap_ks_mean",
    "discriminative score": "discriminative_score", "prediction of all": "predictive_score_all",
    "code pairs": "code_pair_difference_mean",
}


def run(name, generator, folder):
    """The report, and the seconds that it took."""
    text = (ROOT / f"examples/{name}.toml").read_text()
    text = re.sub(r'(\[generator\]\nname = )"[^"]*"', rf'\1"{generator}"', text)
    text = re.sub(r'path = "out/', f'path = "{folder}/', text)
    config = ROOT / f"examples/.{name}.{generator}.toml"
    config.write_text(text)
    start = time.monotonic()
    try:
        done = subprocess.run([ROOT / "build/release/understudy", "run", config, "--out", folder / "run"], capture_output=True, text=True)
        if done.returncode not in (0, 5):  # 5: a report, and no release
            sys.exit(f"{name}, {generator}: {done.stderr}")
    finally:
        config.unlink()
    return json.loads((folder / "run/inside/report.json").read_text()), time.monotonic() - start


def cell(report, name):
    for group in ("fidelity", "utility"):
        for finding in report[group]["findings"]:
            if finding["name"] == name and finding["value"] is not None:
                return f"{finding['value']:.3f} ({finding['reference']:.3f})"
    return "-"


def main():
    generators = sys.argv[1:] or ["independent", "gaussian-copula", "memoriser"]
    print("| data | generator | people | rows | seconds | " + " | ".join(FINDINGS) + " |")
    print("| --- " * (5 + len(FINDINGS)) + "|")
    for name in SETS:
        for generator in generators:
            with tempfile.TemporaryDirectory() as temporary:
                report, seconds = run(name, generator, pathlib.Path(temporary))
            data = report["data"]
            rows = sum(data["rows"][part] for part in ("train", "holdout"))
            cells = [name, generator, str(data["subjects"]["total"]), str(rows), f"{seconds:.1f}"]
            cells += [cell(report, finding) for finding in FINDINGS.values()]
            print("| " + " | ".join(cells) + " |", flush=True)


main()
