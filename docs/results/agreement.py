#!/usr/bin/env python3
"""Compares what our readers make of the MIMIC-III and eICU demos with an independent harmonisation of the same stays.

    docs/results/agreement.py [mimic-iii | eicu]
    docs/results/agreement.py items            which chart items of MIMIC-III their respiratory rate and saturation hold

The other side is icu-harmonised-demo (YAIB's demo cohorts, van de Water et al., arXiv:2306.05109, by the R package ricu,
Bennett et al., GigaScience 2023): the same 48 variables an hour. Both sides take the median of an hour (urine: the sum).
For each variable: hours where both have a value, the share of those that agree to 1 in 1000 (or half a unit of the last
decimal), and the hours where one side alone has a value, among the stays that both have. Needs the release build and
$UNDERSTUDY_DATA. Prints Markdown tables; nothing of the data is written outside a temporary folder.
"""
import collections
import csv
import datetime
import gzip
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ["UNDERSTUDY_DATA"])
NAMES = {
    "hr": "heart_rate", "sbp": "systolic_pressure", "dbp": "diastolic_pressure", "map": "mean_arterial_pressure",
    "resp": "respiratory_rate", "temp": "body_temperature", "o2sat": "oxygen_saturation", "fio2": "inspired_oxygen_percent",
    "urine": "urine_output", "glu": "glucose", "na": "sodium", "k": "potassium", "cl": "chloride", "bicar": "bicarbonate",
    "ca": "calcium", "cai": "calcium_ionised", "mg": "magnesium", "phos": "phosphate", "bun": "blood_urea_nitrogen",
    "crea": "creatinine", "alb": "albumin", "bili": "bilirubin_total", "bili_dir": "bilirubin_direct",
    "alp": "alkaline_phosphatase", "alt": "alanine_aminotransferase", "ast": "aspartate_aminotransferase",
    "ck": "creatine_kinase", "ckmb": "creatine_kinase_mb", "tnt": "troponin_t", "crp": "c_reactive_protein",
    "lact": "lactate", "be": "base_excess", "ph": "ph_arterial", "pco2": "partial_pressure_co2",
    "po2": "partial_pressure_o2", "methb": "methaemoglobin", "hgb": "haemoglobin", "mch": "mean_cell_haemoglobin",
    "mchc": "mean_cell_haemoglobin_concentration", "mcv": "mean_cell_volume", "plt": "platelets",
    "wbc": "white_cell_count", "neut": "neutrophils_percent", "lymph": "lymphocytes_percent", "bnd": "band_neutrophils",
    "inr_pt": "inr", "ptt": "partial_thromboplastin_time", "fgn": "fibrinogen",
}
SETS = {"mimic-iii": ("mimic-iii-demo", "mimic"), "eicu": ("eicu-demo", "eicu")}


def ours(folder, source):
    """{(stay, hour): {variable: value}} as our reader gives it."""
    schema = (ROOT / "examples/icu.schema.toml").read_text()
    schema = re.sub("time_maximum = .*", "time_maximum = 168", schema)
    schema = re.sub("decimals = .*", "decimals = 5", schema)
    schema += '\n[[column]]\nname = "stay"\ntype = "id"\nstatic = true\n'
    (folder / "schema.toml").write_text(schema)
    subprocess.run([ROOT / "build/release/understudy", "convert", "--data", DATA / source, "--schema", folder / "schema.toml",
                    "--bad-cells", "missing", "--duplicates", "first", "--ledger", folder / "ledger.jsonl", "--out",
                    folder / "ours.csv"], check=True, capture_output=True)
    with open(folder / "ours.csv", newline="") as file:
        return {(row["stay"], int(row["hour"])): row for row in csv.DictReader(file)}


def theirs(folder):
    with gzip.open(DATA / "icu-harmonised-demo" / folder / "dyn.csv.gz", "rt", newline="") as file:
        return {(row["stay_id"], int(float(row["hour"]))): row for row in csv.DictReader(file)}


def agree(a, b):
    return abs(a - b) <= max(1e-3 * abs(b), 5e-6)


def compare(name):
    source, folder = SETS[name]
    with tempfile.TemporaryDirectory() as temporary:
        mine = ours(pathlib.Path(temporary), source)
    other = theirs(folder)
    stays = {stay for stay, _ in mine} & {stay for stay, _ in other}
    print(f"\n{source}: {len(stays)} stays on both sides\n")
    print("| variable | both | agree | ours alone | theirs alone |")
    print("| --- | --- | --- | --- | --- |")
    for short, variable in NAMES.items():
        both = same = left = right = 0
        for key in mine.keys() | other.keys():
            if key[0] not in stays:
                continue
            a, b = mine.get(key, {}).get(variable, ""), other.get(key, {}).get(short, "")
            if a and b:
                both += 1
                same += agree(float(a), float(b))
            left += bool(a and not b)
            right += bool(b and not a)
        share = f"{100 * same / both:.1f} %" if both else "-"
        print(f"| {variable} | {both} | {share} | {left} | {right} |")


# What we count, and what they count besides: set, spontaneous and total rates; an alarm's limit.
ITEMS = {"resp": ({"618", "220210"}, {"619", "224688", "224689", "224690"}), "o2sat": ({"646", "220277"}, {"226253"})}


def compare_items():
    """Medians of single chart items, an hour, over all stays of both sides; our reader has no part in it."""
    def rows(path):
        with gzip.open(DATA / path, "rt", newline="") as file:
            yield from csv.DictReader(file)

    wanted = set().union(*(a | b for a, b in ITEMS.values()))
    starts = {row["ICUSTAY_ID"]: datetime.datetime.fromisoformat(row["INTIME"]) for row in rows("mimic-iii-demo/ICUSTAYS.csv.gz")}
    values = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows("mimic-iii-demo/CHARTEVENTS.csv.gz"):
        if row["ITEMID"] in wanted and row["ICUSTAY_ID"] in starts and row["VALUENUM"]:
            since = datetime.datetime.fromisoformat(row["CHARTTIME"]) - starts[row["ICUSTAY_ID"]]
            values[row["ICUSTAY_ID"], int(since.total_seconds() // 3600)][row["ITEMID"]].append(float(row["VALUENUM"]))
    print("\n| variable | items | both | agree |\n| --- | --- | --- | --- |")
    for short, (ours_alone, more) in ITEMS.items():
        for items in (ours_alone, ours_alone | more):
            pairs = [(float(row[short]), [x for item in items for x in values[key][item]])
                     for key, row in theirs("mimic").items() if row[short] and key in values]
            same = [agree(statistics.median(found), value) for value, found in pairs if found]
            print(f"| {short} | {', '.join(sorted(items))} | {len(same)} | {100 * sum(same) / len(same):.2f} % |")


if sys.argv[1:] == ["items"]:
    compare_items()
else:
    for chosen in sys.argv[1:] or SETS:
        compare(chosen)
