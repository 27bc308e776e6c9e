"""What is measured on labelled samples of one host. Plain Python. Times are epoch seconds, labels 0 or 1."""

import math
import statistics
from bisect import bisect_left

WIDENED = 600  # seconds by which an alert may open before or after a labelled run
NEAR = 3600  # seconds from a labelled run in which a sample is not taken for normal


def interval_of(timestamps):
    """The usual seconds between two samples."""
    return statistics.median(b - a for a, b in zip(timestamps, timestamps[1:]))


def labelled_runs(timestamps, labels):
    """[(start, end)] of each run of labelled samples; end is the time of the first sample after it."""
    runs = []
    start = None
    for timestamp, label in zip(timestamps, labels):
        if label and start is None:
            start = timestamp
        if not label and start is not None:
            runs.append((start, timestamp))
            start = None
    if start is not None:
        runs.append((start, timestamps[-1] + interval_of(timestamps)))
    return runs


def distant(timestamps, labels, seconds):
    """Indices of the samples at least this long before or after every labelled run."""
    wide = [(start - seconds, end + seconds) for start, end in labelled_runs(timestamps, labels)]
    return [i for i, t in enumerate(timestamps) if not any(start <= t < end for start, end in wide)]


def alert_measures(alerts, timestamps, labels):
    """Of alerts [(opened_at, closed_at or None)]: false_alerts and false_minutes per host-day, and the share of labelled
    runs found. An alert is true, and finds a run, if it opens in the run, widened by WIDENED on both sides."""
    runs = [(start - WIDENED, end + WIDENED) for start, end in labelled_runs(timestamps, labels)]
    found = set()
    false_alerts = 0
    in_alert = set()
    for opened_at, closed_at in alerts:
        hit = {i for i, (start, end) in enumerate(runs) if start <= opened_at < end}
        found |= hit
        false_alerts += not hit
        last = len(timestamps) if closed_at is None else bisect_left(timestamps, closed_at)
        in_alert.update(range(bisect_left(timestamps, opened_at), last))
    interval = interval_of(timestamps)
    days = len(timestamps) * interval / 86400
    false_samples = len(in_alert.intersection(distant(timestamps, labels, WIDENED)))
    return {
        "found": len(found) / len(runs) if runs else math.nan,
        "false_alerts": false_alerts / days,
        "false_minutes": false_samples * interval / 60 / days,
    }


def evenly(items, count):
    """At most this many of the items, evenly spread."""
    if len(items) <= count:
        return list(items)
    return [items[i * len(items) // count] for i in range(count)]


def mean(values):
    """Without those that could not be measured."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.fmean(known) if known else math.nan


def quantile(values, share):
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def wins(values, others):
    """(how many of the values are larger than their partner, how many are smaller)."""
    pairs = list(zip(values, others))
    return sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
