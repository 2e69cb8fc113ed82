"""The classical recipes: scikit-learn on raw pixels."""

from __future__ import annotations

from typing import Any, assert_never

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import RandomForestClassifier
from sklearn.kernel_approximation import Nystroem
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC, LinearSVC

from backend.images import Pixels
from training.datasets.pictures import Pictures
from training.recipe import ClassicalRecipe, NystroemSvm, RandomForest, Svm


def flat(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Pictures as vectors in 0..1: float32 (n, side * side * 3)."""
    return pixels.reshape(len(pixels), -1).astype(np.float32) / np.float32(255)


def fit(settings: ClassicalRecipe, pictures: Pictures) -> Any:
    """Train on all pictures; the estimator takes uint8 pixels (n, side, side, 3)."""
    estimator = make_pipeline(FunctionTransformer(flat), *_steps(settings))
    return estimator.fit(pictures.pixels, pictures.labels)


def _steps(settings: ClassicalRecipe) -> list[Any]:
    model, seed = settings.model, settings.seed
    match model:
        case Svm():
            splits = StratifiedKFold(model.folds, shuffle=True, random_state=seed)
            # SVC alone uses one core; 500 MB of kernel cache hold 2,000 pictures many times.
            return [GridSearchCV(SVC(cache_size=500), model.grid, cv=splits, n_jobs=-1)]
        case NystroemSvm():
            features = Nystroem(gamma=model.gamma, n_components=model.components, random_state=seed)
            return [features, LinearSVC(C=model.c, dual=False, random_state=seed)]
        case RandomForest():
            forest = RandomForestClassifier(
                model.trees, max_depth=model.max_depth, n_jobs=-1, random_state=seed
            )
            return [forest]
        case _:
            assert_never(model)


def parameters(estimator: Any) -> int:
    """The numbers that a trained estimator keeps: weights, support vectors, nodes of trees."""
    model = estimator[-1]
    if isinstance(model, GridSearchCV):
        best = model.best_estimator_
        return int(best.support_vectors_.size + best.dual_coef_.size + 1)
    if isinstance(model, RandomForestClassifier):
        return sum(tree.tree_.node_count for tree in model.estimators_)
    nystroem = estimator[-2]
    return int(nystroem.components_.size + nystroem.normalization_.size + model.coef_.size + 1)
