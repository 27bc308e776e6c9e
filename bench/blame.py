"""How well metrics are ranked by blame; bench/README.md says how it is measured.
Started by script/bench blame, with what parse_arguments() takes."""

import argparse
import csv
import json
import os
import tempfile

import measures
import numpy as np
from labelled import CLEAN_DAYS, INTERVAL, groups_of, read_hosts, read_rows, rolemix, rolemix_rows, say
from scipy.special import log_ndtr, logsumexp

DRAWS = 4000  # of the bootstrap
ORDERINGS = 30  # that the Shapley values are averaged over
SIMULATED = {"web": range(1, 9), "db": range(1, 9)}
SIMULATED_HOSTS = 8
RIVALS = {
    "blame": "as rolemix ranks, of the sample and those before it",
    "alone": "the same of the sample alone, without its history",
    "typical": "nats of typical_surprise, shared out: the metric on its own",
    "typical, raw": "the same, not shared out",
    "given others": "nats of surprise, shared out: the metric given all others",
    "larger": "nats of the smaller of the two, shared out",
    "contribution": "corr-max shares of the score",
    "Shapley": f"nats of the metric given those before it, averaged over {ORDERINGS} orderings, shared out",
}


def model_of(path):
    """(metrics, tolerances, weights, means, covariances) in units of the tolerances."""
    model = json.loads(rolemix("inspect", path, "--format", "json"))
    if any(metric["transform"] != "identity" for metric in model["metrics"]):
        say(f"{path}: Shapley values of transformed metrics are not computed")
        return None
    return (
        [metric["metric"] for metric in model["metrics"]],
        np.array([metric["tolerance"] for metric in model["metrics"]]),
        np.array(model["weights"]),
        np.array(model["means"]),
        np.array(model["covariances"]),
    )


def typical_nats(values, weights, means, covariances):
    """(N, D) -log of the two-sided tail probability of each metric on its own."""
    nats = np.zeros_like(values)
    for d in range(values.shape[1]):
        z = (values[:, [d]] - means[:, d]) / np.sqrt(covariances[:, d, d])
        low, high = (logsumexp(np.log(weights) + log_ndtr(sign * z), axis=1) for sign in (1, -1))
        nats[:, d] = -np.minimum(0, np.log(2) + np.minimum(low, high))
    return nats


def shapley_nats(values, weights, means, covariances):
    """(N, D) -log p of each metric given those before it, over some orderings, above its least."""
    rng = np.random.default_rng(0)
    total = np.zeros_like(values)
    for _ in range(ORDERINGS):
        order = rng.permutation(values.shape[1])
        until = []  # log densities of the first metrics, by component
        for weight, mean, covariance in zip(weights, means, covariances):
            factor = np.linalg.cholesky(covariance[np.ix_(order, order)])
            z = np.linalg.solve(factor, (values - mean)[:, order].T).T
            steps = -0.5 * z**2 - np.log(np.diag(factor)) - 0.5 * np.log(2 * np.pi)
            until.append(np.log(weight) + np.cumsum(steps, axis=1))
        joint = logsumexp(until, axis=0)
        total[:, order] += -np.diff(joint, axis=1, prepend=0)
    return np.maximum(0, total / ORDERINGS - np.min(total / ORDERINGS, axis=0))


def shared(values):
    sums = values.sum(axis=1, keepdims=True)
    return np.divide(values, sums, out=np.zeros_like(values), where=sums > 0)


def explained(model, path, start, end, names):
    """({column: (N, D)}, times) of the samples of a file in a span."""
    rows = rolemix_rows("explain", "-m", model, "--input", path, "--from", start, "--to", end, "--format", "csv")
    times = sorted({float(row["timestamp"]) for row in rows})
    place = {time: i for i, time in enumerate(times)}
    column = {name: i for i, name in enumerate(names)}
    table = {name: np.zeros((len(times), len(names))) for name in ("observed", "surprise", "contribution", "blame")}
    for row in rows:
        for name, values in table.items():
            values[place[float(row["timestamp"])], column[row["metric"]]] = float(row[name] or 0)
    return table, times


def without_history(model, path, times, names, folder):
    """(N, D) blame of samples each as if it were its host's first."""
    wanted = set(times)
    alone = os.path.join(folder, "alone.csv")
    rows = [row for row in read_rows(path) if float(row["timestamp"]) in wanted]
    with open(alone, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        for i, row in enumerate(rows):
            writer.writerow({**row, "host": f"h{i:06}"})
    column = {name: i for i, name in enumerate(names)}
    blame = np.zeros((len(rows), len(names)))
    for row in rolemix_rows("explain", "-m", model, "--input", alone, "--from", 0, "--format", "csv"):
        blame[int(row["host"][1:]), column[row["metric"]]] = float(row["blame"])
    return blame


def rankings(model, path, start, end, folder):
    """({rival: (N, D)}, metrics) of the samples of a span."""
    names, tolerances, *mixture = model_of(model)
    table, times = explained(model, path, start, end, names)
    values = table["observed"] / tolerances
    typical = typical_nats(values, *mixture)
    given_others = -np.log(np.maximum(table["surprise"], 1e-320))
    return {
        "blame": table["blame"],
        "alone": without_history(model, path, times, names, folder),
        "typical": shared(typical),
        "typical, raw": typical,
        "given others": shared(given_others),
        "larger": shared(np.maximum(typical, given_others)),
        "contribution": shared(table["contribution"]),
        "Shapley": shared(shapley_nats(values, *mixture)),
    }, names


def hit_rate(scores, truth, factor):
    """Share of the true metrics among the first factor * |truth| (Su et al. 2019, section 4.4)."""
    first = np.argsort(-scores, kind="stable")[: min(len(scores), round(factor * len(truth)))]
    return len(truth & set(first.tolist())) / len(truth)


def segments(host):
    """[(start row, end row, metrics)] that people marked."""
    path = os.path.join(host.folder, "interpretation_label", host.name + ".csv")
    with open(path, newline="") as file:
        return [
            (int(row["start_row"]), int(row["end_row_excl"]), row["metrics"].split(";"))
            for row in csv.DictReader(file)
            if row["metrics"]
        ]


def measure_host(model, host, folder):
    """{rival: [(hit100, hit150, hit100 of rows) of each segment]}."""
    times = [float(row["timestamp"]) for row in read_rows(host.path("test"))]
    step = measures.interval_of(times)
    hits = {}
    for start, end, metrics in segments(host):
        ranked, names = rankings(model, host.path("test"), times[start], times[end - 1] + step / 2, folder)
        # Metrics that the model dropped come last.
        truth = {names.index(metric) if metric in names else -1 for metric in metrics}
        for rival, values in ranked.items():
            rows = [hit_rate(row, truth, 1) for row in values]
            most = values.max(axis=0)
            hits.setdefault(rival, []).append((hit_rate(most, truth, 1), hit_rate(most, truth, 1.5), rows))
    return hits


def compare(hosts):
    """{rival: measures} of [{rival: segments}] of hosts: means over hosts, differences over segments."""
    rng = np.random.default_rng(0)
    first = [hits for host in hosts for hits in host["blame"]]
    draws = rng.integers(0, len(first), (DRAWS, len(first)))
    result = {}
    for rival in RIVALS:
        mine = [hits for host in hosts for hits in host[rival]]
        difference = np.array([a[0] - b[0] for a, b in zip(first, mine)])
        drawn = difference[draws].mean(axis=1)
        result[rival] = {
            "hit100": float(np.mean([np.mean([s[0] for s in host[rival]]) for host in hosts])),
            "hit150": float(np.mean([np.mean([s[1] for s in host[rival]]) for host in hosts])),
            "hit100_rows": float(np.mean([np.mean(np.concatenate([s[2] for s in host[rival]])) for host in hosts])),
            "blame_ahead": float(difference.mean()),
            "low": float(np.quantile(drawn, 0.025)),
            "high": float(np.quantile(drawn, 0.975)),
        }
    return result


def measure_folder(folder, scope, scratch):
    say(f"{folder}, {scope}")
    hosts = []
    for name, learned, measured in groups_of(read_hosts(folder), scope):
        model = os.path.join(scratch, "m.rolemix")
        inputs = [item for host in learned for item in ("--input", host.path("train"))]
        rolemix("train", "--role", "bench:" + name, "-o", model, *inputs)
        hosts += [measure_host(model, host, scratch) for host in measured]
    return compare(hosts)


def measure_simulated(role, scratch):
    """{kind: measures} of incidents with known cause, explained at the worst sample of each."""
    say(f"simulated {role}")
    kinds = {}
    for seed in SIMULATED[role]:
        folder = os.path.join(scratch, f"{role}{seed}")
        rolemix("simulate", "--role", role, "--hosts", SIMULATED_HOSTS, "--days", CLEAN_DAYS + 7, "--clean-days",
                CLEAN_DAYS, "--interval", INTERVAL, "--seed", seed, "-o", folder)
        model = os.path.join(folder, "m.rolemix")
        metrics = os.path.join(folder, "metrics")
        with open(os.path.join(folder, "incidents.csv"), newline="") as file:
            incidents = list(csv.DictReader(file))
        to = min(float(row["from"]) for row in incidents)
        rolemix("train", "--input", metrics, "--config", os.path.join(folder, "role.yaml"), "--to", to, "-o", model)
        scores = rolemix_rows("score", "-m", model, "--input", metrics)
        for incident in incidents:
            count_incident(model, metrics, scores, incident, kinds.setdefault(incident["kind"], []))
    return {kind: summary(found) for kind, found in sorted(kinds.items())}


def count_incident(model, metrics, scores, incident, found):
    start, end = float(incident["from"]), float(incident["to"])
    inside = [
        row
        for row in scores
        if start <= float(row["timestamp"]) < end and incident["host"] in ("", row["host"]) and row["alert_score"]
    ]
    worst = max(inside, key=lambda row: float(row["severity"]))
    rows = rolemix_rows("explain", "-m", model, "--input", metrics, "--host", worst["host"], "--timestamp",
                        worst["timestamp"], "--format", "csv")
    cause = set(incident["cause_metrics"].split(";"))
    ranked = [row["metric"] for row in rows]
    found.append({
        "severity": float(worst["severity"]),
        "top1": ranked[0] in cause,
        "top3": bool(cause & set(ranked[:3])),
        "relation": any(row["reason"] == "unusual_given_others" for row in rows if row["metric"] in cause),
        "innocent": sum(float(row["blame"]) for row in rows if row["metric"] not in cause and row["reason"] != "none"),
    })


def summary(found):
    alerting = [one for one in found if one["severity"] >= 50]
    rates = {
        name: float(np.mean([one[name] for one in alerting])) if alerting else None
        for name in ("top1", "top3", "relation")
    }
    innocent = float(np.mean([one["innocent"] for one in found]))
    return {"incidents": len(found), "alerting": len(alerting), **rates, "innocent": innocent}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="script/bench blame", description="How well metrics are ranked by blame.")
    parser.add_argument("--data", action="append", default=[], metavar="FOLDER",
                        help="labelled hosts with interpretation_label/HOST.csv; may be repeated")
    parser.add_argument("--json", metavar="FILE", help="write the results there as well")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    results = {"labelled": {}, "simulated": {}}
    with tempfile.TemporaryDirectory() as scratch:
        for folder in arguments.data:
            name = os.path.basename(os.path.abspath(folder))
            for scope in ("host", "other"):
                if groups_of(read_hosts(folder), scope):
                    results["labelled"][f"{name}, {scope}"] = measure_folder(folder, scope, scratch)
        for role in SIMULATED:
            results["simulated"][role] = measure_simulated(role, scratch)
    for name, rivals in results["labelled"].items():
        print(f"\n{name}: HitRate@100, @150 of segments; @100 of rows; blame ahead (95 %)")
        for rival, row in rivals.items():
            print(f"  {rival:13} {row['hit100']:.3f} {row['hit150']:.3f} {row['hit100_rows']:.3f} "
                  f"{row['blame_ahead']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})")
    for role, kinds in results["simulated"].items():
        print(f"\nsimulated {role}: incidents, of which alerting; a cause ranked first, among three; "
              "reason unusual_given_others; of all the blame on others outside a range")
        for kind, row in kinds.items():
            rates = " ".join("-" if row[n] is None else f"{row[n]:.2f}" for n in ("top1", "top3", "relation", "innocent"))
            print(f"  {kind:16} {row['incidents']} {row['alerting']} {rates}")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
