import numpy as np

from training import teacher


def test_lessons_are_independent_numbers_of_variance_one_where_learned() -> None:
    chance = np.random.default_rng(0)
    features = (chance.normal(size=(300, 5)) @ chance.normal(size=(5, 40))).astype(np.float16)
    taught = np.arange(200)
    lessons = teacher.lessons(features, taught, 3)
    assert lessons.shape == (300, 3)
    assert np.allclose(np.cov(lessons[:200].T), np.eye(3), atol=0.02)
