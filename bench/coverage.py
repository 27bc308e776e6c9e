"""How many observed values lie within the displayed 95 % ranges; bench/README.md says how it is measured.
Started by script/bench coverage, with what parse_arguments() takes."""

import argparse
import json
import os
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

import measures
from labelled import data_sets, groups_of, read_rows, rolemix, rolemix_rows, say, write_rows

LEARNED_SHARE = 0.7  # of the time in train/; the rest is held out
SAMPLES = 2000  # of each host and part, at most
DAY = 86400
COLUMNS = ("timestamp", "observed", "expected", "low", "high", "typical_low", "typical_high")
RANGES = ("expected", "typical", "level_aside")
TARGET = (0.93, 0.97)
PARTS = {
    "learned": "the samples that the model was trained on, the first 70 % of the time in train/",
    "held out": "the last 30 % of the time in train/, by the same model",
    "test": "test/, by a model of all of train/: not labelled, nor within an hour of a labelled run",
}
SCOPES = {"host": "one model a host", "role": "one model a role"}
KINDS = {
    "as learned": "the range is as wide as was learned",
    "widened": "the tolerance makes the range at least a fifth wider than was learned",
    "coarse": "the values come in steps larger than 3 % of the range: the step is the tolerance",
}
WIDER = 1.2


@dataclass
class Counted:
    """One metric of one host in one part: shares of its samples."""

    metric: str
    host: str
    part: str
    kind: str
    samples: int
    expected: float  # within low-high
    typical: float  # within typical_low-typical_high
    level_aside: float  # within low-high once the day's median distance from expected is taken off
    low: float  # below low
    high: float  # above high
    distinct: int  # different values


def kinds_of(model):
    """{metric: one of KINDS}."""
    kinds = {}
    for metric in json.loads(rolemix("inspect", model, "--format", "json"))["metrics"]:
        wider = metric["half_width_given_others"] > WIDER * metric["half_width_without_prior"]
        kinds[metric["metric"]] = "widened" if wider else "as learned"
        if metric["tolerance_source"] == "resolution":
            kinds[metric["metric"]] = "coarse"
    return kinds


def count(model, kinds, host, part, rows, folder):
    """[Counted] of some samples: the ranges of a sample depend on no other."""
    path = os.path.join(folder, "samples.csv.gz")
    write_rows(path, measures.evenly(rows, SAMPLES))
    explained = {}
    for row in rolemix_rows("explain", "-m", model, "--input", path, "--from", 0, "--format", "csv"):
        if row["observed"]:
            explained.setdefault(row["metric"], []).append([float(row[name]) for name in COLUMNS])
    return [
        Counted(
            metric,
            f"{host.role}/{host.name}",
            part,
            kinds[metric],
            len(values),
            statistics.fmean(low <= x <= high for _, x, _, low, high, _, _ in values),
            statistics.fmean(low <= x <= high for _, x, _, _, _, low, high in values),
            level_aside(values),
            statistics.fmean(x < low for _, x, _, low, _, _, _ in values),
            statistics.fmean(x > high for _, x, _, _, high, _, _ in values),
            len({x for _, x, *_ in values}),
        )
        for metric, values in explained.items()
    ]


def level_aside(values):
    days = {}
    for timestamp, observed, expected, low, high, *_ in values:
        days.setdefault(timestamp // DAY, []).append((observed - expected, low - expected, high - expected))
    within = []
    for day in days.values():
        level = statistics.median(distance for distance, _, _ in day)
        within += [low <= distance - level <= high for distance, low, high in day]
    return statistics.fmean(within)


def train(model, learned, config, *options):
    options = [*options, *(["--config", config] if config else [])]
    inputs = [host.path("train") for host in learned]
    rolemix("train", "--role", "coverage:" + learned[0].role, *options, "--input", *inputs, "-o", model)
    return kinds_of(model)


def normal_samples(host):
    timestamps, labels = host.labels()
    rows = read_rows(host.path("test"))
    return [rows[i] for i in measures.distant(timestamps, labels, measures.NEAR)]


def count_group(group, config, scratch):
    _, learned, measured = group
    counted = []
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        rows = {host: read_rows(host.path("train")) for host in measured}
        times = [float(row["timestamp"]) for of_host in rows.values() for row in of_host]
        cut = round(min(times) + LEARNED_SHARE * (max(times) - min(times)))
        model = os.path.join(folder, "model.rolemix")
        kinds = train(model, learned, config, "--to", cut)
        for host in measured:
            before = [row for row in rows[host] if float(row["timestamp"]) < cut]
            after = [row for row in rows[host] if float(row["timestamp"]) >= cut]
            counted += count(model, kinds, host, "learned", before, folder)
            counted += count(model, kinds, host, "held out", after, folder)
        kinds = train(model, learned, config)
        for host in measured:
            counted += count(model, kinds, host, "test", normal_samples(host), folder)
    return counted


def count_all(groups, config, scratch):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = pool.map(lambda group: count_group(group, config, scratch), groups)
        return [counted for part in parts for counted in part]


def rows_of(data, scope, counted):
    """The rows for --json. ratio: to 0.95."""
    rows = []
    for part in PARTS:
        for kind in ["all", *KINDS]:
            chosen = [c for c in counted if c.part == part and kind in ("all", c.kind)]
            for name in RANGES:
                values = [getattr(c, name) for c in chosen]
                if not values:
                    continue
                worst = min(chosen, key=lambda c: getattr(c, name))
                value = measures.mean(values)
                rows.append({
                    "task": f"coverage-{data}-{scope}-{part}-{name}".replace(" ", "-"),
                    "engine": kind,
                    "value": value,
                    "unit": "share",
                    "ratio": value / 0.95,
                    "data": data,
                    "scope": scope,
                    "part": part,
                    "range": name,
                    "median": statistics.median(values),
                    "below_target": statistics.fmean(v < TARGET[0] for v in values),
                    "above_target": statistics.fmean(v > TARGET[1] for v in values),
                    "worst": getattr(worst, name),
                    "worst_metric": worst.metric,
                    "worst_host": worst.host,
                    "metrics": len(values),
                    "values": [asdict(c) for c in chosen] if (kind, name) == ("all", "expected") else None,
                })
    return rows


def print_header():
    columns = ["data", "model of", "samples", "expected range", "of metrics as learned", "day's level aside", "widened",
               "coarse", "typical range", "metrics below 93 %, above 97 %", "worst metric"]
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|", flush=True)


def print_rows(rows):
    """As lines of a Markdown table."""
    groups = {}
    for row in rows:
        groups.setdefault((row["data"], row["scope"], row["part"]), {})[row["engine"], row["range"]] = row
    for (data, scope, part), of in groups.items():
        every = of["all", "expected"]
        learned, widened, coarse = (of_kind(of.get((kind, "expected")), every) for kind in KINDS)
        aside = of.get(("as learned", "level_aside"))
        cells = [data, scope, part, percent(every["value"]), learned, percent(aside["value"]) if aside else "", widened,
                 coarse, percent(of["all", "typical"]["value"]),
                 f"{percent(every['below_target'], 0)}, {percent(every['above_target'], 0)}",
                 f"{percent(every['worst'])}: {every['worst_metric']} of {every['worst_host']}"]
        print("| " + " | ".join(cells) + " |", flush=True)


def of_kind(row, every):
    """Their share, and in brackets how many of the metrics they are."""
    return f"{percent(row['value'])} ({percent(row['metrics'] / every['metrics'], 0)})" if row else ""


def percent(share, digits=1):
    return f"{100 * share:.{digits}f} %"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="script/bench coverage", description=__doc__)
    parser.add_argument("--data", action="append", default=[], help="a folder with labelled hosts (may be repeated)")
    parser.add_argument("--roles", default=[], type=lambda text: text.split(","),
                        help="of folders with one of these roles only those hosts")
    parser.add_argument("--scopes", default=list(SCOPES), type=lambda text: text.split(","), help="host,role")
    parser.add_argument("--config", help="rules for metrics, for all models")
    parser.add_argument("--json", help="write the rows to this file")
    arguments = parser.parse_args()
    for name in arguments.scopes:
        if name not in SCOPES:
            parser.error(f"expected some of {', '.join(SCOPES)}; got '{name}'")
    return arguments


def main():
    arguments = parse_arguments()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        sets = data_sets(arguments.data, arguments.roles, scratch, clean=True)
        print_header()
        for data, hosts in sets.items():
            for scope in arguments.scopes:
                groups = groups_of(hosts, scope)
                if not groups:
                    say(f"{data}: no role has two hosts, so none has a model of its own")
                    continue
                say(f"{data}: {SCOPES[scope]}")
                found = rows_of(data, scope, count_all(groups, arguments.config, scratch))
                print_rows(found)
                rows += found
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
