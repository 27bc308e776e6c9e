"""What incidents in the history do to a model; bench/README.md says how it is measured.
Started by script/bench contamination, with what parse_arguments() takes."""

import argparse
import json
import os
import random
import statistics
import tempfile
from dataclasses import asdict, dataclass

from labelled import data_sets, groups_of, read_rows, rolemix, rolemix_rows, say, write_rows

LONGEST = 86400  # seconds of one incident that are copied
ALERTING = 50  # severity
SCOPES = {"host": "one model a host", "role": "one model a role"}


@dataclass
class Outcome:
    """One model, from the history as it is and with incidents in it."""

    group: str
    share: float  # of the history's samples that became incidents
    change: float  # mean absolute change of a normal sample's anomaly_score, nats
    deviation: float  # of the anomaly_scores of normal samples, nats
    score_before: float  # median anomaly_score of labelled samples
    score_after: float
    severe_before: float  # share of labelled samples with severity 50 or more
    severe_after: float
    normal_before: float  # share of normal samples with severity 50 or more
    normal_after: float
    components_before: int
    components_after: int


def labelled_runs(hosts):
    """The rows of each labelled run in test/, at most a day of it."""
    runs = []
    for host in hosts:
        before = 0
        for row, label in zip(read_rows(host.path("test")), host.labels()[1], strict=True):
            if label and not before:
                runs.append([])
            if label and float(row["timestamp"]) < float((runs[-1] or [row])[0]["timestamp"]) + LONGEST:
                runs[-1].append(row)
            before = label
    return runs


def with_incidents(rows, runs, share, generator):
    """The rows, a share of which has the metrics of incidents, run by run; those that are drawn first are written over."""
    rows = [dict(row) for row in rows]
    left = int(share * len(rows))
    taken = set()
    while left > 0:
        run = generator.choice(runs)[:left]
        first = generator.randrange(len(rows) - len(run))
        if taken.intersection(range(first, first + len(run))):
            continue
        taken.update(range(first, first + len(run)))
        for i, incident in enumerate(run):
            kept = {name: rows[first + i][name] for name in ("timestamp", "host")}
            rows[first + i] = {**incident, **kept}
        left -= len(run)
    return rows


def train(paths, model, config):
    stated = ["--config", config] if config else []
    rolemix("train", "--role", "bench:contamination", *stated, "--input", *paths, "-o", model)
    return len(json.loads(rolemix("inspect", model, "--format", "json"))["weights"])


def scores_of(hosts, model):
    """[(anomaly_score, severity, label)] of test/."""
    result = []
    for host in hosts:
        _, labels = host.labels()
        scored = rolemix_rows("score", "-m", model, "--input", host.path("test"))
        result += [
            (float(row["anomaly_score"]), float(row["severity"] or 0), label)
            for row, label in zip(scored, labels, strict=True)
            if row["anomaly_score"]
        ]
    return result


def measure(name, hosts, share, scratch):
    runs = [run for run in labelled_runs(hosts) if run]
    if not runs:
        return None
    generator = random.Random(1)
    config = hosts[0].config
    before, after = os.path.join(scratch, "before.rolemix"), os.path.join(scratch, "after.rolemix")
    components_before = train([host.path("train") for host in hosts], before, config)
    disturbed = []
    for host in hosts:
        disturbed.append(os.path.join(scratch, f"{host.name}.csv.gz"))
        write_rows(disturbed[-1], with_incidents(read_rows(host.path("train")), runs, share, generator))
    components_after = train(disturbed, after, config)
    pairs = list(zip(scores_of(hosts, before), scores_of(hosts, after), strict=True))
    normal = [(a, b) for a, b in pairs if not a[2]]
    labelled = [(a, b) for a, b in pairs if a[2]]
    severe = lambda scores: statistics.fmean(severity >= ALERTING for _, severity, _ in scores)
    return Outcome(
        name,
        share,
        statistics.fmean(abs(b[0] - a[0]) for a, b in normal),
        statistics.pstdev(a[0] for a, _ in normal),
        statistics.median(a[0] for a, _ in labelled),
        statistics.median(b[0] for _, b in labelled),
        severe(a for a, _ in labelled),
        severe(b for _, b in labelled),
        severe(a for a, _ in normal),
        severe(b for _, b in normal),
        components_before,
        components_after,
    )


def print_table(outcomes):
    print(
        "| model of | history in incidents | change of normal scores | their deviation | score of incidents | "
        "of these severe | of normal samples severe | components |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for of in outcomes:
        print(
            f"| {of.group} | {100 * of.share:.0f} % | {of.change:.2f} | {of.deviation:.1f} | "
            f"{of.score_before:.0f}, {of.score_after:.0f} | {of.severe_before:.2f}, {of.severe_after:.2f} | "
            f"{of.normal_before:.4f}, {of.normal_after:.4f} | {of.components_before}, {of.components_after} |"
        )


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", action="append", default=[], help="a folder of labelled hosts; may be repeated")
    parser.add_argument("--roles", type=lambda text: text.split(","), default=[], help="of the folders, only these")
    parser.add_argument("--scope", choices=SCOPES, default="role")
    parser.add_argument("--shares", default="0.01,0.05", help="of the history, that become incidents")
    parser.add_argument("--json", help="also write all numbers to this file")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    shares = [float(share) for share in arguments.shares.split(",")]
    outcomes = []
    with tempfile.TemporaryDirectory() as scratch:
        for data, hosts in data_sets(arguments.data, arguments.roles, scratch).items():
            say(f"{data}: {SCOPES[arguments.scope]}")
            for name, members, _ in groups_of(hosts, arguments.scope):
                outcomes += [measure(f"{data} {name}", members, share, scratch) for share in shares]
    outcomes = [outcome for outcome in outcomes if outcome]
    print_table(outcomes)
    if arguments.json:
        with open(arguments.json + ".tmp", "w") as file:
            json.dump([asdict(outcome) for outcome in outcomes], file, indent=1)
        os.replace(arguments.json + ".tmp", arguments.json)


if __name__ == "__main__":
    main()
