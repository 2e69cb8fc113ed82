"""`docs/results.md`, rendered from the facts in `docs/results.csv`: neither is written by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from training.intervals import LEVEL, RESAMPLES, Estimate

EVALUATE_SHIPPED = "evaluate shipped"
_DASH = "-"


@dataclass(frozen=True)
class Fact:
    """One thing known of one run; `low` and `high` bound a measured value."""

    model: str
    run: str
    what: str
    value: str
    low: str = ""
    high: str = ""
    pictures: str = ""

    @classmethod
    def of(cls, model: str, run: str, what: str, estimate: Estimate) -> Fact:
        """A measured figure."""
        value, low, high = (f"{n:.6f}" for n in (estimate.value, estimate.low, estimate.high))
        return cls(model, run, what, value, low, high, str(estimate.pictures))


@dataclass(frozen=True)
class _Column:
    """A figure of the table: its title, its name among the facts, and how it is shown."""

    title: str
    what: str
    shown: Callable[[Fact], str]


def _share(fact: Fact) -> str:
    value, low, high = (f"{float(n):.1%}"[:-1] for n in (fact.value, fact.low, fact.high))
    return f"{value} [{low}, {high}]"


def _ranking(fact: Fact) -> str:
    value, low, high = (f"{float(n):.3f}" for n in (fact.value, fact.low, fact.high))
    return f"{value} [{low}, {high}]"


_COLUMNS = (
    _Column("CIFAKE test, %", "cifake accuracy", _share),
    _Column("without leaked, %", "cifake accuracy without leaked", _share),
    _Column("art, 5-fold, %", "art 5-fold accuracy", _share),
    _Column("quiz, mean AUC", "quiz mean AUC", _ranking),
    _Column("quiz, balanced, %", "quiz balanced accuracy", _share),
    _Column("quiz, caught, %", "quiz caught", _share),
    _Column("wild, AUC", "wild AUC", _ranking),
    _Column("human, accused, %", "human accused", _share),
)

_NOTES = f"""\
- **What learned from what.** CIFAKE columns: CIFAKE's train split, official test split of 20,000
  pictures, and the same without the 378 test fakes that are byte for byte train fakes. quiz, wild
  and human: the train splits of these three collections together (`matched`), their own test
  splits, which are whole sources never trained on. art: every picture judged by the fold that was
  trained without it. A dash: not measured; beside an AUC, no threshold, because the model was worse
  than chance on pictures held out.
- **Figures.** CIFAKE, art: accuracy of the model's own decision (score above 0). *mean AUC*: over
  the sources of the AUC inside each. *balanced*, *accused*: at the threshold of best balanced
  accuracy on pictures held out in training, for the shipped detector at P(AI) 0.5 without its
  "uncertain". *caught*: AI pictures above the score that 5 % of the real ones exceed, all sources
  together. *accused*: pictures made by people that are called AI.
- **Brackets**: {LEVEL:.0%} bootstrap intervals, {RESAMPLES:,} seeded resamples of pictures inside
  each source and class. They say nothing of what another seed in training would give.
- **The report's figure** is the accuracy that the report of this model states, on its own test
  pictures; what those were is said below.
"""


def write(facts: Sequence[Fact], path: Path) -> None:
    """Write the table, and the facts beside it as `.csv`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [field.name for field in fields(Fact)]
        writer.writerow(names)
        writer.writerows([getattr(fact, name) for name in names] for fact in facts)
    path.write_text(render(facts), encoding="utf-8")


def known(path: Path) -> list[Fact]:
    """The facts that `write` left beside the table, none if there is no table yet."""
    facts = path.with_suffix(".csv")
    if not facts.is_file():
        return []
    with facts.open(newline="", encoding="utf-8") as file:
        return [Fact(**row) for row in csv.DictReader(file)]


def joined(known: Sequence[Fact], fresh: Sequence[Fact]) -> list[Fact]:
    """Known facts and fresh ones, the models of one system together, the shipped detector last.

    Fresh facts of a run replace what was known of it; those of a shipped detector replace the
    detector shipped before. So a table can grow on several machines.
    """
    by_run: dict[str, list[Fact]] = {}
    for facts in (known, fresh):
        own: dict[str, list[Fact]] = {}
        for fact in facts:
            own.setdefault(fact.run, []).append(fact)
        if any(_shipped(run) for run in own.values()):
            by_run = {name: run for name, run in by_run.items() if not _shipped(run)}
        by_run |= own
    return [fact for run in sorted(by_run.values(), key=_order) for fact in run]


def _shipped(own: Sequence[Fact]) -> bool:
    return _values(own, "command") == [EVALUATE_SHIPPED]


def _order(own: Sequence[Fact]) -> tuple[bool, bool, str, str, str]:
    """Models of the reports by system, then ours."""
    system = _values(own, "claim system")
    return (_shipped(own), not system, "".join(system), own[0].model, own[0].run)


def render(facts: Sequence[Fact]) -> str:
    """Markdown: the table, how to read it, and the commands that make it again."""
    columns = [*_COLUMNS, *_others(facts)]
    used = [column for column in columns if any(fact.what == column.what for fact in facts)]
    machines = list(dict.fromkeys(fact.value for fact in facts if fact.what == "machine"))
    head = ["model", "report's figure, %", "parameters", "trained", *(c.title for c in used)]
    lines = [head, ["---"] * len(head)]
    for model in dict.fromkeys(fact.model for fact in facts):
        own = [fact for fact in facts if fact.model == model]
        figures = [_cell(column, own) for column in used]
        lines.append([model, _claim(own), _parameters(own), _trained(own, machines), *figures])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return (
        "# Results\n\n"
        "Written by `python -m training compare` from `docs/results.csv`.\n\n"
        f"{table}\n\n{_NOTES}{_machines(machines)}{_claims(facts)}\n"
        f"Made again by:\n\n```\n{_commands(facts)}\n```\n"
    )


def _others(facts: Sequence[Fact]) -> list[_Column]:
    """Columns of sets that only these runs have."""
    known = {column.what for column in _COLUMNS}
    names = dict.fromkeys(fact.what for fact in facts if fact.low and fact.what not in known)
    return [
        _Column(name, name, _ranking)
        if name.endswith("AUC")
        else _Column(f"{name}, %", name, _share)
        for name in names
    ]


def _cell(column: _Column, own: Sequence[Fact]) -> str:
    return next((column.shown(fact) for fact in own if fact.what == column.what), _DASH)


def _values(own: Sequence[Fact], what: str) -> list[str]:
    return list(dict.fromkeys(fact.value for fact in own if fact.what == what))


def _claim(own: Sequence[Fact]) -> str:
    figures = _values(own, "claim figure")
    return f"{float(figures[0]):.2%}"[:-1] if figures else _DASH


def _parameters(own: Sequence[Fact]) -> str:
    return ", ".join(f"{int(value):,}" for value in _values(own, "parameters"))


def _trained(own: Sequence[Fact], machines: Sequence[str]) -> str:
    """How each run of a model was trained; what was changed in its recipe is said here."""
    parts = []
    for run in dict.fromkeys(fact.run for fact in own):
        known = {fact.what: fact.value for fact in own if fact.run == run}
        if "machine" not in known:
            continue
        folds = f" in {known['folds']} folds" if "folds" in known else ""
        words = [f"{int(known['pictures']):,} pictures{folds}"] if "pictures" in known else []
        if "epochs" in known:
            words.append(f"{known['epochs']} epochs")
        mark = _letter(machines.index(known["machine"]))
        words.append(f"{_time(float(known['seconds']))} ({mark})")
        if "changed" in known:
            words.append(f"**{known['changed']}**")
        parts.append(f"{known['data']}: {', '.join(words)}")
    return "<br>".join(parts) or _DASH


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} h"


def _letter(place: int) -> str:
    return chr(ord("a") + place)


def _machines(machines: Sequence[str]) -> str:
    listed = "; ".join(f"({_letter(place)}) {name}" for place, name in enumerate(machines))
    changed = "In bold: what was changed in the recipe, most of it to fit the machine."
    return f"- **Trained** on {listed}. {changed}\n" if machines else ""


def _claims(facts: Sequence[Fact]) -> str:
    lines = []
    for model in dict.fromkeys(fact.model for fact in facts):
        own = [fact for fact in facts if fact.model == model]
        for words in _values(own, "claim words"):
            system = ", ".join(_values(own, "claim system"))
            lines.append(f"- *{model}* ({system}): {words}\n")
    return "".join(lines)


def _commands(facts: Sequence[Fact]) -> str:
    commands = [(fact.run, fact.value) for fact in facts if fact.what == "command"]
    lines = []
    for run, command in commands:
        lines.append(command)
        if command.startswith("train "):
            lines += [f"calibrate {run}", f"evaluate {run}"]
    return "\n".join(f"python -m training {line}" for line in dict.fromkeys([*lines, "compare"]))
