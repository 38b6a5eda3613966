"""Recomputes a report's statistics from the store itself, with SciPy.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    swift run metrics report --by shortcut --by depth --store runs.sqlite --output report.html --csv tables
    venv/bin/python Tests/Vectors/check_report.py runs.sqlite tables

From the report it takes which runs stand in which comparison; that they differ in nothing but the factor and the
seed, and are the newest, is checked in the store, and their numbers come from there. Prints the largest differences,
and ends with status 1 if one is larger than rounding. The bootstrap intervals come from other random numbers than
SciPy's; of SciPy's resampled means 2.5 % have to lie beyond each end, give or take three quarters of a per cent.
"""

import csv
import json
import sqlite3
import sys
from itertools import groupby
from pathlib import Path

import numpy as np
from scipy import stats

store = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
store.row_factory = sqlite3.Row
folder = Path(sys.argv[2])


def table(name):
    with open(folder / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same_name(name):
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def rest(run, factor):
    """What has to be the same in all runs of a comparison."""
    recipe = {k: v for k, v in json.loads(run["hyperparameters"]).items() if same_name(k) != same_name(factor)}
    network = {
        "shortcut": (run["architecture"], run["plain_twin"]),
        "depth": (run["architecture"], run["width"], run["shortcut"]),
        "width": (run["architecture"], run["depth"], run["shortcut"]),
        "architecture": (),
    }.get(factor, (run["network"],))
    data = None if factor == "dataset" else run["dataset"]
    return run["experiment"], data, network, json.dumps(recipe, sort_keys=True)


def value(run, factor):
    if factor == "architecture":
        return run["network"]
    if factor in ("shortcut", "depth", "width", "dataset"):
        return run[factor]
    return next((v for k, v in json.loads(run["hyperparameters"]).items() if same_name(k) == same_name(factor)), None)


runs = {run["id"]: run for run in store.execute("SELECT * FROM runs WHERE status = 'finished'")}
finals = {}
for run, name, split, number in store.execute(
    "SELECT run, name, split, coalesce(value, CAST(not_finite AS REAL)) FROM metrics ORDER BY run, name, split, step"
):
    finals[run, name, split] = number

newest = {}
for run in sorted(runs.values(), key=lambda run: (run["started"], run["finished"])):
    newest[run["experiment"], run["dataset"], run["network"], run["seed"], run["hyperparameters"]] = run["id"]

# The runs of each comparison, from the report.
sides = {}
for row in table("seeds.csv"):
    key = (row["experiment"], row["dataset"], row["networks"], row["recipe"], row["factor"], row["metric"], row["split"])
    run = runs[row["run"]]
    assert run["id"] in newest.values(), f"{run['id']} isn't the newest of its kind"
    assert run["seed"] == int(row["seed"])
    number = finals[run["id"], row["metric"], row["split"]]
    assert number == float(row["result"]), (number, row["result"])
    sides.setdefault(key, {}).setdefault(row["value"], {})[run["seed"]] = (run, number)

# That none is left out: as many groups as the store has, for the metrics that the report has.
for (factor, metric, split), keys in groupby(sorted(sides, key=lambda key: key[4:]), key=lambda key: key[4:]):
    groups = {}
    for identity in newest.values():
        run = runs[identity]
        if (identity, metric, split) in finals and value(run, factor) is not None:
            groups.setdefault(rest(run, factor), set()).add(value(run, factor))
    expected = sum(len(values) > 1 for values in groups.values())
    assert len(list(keys)) == expected, (factor, metric, split, expected)

largest = {}
p_values, corrected = [], []


def compare(name, mine, theirs):
    if mine == "" and theirs is None:
        return
    largest[name] = max(largest.get(name, 0), abs(float(mine) - theirs))


def mean_difference(x, y, axis=-1):
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


for row in table("comparisons.csv"):
    key = (row["experiment"], row["dataset"], row["networks"], row["recipe"], row["factor"], row["metric"], row["split"])
    first, second = sides[key][row["from"]], sides[key][row["to"]]
    members = [run for side in (first, second) for run, _ in side.values()]
    assert len({rest(run, row["factor"]) for run in members}) == 1, key
    assert len({value(run, row["factor"]) for run, _ in first.values()}) == 1
    common = sorted(first.keys() & second.keys())
    options = dict(n_resamples=9999, method="percentile", vectorized=True, rng=np.random.default_rng(0))
    if row["paired"] == "yes":
        a, b = (np.array([side[seed][1] for seed in common]) for side in (first, second))
        differences = b - a
        compare("difference", row["difference"], differences.mean())
        test = stats.permutation_test(
            (differences,), np.mean, permutation_type="samples", n_resamples=np.inf, vectorized=True)
        data = (differences,)
        statistic = np.mean
        agreeing = max((differences > 0).sum(), (differences < 0).sum())
    else:
        a, b = (np.array([number for _, number in side.values()]) for side in (first, second))
        compare("difference", row["difference"], b.mean() - a.mean())
        test = stats.permutation_test((b, a), mean_difference, n_resamples=np.inf, vectorized=True)
        data = (b, a)
        statistic = mean_difference
        agreeing = None
    compare("p", row["p"], test.pvalue)
    p_values.append(test.pvalue)
    corrected.append(float(row["p_holm"]))
    wins = (b[:, None] < a).sum() + 0.5 * (b[:, None] == a).sum()
    compare("probability", row["probability_lower"], wins / (len(a) * len(b)))
    if agreeing is not None:
        assert int(row["agreeing"]) == agreeing and int(row["seeds"]) == len(common)
    if row["lower"]:
        width = float(row["upper"]) - float(row["lower"])
        if width == 0:
            assert np.ptp(np.concatenate(data)) == 0 or len(data) == 2
            continue
        answer = stats.bootstrap(data, statistic, **options)
        means, interval = answer.bootstrap_distribution, answer.confidence_interval
        for end, theirs in (("lower", interval.low), ("upper", interval.high)):
            mine, sign = float(row[end]), 1 if end == "lower" else -1
            beyond = [np.mean(sign * (means - mine) < tolerance) for tolerance in (-1e-12, 1e-12)]
            largest["tail"] = max(largest.get("tail", 0), beyond[0] - 0.025, 0.025 - beyond[1])
            largest["interval"] = max(largest.get("interval", 0), abs(mine - theirs) / width)

order = np.argsort(p_values, kind="stable")
steps = np.maximum.accumulate(np.minimum(1, (len(order) - np.arange(len(order))) * np.array(p_values)[order]))
holm = np.empty(len(order))
holm[order] = steps
largest["Holm"] = float(np.max(np.abs(holm - corrected)))

print(f"{len(p_values)} comparisons of {len(sides)} groups; the largest differences:")
for name, difference in largest.items():
    print(f"  {name:12} {difference:.3g}" + (" of its width" if name == "interval" else ""))
largest.pop("interval", None)
sys.exit(largest.pop("tail", 0) > 0.0075 or max(largest.values()) > 1e-12)
