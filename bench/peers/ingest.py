#!/usr/bin/env python3
"""What a pandas script does with a MIMIC-IV folder: hourly medians of the ICU variables for the first two days.

    python3 -m venv bench/peers/.venv && bench/peers/.venv/bin/pip install pandas==2.2.3
    build/release/bench/bench_ingest make DIR 5900        # about 5 million events
    bench/peers/.venv/bin/python bench/peers/ingest.py DIR
    build/release/bench/bench_ingest read DIR examples/icu.schema.toml
"""
import pathlib
import re
import resource
import sys
import time

import pandas as pd

ROOT = pathlib.Path(__file__).resolve().parents[2]


def items():
    """{item id: variable}, from the concept file."""
    found, variable = {}, None
    for line in (ROOT / "src/cohort/clinical/concepts.toml").read_text().splitlines():
        if match := re.match(r"\[(\w+)\]", line):
            variable = match[1]
        elif line.startswith("mimic-iv = "):
            found.update({int(item): variable for item in re.findall(r"events/(\d+)", line)})
    return found


def main(folder):
    start = time.time()
    stays = pd.read_csv(folder / "icu/icustays.csv", usecols=["subject_id", "intime"], parse_dates=["intime"])
    names = items()
    parts = []
    for table, value in [("icu/chartevents", "valuenum"), ("hosp/labevents", "valuenum"), ("icu/outputevents", "value")]:
        events = pd.read_csv(folder / f"{table}.csv", usecols=["subject_id", "charttime", "itemid", value], parse_dates=["charttime"])
        events["variable"] = events["itemid"].map(names)
        parts.append(events.rename(columns={value: "value"}).dropna(subset=["variable"]))
    events = pd.concat(parts).merge(stays, on="subject_id")
    events["hour"] = (events["charttime"] - events["intime"]).dt.total_seconds() // 3600
    events = events[(events["hour"] >= 0) & (events["hour"] < 48)]
    cells = events.groupby(["subject_id", "hour", "variable"])["value"].median().unstack()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"pandas: {time.time() - start:.1f} s, peak {peak:.0f} MB, {len(cells)} rows, {int(cells.notna().sum().sum())} cells")


main(pathlib.Path(sys.argv[1]))
