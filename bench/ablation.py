"""What the tolerance prior, the number of components and the role are worth on labelled hosts; bench/README.md says how.
Started by script/bench ablation, with what parse_arguments() takes."""

import argparse
import json
import math
import os
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sklearn.metrics import average_precision_score

import measures
from labelled import data_sets, groups_of, numbers, read_rows, rolemix, rolemix_rows, say, stop

VARIANTS = {
    "none": "no prior: every tolerance the smallest accepted, 0.001 % of the range",
    "1% of sd": "0.01 standard deviations of each metric: reg_covar=1e-4 behind a StandardScaler",
    "one number": "one tolerance for all metrics in their own units: the median of the default's",
    "1%": "defaults: { tolerance: 1 % }",
    "default": "the product's: the larger of resolution and 3 % of the robust range",
    "5%": "defaults: { tolerance: 5 % }",
    "stated": "the tolerances, units and directions in the folder's role.yaml",
}
SCOPES = {
    "host": "one model a host",
    "role": "one model a role",
    "other": "a model of half of the role's hosts, measured on the other half, and the other way round",
}
MEASURES = {  # unit, and whether more is better
    "auc_pr": ("", True),
    "auc_pr_alert": ("", True),
    "found": ("share of runs", True),
    "false_alerts": ("1/host-day", False),
    "false_minutes": ("min/host-day", False),
}
SMALLEST = 1e-300  # training raises it to 0.001 % of the range, and says so


@dataclass
class Outcome:
    """One host, measured by one model."""

    host: str  # role/host
    components: int
    ready: bool
    measures: dict


def tolerances(variant, defaults, training_rows):
    """{metric: tolerance} of a variant, for the metrics that the default uses."""
    if variant == "none":
        return {metric: SMALLEST for metric in defaults}
    if variant == "one number":
        return {metric: statistics.median(defaults.values()) for metric in defaults}
    return {metric: 0.01 * statistics.pstdev(numbers(training_rows, metric)) for metric in defaults}


def write_config(path, variant, defaults, training_rows):
    if variant.endswith("%"):
        lines = [f"defaults: {{ tolerance: {variant.replace('%', ' %')} }}"]
    else:
        stated = tolerances(variant, defaults, training_rows)
        lines = ["metrics:", *(f"  {json.dumps(m)}: {{ tolerance: {value!r} }}" for m, value in stated.items())]
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    return path


def train(model, learned, components, config):
    options = ["--config", config] if config else []
    inputs = [host.path("train") for host in learned]
    rolemix("train", "--role", "ablation:" + learned[0].role, "--components", components, *options, "--input", *inputs,
            "-o", model)
    return json.loads(rolemix("inspect", model, "--format", "json"))


def measure(model, host):
    timestamps, labels = host.labels()
    scores = rolemix_rows("score", "-m", model, "--input", host.path("test"))
    alerts = rolemix_rows("alerts", "-m", model, "--input", host.path("test"), "--format", "csv")
    spans = [(float(a["opened_at"]), float(a["closed_at"]) if a["closed_at"] else None) for a in alerts]
    result = measures.alert_measures(spans, timestamps, labels)
    for name, column in (("auc_pr", "anomaly_score"), ("auc_pr_alert", "alert_score")):
        values = [float(row[column]) for row in scores]
        result[name] = float(average_precision_score(labels, values)) if any(labels) else float("nan")
    return result


def measure_group(group, variants, components, scratch):
    """{(variant, components): [Outcome]} of one group of hosts."""
    _, learned, measured = group
    outcomes = {}
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        model = os.path.join(folder, "model.rolemix")
        defaults = train(model, learned, "1", None)["metrics"]
        defaults = {metric["metric"]: metric["tolerance"] for metric in defaults}
        rows = [row for host in learned for row in read_rows(host.path("train"))] if "1% of sd" in variants else []
        for variant in variants:
            config = learned[0].config
            if variant == "stated" and config is None:
                continue
            if variant == "default":
                config = None
            elif variant != "stated":
                config = write_config(os.path.join(folder, "role.yaml"), variant, defaults, rows)
            for number in components:
                trained = train(model, learned, number, config)
                outcomes[variant, number] = [
                    Outcome(f"{host.role}/{host.name}", len(trained["weights"]), trained["calibration"]["ready"], measure(model, host))
                    for host in measured
                ]
    return outcomes


def measure_scope(groups, variants, components, scratch):
    """The same of all groups, in their order."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = pool.map(lambda group: measure_group(group, variants, components, scratch), groups)
        all_outcomes = {}
        for outcomes in parts:
            for key, found in outcomes.items():
                all_outcomes.setdefault(key, []).extend(found)
    return all_outcomes


def rows_of(data, scope, outcomes):
    """The rows for --json. ratio: to the default with the same components."""
    rows = []
    for (variant, components), hosts in outcomes.items():
        for name, (unit, more_is_better) in MEASURES.items():
            values = [host.measures[name] for host in hosts]
            default = [host.measures[name] for host in outcomes.get(("default", components), hosts)]
            known = [host for host in hosts if not math.isnan(host.measures[name])]
            if not known:
                stop(f"{data}: no host has a labelled run")
            worst = (min if more_is_better else max)(known, key=lambda host: host.measures[name])
            value = measures.mean(values)
            rows.append({
                "task": f"ablation-{data}-{scope}-{components}-{name}".replace(" ", "-"),
                "engine": variant,
                "value": value,
                "unit": unit,
                "ratio": value / measures.mean(default) if measures.mean(default) else None,
                "data": data,
                "scope": scope,
                "components": components,
                "measure": name,
                "worst": worst.measures[name],
                "worst_host": worst.host,
                "hosts": len(known),
                "more_than_default": measures.wins(values, default)[0],
                "less_than_default": measures.wins(values, default)[1],
                "mean_components": statistics.fmean(host.components for host in hosts),
                "not_ready": sum(not host.ready for host in hosts),
                "values": {host.host: host.measures[name] for host in known},
            })
    return rows


def print_rows(rows):
    """As lines of a Markdown table. What was chosen is left out where it is what was stated."""
    groups = {}
    for row in rows:
        lines = groups.setdefault((row["data"], row["scope"]), {})
        lines.setdefault((row["components"], row["engine"]), {})[row["measure"]] = row
    for (data, scope), lines in groups.items():
        for components in dict.fromkeys(components for components, _ in lines):
            for variant in VARIANTS:
                of = lines.get((components, variant))
                if of and not ("-" in components and same(of, lines.get(("1", variant)))):
                    print_row(of, same(of, lines.get(("1-8", variant))))
                if of and of["found"]["not_ready"]:
                    say(f"{data}, {scope}, {variant}, {components}: {of['found']['not_ready']} hosts, model not ready")


def same(of, others):
    return others is not None and all(of[name]["values"] == others[name]["values"] for name in MEASURES)


def print_header():
    columns = ["data", "model of", "components", "tolerance", "AUC-PR anomaly_score", "AUC-PR alert_score",
               "hosts better, worse", "runs found", "false alerts", "false minutes"]
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|", flush=True)


def print_row(of, is_choice):
    alert = of["auc_pr_alert"]
    components = alert["components"]
    if "-" in components:
        components += f" ({alert['mean_components']:.1f})"
    elif components == "1" and is_choice:
        components += ", as chosen"
    compared = f"{alert['more_than_default']}, {alert['less_than_default']}" if alert["engine"] != "default" else ""
    cells = [alert["data"], alert["scope"], components, alert["engine"], cell(of["auc_pr"], 3), cell(alert, 3), compared,
             cell(of["found"], 2), cell(of["false_alerts"], 2), cell(of["false_minutes"], 1)]
    print("| " + " | ".join(cells) + " |", flush=True)


def cell(row, digits):
    return f"{row['value']:.{digits}f} ({row['worst']:.{digits}f})"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="script/bench ablation", description=__doc__)
    parser.add_argument("--data", action="append", default=[], help="a folder with labelled hosts (may be repeated)")
    parser.add_argument("--roles", default=[], type=lambda text: text.split(","),
                        help="of folders with one of these roles only those hosts")
    parser.add_argument("--scopes", default=list(SCOPES), type=lambda text: text.split(","), help="host,role,other")
    parser.add_argument("--variants", default=list(VARIANTS), type=lambda text: text.split(","),
                        help=",".join(VARIANTS).replace("%", "%%"))
    parser.add_argument("--components", default=["1", "1-8"], type=lambda text: text.split(","), help="1,1-8")
    parser.add_argument("--json", help="write the rows to this file")
    arguments = parser.parse_args()
    for given, known in ((arguments.scopes, SCOPES), (arguments.variants, VARIANTS)):
        for name in given:
            if name not in known:
                parser.error(f"expected some of {', '.join(known)}; got '{name}'")
    return arguments


def main():
    arguments = parse_arguments()
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        sets = data_sets(arguments.data, arguments.roles, scratch)
        print_header()
        for data, hosts in sets.items():
            for scope in arguments.scopes:
                groups = groups_of(hosts, scope)
                if not groups:
                    say(f"{data}: no role has two hosts, so none has a model of its own")
                    continue
                say(f"{data}: {SCOPES[scope]}")
                outcomes = measure_scope(groups, arguments.variants, arguments.components, scratch)
                rows += rows_of(data, scope, outcomes)
                print_rows(rows[-len(outcomes) * len(MEASURES) :])
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
