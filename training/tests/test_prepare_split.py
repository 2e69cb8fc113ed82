"""`prepare split` and `prepare merge`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from training.prepare.layout import by_folders
from training.tests.preparing import collection, contents, done, refused, two_classes


def _counts(folder: Path) -> Counter[tuple[str, str]]:
    return Counter((s.split, s.label) for s in by_folders(folder))


def test_two_folders_become_three_parts_with_the_shares_asked_for(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine", count=40)
    before = contents(folder)
    done("split", folder, tmp_path / "cut", "--validation", "0.1", "--test", "0.25")
    assert _counts(tmp_path / "cut") == {
        ("train", "ai"): 26, ("train", "real"): 26,
        ("validation", "ai"): 4, ("validation", "real"): 4,
        ("test", "ai"): 10, ("test", "real"): 10,
    }  # fmt: skip
    assert contents(folder) == before
    digests = Counter(digest for digest in contents(tmp_path / "cut").values() if digest)
    assert digests == Counter(digest for digest in before.values() if digest)


def test_the_same_seed_gives_the_same_split_and_another_another(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine", count=30)
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        done("split", folder, tmp_path / name, "--seed", seed)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert contents(tmp_path / "a") != contents(tmp_path / "c")


def test_a_test_split_that_is_there_stays_and_validation_comes_out_of_train(tmp_path: Path) -> None:
    places = ("train/REAL", "train/FAKE", "test/REAL", "test/FAKE")
    folder = collection(tmp_path / "mine", *places, count=20)
    done("split", folder, tmp_path / "cut", "--validation", "0.2")
    counts = _counts(tmp_path / "cut")
    assert counts["validation", "ai"] == counts["validation", "real"] == 4
    assert counts["train", "ai"] == counts["train", "real"] == 16
    before = contents(folder)
    for label, name in (("ai", "FAKE"), ("real", "REAL")):
        for path in (tmp_path / "cut" / "test" / label).iterdir():
            assert contents(path.parent)[path.name] == before[f"test/{name}/{path.name}"]
    assert "has a validation split already" in refused("split", tmp_path / "cut", tmp_path / "x")


@pytest.mark.parametrize("mixed", [True, False])
def test_by_source_no_source_is_on_two_sides(tmp_path: Path, mixed: bool) -> None:
    places = [f"{label}/{'' if mixed else label}{n}" for label in ("ai", "real") for n in range(6)]
    folder = collection(tmp_path / "mine", *places, count=5)
    done("split", folder, tmp_path / "cut", "--by-source", "--test", "0.2", "--validation", "0.2")
    sides: dict[str, set[str]] = {}
    for sample in by_folders(tmp_path / "cut"):
        sides.setdefault(sample.source, set()).add(sample.split)
    assert all(len(found) == 1 for found in sides.values())
    assert len(sides) == (6 if mixed else 12)
    counts = _counts(tmp_path / "cut")
    assert counts["test", "ai"] == counts["test", "real"] == 5
    assert counts["train", "ai"] == counts["train", "real"] == 20


def test_too_few_sources_or_pictures_are_told_before_anything_is_copied(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "ai/one", "ai/two", "real/three", "real/four")
    before = contents(tmp_path)
    assert "too few AI sources" in refused("split", folder, tmp_path / "cut", "--by-source")
    assert contents(tmp_path) == before
    few = two_classes(tmp_path / "few", count=2)
    assert "too few AI pictures" in refused("split", few, tmp_path / "cut")


@pytest.mark.parametrize("shares", [("0.5", "0.5"), ("0.9", "0.3"), ("0", "0")])
def test_shares_that_leave_nothing_are_refused(tmp_path: Path, shares: tuple[str, str]) -> None:
    folder = two_classes(tmp_path / "mine")
    message = refused("split", folder, tmp_path / "cut", "--validation", shares[0],
                      "--test", shares[1])  # fmt: skip
    assert "sum must lie between 0 and 1" in message


def test_names_that_would_meet_are_told(tmp_path: Path) -> None:
    folder = collection(tmp_path / "mine", "ai/one", "one/ai", "real")
    assert "would both become" in refused("split", folder, tmp_path / "cut")


def test_augmented_copies_are_not_split(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    done("augment", folder)
    assert "has augmented copies" in refused("split", folder, tmp_path / "cut")
    assert "has augmented copies" in refused("merge", folder, folder, "--into", tmp_path / "cut")


def test_force_never_mixes_a_split_with_another(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine", count=30)
    cut = tmp_path / "cut"
    done("split", folder, cut)
    before = contents(cut)
    message = refused("split", folder, cut, "--seed", "1", "--force")
    assert "which this would leave there" in message
    assert message == refused("split", folder, cut, "--seed", "1", "--force", "--dry-run")
    assert contents(cut) == before
    (cut / "notes.txt").write_text("mine")  # no picture is in the way
    done("split", folder, cut, "--force")
    assert contents(cut).keys() == before.keys() | {"notes.txt"}


def test_force_never_mixes_a_merged_collection_with_another(tmp_path: Path) -> None:
    one, two, three = (two_classes(tmp_path / name, count=3) for name in ("one", "two", "three"))
    done("merge", one, two, "--into", tmp_path / "all")
    before = contents(tmp_path / "all")
    assert "6 pictures" in refused("merge", one, three, "--into", tmp_path / "all", "--force")
    assert contents(tmp_path / "all") == before


def test_merged_collections_stay_sources_and_keep_their_own(tmp_path: Path) -> None:
    one = collection(tmp_path / "one", "ai/gan", "ai/diffusion", "real", count=3)
    two = collection(tmp_path / "two", "nature", "generated", count=2)
    done("merge", one, two, "--into", tmp_path / "all")
    sources = Counter((s.label, s.source) for s in by_folders(tmp_path / "all"))
    assert sources == {
        ("ai", "one/gan"): 3, ("ai", "one/diffusion"): 3, ("real", "one"): 3,
        ("ai", "two"): 2, ("real", "two"): 2,
    }  # fmt: skip


def test_collections_and_pictures_of_one_name_are_numbered(tmp_path: Path) -> None:
    one = collection(tmp_path / "a" / "set", "ai/x", "x/ai", "real", count=2)
    two = collection(tmp_path / "b" / "set", "ai", "real", count=2)
    done("merge", one, two, "--into", tmp_path / "all")
    assert sorted(name for name in contents(tmp_path / "all") if name.endswith(".jpg")) == [
        "ai/set-2/0.jpg", "ai/set-2/1.jpg",
        "ai/set/x/0-2.jpg", "ai/set/x/0.jpg", "ai/set/x/1-2.jpg", "ai/set/x/1.jpg",
        "real/set-2/0.jpg", "real/set-2/1.jpg", "real/set/0.jpg", "real/set/1.jpg",
    ]  # fmt: skip


def test_splits_are_kept_and_never_mixed_with_none(tmp_path: Path) -> None:
    split = collection(tmp_path / "split", "train/ai", "train/real", "test/ai", "test/real")
    plain = two_classes(tmp_path / "plain")
    message = refused("merge", split, plain, "--into", tmp_path / "all")
    assert "prepare split" in message
    assert not (tmp_path / "all").exists()
    done("split", plain, tmp_path / "cut")
    done("merge", split, tmp_path / "cut", "--into", tmp_path / "all")
    counts = _counts(tmp_path / "all")
    assert counts["test", "ai"] == 4 + 2
    assert counts["validation", "real"] == 1


def test_one_collection_is_nothing_to_merge(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "mine")
    assert "alone cannot be merged" in refused("merge", folder, "--into", tmp_path / "all")


def test_collections_with_two_files_a_picture_are_refused(made_collection: Path) -> None:
    quiz = made_collection / "quiz"
    assert "two files a picture" in refused("split", quiz, made_collection / "cut")
    assert "two files a picture" in refused("merge", quiz, quiz, "--into", made_collection / "all")
