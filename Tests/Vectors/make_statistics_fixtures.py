"""Makes Tests/StatisticsTests/Fixtures/scipy.json: what scipy and statsmodels say of small samples.

    pip install scipy statsmodels
    python3 Tests/Vectors/make_statistics_fixtures.py
"""

import json
import math
from pathlib import Path

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(13)


def rounded(count, shift):
    """Errors in whole test images of 360: with ties, as ours are."""
    return [round(float(x), 6) for x in np.round(random.normal(20 + shift, 5, count)) / 360]


def difference(a, b, axis):
    return np.mean(a, axis=axis) - np.mean(b, axis=axis)


def mean(a, axis):
    return np.mean(a, axis=axis)


def test_p(data, statistic, kind):
    results = {
        side: stats.permutation_test(
            data, statistic, permutation_type=kind, n_resamples=np.inf, alternative=side
        ).pvalue
        for side in ["greater", "less", "two-sided"]
    }
    return {side.replace("-", "_"): float(p) for side, p in results.items()}


def interval(data, statistic):
    found = stats.bootstrap(
        data, statistic, method="percentile", n_resamples=400_000, batch=20_000,
        vectorized=True, rng=np.random.default_rng(0)
    ).confidence_interval
    return [float(found.low), float(found.high)]


# A two-sided p under 5 % in four of five repetitions.
distance = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)

groups = []
for first, second, shift in [(3, 3, 0), (3, 3, 30), (5, 5, 5), (5, 4, 2), (8, 8, 4), (9, 7, -3)]:
    a, b = rounded(first, shift), rounded(second, 0)
    case = {"first": a, "second": b, "p": test_p((a, b), difference, "independent")}
    case["probability_less"] = 1 - float(stats.mannwhitneyu(a, b).statistic) / (first * second)
    case["interval"] = interval((a, b), difference)
    root = distance * math.sqrt(np.var(a, ddof=1) + np.var(b, ddof=1)) / (np.mean(b) - np.mean(a))
    case["seeds_needed"] = max(4, math.ceil(root**2))
    groups.append(case)

pairs = []
for count, shift in [(3, 30), (5, 30), (5, 3), (8, 4), (12, -2)]:
    differences = [round(x - y, 6) for x, y in zip(rounded(count, shift), rounded(count, 0))]
    case = {"differences": differences, "p": test_p((differences,), mean, "samples")}
    case["interval"] = interval((differences,), mean)
    case["deviation"] = float(np.std(differences, ddof=1))
    case["seeds_needed"] = max(
        6, math.ceil((distance * case["deviation"] / np.mean(differences)) ** 2))
    pairs.append(case)

corrections = []
for values in [[0.01], [0.04, 0.01, 0.03], [0.0625] * 5, [0.001, 0.2, 0.02, 0.02, 0.9, 0.3]]:
    corrections.append({"p": values, "holm": multipletests(values, method="holm")[1].tolist()})

out = Path(__file__).parents[1] / "StatisticsTests/Fixtures/scipy.json"
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(
    json.dumps({"groups": groups, "pairs": pairs, "holm": corrections}, indent=1) + "\n")
