"""Labelled hosts in a folder, and the rolemix command, through its public interface only.

A folder holds hosts.csv (host, role, ...), train/HOST.csv.gz and test/HOST.csv.gz (timestamp, host, metrics) and
test_label/HOST.csv.gz (timestamp, host, label: 1 = anomalous); role.yaml where tolerances are stated."""

import csv
import gzip
import io
import math
import os
import subprocess
import sys
from dataclasses import dataclass

COMMAND = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../build/native/rolemix")
SIMULATED_SEEDS = (1, 2, 3)
SIMULATED_HOSTS = 8
CLEAN_DAYS = 14
DAYS = 21
INTERVAL = 300  # seconds


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


def stop(text):
    say(text)
    sys.exit(2)


@dataclass(frozen=True)
class Host:
    name: str
    role: str
    folder: str

    def path(self, part):
        return os.path.join(self.folder, part, self.name + ".csv.gz")

    @property
    def config(self):
        """The stated tolerances, or nothing."""
        path = os.path.join(self.folder, "role.yaml")
        return path if os.path.exists(path) else None

    def labels(self):
        """(timestamps, labels) of the samples in test/."""
        rows = read_rows(self.path("test_label"))
        return [float(row["timestamp"]) for row in rows], [int(row["label"]) for row in rows]


def read_rows(path):
    with gzip.open(path, "rt", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path, rows):
    with gzip.open(path, "wt", newline="", compresslevel=1) as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def numbers(rows, metric):
    """A metric's values, without the missing ones."""
    values = [float(row[metric] or "nan") for row in rows]
    return [value for value in values if not math.isnan(value)]


def read_hosts(folder):
    listed = os.path.join(folder, "hosts.csv")
    if not os.path.exists(listed):
        stop(f"expected a folder with hosts.csv, train/, test/ and test_label/; got {folder}")
    with open(listed, newline="") as file:
        hosts = [Host(row["host"], row["role"], folder) for row in csv.DictReader(file)]
    if not hosts:
        stop(f"{listed} names no host")
    for host in hosts:
        for part in ("train", "test", "test_label"):
            if not os.path.exists(host.path(part)):
                stop(f"expected {host.path(part)}, since {listed} names {host.name}")
    return hosts


def groups_of(hosts, scope):
    """[(name, hosts to learn from, hosts to measure)]. other: a role's hosts by a model of every second of the rest."""
    if scope == "host":
        return [(host.name, [host], [host]) for host in hosts]
    roles = {}
    for host in hosts:
        roles.setdefault(host.role, []).append(host)
    roles = {role: members for role, members in roles.items() if len(members) > 1}
    if scope == "role":
        return [(role, members, members) for role, members in roles.items()]
    halves = [(role, members[::2], members[1::2]) for role, members in roles.items()]
    return halves + [(role, measured, learned) for role, learned, measured in halves]


def rolemix(*arguments):
    """What the command prints."""
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        stop(f"failed: rolemix {' '.join(map(str, arguments))}\n{done.stderr.strip()}")
    return done.stdout


def rolemix_rows(*arguments):
    return list(csv.DictReader(io.StringIO(rolemix(*arguments))))


def simulate(folder, role, seed, clean_days=CLEAN_DAYS):
    """Hosts of the simulator in the layout above: what is free of incidents as train/, the rest as test/."""
    raw = os.path.join(folder, f"{role}-{seed}-raw")
    rolemix("simulate", "--role", role, "--hosts", SIMULATED_HOSTS, "--days", DAYS, "--clean-days", clean_days,
            "--interval", INTERVAL, "--seed", seed, "-o", raw)
    with open(os.path.join(raw, "incidents.csv"), newline="") as file:
        incidents = [row for row in csv.DictReader(file) if row["anomalous"] == "true"]
    folder = os.path.join(folder, f"{role}-{seed}")
    for part in ("train", "test", "test_label"):
        os.makedirs(os.path.join(folder, part))
    os.rename(os.path.join(raw, "role.yaml"), os.path.join(folder, "role.yaml"))
    hosts = []
    for name in sorted(os.listdir(os.path.join(raw, "metrics"))):
        host = Host(name.removesuffix(".csv"), f"{role}-{seed}", folder)
        with open(os.path.join(raw, "metrics", name), newline="") as file:
            rows = list(csv.DictReader(file))
        cut = float(rows[0]["timestamp"]) + CLEAN_DAYS * 86400
        test = [row for row in rows if float(row["timestamp"]) >= cut]
        mine = [(float(i["from"]), float(i["to"])) for i in incidents if i["host"] in ("", host.name)]
        write_rows(host.path("train"), [row for row in rows if float(row["timestamp"]) < cut])
        write_rows(host.path("test"), test)
        write_rows(host.path("test_label"), [
            {
                "timestamp": row["timestamp"],
                "host": host.name,
                "label": int(any(start <= float(row["timestamp"]) < end for start, end in mine)),
            }
            for row in test
        ])
        hosts.append(host)
    return hosts


def only_roles(sets, roles):
    """Of the sets that have one of these roles, those hosts."""
    known = {host.role for hosts in sets.values() for host in hosts}
    for role in roles:
        if role not in known:
            stop(f"--roles: expected some of {', '.join(sorted(known))}; got '{role}'")
    return {name: [host for host in hosts if host.role in roles] or hosts for name, hosts in sets.items()}


def data_sets(folders, roles, scratch, clean=False):
    """{name: hosts}: the folders, then the simulator's web and db servers; clean: without incidents at all."""
    if not folders:
        say("no --data FOLDER with labelled hosts: the simulator's alone")
    sets = {os.path.basename(os.path.abspath(folder)): read_hosts(folder) for folder in folders}
    sets = only_roles(sets, roles)
    for role in ("web", "db"):
        sets[f"simulated {role}"] = [
            host
            for seed in SIMULATED_SEEDS
            for host in simulate(scratch, role, seed, DAYS if clean else CLEAN_DAYS)
        ]
    return sets
