#!/usr/bin/python3
"""Whether two builds of rolemix say the same: what a change that is not to change a number has to show.

usage: compare.py OLD_COMMAND [--data FOLDER...] [--hosts N]

Both builds train on the same samples, the simulator's web and db servers and the first N (2) hosts of each folder;
then each scores, explains and replays with its own model. Prints, for each column, how many values differ, and by how
much at most; exits with 1 when any does, but for the ids of models."""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

import labelled

IDS = {"model_id"}
PARAMETERS = ("weights", "means", "covariances", "unclipped_covariances")


def run(command, *arguments):
    done = subprocess.run([command, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        labelled.stop(f"failed: {command} {' '.join(arguments)}\n{done.stderr.strip()}")
    return done.stdout


def difference(old, new):
    """Of two texts that differ: by how much, or nothing when they are no numbers."""
    try:
        return abs(float(old) - float(new))
    except ValueError:
        return None


def columns_that_differ(old, new):
    """{column: (how many values, the largest difference, how that reads)} of two CSV texts."""
    old_rows, new_rows = (list(csv.DictReader(io.StringIO(text))) for text in (old, new))
    found = {}
    if len(old_rows) != len(new_rows):
        found["rows"] = (1, abs(len(old_rows) - len(new_rows)), f"{len(old_rows)} and {len(new_rows)}")
    for one, other in zip(old_rows, new_rows):
        for column in one.keys() - IDS:
            if one[column] != other.get(column):
                count, most, text = found.get(column, (0, -1, ""))
                by = difference(one[column], other.get(column, ""))
                if by is None or by > most:
                    most, text = most if by is None else by, f"{one[column]} and {other.get(column)}"
                found[column] = (count + 1, most, text)
    return found


def parameters_that_differ(commands, models):
    old, new = (json.loads(run(c, "inspect", m, "--format", "json")) for c, m in zip(commands, models))
    return {name: (1, float("nan"), "") for name in PARAMETERS if old[name] != new[name]}


def show(what, found):
    words = [f"{name}: {count} differ, by {most:.3g} at most ({text})" for name, (count, most, text) in sorted(found.items())]
    print(f"  {what}: {'; '.join(words) or 'the same'}", flush=True)


def compare(name, learned, measured, config, commands, folder):
    print(name)
    models = [os.path.join(folder, f"{which}.rolemix") for which in ("old", "new")]
    for command, model in zip(commands, models):
        run(command, "train", "--role", "compare:role", "--input", *learned, "-o", model,
            *(["--config", config] if config else []))
    verbs = [("score", []), ("explain", ["--from", "1970-01-01", "--format", "csv", "--details"]), ("alerts", ["--format", "csv"]),
             ("alerts", ["--format", "csv", "--sensitivity", "sensitive", "--max-check-attempts", "1"])]
    all_found = [("model", parameters_that_differ(commands, models))]
    for verb, options in verbs:
        old, new = (run(c, verb, "-m", m, "--input", *measured, *options) for c, m in zip(commands, models))
        all_found.append((" ".join([verb, *options]), columns_that_differ(old, new)))
    for what, found in all_found:
        show(what, found)
    return any(found for _, found in all_found)


def roles(arguments, scratch):
    """(name, files to learn from, files to measure, configuration)"""
    for role in ("web", "db"):
        hosts = labelled.simulate(scratch, role, 1)
        yield (f"simulated {role}", [h.path("train") for h in hosts], [h.path("test") for h in hosts[:2]], hosts[0].config)
    for folder in arguments.data:
        for host in labelled.read_hosts(folder)[: arguments.hosts]:
            yield host.name, [host.path("train")], [host.path("test")], host.config


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("--data", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--hosts", type=int, default=2)
    arguments = parser.parse_args()
    commands = (os.path.abspath(arguments.old), labelled.COMMAND)
    with tempfile.TemporaryDirectory() as scratch:
        # Every role is compared, whatever the ones before showed.
        differ = [compare(*role, commands, scratch) for role in roles(arguments, scratch)]
    sys.exit(1 if any(differ) else 0)


if __name__ == "__main__":
    main()
