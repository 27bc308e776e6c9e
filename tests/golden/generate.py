#!/usr/bin/python3
"""Writes the golden files: what a Gaussian mixture has to say about samples, in 60 digits.

An oracle that shares nothing with src: mpmath instead of doubles, sub-matrices inverted one by one
instead of conditionals read off a precision, densities added up as they are instead of in logs, quantiles
by bisection. Needs mpmath (Debian: python3-mpmath) and, for the bytes of model files, the test tool
make_model, which turns parameters in JSON into a model file and computes nothing:

    cmake --build build/native --target make_model
    tests/golden/generate.py build/native/tests/make_model

Every input is a double as written, so the numbers are exact for what the codes under test read. A golden
number b and a computed one a agree when |a - b| <= tolerance * max(1, |b|, |anomaly_score|).

mixture.json     cases over dimensions, components and conditions; with `model` (base64) in some of them:
                 a model file with these parameters, transforms identity and tolerances 1
model.rolemix    a model file with transforms, tolerances, medians, a calibration and all that a model can hold
model.json       what that file holds, and what is to come out for some rows
"""
import base64
import json
import pathlib
import random
import subprocess
import sys

import mpmath
from mpmath import mp, mpf

mp.dps = 60
FOLDER = pathlib.Path(__file__).resolve().parent
RANGE_TAIL = mpf("0.025")


# ---- the oracle

class Mixture:
    """weights (K), means (K, D), covariances K times (D, D), all mpf; the weights are normalised."""

    def __init__(self, weights, means, covariances):
        total = mpmath.fsum(mpf(w) for w in weights)
        self.weights = [mpf(w) / total for w in weights]
        self.means = [[mpf(v) for v in mean] for mean in means]
        self.covariances = [mpmath.matrix(c) for c in covariances]
        self.cache = {}

    def remember(self, key, make):
        if key not in self.cache:
            self.cache[key] = make()
        return self.cache[key]

    def part(self, k, rows, columns):
        covariance = self.covariances[k]
        return mpmath.matrix([[covariance[i, j] for j in columns] for i in rows])

    def inverse(self, k, dimensions):
        return self.remember(("inverse", k, dimensions),
                             lambda: mpmath.inverse(self.part(k, dimensions, dimensions)))

    def determinant(self, k, dimensions):
        return self.remember(("determinant", k, dimensions),
                             lambda: mpmath.det(self.part(k, dimensions, dimensions)))

    def inverse_root_of_correlation(self, k, dimensions):
        def make():
            covariance = self.part(k, dimensions, dimensions)
            size = len(dimensions)
            correlation = mpmath.matrix(size, size)
            for i in range(size):
                for j in range(size):
                    correlation[i, j] = covariance[i, j] / mpmath.sqrt(covariance[i, i] * covariance[j, j])
            values, vectors = mpmath.eigsy(correlation)
            return vectors * mpmath.diag([1 / mpmath.sqrt(v) for v in values]) * vectors.T
        return self.remember(("whitening", k, dimensions), make)


def offsets(mixture, k, dimensions, x):
    return mpmath.matrix([mpf(x[d]) - mixture.means[k][d] for d in dimensions])


def squared_distance(mixture, k, dimensions, x):
    offset = offsets(mixture, k, dimensions, x)
    return (offset.T * mixture.inverse(k, dimensions) * offset)[0]


def weighted_density(mixture, k, dimensions, x):
    """pi_k N_k of the metrics `dimensions` of x; 1 * pi_k for none."""
    if not dimensions:
        return mixture.weights[k]
    norm = mpmath.sqrt((2 * mpmath.pi) ** len(dimensions) * mixture.determinant(k, dimensions))
    return mixture.weights[k] * mpmath.exp(-squared_distance(mixture, k, dimensions, x) / 2) / norm


def responsibilities(mixture, dimensions, x):
    densities = [weighted_density(mixture, k, dimensions, x) for k in range(len(mixture.weights))]
    total = mpmath.fsum(densities)
    return [density / total for density in densities]


def conditional_component(mixture, k, wanted, given, x):
    """Mean and covariance of the metrics `wanted` given the metrics `given` of x, in component k."""
    mean = mpmath.matrix([mixture.means[k][d] for d in wanted])
    covariance = mixture.part(k, wanted, wanted)
    if given:
        cross = mixture.part(k, wanted, given)
        gain = cross * mixture.inverse(k, given)
        mean += gain * offsets(mixture, k, given, x)
        covariance -= gain * cross.T
    return mean, covariance


def conditional_univariate(mixture, d, given, x):
    """[(weight, mean, standard deviation)] of metric d given the metrics `given` of x."""
    parts = []
    for k, weight in enumerate(responsibilities(mixture, given, x)):
        mean, covariance = conditional_component(mixture, k, (d,), given, x)
        parts.append((weight, mean[0], mpmath.sqrt(covariance[0, 0])))
    return parts


def moments(parts):
    mean = mpmath.fsum(w * m for w, m, _ in parts)
    return mean, mpmath.fsum(w * (s * s + (m - mean) ** 2) for w, m, s in parts)


def cdf(parts, x):
    return mpmath.fsum(w * mpmath.ncdf((x - m) / s) for w, m, s in parts)


def quantile(parts, p):
    low = min(m - 10 * s for _, m, s in parts)
    high = max(m + 10 * s for _, m, s in parts)
    while high - low > mpf(10) ** -25 * max(1, abs(low), abs(high)):
        middle = (low + high) / 2
        if cdf(parts, middle) < p:
            low = middle
        else:
            high = middle
    return low


def log_two_sided_tail(parts, x):
    below = mpmath.fsum(w * mpmath.ncdf((x - m) / s) for w, m, s in parts)
    above = mpmath.fsum(w * mpmath.ncdf((m - x) / s) for w, m, s in parts)
    return min(mpf(0), mpmath.log(2 * min(below, above)))


def log_peak_bound(mixture, dimensions):
    peaks = [mixture.weights[k] / mpmath.sqrt((2 * mpmath.pi) ** len(dimensions) * mixture.determinant(k, dimensions))
             for k in range(len(mixture.weights))]
    return mpmath.log(mpmath.fsum(peaks))


def contributions(mixture, dimensions, x, log_likelihood):
    """Shares of (anomaly_score - floor) by the squared corr-max whitened offsets."""
    shares = [mpf(0)] * len(dimensions)
    for k, responsibility in enumerate(responsibilities(mixture, dimensions, x)):
        root = mixture.inverse_root_of_correlation(k, dimensions)
        offset = offsets(mixture, k, dimensions, x)
        scaled = mpmath.matrix([offset[i] / mpmath.sqrt(mixture.covariances[k][d, d])
                                for i, d in enumerate(dimensions)])
        white = root * scaled
        for i in range(len(dimensions)):
            shares[i] += responsibility * white[i] ** 2
    above_floor = log_peak_bound(mixture, dimensions) - log_likelihood
    return [above_floor * share / mpmath.fsum(shares) for share in shares]


def missing_joint(mixture, observed, missing, x):
    """Mean and covariance of all missing metrics together, and their expected surprise."""
    weights = responsibilities(mixture, observed, x)
    parts = [conditional_component(mixture, k, missing, observed, x) for k in range(len(weights))]
    size = len(missing)
    mean = mpmath.matrix(size, 1)
    for weight, (part, _) in zip(weights, parts):
        mean += weight * part
    covariance = mpmath.matrix(size, size)
    surprise = mpf(0)
    for weight, (part, spread) in zip(weights, parts):
        covariance += weight * (spread + (part - mean) * (part - mean).T)
        surprise += weight * mpmath.log((2 * mpmath.pi * mpmath.e) ** size * mpmath.det(spread)) / 2
    return mean, covariance, surprise


def typical(mixture, d):
    return [(w, mixture.means[k][d], mpmath.sqrt(mixture.covariances[k][d, d]))
            for k, w in enumerate(mixture.weights)]


def typical_ranges(mixture):
    dimensions = range(len(mixture.means[0]))
    return {
        "typical_low": [float(quantile(typical(mixture, d), RANGE_TAIL)) for d in dimensions],
        "typical_high": [float(quantile(typical(mixture, d), 1 - RANGE_TAIL)) for d in dimensions],
    }


def explain(mixture, x):
    """Everything about one sample; x (D) with None for what is missing."""
    everything = range(len(x))
    observed = tuple(d for d in everything if x[d] is not None)
    missing = tuple(d for d in everything if x[d] is None)
    total = mpmath.fsum(weighted_density(mixture, k, observed, x) for k in range(len(mixture.weights)))
    log_likelihood = mpmath.log(total)
    others = [conditional_univariate(mixture, d, tuple(o for o in observed if o != d), x) for d in everything]
    shares = dict(zip(observed, contributions(mixture, observed, x, log_likelihood)))
    result = {
        "log_likelihood": float(log_likelihood),
        "log_peak_bound": float(log_peak_bound(mixture, observed)),
        "responsibilities": [float(r) for r in responsibilities(mixture, observed, x)],
        "conditional_mean": [float(moments(others[d])[0]) for d in everything],
        "conditional_variance": [float(moments(others[d])[1]) for d in everything],
        "conditional_low": [float(quantile(others[d], RANGE_TAIL)) for d in everything],
        "conditional_high": [float(quantile(others[d], 1 - RANGE_TAIL)) for d in everything],
        "log_surprise": [float(log_two_sided_tail(others[d], mpf(x[d]))) if d in observed else None
                         for d in everything],
        "log_typical_surprise": [float(log_two_sided_tail(typical(mixture, d), mpf(x[d])))
                                 if d in observed else None for d in everything],
        "contribution": [float(shares[d]) if d in observed else None for d in everything],
    }
    if missing:
        mean, covariance, surprise = missing_joint(mixture, observed, missing, x)
        result["missing_mean"] = [float(v) for v in mean]
        result["missing_covariance"] = [float(covariance[i, j]) for i in range(len(missing)) for j in range(i + 1)]
        result["missing_surprise"] = float(surprise)
    return result


# ---- inputs, as doubles with few digits

def short(value, digits):
    return float(f"{float(value):.{digits}g}")


def gaussians(rng, rows, columns):
    return mpmath.matrix([[mpf(rng.gauss(0, 1)) for _ in range(columns)] for _ in range(rows)])


def random_parameters(rng, dimensions, components, condition):
    """Overlapping components: one shape of about the condition wanted, varied, moved by a few deviations."""
    if dimensions == 1:
        basis, spread = mpmath.eye(1), [mpf(rng.uniform(1, 5))]
    else:
        basis = mpmath.qr(gaussians(rng, dimensions, dimensions))[0]
        spread = [mpf(condition) ** (mpf(i) / (2 * (dimensions - 1))) for i in range(dimensions)]
    shape = basis * mpmath.diag(spread)
    center = mpmath.matrix([mpf(rng.uniform(0, 100)) for _ in range(dimensions)])
    weights = sorted((rng.uniform(0.05, 1) for _ in range(components)), reverse=True)
    weights = [w / sum(weights) for w in weights]
    digits = 7 + len(str(int(condition)))
    means, covariances = [], []
    for _ in range(components):
        mean = center + shape * gaussians(rng, dimensions, 1) * mpf("1.5")
        factor = shape * (mpmath.eye(dimensions) + gaussians(rng, dimensions, dimensions) * mpf("0.3") / dimensions)
        covariance = factor * factor.T
        means.append([short(v, 7) for v in mean])
        covariances.append([[short(covariance[max(i, j), min(i, j)], digits) for j in range(dimensions)]
                            for i in range(dimensions)])
    return weights, means, covariances


def near_sample(rng, means, covariances, distance=None):
    """A draw from a component, or a point at this Mahalanobis distance from its mean."""
    k = rng.randrange(len(means))
    root = mpmath.cholesky(mpmath.matrix(covariances[k]))
    direction = gaussians(rng, len(means[0]), 1)
    if distance is not None:
        direction *= distance / mpmath.norm(direction)
    offset = root * direction
    return [short(means[k][d] + offset[d], 9) for d in range(len(means[0]))]


def samples(rng, parameters):
    """(kind, sample) near, far and with gaps."""
    weights, means, covariances = parameters
    dimensions = len(means[0])
    mixture = Mixture(*parameters)
    result = [("near", near_sample(rng, means, covariances)),
              ("far in every metric", near_sample(rng, means, covariances, 40))]
    far = near_sample(rng, means, covariances)
    d = rng.randrange(dimensions)
    others = tuple(i for i in range(dimensions) if i != d)
    mean, variance = moments(conditional_univariate(mixture, d, others, far))
    far[d] = short(mean + 40 * mpmath.sqrt(variance), 9)
    result.append(("one metric far from what the others predict", far))
    far = near_sample(rng, means, covariances)
    far[d] = short(means[0][d] - 40 * mpmath.sqrt(mpf(covariances[0][d][d])), 9)
    result.append(("one metric far from its usual range", far))
    gaps = {1, dimensions // 2, dimensions - 1} - {0, dimensions}
    for count in sorted(gaps):
        sample = near_sample(rng, means, covariances, None if count == 1 else 5)
        for gap in rng.sample(range(dimensions), count):
            sample[gap] = None
        result.append((f"{count} missing", sample))
    return result


def lower_triangle(matrix):
    return [matrix[i][j] for i in range(len(matrix)) for j in range(i + 1)]


# ---- files

def run(make_model, parameters):
    """The bytes of a model file."""
    done = subprocess.run([make_model], input=json.dumps(parameters).encode(), stdout=subprocess.PIPE, check=True)
    return done.stdout


def plain_model(weights, means, covariances):
    return {"role": "golden:mixture",
            "metrics": [{"name": f"metric{d}"} for d in range(len(means[0]))],
            "weights": weights, "means": means, "covariances": [lower_triangle(c) for c in covariances]}


def tolerance(condition):
    """A covariance of this condition, rounded to doubles, fixes the numbers no better than condition * 1e-16."""
    return 1e-12 if condition <= 1e4 else 1e-10 if condition <= 1e6 else 1e-6


def mixture_case(rng, dimensions, components, condition, make_model):
    parameters = random_parameters(rng, dimensions, components, condition)
    mixture = Mixture(*parameters)
    entry = {"name": f"D={dimensions} K={components} condition {condition:g}",
             "condition": condition, "tolerance": tolerance(condition),
             "weights": parameters[0], "means": parameters[1],
             "covariances": [lower_triangle(c) for c in parameters[2]],
             "log_peak_bound": float(log_peak_bound(mixture, tuple(range(dimensions))))}
    entry.update(typical_ranges(mixture))
    entry["samples"] = []
    for kind, x in samples(rng, parameters):
        entry["samples"].append({"kind": kind, "x": x, **explain(mixture, x)})
    if dimensions <= 5 and components in (1, 3) or dimensions == 20 and components == 2:
        entry["model"] = base64.b64encode(run(make_model, plain_model(*parameters))).decode()
    print(entry["name"], file=sys.stderr)
    return entry


MIXTURE_CASES = (
    [(1, components, 1) for components in (1, 2, 3, 5)]
    + [(2, 1, 1e8), (2, 2, 10), (2, 2, 1e6), (2, 3, 1e4), (2, 3, 1e8), (2, 5, 10)]
    + [(5, 1, 1e4), (5, 2, 10), (5, 2, 1e8), (5, 3, 1e4), (5, 3, 1e6), (5, 5, 10), (5, 5, 1e4), (5, 5, 1e8)]
    + [(20, 1, 1e6), (20, 2, 1e4), (20, 3, 1e8), (20, 5, 10)]
)


# ---- the golden model file

METRICS = [  # name, unit, transform, tolerance, full_scale, detection_direction, usual value
    ("cpu.user.pct", "percent", "logit", 2, 100, "both", 30),
    ("cpu.system.pct", "percent", "logit", 1, 100, "both", 8),
    ("cpu.iowait.pct", "percent", "log1p", 1, 100, "above", 3),
    ("cpu.steal.pct", "percent", "identity", 1, 100, "above", 0.5),
    ("loadavg5", "", "log1p", 0.5, None, "both", 3),
    ("memory.used.pct", "percent", "identity", 5, 100, "above", 62),
    ("memory.cached.bytes", "bytes", "log1p", 268435456, None, "both", 6e9),
    ("swap.used.pct", "percent", "identity", 1, 100, "above", 2),
    ("disk.reads.iops", "1/s", "log1p", 10, None, "both", 120),
    ("disk.writes.iops", "1/s", "log1p", 10, None, "both", 200),
    ("disk.read.bytes_per_second", "bytes/s", "log1p", 1048576, None, "both", 5e6),
    ("disk.write.bytes_per_second", "bytes/s", "log1p", 1048576, None, "both", 9e6),
    ("filesystem.root.used.pct", "percent", "identity", 2, 100, "above", 48),
    ("network.receive.bytes_per_second", "bytes/s", "log1p", 131072, None, "both", 3e6),
    ("network.transmit.bytes_per_second", "bytes/s", "log1p", 131072, None, "both", 8e6),
    ("network.errors.per_second", "1/s", "identity", 1, None, "above", 0.2),
    ("tcp.established", "", "log1p", 20, None, "both", 150),
    ("processes.running", "", "identity", 2, None, "both", 5),
    ("mysql.queries.per_second", "1/s", "log1p", 20, None, "both", 900),
    ("mysql.replication.lag.seconds", "seconds", "log1p", 1, None, "above", 0.5),
]
COUNTED_UNITS = ("percent", "bytes", "bytes/s", "1/s", "seconds")
SEVERITY = [(mpf(0), mpf(1) / 24), (mpf(25), mpf(7)), (mpf(50), mpf(30)), (mpf(75), mpf(365)), (mpf(100), mpf(3650))]


def to_model_units(metric, value):
    tolerance, value = mpf(metric["tolerance"]), mpf(value)
    if metric["transform"] == "identity":
        return value / tolerance
    if metric["transform"] == "log1p":
        return mpmath.sign(value) * mpmath.log(1 + abs(value) / tolerance)
    scale = mpf(metric["full_scale"])
    kept = min(max(value, tolerance), scale - tolerance)
    return mpmath.log(kept / (scale - kept)) * scale / (4 * tolerance)


def from_model_units(metric, value):
    tolerance = mpf(metric["tolerance"])
    if metric["transform"] == "identity":
        return value * tolerance
    if metric["transform"] == "log1p":
        return mpmath.sign(value) * (mpmath.exp(abs(value)) - 1) * tolerance
    scale = mpf(metric["full_scale"])
    return scale / (1 + mpmath.exp(-value * 4 * tolerance / scale))


def shown(metric, value, is_end=False):
    """A value for people: inside what the metric can be; ends that reach where logit clamps reach the end."""
    if is_end and metric["transform"] == "logit":
        if value <= to_model_units(metric, 0):
            return 0.0
        if value >= to_model_units(metric, metric["full_scale"]):
            return float(metric["full_scale"])
    raw = from_model_units(metric, value)
    if metric["unit"] in COUNTED_UNITS:
        raw = max(raw, mpf(0))
    return float(min(raw, mpf(metric["full_scale"])) if "full_scale" in metric else raw)


def scored_sample(mixture, metrics, x):
    """A metric on its ignored side moves to the likeliest of its components' means given the others."""
    observed = tuple(d for d, value in enumerate(x) if value is not None)
    result = list(x)
    for d in observed:
        parts = conditional_univariate(mixture, d, tuple(o for o in observed if o != d), x)

        def density(at):
            return mpmath.fsum(w * mpmath.npdf(at, m, s) for w, m, s in parts)
        likeliest = max((m for _, m, _ in parts), key=density)
        direction = metrics[d].get("detection_direction", "both")
        ignored = direction == "above" and x[d] < likeliest or direction == "below" and x[d] > likeliest
        if ignored and density(likeliest) > density(x[d]):
            result[d] = likeliest
    return result


def evidence_of(metrics, own, relation, reasons):
    """What speaks against each metric on its own, in its blame scale, and given the others, in nats."""
    inside = [reason in (None, "none") for reason in reasons]
    return ([alone / mpf(metric.get("blame_scale", 1)) / (5 if within else 1)
             for metric, alone, within in zip(metrics, own, inside)],
            [mpf(0) if within else given_others for given_others, within in zip(relation, inside)])


def merged(own, relation):
    """Both together: the more is unusual by itself, the less a broken relation counts."""
    usual = -mpmath.log(2 * RANGE_TAIL)
    share = min(mpf(1), usual / max(own)) if max(own) > 0 else mpf(1)
    return [alone + share ** 2 * (broken / 20 if broken < 10 else mpf(1) / 2 + (broken - 10) / 4)
            for alone, broken in zip(own, relation)]


def blames_of(evidence, reasons):
    """Not yet shares: roots, and nothing inside of its ranges comes before what is outside."""
    roots = [mpmath.sqrt(nats) for nats in evidence]
    outside = [root for root, reason in zip(roots, reasons) if reason not in (None, "none") and root > 0]
    highest = max(outside) / 2 if outside else mpf("inf")
    return [min(root, highest) if reason in (None, "none") else root for root, reason in zip(roots, reasons)]


def ranked(x, blames, shares):
    """Shares of the blame, and ranks from 1."""
    total = mpmath.fsum(blames)
    order = sorted(range(len(x)), key=lambda d: (x[d] is None, -blames[d], -shares.get(d, mpf(0)), d))
    return [float(blame / total) for blame in blames], [order.index(d) + 1 for d in range(len(x))]


def own_view(mixture, d, metric, x):
    """Nats against a metric on its own."""
    alone = typical(mixture, d)
    half = cdf(alone, x)
    direction = metric.get("detection_direction", "both")
    if direction == "above" and half < 0.5 or direction == "below" and half > 0.5:
        return mpf(0)
    return -min(mpf(0), log_two_sided_tail(alone, x))


def explain_values(mixture, metrics, values, shift=None, remembered=None):
    """Everything about one row in the metrics' own units; None for what is missing. shift: of the host's level,
    remembered: evidence of the rows before it; the evidence against each metric comes last."""
    everything = range(len(values))
    x = [None if v is None else to_model_units(m, v) for m, v in zip(metrics, values)]
    z = scored_sample(mixture, metrics, x)
    observed = tuple(d for d in everything if x[d] is not None)
    missing = tuple(d for d in everything if x[d] is None)
    log_likelihood = mpmath.log(mpmath.fsum(weighted_density(mixture, k, observed, z)
                                            for k in range(len(mixture.weights))))
    weights = responsibilities(mixture, observed, z)
    completed = -log_likelihood + (missing_joint(mixture, observed, missing, z)[2] if missing else 0)
    shares = dict(zip(observed, contributions(mixture, observed, z, log_likelihood)))
    entries, own, relation = [], [], []
    for d, metric in enumerate(metrics):
        parts = conditional_univariate(mixture, d, tuple(o for o in observed if o != d), z)
        alone = typical(mixture, d)
        entry = {"expected": shown(metric, moments(parts)[0]),
                 "low": shown(metric, quantile(parts, RANGE_TAIL), True),
                 "high": shown(metric, quantile(parts, 1 - RANGE_TAIL), True),
                 "typical_low": shown(metric, quantile(alone, RANGE_TAIL), True),
                 "typical_high": shown(metric, quantile(alone, 1 - RANGE_TAIL), True)}
        own.append(mpf(0))
        relation.append(mpf(0))
        if d in observed:
            surprises = []
            for distribution in (parts, alone):
                surprise = mpmath.exp(log_two_sided_tail(distribution, x[d]))
                half = cdf(distribution, x[d])
                direction = metric.get("detection_direction", "both")
                watched = not (direction == "above" and half < 0.5 or direction == "below" and half > 0.5)
                surprises.append((surprise, watched))
            # Outside of a range that ends where the metric does, as it is shown.
            outside, unusual = (surprise < 2 * RANGE_TAIL and not entry[low] <= values[d] <= entry[high]
                                for (surprise, _), (low, high) in zip(surprises, (("low", "high"),
                                                                                  ("typical_low", "typical_high"))))
            below = values[d] <= (entry["high"] if outside else entry["expected"])
            if z[d] == x[d]:
                relation[-1], own[-1] = (-mpmath.log(min(mpf(1), surprise)) if watched else mpf(0)
                                         for surprise, watched in surprises)
            entry.update({
                "surprise": float(surprises[0][0]), "typical_surprise": float(surprises[1][0]),
                "contribution": float(shares[d]), "direction": "below" if below else "above",
                "reason": ("both" if unusual else "unusual_given_others") if outside
                else "unusual_value" if unusual else "none"})
        entries.append(entry)
    reasons = [entry.get("reason") for entry in entries]
    columns = {key: [entry.get(key) for entry in entries]
               for key in ("expected", "low", "high", "typical_low", "typical_high", "surprise", "typical_surprise",
                           "contribution", "reason", "direction")}
    blames = blames_of(merged(*evidence_of(metrics, own, relation, reasons)), reasons)
    columns["blame"], columns["rank"] = ranked(x, blames, shares)
    of_host = [min(own[d], own_view(mixture, d, metrics[d], x[d] - (shift[d] if shift else 0)))
               if own[d] > 0 else own[d] for d in everything]
    evidence = evidence_of(metrics, of_host, relation, reasons)
    most = [[max(pair) for pair in zip(*kinds)] for kinds in zip(evidence, remembered)] if remembered else evidence
    of_late = [mpf(0) if v is None else nats for v, nats in zip(x, merged(*most))]
    columns["blame_of_late"], columns["rank_of_late"] = ranked(x, blames_of(of_late, reasons), shares)
    return completed, {"anomaly_score": float(-log_likelihood), "completed_score": float(completed),
                       "state": weights.index(max(weights)), "responsibilities": [float(w) for w in weights],
                       "metrics": columns}, evidence


def remembered(before, time, memory):
    """The most of rows before, less the older they are, back to five times the alert score's time constant."""
    shares = [(mpmath.exp(-(time - then) / memory), evidence) for then, evidence in before if time - then < 5 * memory]
    return [[max(share * evidence[kind][d] for share, evidence in shares) for d in range(len(shares[0][1][kind]))]
            for kind in (0, 1)] if shares else None


def severity_of(return_time):
    if return_time <= SEVERITY[0][1]:
        return mpf(0)
    for (low, low_time), (high, high_time) in zip(SEVERITY, SEVERITY[1:]):
        if return_time < high_time:
            return low + (high - low) * mpmath.log(return_time / low_time) / mpmath.log(high_time / low_time)
    return mpf(100)


def return_time(calibration, alert_score):
    """Of one alert score, in host-days: straight in logarithms between the knots and beyond the last."""
    curve = calibration["curves"][0]
    scores, times = ([mpf(v) for v in curve[key]] for key in ("alert_scores", "log_return_times"))
    if alert_score <= scores[0]:
        return mpmath.exp(times[0])
    for i in range(1, len(scores)):
        if alert_score < scores[i]:
            slope = (times[i] - times[i - 1]) / (scores[i] - scores[i - 1])
            return mpmath.exp(times[i] + slope * (alert_score - scores[i]))
    return mpmath.exp(times[-1] + mpf(curve["slope"]) * (alert_score - scores[-1]))


def excess_of_return_time(calibration, days):
    """Nats above the typical score of an alert score that is as seldom: beyond the last knot of the curve."""
    curve = calibration["curves"][0]
    beyond = mpmath.log(days) - mpf(curve["log_return_times"][-1])
    return mpmath.expm1(mpf(curve["alert_scores"][-1]) + beyond / mpf(curve["slope"]))


def borne_out(excess, other, alone):
    """What a sample counts for beside another: half of what `sensitive` alerts at, or eight times the other."""
    return min(excess, 8 * other if other >= alone else alone)


def model_parameters(rng, components):
    metrics = []
    for name, unit, transform, tolerance, full_scale, direction, _ in METRICS:
        metric = {"name": name, "unit": unit, "transform": transform, "tolerance": tolerance,
                  "tolerance_source": "golden", "detection_direction": direction}
        if full_scale is not None:
            metric["full_scale"] = full_scale
        metrics.append(metric)
    size = len(metrics)
    loadings = gaussians(rng, size, 4)
    weights = sorted((rng.uniform(0.1, 1) for _ in range(components)), reverse=True)
    means, covariances, unclipped = [], [], []
    for _ in range(components):
        means.append([short(to_model_units(metric, usual) * mpf(rng.uniform(0.8, 1.2)), 6)
                      for metric, (*_, usual) in zip(metrics, METRICS)])
        factor = loadings + gaussians(rng, size, 4) * mpf("0.3")
        covariance = factor * factor.T + mpmath.diag([mpf(1 + rng.random()) for _ in range(size)])
        covariances.append([short(covariance[i, j], 9) for i in range(size) for j in range(i + 1)])
        narrower = covariance - mpmath.eye(size) * mpf("0.7")
        unclipped.append([short(narrower[i, j], 9) for i in range(size) for j in range(i + 1)])
    return {
        "role": "golden:db", "metrics": metrics, "weights": [w / sum(weights) for w in weights],
        "means": means, "covariances": covariances, "unclipped_covariances": unclipped,
        "calibration": {
            "ready": True, "typical_score": 38, "memory_seconds": 600, "interval_seconds": 60,
            "span_host_days": 210.5,
            "curves": [{"alert_scores": [0.05, 0.2, 0.4, 0.7, short(0.9 - 0.02 * n, 3)],
                        "log_return_times": [-4.5, -2.25, -0.7, 0.9, 1.25], "slope": short(4 + 0.25 * n, 3)}
                       for n in range(10)],
            "history": [{"threshold_low": short(1.2 + 0.3 * i - 0.05 * n, 3),
                         "threshold_high": short(1.3 + 0.3 * i - 0.05 * n, 3), "alerts": 30 - 10 * i - n}
                        for i in range(3) for n in range(10)]},
        "constants": [{"name": "swap.total.bytes", "unit": "bytes", "value": 2147483648, "tolerance": 1048576,
                       "detection_direction": "below", "kind": "cause"}],
        "quiet": [{"from": [10800] * 5 + [0, 0], "to": [13200] * 5 + [90000, 0],
                   "offsets": [{"from": 0, "seconds": 3600}, {"from": 1792890000, "seconds": 7200}],
                   "hosts": ["db3"], "metrics": ["disk.writes.iops"]}],
        "alert_settings": {"warning": "sensitive", "critical": "normal", "max_check_attempts": 4},
        "provenance": {"version": "0.1.0", "config_digest": "0123456789abcdef", "from": 1790812800,
                       "to": 1793404800, "rows": 518400, "hosts": 12, "seed": 20},
    }


def full(triangle):
    size = int(((8 * len(triangle) + 1) ** 0.5 - 1) / 2)
    return [[triangle[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(size)] for i in range(size)]


def completed_score(mixture, metrics, x):
    """Of a sample in model units; None for what is missing."""
    z = scored_sample(mixture, metrics, x)
    observed = tuple(d for d in range(len(x)) if x[d] is not None)
    missing = tuple(d for d in range(len(x)) if x[d] is None)
    density = mpmath.fsum(weighted_density(mixture, k, observed, z) for k in range(len(mixture.weights)))
    return -mpmath.log(density) + (missing_joint(mixture, observed, missing, z)[2] if missing else 0)


def level_shift(history, medians, time):
    """history: (time, sample) of one host before `time`. The first sample of each half-hour is kept, for a day."""
    kept = []
    for before, sample in history:
        kept = [(t, x) for t, x in kept if t > before - 86400]
        if not kept or mpmath.floor(before / 1800) > mpmath.floor(kept[-1][0] / 1800):
            kept.append((before, sample))
    kept = [(t, x) for t, x in kept if t > time - 86400]
    if not kept or time - kept[0][0] < 3600:
        return [mpf(0)] * len(medians)
    shift = []
    for d, median in enumerate(medians):
        known = sorted(x[d] for _, x in kept if x[d] is not None)
        shift.append(known[len(known) // 2] - median if known else mpf(0))
    return shift


def model_rows(rng, mixture, metrics):
    """A host with two and a half hours of history, at odds with the role throughout, and one without."""
    times = [("db1", 1800 * i) for i in range(5)] + [("db1", 7260), ("db2", 7260), ("db1", 7320), ("db2", 7320),
                                                     ("db1", 7380), ("db1", 9000), ("db1", 9060), ("db2", 90000),
                                                     ("db1", 90000)]
    rows = []
    for i, (host, time) in enumerate(times):
        x = near_sample(rng, mixture.means, mixture.covariances)
        values = [short(from_model_units(metric, mpf(v)), 6) for metric, v in zip(metrics, x)]
        if host == "db1":
            values[6] = short(mpf(values[6]) + mpf(2e10), 6)  # memory.cached.bytes
            values[4] = short(mpf(values[4]) + 4, 6)          # loadavg5
        if i in (7, 8, 11):
            values[19] = 600.0                                # mysql.replication.lag.seconds
        if i in (1, 9):
            values[6] = values[3] = None
        rows.append({"host": host, "timestamp": time, "values": values})
    return rows


def golden_model(rng, make_model):
    """The scores and explanations of a model."""
    parameters = model_parameters(rng, 5)
    metrics = parameters["metrics"]
    for metric, (*_, usual) in zip(metrics, METRICS):
        metric.update({"median": usual, "usual_low": short(0.5 * usual, 3), "usual_high": short(1.5 * usual, 3)})
    metrics[0].update({"kind": "symptom", "blame_scale": 1.25})
    metrics[2].update({"kind": "cause", "tail_above": {"threshold": 2.5, "spread": 1.5, "shape": 0.25, "scale": 2}})
    (FOLDER / "model.rolemix").write_bytes(run(make_model, parameters))
    mixture = Mixture(parameters["weights"], parameters["means"], [full(c) for c in parameters["covariances"]])
    calibration = parameters["calibration"]
    memory, interval, typical = (mpf(calibration[key]) for key in ("memory_seconds", "interval_seconds", "typical_score"))
    medians = [to_model_units(metric, metric["median"]) for metric in metrics]
    rows = model_rows(rng, mixture, metrics)
    history = {}
    for row in rows:
        time = mpf(row["timestamp"])
        x = [None if v is None else to_model_units(m, v) for m, v in zip(metrics, row["values"])]
        before = history.setdefault(row["host"], {"samples": [], "evidence": [], "slow": mpf(0), "fast": mpf(0),
                                                   "time": None, "excess": None})
        shift = level_shift(before["samples"], medians, time)
        score, explained, evidence = explain_values(mixture, metrics, row["values"], shift,
                                                    remembered(before["evidence"], time, memory))
        row.update(explained)
        before["evidence"].append((time, evidence))
        centred = completed_score(mixture, metrics, [None if v is None else v - s for v, s in zip(x, shift)])
        excess = max(mpf(0), min(score, centred) - typical)
        elapsed = mpf("inf") if before["time"] is None else time - before["time"]
        sampled = elapsed if elapsed <= 3 * interval else interval
        taken = {key: 1 - mpmath.exp(-sampled / constant) for key, constant in (("slow", memory), ("fast", memory / 5))}
        at_once = min(taken["slow"], mpf(3) / 2 * taken["fast"])
        excess = min(excess, 10 * excess_of_return_time(calibration, 3650) / at_once)
        alone = excess_of_return_time(calibration, 7) / 2 / at_once
        counted = excess if before["excess"] is None else borne_out(excess, before["excess"], alone)
        if len(before["samples"]) == 1 and before["excess"] > 0:
            for key in taken:  # the first counts for no more than the second bears out
                before[key] *= borne_out(before["excess"], excess, alone) / before["excess"]
        before["excess"] = excess
        for key, constant in (("slow", memory), ("fast", memory / 5)):
            before[key] = before[key] * mpmath.exp(-elapsed / constant) + counted * taken[key]
        before["samples"].append((time, x))
        before["time"] = time
        level = mpmath.log(1 + min(before["slow"], mpf(3) / 2 * before["fast"]))
        print("model", row["host"], row["timestamp"], file=sys.stderr)
        row["centred_score"] = float(centred)
        row["alert_score"] = float(level)
        row["severity"] = float(severity_of(return_time(calibration, level)))
    return {"tolerance": 1e-11, "model": parameters, "rows": rows}


def write(name, content, list_key):
    """One line for each entry of the list."""
    rows = ",\n".join("  " + json.dumps(entry, separators=(",", ":")) for entry in content.pop(list_key))
    head = json.dumps(content, separators=(",", ":"))[1:-1]
    (FOLDER / name).write_text("{" + head + ("," if head else "") + f'"{list_key}": [\n{rows}\n]}}\n')


def main(make_model):
    rng = random.Random(20)
    write("mixture.json", {"cases": [mixture_case(rng, *case, make_model) for case in MIXTURE_CASES]}, "cases")
    write("model.json", golden_model(random.Random(2), make_model), "rows")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py MAKE_MODEL")
    main(sys.argv[1])
