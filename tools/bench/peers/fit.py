"""Fits the damage model's likelihood with scikit-learn (no bounds) and SciPy (bounds on the steps). Argument: a folder with
matrix.f64 [rows, size], shipments.f64, damages.f64 [rows] and meta.json. Prints one JSON list."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

folder = Path(sys.argv[1])
meta = json.loads((folder / "meta.json").read_text())
X = np.fromfile(folder / "matrix.f64").reshape(meta["rows"], meta["size"])
n = np.fromfile(folder / "shipments.f64")
y = np.fromfile(folder / "damages.f64")
ridge, step = meta["ridge"], meta["step"]


def evaluate(theta, prior):
    """Value and gradient of sum n log(1 + e^eta) - y eta + ridge / 2 |theta - prior|^2, the intercept not penalised."""
    eta = X @ theta
    p = 1 / (1 + np.exp(-eta))
    away = theta - prior
    away[0] = 0
    value = np.sum(n * np.logaddexp(0, eta) - y * eta) + ridge / 2 * away @ away
    return value, X.T @ (n * p - y) + ridge * away


start = np.zeros(meta["size"])
start[0] = np.log(y.sum() / (n.sum() - y.sum()))
results = []

prior = np.zeros(meta["size"])
prior[step :: meta["modifiers"]] = meta["stepPrior"]
bounds = [(None, None)] * step + [(0, None)] * (meta["size"] - step)
at = time.perf_counter()
found = minimize(
    evaluate,
    np.maximum(start, prior),
    args=(prior,),
    jac=True,
    method="L-BFGS-B",
    bounds=bounds,
    options={"maxiter": 5000, "maxfun": 10000},
)
results.append(
    {
        "metric": "fit.ordered",
        "peer": f"SciPy {scipy.__version__} L-BFGS-B",
        "ms": (time.perf_counter() - at) * 1000,
        "objective": float(found.fun),
        "iterations": int(found.nit),
    }
)

# One row of weight y for "damaged" and one of weight n - y for "whole".
rows = np.vstack([X[:, 1:], X[:, 1:]])
labels = np.repeat([1, 0], meta["rows"])
weights = np.concatenate([y, n - y])
kept = weights > 0
rows, labels, weights = rows[kept], labels[kept], weights[kept]
# The default tolerance stops far from the optimum; the second one gets as near to it as SciPy does.
for tolerance, name in [(1e-4, "lbfgs, default tol"), (1e-8, "lbfgs, tol 1e-8")]:
    model = LogisticRegression(C=1 / ridge, solver="lbfgs", max_iter=20000, tol=tolerance)
    at = time.perf_counter()
    model.fit(rows, labels, sample_weight=weights)
    elapsed = time.perf_counter() - at
    theta = np.concatenate([model.intercept_, model.coef_[0]])
    results.append(
        {
            "metric": "fit.unconstrained",
            "peer": f"scikit-learn {sklearn.__version__} {name}",
            "ms": elapsed * 1000,
            "objective": float(evaluate(theta, np.zeros(meta["size"]))[0]),
            "iterations": int(model.n_iter_[0]),
        }
    )
print(json.dumps(results))
