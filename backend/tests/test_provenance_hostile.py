"""Metadata that lies, loops, explodes or is huge: stated as invalid or ignored, in bounded time."""

from __future__ import annotations

import json
import random
import struct
import time
import zlib
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import words
from backend.images import decode
from backend.provenance.reading import read
from backend.provenance.signal import MAX_PROMPT, Signal
from backend.tests import marks
from backend.tests.marks import created, new_signer
from backend.tests.pictures import chunk, encoded, jpeg, noise, png

MEGABYTE = 1024 * 1024
# Generous, for slow and busy machines; each case takes far less.
SECONDS = 3.0

BOMB = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise("abcdefghij"))
    + "]>"
)
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"


def exif(*entries: tuple[int, int, int, int], start: int = 8, tail: bytes = b"") -> bytes:
    """A TIFF structure of raw (tag, type, count, value) entries."""
    raw = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", start, len(entries)) + raw + bytes(4) + tail


def gigantic_exif() -> bytes:
    """Every entry claims nearly the whole block as its text."""
    entries = [(tag, 2, MEGABYTE, 100) for tag in [*range(0x010E, 0x0140)] * 15]
    return exif(*entries, tail=b"x" * 2 * MEGABYTE)[: 2 * MEGABYTE]


def iptc(data: bytes) -> bytes:
    return marks.with_segments((0xED, b"Photoshop 3.0\0" + data))


def text_chunk(text: bytes, kind: bytes = b"tEXt") -> bytes:
    return marks.with_chunks((kind, b"workflow\0" + text))


def inflating(size: int) -> bytes:
    return b"\0" + zlib.compress(b"x" * size)


def linked(inputs: dict[str, object]) -> dict[str, object]:
    """A graph of one node with these inputs and 500 that point at it twice."""
    node: dict[str, object] = {"class_type": "X", "inputs": inputs}
    pointing = {"class_type": "X", "inputs": {"positive": ["hub", 0], "negative": ["hub", 0]}}
    return {"hub": node} | {str(i): pointing for i in range(500)}


def branching_graph() -> bytes:
    """Every input that may lead to a text leads back to its own node."""
    names = ("text", "text_g", "clip_l", "prompt", "string", "value", "conditioning", "positive")
    return json.dumps(linked({name: ["hub", 0] for name in names})).encode()


INVALID: dict[str, tuple[str, Callable[[], bytes]]] = {
    "EXIF without a header": ("exif", lambda: marks.with_exif(b"hello, I am no EXIF")),
    "EXIF cut off": ("exif", lambda: marks.with_exif(marks.tiff({marks.MAKE: b"Canon\0"})[:14])),
    "EXIF that starts outside": ("exif", lambda: marks.with_exif(exif(start=4_000_000_000))),
    "EXIF loop": ("exif", lambda: marks.with_exif(exif((marks.EXIF_IFD, 4, 1, 8)))),
    "EXIF text outside": ("exif", lambda: marks.with_exif(exif((marks.MAKE, 2, 9, 1_000_000)))),
    "EXIF with too many entries": (
        "exif",
        lambda: marks.with_exif(exif(*[(marks.MAKE, 2, 1, 0)] * 5000)),
    ),
    "EXIF of 10 MB": (
        "exif",
        lambda: marks.with_chunks((b"eXIf", exif(tail=bytes(10 * MEGABYTE)))),
    ),
    "XMP that is no XML": ("xmp", lambda: marks.with_xmp(b"<x:xmpmeta")),
    "XMP bomb": ("xmp", lambda: marks.with_xmp(marks.xmp("xmp:CreatorTool='&j;'", before=BOMB))),
    "XMP that reads files": (
        "xmp",
        lambda: marks.with_xmp(marks.xmp(children="<dc:x>&a;</dc:x>", before=OUTSIDE)),
    ),
    "XMP of 10 MB": (
        "xmp",
        lambda: marks.with_chunks(
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + marks.xmp(children="<a/>" * 2_500_000))
        ),
    ),
    "XMP of a million elements": (
        "xmp",
        lambda: marks.with_chunks(
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + marks.xmp(children="<a/>" * 400_000))
        ),
    ),
    "XMP in an unknown encoding": (
        "xmp",
        lambda: marks.with_xmp(b"<?xml encoding='nonsense'?><a/>"),
    ),
    "IPTC cut off": ("iptc", lambda: iptc(marks.image_resource(0x0404, b"\x1c\x02\x74\xff\xff"))),
    "IPTC resource outside": ("iptc", lambda: iptc(struct.pack(">4sHHI", b"8BIM", 1028, 0, 99999))),
    "Photoshop data of another kind": ("iptc", lambda: iptc(b"nonsense" * 3)),
    "PNG text that explodes": ("png-text", lambda: text_chunk(inflating(40 * MEGABYTE), b"zTXt")),
    "PNG text that is not compressed": ("png-text", lambda: text_chunk(b"\0garbage", b"zTXt")),
    "PNG text of 10 MB": ("png-text", lambda: text_chunk(b"x" * 10 * MEGABYTE)),
}


@pytest.mark.parametrize("name", INVALID)
def test_broken_marks_are_called_invalid_and_the_picture_is_read(name: str) -> None:
    source, make = INVALID[name]
    data = make()
    start = time.perf_counter()
    signals: dict[str, Signal] = {signal.source: signal for signal in read(data)}
    assert time.perf_counter() - start < SECONDS
    found = signals.pop(source)
    assert found == Signal(found.source, "invalid", f"{source}-invalid")
    assert {signal.status for signal in signals.values()} == {"absent"}
    decode(data)


def test_text_with_a_wrong_checksum_is_invalid() -> None:
    changed = marks.with_texts(Software="Midjourney").replace(b"Midj", b"Midl")
    assert read(changed)[-1].status == "invalid"


HEAVY: dict[str, Callable[[], bytes]] = {
    "many texts that explode": lambda: marks.with_chunks(
        *[(b"zTXt", b"w\0" + inflating(3 * MEGABYTE))] * 500
    ),
    "EXIF whose entries share one text": lambda: marks.with_chunks((b"eXIf", gigantic_exif())),
    "segments without end": lambda: b"\xff\xd8" + b"\xff\xe0\0\x02" * 4 * MEGABYTE,
    "chunks without end": lambda: png()[:33] + chunk(b"teSt", b"") * MEGABYTE,
    "GIF blocks without end": lambda: (
        encoded(noise(), "GIF")[:-1] + b"\x21\xfe" + b"\x01x" * 8 * MEGABYTE
    ),
    "deeply nested JSON": lambda: text_chunk(b'{"a":' * 300_000),
    "deeply nested XML": lambda: marks.with_chunks(
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"<a>" * 300_000)
    ),
    "a graph that links to itself": lambda: text_chunk(
        json.dumps(
            {
                str(i): {
                    "class_type": "X",
                    "inputs": {"positive": [str(i), 0], "text": [str(i), 0]},
                }
                for i in range(20_000)
            }
        ).encode()
    ),
    "graphs that branch into themselves": lambda: marks.with_chunks(
        *[(b"tEXt", b"prompt\0" + branching_graph())] * 5
    ),
    "a graph whose links are long": lambda: text_chunk(
        json.dumps(linked({"text": [list(range(200_000)), 0]})).encode()
    ),
    "texts of empty lines": lambda: marks.with_chunks(
        *[(b"tEXt", b"parameters\0a" + b"\n" * 20_000 + b"a")] * 20
    ),
    "many long names of programs": lambda: marks.with_chunks(
        *[(b"tEXt", b"Software\0" + b"x" * 20_000)] * 100
    ),
    "parameters that almost match": lambda: text_chunk(
        b"\nSteps: 1, Seed: " + b'Aaaaaaaa: "' * 100_000
    ),
    "spaces": lambda: text_chunk(b" " * MEGABYTE + b"Steps"),
    "jumb everywhere": lambda: jpeg() + b"jumbc2pa" * 2 * MEGABYTE,
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_metadata_takes_bounded_time(name: str) -> None:
    data = HEAVY[name]()
    start = time.perf_counter()
    signals = read(data)
    assert time.perf_counter() - start < SECONDS
    assert len(signals) == 5
    assert len(str(signals)) < 20_000


def test_a_signed_record_with_many_sources_takes_bounded_time() -> None:
    signer = new_signer()
    picture = signer.signed(jpeg(), created("digitalCapture"))
    for _ in range(5):  # twice as many paths through the record each time
        twice = [("componentOf", picture), ("componentOf", picture)]
        picture = signer.signed(jpeg(), created("composite"), ingredients=twice)
    start = time.perf_counter()
    assert read(picture)[0].status == "found"
    assert time.perf_counter() - start < SECONDS


def test_a_signed_record_with_many_long_names_takes_bounded_time() -> None:
    signer = new_signer()
    agents = [{"action": "c2pa.created", "softwareAgent": "x" * 1000}] * 200
    sources = [("componentOf", signer.signed(jpeg(), *agents))] * 20
    picture = signer.signed(jpeg(), created("composite"), ingredients=sources)
    start = time.perf_counter()
    assert read(picture)[0].status == "found"
    assert time.perf_counter() - start < SECONDS


@pytest.mark.parametrize("name", ["EXIF of 10 MB", "XMP of 10 MB", "PNG text of 10 MB", "XMP bomb"])
def test_the_pixels_are_judged_all_the_same(client: httpx.Client, name: str) -> None:
    source, make = INVALID[name]
    reply = client.post("/v1/classify", files={"file": make()})
    assert reply.status_code == 200, reply.text
    statuses = {s["source"]: s["status"] for s in reply.json()["provenance"]["signals"]}
    assert statuses[source] == "invalid"
    assert f"{source}-invalid" in [s["code"] for s in reply.json()["summary"]["statements"]]


SEEDS = [
    marks.with_exif(marks.tiff({marks.MAKE: b"Apple\0"}, {marks.LENS: b"a lens\0"})),
    marks.with_xmp(marks.source_type("trainedAlgorithmicMedia")),
    marks.with_iptc(credit="Made with Google AI", software="Photoshop"),
    marks.with_texts(parameters=marks.PARAMETERS, prompt=json.dumps(marks.WORKFLOW)),
    marks.saved("WEBP", exif=marks.tiff({marks.MAKE: b"Canon\0"}), xmp=marks.xmp()),
    marks.saved("AVIF", exif=marks.tiff({marks.MAKE: b"Canon\0"}), xmp=marks.xmp()),
    marks.saved("HEIF", exif=marks.tiff({marks.MAKE: b"Canon\0"}), xmp=marks.xmp()),
    marks.gif_with_xmp(marks.xmp()),
    new_signer().signed(jpeg(), created("trainedAlgorithmicMedia")),
    new_signer().signed(png(), created("digitalCapture"), media_type="image/png"),
]


def damaged(data: bytes, seed: int, places: int) -> bytes:
    """The file with some bytes changed, where metadata mostly is, and perhaps cut off."""
    chance = random.Random(seed)
    result = bytearray(data)
    for _ in range(places):
        at = min(int(chance.expovariate(1 / 400)), len(result) - 4)
        result[at : at + 4] = chance.choice(
            [b"\xff\xff\xff\xff", bytes(4), b"\0\0\0\x08", chance.randbytes(4)]
        )
    return bytes(result[: chance.randrange(len(result))] if chance.random() < 0.2 else result)


def check(signals: tuple[Signal, ...]) -> None:
    assert [signal.source for signal in signals] == ["c2pa", "exif", "xmp", "iptc", "png-text"]
    for signal in signals:
        assert words.sentence(signal.code, signal.values)
        assert signal.details.keys() <= words.DETAILS.keys()
        for value in signal.details.values():
            for text in [value] if isinstance(value, str) else value:
                assert 0 < len(text) <= MAX_PROMPT
                assert text.isprintable()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.sampled_from(SEEDS),
    seed=st.integers(0, 2**32),
    places=st.integers(1, 12),
)
def test_damaged_files_always_give_five_signals(data: bytes, seed: int, places: int) -> None:
    check(read(damaged(data, seed, places)))


@settings(max_examples=200, deadline=None)
@given(
    body=st.binary(max_size=300),
    wrap=st.sampled_from(
        [
            bytes,
            marks.with_exif,
            marks.with_xmp,
            iptc,
            text_chunk,
            lambda body: marks.with_exif(b"II*\0\x08\0\0\0" + body),
            lambda body: iptc(marks.image_resource(0x0404, body)),
            lambda body: marks.with_segments((0xEB, b"JP\0\1\0\0\0\1" + body)),
            lambda body: marks.with_chunks((b"caBX", body)),
        ]
    ),
)
def test_any_bytes_in_any_place_always_give_five_signals(
    body: bytes, wrap: Callable[[bytes], bytes]
) -> None:
    check(read(wrap(body)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["nodes", "inputs", "class_type", "type", "positive", "text", "prompt"]
                )
                | st.sampled_from(
                    ["steps", "seed", "widgets_values", "sui_image_params", "1", "2"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_always_gives_five_signals(content: object) -> None:
    check(read(text_chunk(json.dumps(content).encode())))
