"""What dirt in the history does to a model; bench/README.md says how it is measured.
Started by script/bench dirty, with what parse_arguments() takes."""

import argparse
import csv
import json
import os
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field

from labelled import CLEAN_DAYS, COMMAND, DAYS, INTERVAL, SIMULATED_HOSTS, rolemix, rolemix_rows, say
from measures import WIDENED

KINDS = ("outliers", "sentinels", "resets", "zeros", "gaps", "units", "intervals", "renames", "ahead", "shifts", "partial",
         "repeats")
CLEAN = "none"
ALL = "all"
TOLERANCES = ("default", "stated")
LOSS = 0.02  # of the share of incidents found
GAIN = 1.2  # times the false alerts


@dataclass
class Outcome:
    """One model, on test samples without dirt."""

    role: str
    seed: int
    tolerances: str
    kind: str
    incidents: int = 0
    found: int = 0
    false_alerts: int = 0
    components: int = 0
    failed: str = ""  # why there is no model
    train_notices: list = field(default_factory=list)  # codes
    alert_notices: list = field(default_factory=list)


def simulate(folder, role, seed, dirt):
    rolemix("simulate", "--role", role, "--hosts", SIMULATED_HOSTS, "--days", DAYS, "--clean-days", CLEAN_DAYS,
            "--interval", INTERVAL, "--seed", seed, *dirt, "-o", folder)


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def cut_of(folder):
    """The end of what is learned from, epoch seconds."""
    names = [name for name in os.listdir(os.path.join(folder, "metrics")) if name.endswith(".csv")]
    with open(os.path.join(folder, "metrics", sorted(names)[0]), newline="") as file:
        return float(next(csv.DictReader(file))["timestamp"]) // 86400 * 86400 + CLEAN_DAYS * 86400


def write_tests(folder, cut):
    """The samples from the cut on: {host: file}."""
    os.makedirs(os.path.join(folder, "test"))
    paths = {}
    for name in sorted(os.listdir(os.path.join(folder, "metrics"))):
        rows = read_csv(os.path.join(folder, "metrics", name))
        path = os.path.join(folder, "test", name)
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(row for row in rows if float(row["timestamp"]) >= cut)
        paths[name.removesuffix(".csv")] = path
    return paths


def codes(notices):
    return sorted({notice["code"] for notice in notices})


def judge(outcome, alerts, incidents):
    """An alert is true, and finds an incident, if it opens in it, widened by WIDENED on both sides."""
    found = set()
    for alert in alerts:
        hit = {
            i
            for i, incident in enumerate(incidents)
            if incident["host"] in ("", alert["host"])
            and float(incident["from"]) - WIDENED <= float(alert["opened_at"]) < float(incident["to"]) + WIDENED
        }
        found |= hit
        outcome.false_alerts += not hit
    outcome.incidents = len(incidents)
    outcome.found = len(found)


def measure(clean, dirty, tests, cut, config, outcome, scratch):
    """Trains on the folder's first part and replays the test samples."""
    key = f"{outcome.role}-{outcome.seed}-{outcome.tolerances}-{outcome.kind}"
    model = os.path.join(scratch, key + ".rolemix")
    options = ["--config", config] if config else []
    trained = subprocess.run(
        [COMMAND, "train", "--role", "bench:dirty", *options, "--input", os.path.join(dirty, "metrics"), "--to", str(int(cut)),
         "--format", "json", "-o", model], capture_output=True, text=True)
    incidents = [row for row in read_csv(os.path.join(clean, "incidents.csv")) if row["anomalous"] == "true"]
    outcome.incidents = len(incidents)
    if trained.returncode != 0:
        outcome.failed = trained.stderr.strip().splitlines()[-1]
        return outcome
    outcome.train_notices = codes(json.loads(trained.stdout)["notices"])
    outcome.components = len(json.loads(rolemix("inspect", model, "--format", "json"))["weights"])
    # One host at a time, so that no alert is the role's.
    alerts = [alert for path in tests.values() for alert in rolemix_rows("alerts", "-m", model, "--input", path, "--format", "csv")]
    judge(outcome, alerts, incidents)
    if outcome.kind != CLEAN:
        told = json.loads(rolemix("alerts", "-m", model, "--input", os.path.join(dirty, "metrics"), "--format", "json"))
        outcome.alert_notices = codes(told["notices"])
    return outcome


def measure_role(role, seed, kinds, tolerances, scratch):
    clean = os.path.join(scratch, f"{role}-{seed}-{CLEAN}")
    simulate(clean, role, seed, [])
    cut = cut_of(clean)
    tests = write_tests(clean, cut)
    jobs = []
    for kind in (CLEAN, *kinds):
        dirty = clean if kind == CLEAN else os.path.join(scratch, f"{role}-{seed}-{kind}")
        if kind != CLEAN:
            simulate(dirty, role, seed, ["--dirty"] if kind == ALL else ["--dirty", kind.replace("+", ",")])
        for stated in tolerances:
            config = os.path.join(clean, "role.yaml") if stated == "stated" else None
            jobs.append((clean, dirty, tests, cut, config, Outcome(role, seed, stated, kind), scratch))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda job: measure(*job), jobs))


def print_table(outcomes, kinds):
    """By kind, over roles, seeds and tolerances; whether all are within the bounds."""
    base = {(o.role, o.seed, o.tolerances): o for o in outcomes if o.kind == CLEAN}
    print("| dirt | incidents found | false alerts | training says | alerts says |")
    print("|---|---|---|---|---|")
    beyond = []
    for kind in kinds:
        some = [o for o in outcomes if o.kind == kind]
        clean = [base[o.role, o.seed, o.tolerances] for o in some]
        incidents = sum(o.incidents for o in some)
        found, found_clean = sum(o.found for o in some), sum(o.found for o in clean)
        false, false_clean = sum(o.false_alerts for o in some), sum(o.false_alerts for o in clean)
        said = [sorted({code for o, of in zip(some, clean) for code in set(getattr(o, of_verb)) - set(of.train_notices)})
                for of_verb in ("train_notices", "alert_notices")]
        failures = [o.failed for o in some if o.failed]
        if found < found_clean - LOSS * incidents or false > GAIN * false_clean or failures:
            beyond.append(kind)
        print(f"| {kind} | {found_clean / incidents:.3f}, {found / incidents:.3f} | {false_clean}, {false} | "
              + " | ".join(" ".join(f"`{code}`" for code in codes) for codes in said) + " |")
        for failure in failures:
            say(f"{kind}: no model: {failure}")
    say(f"found {LOSS} less or {GAIN} times the false alerts: {', '.join(beyond) or 'none'}")
    return not beyond


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[1, 2, 3, 4, 5, 6])
    parser.add_argument("--roles", type=lambda text: text.split(","), default=["web", "db"])
    parser.add_argument("--kinds", type=lambda text: text.split(","), default=[*KINDS, ALL])
    parser.add_argument("--tolerances", type=lambda text: text.split(","), default=list(TOLERANCES))
    parser.add_argument("--json", help="also write all numbers to this file")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    outcomes = []
    for role in arguments.roles:
        for seed in arguments.seeds:
            say(f"{role}, seed {seed}")
            with tempfile.TemporaryDirectory() as scratch:
                outcomes += measure_role(role, seed, arguments.kinds, arguments.tolerances, scratch)
    within = print_table(outcomes, arguments.kinds)
    if arguments.json:
        with open(arguments.json + ".tmp", "w") as file:
            json.dump([asdict(outcome) for outcome in outcomes], file, indent=1)
        os.replace(arguments.json + ".tmp", arguments.json)
    raise SystemExit(0 if within else 1)


if __name__ == "__main__":
    main()
