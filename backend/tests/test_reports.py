"""`POST /v1/report` and `python -m backend report`: documents that are opened and looked at."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import time
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import numpy as np
import pypdfium2
import pytest
from PIL import Image
from pypdfium2 import raw
from typer.testing import CliRunner

from backend.__main__ import cli
from backend.api.schemas import Classification, Problem, ReportReply
from backend.detector.card import load_card
from backend.reports import archive, pdf, tables
from backend.reports.entries import Entry, Report
from backend.reports.names import MAX_NAME_BYTES
from backend.settings import Settings
from backend.tests import pictures
from backend.tests.pictures import encoded
from backend.tests.serving import FakeDetector, serving_fake
from backend.tests.test_classify import assert_problem

REPORT = "/v1/report"
WORDS = {"ai": "Likely AI-made", "real": "Likely a real picture", "uncertain": "Uncertain"}
MAGENTA = (230, 0, 230)
# Left to right, so that a reader gives the text back in order.
NAMES = {
    "Latin": "Été à la plage, Łódź, năm mới.jpg",
    "Cyrillic": "Фотография кошки.jpg",
    "Greek": "Ελληνική φωτογραφία.jpg",
    "Chinese": "北京的照片.jpg",
    "Japanese": "日本の写真カタカナ.jpg",
    "Korean": "한국어 사진.jpg",
    "Devanagari": "हिन्दी चित्र.jpg",
    "Thai": "ภาพถ่าย.jpg",
    "Tamil": "தமிழ் படம்.jpg",
    "Georgian": "ქართული სურათი.jpg",
    "Ethiopic": "ሰላም.jpg",
    "emoji": "holiday 😀🎉.jpg",
}
RIGHT_TO_LEFT = {"Arabic": "صورة من القاهرة.jpg", "Hebrew": "תמונה מחיפה.jpg"}
HOSTILE = [
    "../../etc/passwd",
    "..\\..\\windows\\system32\\drivers.png",
    "/etc/cron.d/job",
    "a.jpg",
    "A.JPG",
    "a.jpg",
    "CON.png",
    "..",
    "  .",
    "x" * 5000 + ".png",
    "line\nbreak\x00null.png",
    "photo\u202egpj.exe",
    'quote".png',
    "C:evil.png",
]


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def ask(client: httpx.Client, images: Mapping[str, bytes] | list[Any], format: str) -> bytes:
    """A report on pictures by name, or on JSON images."""
    if isinstance(images, Mapping):
        images = [{"image": text(data), "filename": name} for name, data in images.items()]
    reply = client.post(REPORT, params={"format": format}, json={"images": images}, timeout=120)
    assert reply.status_code == 200, reply.text
    return reply.content


def pages(data: bytes) -> list[str]:
    """The text of every page."""
    found = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    # Parts of joined letters come out as control characters.
    return ["".join(c for c in one if c.isprintable() or c in "\r\n") for one in found]


def seen(data: bytes, page: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A page as a person sees it."""
    rendered = pypdfium2.PdfDocument(data)[page].render(scale=1).to_pil()
    return np.asarray(rendered.convert("RGB"))


def near(shown: np.ndarray[Any, np.dtype[np.uint8]], colour: tuple[int, int, int]) -> float:
    """Share of a page's pixels that are about of this colour."""
    return float(np.mean(np.abs(shown.astype(int) - colour).max(axis=2) < 25))


def flat(words: str) -> str:
    return " ".join(words.split())


@pytest.fixture(scope="module")
def three(photo: bytes) -> dict[str, bytes]:
    magenta = encoded(Image.new("RGB", (300, 200), MAGENTA), "PNG")
    return {"china.jpg": photo, "broken.jpg": photo[:900], "magenta.png": magenta}


@pytest.fixture(scope="module")
def three_pdf(client: httpx.Client, three: dict[str, bytes]) -> bytes:
    return ask(client, three, "pdf")


@pytest.fixture(scope="module")
def three_json(client: httpx.Client, three: dict[str, bytes]) -> bytes:
    return ask(client, three, "json")


@pytest.fixture(scope="module")
def report(three: dict[str, bytes], three_json: bytes) -> Report:
    """The same report as a value, without its small copies."""
    document = ReportReply.model_validate_json(three_json)
    entries = []
    for one, data in zip(document.pictures, three.values(), strict=True):
        outcome = one.result or one.problem
        assert outcome is not None
        entries.append(
            Entry(one.number, one.filename, data.__bytes__, one.bytes, one.sha256, outcome, None)
        )
    created = datetime(2026, 11, 26, 12, 30, tzinfo=UTC)
    return Report(tuple(entries), load_card(Settings().models), {}, created)


def test_the_pdf_says_verdict_probability_model_limits_and_hash_of_every_picture(
    three: dict[str, bytes], three_pdf: bytes, three_json: bytes
) -> None:
    texts = [flat(one) for one in pages(three_pdf)]
    everything = " ".join(texts)
    document = json.loads(three_json)
    assert "Were these 3 pictures made by AI?" in texts[0]
    for name, data in three.items():
        assert name in texts[0]
        assert hashlib.sha256(data).hexdigest() in everything.replace(" ", "")
    for one in document["pictures"]:
        if one["result"]:
            own = next(t for t in texts if t.startswith(f"Picture {one['number']} of 3"))
            assert WORDS[one["result"]["label"]] in own
            assert f"{one['result']['probability']:.0%} chance of AI" in own
            for statement in one["result"]["summary"]["statements"]:
                assert statement["text"] in everything
    model = document["model"]
    assert f"{model['name']} {model['version']}" in texts[0]
    for limit in document["limits"]:
        assert flat(limit) in texts[-1]
    for number, one in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in one


def test_the_pdf_tells_a_probability_as_its_sentences_do(report: Report) -> None:
    outcome = report.entries[0].outcome
    assert isinstance(outcome, Classification)
    sure = outcome.model_copy(update={"probability": 0.9996})
    entries = (replace(report.entries[0], outcome=sure),)
    overview, own, _ = pages(pdf.written(replace(report, entries=entries)))
    assert "99% chance of AI" in flat(own)
    assert ">" not in overview + own


def test_a_picture_that_cannot_be_judged_is_in_the_pdf_with_its_problem_in_words(
    three_pdf: bytes,
) -> None:
    own = next(flat(t) for t in pages(three_pdf) if t.startswith("Picture 2 of 3"))
    assert "broken.jpg" in own
    assert "Could not be checked" in own
    assert "cut off or damaged" in own


def test_the_pdf_shows_picture_and_heat_map(three_pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(three_pdf)
    starts = {one.splitlines()[0]: number for number, one in enumerate(pages(three_pdf))}
    own = starts["Picture 3 of 3"]
    drawn = list(document[own].get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]))
    assert len(drawn) == 2
    assert near(seen(three_pdf, own), MAGENTA) > 0.05
    assert 0.001 < near(seen(three_pdf, 0), MAGENTA) < 0.05, "a thumbnail in the overview"
    assert not list(document[starts["Picture 2 of 3"]].get_objects([raw.FPDF_PAGEOBJ_IMAGE]))
    for number in range(len(document)):
        shown = seen(three_pdf, number)
        assert near(shown, (255, 255, 255)) > 0.3, "calm"
        assert (shown < 128).any(axis=2).mean() > 0.005, "not blank"


def test_the_pdf_has_title_language_bookmarks_and_words_for_its_pictures(three_pdf: bytes) -> None:
    document = pypdfium2.PdfDocument(three_pdf)
    assert document.get_metadata_value("Title") == "Were these 3 pictures made by AI?"
    assert document.get_metadata_value("Producer").startswith("Real-or-AI")
    marks = [item.get_title() for item in document.get_toc()]
    assert marks == [
        "Overview", "1. china.jpg", "2. broken.jpg", "3. magenta.png", "About this report",
    ]  # fmt: skip
    assert b"/Lang (en)" in three_pdf
    assert b"/StructTreeRoot" in three_pdf
    assert three_pdf.count(b"/Alt") == 4


def test_orientation_is_applied_in_the_pdf(client: httpx.Client) -> None:
    upright = Image.new("RGB", (600, 300), "white")
    upright.paste(MAGENTA, (0, 0, 300, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(upright.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif, quality=95)
    shown = seen(ask(client, {"a.jpg": turned}, "pdf"), 1)
    rows, columns = np.where(np.abs(shown.astype(int) - MAGENTA).max(axis=2) < 25)
    assert abs((np.ptp(rows) + 1) / (np.ptp(columns) + 1) - 1) < 0.05


@pytest.mark.parametrize("script", NAMES)
def test_names_in_any_script_are_readable(script: str, all_names: bytes) -> None:
    everything = "".join(pages(all_names))
    assert everything.count(NAMES[script]) >= 2, "in the overview and in its section"


@pytest.mark.parametrize("script", RIGHT_TO_LEFT)
def test_names_from_right_to_left_are_readable(script: str, all_names: bytes) -> None:
    letters = set(RIGHT_TO_LEFT[script]) - set(" .jpg")
    lines = [line for page in pages(all_names) for line in page.splitlines()]
    assert sum(letters <= set(line) for line in lines) >= 2


@pytest.fixture(scope="module")
def all_names(client: httpx.Client) -> bytes:
    data = pictures.png(32, 32)
    names = [*NAMES.values(), *RIGHT_TO_LEFT.values()]
    return ask(client, dict.fromkeys(names, data), "pdf")


def test_names_sent_apart_by_macos_read_as_usual(client: httpx.Client) -> None:
    document = ask(client, {"U\u0308ber.png": pictures.png()}, "pdf")
    assert "Über.png" in pages(document)[1]


def test_what_cannot_be_shown_is_shown_as_its_code_point(client: httpx.Client) -> None:
    name = "photo\u202egpj.exe\n\U00012000\ue000.png"
    document = ask(client, {name: pictures.png()}, "pdf")
    assert "photo[U+202E]gpj.exe[U+000A][U+12000][U+E000].png" in pages(document)[1]


def test_a_picture_without_a_name_and_one_with_an_endless_name(client: httpx.Client) -> None:
    images = [text(pictures.png()), {"image": text(pictures.png()), "filename": "n" * 100_000}]
    texts = pages(ask(client, images, "pdf"))
    assert "Picture 1, sent without a name" in texts[0]
    assert len(texts) < 8
    with zipfile.ZipFile(io.BytesIO(ask(client, images, "zip"))) as file:
        assert "pictures/picture 1.png" in file.namelist()


def test_the_same_report_gives_the_same_documents(report: Report) -> None:
    assert pdf.written(report) == pdf.written(report)
    assert b"".join(archive.zipped(report)) == b"".join(archive.zipped(report))
    assert tables.csv_written(report) == tables.csv_written(report)


def test_the_zip_has_the_files_as_sent_beside_pdf_csv_and_json(
    client: httpx.Client, three: dict[str, bytes]
) -> None:
    with zipfile.ZipFile(io.BytesIO(ask(client, three, "zip"))) as file:
        assert file.testzip() is None
        names = file.namelist()
        assert names == [
            "report.pdf", "report.csv", "report.json", *(f"pictures/{name}" for name in three),
        ]  # fmt: skip
        for name, data in three.items():
            assert file.read(f"pictures/{name}") == data
        assert len(pages(file.read("report.pdf"))) >= 5
        rows = rows_of(file.read("report.csv"))
        document = json.loads(file.read("report.json"))
    assert [row["filename"] for row in rows] == list(three)
    assert [one["filename"] for one in document["pictures"]] == list(three)


def test_hostile_names_stay_inside_the_zip(client: httpx.Client) -> None:
    data = [pictures.png(32, 32, seed) for seed in range(len(HOSTILE))]
    images = [
        {"image": text(one), "filename": name} for one, name in zip(data, HOSTILE, strict=True)
    ]
    with zipfile.ZipFile(io.BytesIO(ask(client, images, "zip"))) as file:
        names = file.namelist()[3:]
        assert [file.read(name) for name in names] == data
    assert names[:9] == [
        "pictures/passwd",
        "pictures/drivers.png",
        "pictures/job",
        "pictures/a.jpg",
        "pictures/A (2).JPG",
        "pictures/a (3).jpg",
        "pictures/_CON.png",
        "pictures/picture 8.png",
        "pictures/picture 9.png",
    ]
    assert len({name.casefold() for name in names}) == len(HOSTILE)
    for name in names:
        own = name.removeprefix("pictures/")
        assert own.isprintable()
        assert not set(own) & set('/\\<>:"|?*')
        assert len(own.encode()) <= MAX_NAME_BYTES


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_csv_has_a_header_and_a_line_a_picture(
    client: httpx.Client, three: dict[str, bytes], three_json: bytes
) -> None:
    data = ask(client, three, "csv")
    assert data.startswith("\ufeff".encode()), "spreadsheets take it for UTF-8"
    rows = rows_of(data)
    pairs = zip(rows, json.loads(three_json)["pictures"], strict=True)
    for row, one in pairs:
        assert row["sha256"] == one["sha256"]
        assert int(row["bytes"]) == one["bytes"]
        if one["problem"]:
            assert row["verdict"] == "not-judged"
            assert row["problem"] == "truncated-image"
            assert row["problem_detail"] == one["problem"]["detail"]
            continue
        assert row["verdict"] == one["result"]["label"]
        assert float(row["probability"]) == pytest.approx(one["result"]["probability"], abs=1e-4)
        assert row["summary"] == one["result"]["summary"]["text"]
        assert row["model_version"]


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0.png",
        "+1+1.png",
        "-1+1.png",
        "@SUM(1).png",
        " =1+1.png",
        "\t=1+1.png",
        "\uff1d1+1.png",
        'a";=1+1;".png',
        "a,=1+1.png",
        "a\r\n=1+1.png",
    ],
)
def test_no_spreadsheet_finds_a_formula_in_the_csv(client: httpx.Client, name: str) -> None:
    data = ask(client, {name: b"no picture"}, "csv").decode("utf-8-sig")
    assert len(data.splitlines()) == 2
    for delimiter in ",;\t|":
        for cells in csv.reader(io.StringIO(data), delimiter=delimiter):
            for cell in cells:
                assert cell.strip(' "')[:1] not in tuple("=+-@\uff1d"), delimiter
    [row] = rows_of(ask(client, {name: b"no picture"}, "csv"))
    assert row["filename"].endswith(".png")
    [one] = json.loads(ask(client, {name: b"no picture"}, "json"))["pictures"]
    assert one["filename"] == name, "the JSON has the name as it came"


def test_the_json_has_everything(client: httpx.Client, photo: bytes, three_json: bytes) -> None:
    document = json.loads(three_json)
    alone = client.post("/v1/classify", json={"image": text(photo), "explain": True}).json()
    first, second, _ = document["pictures"]
    assert set(first["result"]) == set(alone)
    assert first["result"]["probability"] == pytest.approx(alone["probability"], abs=1e-5)
    assert first["result"]["explanation"]["heatmap_png"].startswith("data:image/png;base64,")
    assert first["sha256"] == hashlib.sha256(photo).hexdigest()
    assert second["problem"]["type"] == "/problems/truncated-image"
    assert datetime.fromisoformat(document["created"]).tzinfo
    assert "not proof" in " ".join(document["limits"])


def test_a_form_gives_the_same_report_as_json(
    client: httpx.Client, three: dict[str, bytes]
) -> None:
    files = [("files", (name, data)) for name, data in three.items()]
    reply = client.post(REPORT, params={"format": "zip"}, files=files)
    assert reply.status_code == 200, reply.text
    with zipfile.ZipFile(io.BytesIO(reply.content)) as file:
        assert {name: file.read(f"pictures/{name}") for name in three} == three


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("pdf", "application/pdf"),
        ("zip", "application/zip"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_the_download_has_a_type_and_a_useful_name(
    client: httpx.Client, format: str, media_type: str
) -> None:
    images = [{"image": text(pictures.png()), "filename": 'Фото "1".png'}]
    reply = client.post(REPORT, params={"format": format}, json={"images": images})
    assert reply.headers["content-type"] == media_type
    kind, plain, full = reply.headers["content-disposition"].split("; ")
    assert kind == "attachment"
    assert plain == f'filename="real-or-ai-{datetime.now(UTC):%Y-%m-%d}.{format}"'
    assert unquote(full.removeprefix("filename*=UTF-8''")) == f"real-or-ai Фото _1_.{format}"
    assert full.isascii()


def test_a_pdf_is_what_one_gets_without_saying_so(client: httpx.Client) -> None:
    reply = client.post(REPORT, files={"files": pictures.png()})
    assert reply.content.startswith(b"%PDF-")


def test_an_unknown_format_is_refused_in_words(client: httpx.Client) -> None:
    reply = client.post(REPORT, params={"format": "docx"}, files={"files": pictures.png()})
    problem = assert_problem(reply, "invalid-request", 422)
    for format in ("format", "pdf", "zip", "csv", "json"):
        assert format in problem["detail"]


def test_limits_are_those_of_a_batch(client: httpx.Client) -> None:
    assert_problem(client.post(REPORT, json={"images": []}), "invalid-request", 422)
    assert_problem(client.post(REPORT, json={"images": ["AA"] * 101}), "too-many-images", 413)
    assert_problem(client.post(REPORT, content=b"x"), "unsupported-media-type", 415)
    with serving_fake(FakeDetector(), rate_limit="3/minute") as limited:
        images = {"images": [text(pictures.png())] * 2}
        assert limited.post(f"{REPORT}?format=csv", json=images).status_code == 200
        assert_problem(limited.post(REPORT, json=images), "rate-limited", 429)
    with serving_fake(FakeDetector(), api_keys=("key",)) as locked:
        assert_problem(locked.post(REPORT, json=images), "unauthorized", 401)


def test_what_was_sent_is_let_go_once_the_report_is_there() -> None:
    data = pictures.png(200, 200)
    with serving_fake(FakeDetector(), max_held_bytes=len(data) + 2000) as client:
        for _ in range(3):
            assert client.post(REPORT, params={"format": "zip"}, files={"files": data}).is_success
            time.sleep(0.2)  # it is let go once the reply is out


def test_text_that_is_not_base64_is_in_the_report_without_a_file(client: httpx.Client) -> None:
    images = ["!!", text(pictures.png())]
    assert "The text is not base64" in flat(pages(ask(client, images, "pdf"))[1])
    with zipfile.ZipFile(io.BytesIO(ask(client, images, "zip"))) as file:
        assert file.namelist()[3:] == ["pictures/picture 2.png"]
    first = json.loads(ask(client, images, "json"))["pictures"][0]
    assert first["sha256"] is None
    assert Problem.model_validate(first["problem"]).type == "/problems/bad-base64"


def test_a_hundred_pictures_make_one_document() -> None:
    images = [text(pictures.jpeg(64, 48, seed)) for seed in range(100)]
    with serving_fake(FakeDetector()) as client:
        document = ask(client, images, "pdf")
        assert client.get("/readyz").json()["queue_depth"] == 0
    assert len(document) < 4_000_000
    texts = pages(document)
    assert [t.splitlines()[0] for t in texts if t.startswith("Picture ")] == [
        f"Picture {number} of 100" for number in range(1, 101)
    ]
    assert f"Page 102 of {len(texts)}" in flat(texts[101])


runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "写真.jpg").write_bytes(pictures.jpeg(200, 150))
    (tmp_path / "in" / "broken.jpg").write_bytes(pictures.jpeg(200, 150)[:900])
    return tmp_path


def test_the_command_line_writes_a_report(folder: Path) -> None:
    for suffix in ("pdf", "zip"):
        output = folder / f"report.{suffix}"
        result = runner.invoke(cli, ["report", str(folder / "in"), "--output", str(output)])
        assert result.exit_code == 1, result.output
        assert "1 not judged" in flat(result.stderr)
    assert "写真.jpg" in pages((folder / "report.pdf").read_bytes())[0]
    with zipfile.ZipFile(folder / "report.zip") as file:
        rows = rows_of(file.read("report.csv"))
        data = (folder / "in" / "写真.jpg").read_bytes()
        assert file.read("pictures/写真.jpg") == data
    assert [row["filename"] for row in rows] == ["broken.jpg", "写真.jpg"]


def test_the_command_line_names_what_it_cannot_read_or_write(folder: Path) -> None:
    output = folder / "report.csv"
    odd = os.fsdecode(os.fsencode(str(folder)) + b"/\xff.jpg")
    Path(odd).write_bytes(pictures.jpeg())
    paths = [str(folder / "in" / "写真.jpg"), "/not/there.jpg", odd]
    assert runner.invoke(cli, ["report", *paths, "--output", str(output)]).exit_code == 1
    rows = rows_of(output.read_bytes())
    assert [row["filename"] for row in rows] == ["写真.jpg", "there.jpg", "\\xff.jpg"]
    assert "No such file" in rows[1]["problem_detail"]
    for wrong in (folder / "report.docx", folder / "not" / "there.pdf"):
        result = runner.invoke(cli, ["report", paths[0], "--output", str(wrong)])
        assert result.exit_code == 2
        assert wrong.name in result.stderr.replace("\n", "")


def test_the_command_line_needs_pictures(tmp_path: Path) -> None:
    result = runner.invoke(cli, ["report", str(tmp_path)])
    assert result.exit_code == 1
    assert "no pictures" in result.stderr
