"""C2PA Content Credentials: who signed, what the record says, and what must not be believed."""

from __future__ import annotations

import datetime
import time

import pytest

from backend import words
from backend.provenance.reading import read
from backend.provenance.signal import Signal
from backend.tests import marks
from backend.tests.marks import Signer, created, new_signer
from backend.tests.pictures import encoded, jpeg, noise, png

AI = created("trainedAlgorithmicMedia", softwareAgent="Paintbot 3")
CAMERA = created("digitalCapture")


@pytest.fixture(scope="module")
def signer() -> Signer:
    return new_signer()


def credentials(data: bytes, anchors: str | None = None) -> Signal:
    return read(data, anchors)[0]


def test_a_picture_without_a_record_has_none() -> None:
    assert credentials(jpeg()) == Signal("c2pa", "absent", "c2pa-absent")


def test_signer_tool_and_actions_are_told(signer: Signer) -> None:
    signal = credentials(signer.signed(jpeg(), AI))
    assert (signal.status, signal.points_to) == ("found", "ai")
    assert signal.details["signer"] == "Test Signer"
    assert signal.details["organisation"] == "Test Signer Ltd"
    assert signal.details["tool"] == "Paintbot 3"
    assert signal.details["actions"] == ["c2pa.created"]
    assert signal.details["source-type"] == ["trainedAlgorithmicMedia"]


def test_trust_is_only_claimed_against_a_list_of_anchors(signer: Signer) -> None:
    picture = signer.signed(jpeg(), AI)
    assert credentials(picture).code == "c2pa-ai-unverified"
    assert credentials(picture, signer.authority).code == "c2pa-ai-trusted"
    assert credentials(picture, new_signer().authority).code == "c2pa-ai-untrusted"


@pytest.mark.parametrize(
    ("media_type", "picture"),
    [
        ("image/png", png()),
        ("image/webp", encoded(noise(), "WEBP")),
        ("image/gif", encoded(noise(), "GIF")),
        ("image/avif", encoded(noise(), "AVIF")),
        ("image/heic", encoded(noise(), "HEIF")),
    ],
)
def test_records_are_read_in_every_format(signer: Signer, media_type: str, picture: bytes) -> None:
    signed = signer.signed(picture, CAMERA, media_type=media_type)
    signal = credentials(signed, signer.authority)
    assert (signal.code, signal.points_to) == ("c2pa-camera-trusted", "camera")


@pytest.mark.parametrize(
    ("actions", "kind", "points_to"),
    [
        ([AI], "ai", "ai"),
        ([AI, {"action": "c2pa.cropped"}], "ai", "ai"),
        ([created("compositeWithTrainedAlgorithmicMedia")], "ai-edited", "edited"),
        ([CAMERA], "camera", "camera"),
        ([CAMERA, {"action": "c2pa.color_adjustments"}], "camera", "camera"),
        (
            [
                CAMERA,
                {
                    "action": "c2pa.edited",
                    "digitalSourceType": marks.SOURCE_TYPES + "trainedAlgorithmicMedia",
                },
            ],
            "ai-edited",
            "edited",
        ),
        ([created("digitalCreation")], "edited", "edited"),
        ([created("algorithmicMedia")], "edited", "edited"),
    ],
)
def test_what_the_actions_say_about_the_origin(
    signer: Signer, actions: list[dict[str, str]], kind: str, points_to: str
) -> None:
    signal = credentials(signer.signed(jpeg(), *actions))
    assert signal.code == f"c2pa-{kind}-unverified"
    assert signal.points_to == points_to


@pytest.mark.parametrize(
    ("relationship", "kind"), [("parentOf", "ai"), ("componentOf", "ai-edited")]
)
def test_ai_in_the_pictures_it_was_made_from_is_told(
    signer: Signer, relationship: str, kind: str
) -> None:
    source = signer.signed(jpeg(seed=1), AI)
    refers = {"parameters": {"ingredientIds": [relationship]}}
    first = {"parentOf": {"action": "c2pa.opened", **refers}, "componentOf": created("composite")}
    picture = signer.signed(jpeg(), first[relationship], ingredients=[(relationship, source)])
    assert credentials(picture).code == f"c2pa-{kind}-unverified"


def test_changed_pixels_are_told_apart_from_a_bad_signature(signer: Signer) -> None:
    picture = bytearray(signer.signed(jpeg(), AI))
    pixels = len(picture) - 20
    picture[pixels] ^= 0x10
    changed = credentials(bytes(picture), signer.authority)
    assert (changed.status, changed.code, changed.points_to) == ("invalid", "c2pa-changed", None)
    assert "Test Signer" in words.sentence(changed.code, changed.values)


def test_a_forged_record_says_nothing(signer: Signer) -> None:
    picture = signer.signed(jpeg(), CAMERA)
    assert picture.count(b"Test Camera App") == 1
    forged = credentials(picture.replace(b"Test Camera App", b"Fine Camera App"))
    assert (forged.status, forged.code) == ("invalid", "c2pa-bad-signature")
    assert forged.points_to is None


def test_a_certificate_that_has_expired_speaks_for_nothing() -> None:
    signer = new_signer(valid_for=datetime.timedelta(seconds=3))
    signed = signer.signed(jpeg(), CAMERA)
    time.sleep(4.1)
    signal = credentials(signed, signer.authority)
    assert (signal.status, signal.code) == ("invalid", "c2pa-bad-certificate")


def test_a_record_cut_off_is_invalid(signer: Signer) -> None:
    signed = signer.signed(png(), AI, media_type="image/png")
    at = signed.index(b"caBX")
    broken = signed[: at + 40] + bytes(60) + signed[at + 100 :]
    assert credentials(broken).status == "invalid"


def test_a_record_appended_behind_a_picture_is_none(signer: Signer) -> None:
    signed = signer.signed(png(), AI, media_type="image/png")
    at = signed.index(b"caBX") - 4
    record = signed[at : at + 12 + int.from_bytes(signed[at : at + 4], "big")]
    assert credentials(png() + record).status == "absent"
    assert credentials(jpeg() + signer.signed(jpeg(), AI)).status == "absent"


def test_a_record_on_the_network_is_not_fetched() -> None:
    packet = marks.xmp("dcterms:provenance='http://127.0.0.1:9/record.c2pa'")
    signal = credentials(marks.with_xmp(packet))
    assert (signal.status, signal.code) == ("not-checked", "c2pa-remote")
