from backend.detector.card import load_card
from backend.detector.detector import MODELS
from training import readme


def test_the_readme_states_the_figures_of_the_model_card() -> None:
    text = readme.README.read_text(encoding="utf-8")
    assert readme.render(text, load_card(MODELS)) == text
