"""Engine scikit-learn: GaussianMixture.score_samples over all rows at once, GaussianMixture.fit from given
parameters. See engine.h for the commands."""

import sys
import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky


def read_problem(path):
    numbers = np.fromfile(path)
    d, k, n = (int(x) for x in numbers[:3])
    parts = np.split(numbers[3:], np.cumsum([k, k * d, k * d * d]))
    model = GaussianMixture(k, covariance_type="full")
    model.weights_ = parts[0]
    model.means_ = parts[1].reshape(k, d)
    model.covariances_ = parts[2].reshape(k, d, d)
    model.precisions_cholesky_ = _compute_precision_cholesky(model.covariances_, "full")
    return model, parts[3].reshape(n, d)


def learn(rows, components, iterations):
    """From start_of_training() in problem.h. What fit() would begin with itself is left to chance, the quickest."""
    n, d = rows.shape
    model = GaussianMixture(
        components,
        covariance_type="full",
        tol=0,
        reg_covar=0,
        max_iter=iterations,
        init_params="random_from_data",
        weights_init=np.full(components, 1 / components),
        means_init=rows[np.arange(components) * n // components],
        precisions_init=np.broadcast_to(np.diag(1 / rows.var(axis=0)), (components, d, d)),
    )
    begin = time.perf_counter()
    model.fit(rows)
    return time.perf_counter() - begin, model


warnings.simplefilter("ignore")  # that fit() has not converged
model, samples = read_problem(sys.argv[1])
best = {}  # of each window the shortest time so far, in seconds
training = float("inf")
for line in sys.stdin:
    command, count, last = line.split()
    count = int(count)
    spent = 0.0
    if command == "train":
        taken, trained = learn(samples[:count], model.n_components, int(last))
        training = min(training, taken)
        print(training, flush=True)
        continue
    if command == "trained":
        np.concatenate([trained.weights_, trained.means_.ravel()]).tofile(last)
    if command == "likelihoods":
        model.score_samples(samples[:count]).tofile(last)
    while command == "score" and spent < 0.1:
        for first in range(0, count, int(last)):
            rows = samples[first : first + int(last)]
            begin = time.perf_counter()
            model.score_samples(rows)
            taken = time.perf_counter() - begin
            best[first] = min(best.get(first, taken), taken)
            spent += taken
    print(sum(best.values()) / count * 1e6, flush=True)
