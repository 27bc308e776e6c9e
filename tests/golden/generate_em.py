#!/usr/bin/python3
"""Writes em.json: rows, a start, and the parameters after some steps of expectation-maximisation, by
scikit-learn's GaussianMixture without its regularisation. Needs scikit-learn (Debian: python3-sklearn):

    tests/golden/generate_em.py

A golden number b and a computed one a agree when |a - b| <= tolerance * max(1, |b|).
"""
import json
import pathlib
import random
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture

FOLDER = pathlib.Path(__file__).resolve().parent
# rows, metrics, components, steps
CASES = [(60, 3, 2, 5), (40, 1, 3, 4), (90, 9, 2, 3)]


def make_rows(rng, count, metrics, components):
    """Around one centre for each component, narrower and wider than 1, correlated; short numbers."""
    rows = []
    for i in range(count):
        state = i % components
        common = rng.gauss(0, 1)
        rows.append([round(4 * state + 0.7 * common + (0.3 + 0.2 * d) * rng.gauss(0, 1), 3) for d in range(metrics)])
    return np.array(rows)


def make_case(rng, count, metrics, components, steps):
    rows = make_rows(rng, count, metrics, components)
    weights = np.arange(1, components + 1) / (components * (components + 1) / 2)
    means = rows[:components]
    covariances = np.array([(2 + k) * np.eye(metrics) + 0.5 for k in range(components)])
    model = GaussianMixture(components, tol=0, reg_covar=0, max_iter=steps, init_params="random_from_data",
                            weights_init=weights, means_init=means, precisions_init=np.linalg.inv(covariances))
    model.fit(rows)
    return {
        "steps": steps, "rows": rows.tolist(),
        "start": {"weights": weights.tolist(), "means": means.tolist(), "covariances": covariances.tolist()},
        "end": {"weights": model.weights_.tolist(), "means": model.means_.tolist(),
                "covariances": model.covariances_.tolist(), "log_likelihoods": model.score_samples(rows).tolist()},
    }


def main():
    warnings.simplefilter("ignore")  # that fit() has not converged
    rng = random.Random(20)
    cases = ",\n".join("  " + json.dumps(make_case(rng, *case), separators=(",", ":")) for case in CASES)
    (FOLDER / "em.json").write_text(f'{{"tolerance":1e-8,"cases": [\n{cases}\n]}}\n')


if __name__ == "__main__":
    main()
