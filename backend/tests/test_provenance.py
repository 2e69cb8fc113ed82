"""What a file says about its own origin: found where it may stand, and nowhere else."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path

import httpx
import pytest
from PIL import Image

from backend import words
from backend.provenance.reading import read
from backend.provenance.signal import Signal
from backend.tests import marks
from backend.tests.pictures import ACCEPTED, REFUSED, encoded, jpeg, noise, png

SOURCES = ["c2pa", "exif", "xmp", "iptc", "png-text"]
SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "samples"

CAMERA = marks.tiff(
    {marks.MAKE: b"Apple\0", marks.MODEL: b"iPhone 11 Pro\0", marks.SOFTWARE: b"13.4.1\0"},
    {marks.TAKEN: b"2020:05:04 18:39:11\0", marks.LENS: b"iPhone 11 Pro back camera\0"},
)


def signal(data: bytes, source: str) -> Signal:
    return next(signal for signal in read(data) if signal.source == source)


@pytest.mark.parametrize("name", [*ACCEPTED, *REFUSED])
def test_every_source_has_one_signal_whatever_the_file_is(name: str) -> None:
    data = (ACCEPTED | REFUSED)[name][1]
    signals = read(data)
    assert [one.source for one in signals] == SOURCES
    assert {one.status for one in signals} == {"absent"}
    assert [one.code for one in signals] == [f"{source}-absent" for source in SOURCES]


@pytest.mark.parametrize(
    "data",
    [
        marks.with_exif(CAMERA),
        marks.with_chunks((b"eXIf", CAMERA)),
        marks.saved("WEBP", exif=CAMERA),
        marks.saved("AVIF", exif=CAMERA),
        marks.saved("HEIF", exif=CAMERA),
    ],
    ids=["JPEG", "PNG", "WebP", "AVIF", "HEIC"],
)
def test_camera_facts_are_read_in_every_format(data: bytes) -> None:
    exif = signal(data, "exif")
    assert (exif.status, exif.code, exif.points_to) == ("found", "exif-camera", "camera")
    assert exif.details == {
        "camera": "Apple iPhone 11 Pro",
        "make": "Apple",
        "model": "iPhone 11 Pro",
        "lens": "iPhone 11 Pro back camera",
        "taken": "2020-05-04 18:39:11",
        "software": "13.4.1",
    }


def test_both_byte_orders_are_read() -> None:
    big = marks.tiff({marks.MAKE: b"Canon\0"}, {marks.TAKEN: b"2020:05:04 18:39:11\0"}, order=">")
    exif = signal(marks.with_exif(big), "exif")
    assert (exif.details["make"], exif.details["taken"]) == ("Canon", "2020-05-04 18:39:11")


def test_positions_are_never_returned() -> None:
    image = Image.Exif()
    image[marks.MAKE] = "Canon"
    image[marks.GPS_IFD] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}
    packet = marks.xmp("exif:GPSLatitude='52,31.2N' exif:GPSLongitude='13,24.6E'")
    data = marks.with_segments(
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet), picture=jpeg(exif=image)
    )
    told = str(read(data))
    assert "Canon" in told
    assert "52" not in told
    assert "13" not in told


@pytest.mark.parametrize("tag", [marks.MAKE, marks.MODEL, 0x010E])
@pytest.mark.parametrize("prefix", ["", "prompt:"])
def test_a_workflow_hidden_in_camera_fields_is_a_generator_and_no_camera(
    tag: int, prefix: str
) -> None:
    workflow = (prefix + json.dumps(marks.WORKFLOW)).encode() + b"\0"
    data = marks.saved("WEBP", exif=marks.tiff({marks.MAKE: b"Canon\0"} | {tag: workflow}))
    exif = signal(data, "exif")
    assert (exif.code, exif.points_to) == ("exif-generator", "ai")
    assert exif.details["tool"] == "ComfyUI"
    assert exif.details["prompt"] == "a lighthouse at dusk"


def test_a_make_as_long_as_a_story_names_no_camera() -> None:
    exif = signal(marks.with_exif(marks.tiff({marks.MAKE: b"x" * 500})), "exif")
    assert (exif.code, exif.points_to) == ("exif-other", None)


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "ascii"])
def test_parameters_in_a_user_comment_are_a_generator(encoding: str) -> None:
    head = b"ASCII\0\0\0" if encoding == "ascii" else b"UNICODE\0"
    comment = head + marks.PARAMETERS.encode(encoding)
    exif = signal(marks.with_exif(marks.tiff({}, {marks.COMMENT: comment})), "exif")
    assert exif.code == "exif-generator"
    assert exif.details["seed"] == "1234567"


@pytest.mark.parametrize(
    ("software", "code", "points_to"),
    [
        (b"Midjourney\0", "exif-generator", "ai"),
        (b"Adobe Firefly 4\0", "exif-generator", "ai"),
        (b"Adobe Photoshop 25.1\0", "exif-software", "edited"),
        (b"13.4.1\0", "exif-other", None),
        (b"Influx Gemini Imaging\0", "exif-other", None),
    ],
)
def test_software_is_told_from_generators(software: bytes, code: str, points_to: str) -> None:
    exif = signal(marks.with_exif(marks.tiff({marks.SOFTWARE: software})), "exif")
    assert (exif.code, exif.points_to) == (code, points_to)


@pytest.mark.parametrize(
    ("name", "code", "points_to"),
    [
        ("trainedAlgorithmicMedia", "xmp-ai", "ai"),
        ("compositeWithTrainedAlgorithmicMedia", "xmp-ai-edited", "edited"),
        ("compositeSynthetic", "xmp-ai-edited", "edited"),
        ("digitalCapture", "xmp-camera", "camera"),
        ("humanEdits", "xmp-edited", "edited"),
        ("algorithmicMedia", "xmp-edited", "edited"),
        ("somethingNew", "xmp-other", None),
    ],
)
def test_the_digital_source_type_is_read(name: str, code: str, points_to: str) -> None:
    xmp = signal(marks.with_xmp(marks.source_type(name)), "xmp")
    assert (xmp.status, xmp.code, xmp.points_to) == ("found", code, points_to)
    assert xmp.details["source-type"] == name


DECLARED = marks.source_type("trainedAlgorithmicMedia")
XMP_FORMS = {
    "element": marks.xmp(
        children="<Iptc4xmpExt:DigitalSourceType>digsrctype:trainedAlgorithmicMedia"
        "</Iptc4xmpExt:DigitalSourceType>"
    ),
    "resource": marks.xmp(
        children="<Iptc4xmpExt:DigitalSourceType "
        f"rdf:resource='{marks.SOURCE_TYPES}trainedAlgorithmicMedia'/>"
    ),
    "attribute": DECLARED,
}


@pytest.mark.parametrize("form", XMP_FORMS)
def test_every_form_of_xmp_is_read(form: str) -> None:
    assert signal(marks.with_xmp(XMP_FORMS[form]), "xmp").code == "xmp-ai"


@pytest.mark.parametrize(
    "data",
    [
        marks.with_chunks((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + DECLARED)),
        marks.with_chunks((b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(DECLARED))),
        marks.with_raw_profile("xmp", DECLARED),
        marks.saved("WEBP", xmp=DECLARED),
        marks.saved("AVIF", xmp=DECLARED),
        marks.saved("HEIF", xmp=DECLARED),
        marks.gif_with_xmp(DECLARED),
    ],
    ids=["PNG", "PNG compressed", "PNG raw profile", "WebP", "AVIF", "HEIC", "GIF"],
)
def test_xmp_is_read_in_every_format(data: bytes) -> None:
    assert signal(data, "xmp").code == "xmp-ai"


def test_what_xmp_says_about_ingredients_is_not_said_about_the_picture() -> None:
    ingredient = (
        "<xmpMM:Ingredients><rdf:Bag><rdf:li rdf:parseType='Resource'>"
        "<Iptc4xmpExt:DigitalSourceType>trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
        "</rdf:li></rdf:Bag></xmpMM:Ingredients>"
    )
    assert signal(marks.with_xmp(marks.xmp(children=ingredient)), "xmp").code == "xmp-other"


@pytest.mark.parametrize(
    ("properties", "code", "tool"),
    [
        ("xmp:CreatorTool='Adobe Photoshop 25.1'", "xmp-software", "Adobe Photoshop 25.1"),
        ("xmp:CreatorTool='Adobe Firefly'", "xmp-generator", "Adobe Firefly"),
        ("photoshop:Credit='Made with Google AI'", "xmp-generator", "Google AI"),
        ("photoshop:Credit='Edited with Google AI'", "xmp-ai-edited", None),
        ("Iptc4xmpExt:AISystemUsed='Paintbot 3'", "xmp-generator", "Paintbot 3"),
    ],
)
def test_tools_and_credits_in_xmp_are_read(properties: str, code: str, tool: str | None) -> None:
    xmp = signal(marks.with_xmp(marks.xmp(properties)), "xmp")
    assert (xmp.code, xmp.details.get("tool")) == (code, tool)


def test_a_description_by_midjourney_is_a_mark() -> None:
    text = "a fox in snow --ar 3:2 --v 6 Job ID: 1b671a64-40d5-491e-99b0-da01ff1f3341"
    packet = marks.xmp(
        children=f"<dc:description><rdf:Alt><rdf:li>{text}</rdf:li></rdf:Alt></dc:description>"
    )
    for data, source in (
        (marks.with_xmp(packet), "xmp"),
        (marks.with_texts(Description=text), "png-text"),
        (marks.with_iptc(caption=text), "iptc"),
    ):
        found = signal(data, source)
        assert (found.code, found.details["tool"]) == (f"{source}-generator", "Midjourney")
        assert found.details["prompt"] == "a fox in snow --ar 3:2 --v 6"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"credit": "Made with Google AI"}, "iptc-generator"),
        ({"credit": "Edited with Google AI"}, "iptc-ai-edited"),
        ({"software": "Midjourney"}, "iptc-generator"),
        ({"software": "Adobe Photoshop"}, "iptc-software"),
        ({"caption": "A man walks past a Midjourney advertisement."}, "iptc-other"),
    ],
)
def test_iptc_captions_are_read(fields: dict[str, str], code: str) -> None:
    assert signal(marks.with_iptc(**fields), "iptc").code == code


def test_the_text_of_stable_diffusion_interfaces_is_summarised() -> None:
    text = signal(marks.with_texts(parameters=marks.PARAMETERS), "png-text")
    assert (text.code, text.points_to) == ("png-text-generator", "ai")
    assert text.details == {
        "tool": "Stable Diffusion",
        "prompt": "a lighthouse at dusk, oil on canvas",
        "negative-prompt": "blurry, low quality",
        "steps": "25",
        "sampler": "Euler a",
        "guidance": "7",
        "seed": "1234567",
        "checkpoint": "dreamshaper_8",
        "fields": ["parameters"],
    }


def test_the_graph_of_comfyui_is_summarised() -> None:
    text = signal(marks.with_texts(prompt=json.dumps(marks.WORKFLOW), workflow="{}"), "png-text")
    assert text.details == {
        "tool": "ComfyUI",
        "prompt": "a lighthouse at dusk",
        "negative-prompt": "blurry",
        "seed": "42",
        "steps": "20",
        "sampler": "euler",
        "guidance": "8.0",
        "checkpoint": "v1-5.safetensors",
        "fields": ["prompt", "workflow"],
    }


@pytest.mark.parametrize(
    ("fields", "tool"),
    [
        ({"Software": "NovelAI", "Comment": '{"prompt": "cat", "seed": 1, "steps": 2}'}, "NovelAI"),
        ({"parameters": '{"sui_image_params": {"prompt": "cat", "seed": 1}}'}, "SwarmUI"),
        (
            {
                "invokeai_metadata": '{"app_version": "4", "generation_mode": "txt2img", '
                '"positive_prompt": "cat", "model": {"name": "sdxl"}}'
            },
            "InvokeAI",
        ),
        (
            {
                "workflow": '{"nodes": [{"type": "CLIPTextEncode", "widgets_values": ["cat"]}], '
                '"links": []}'
            },
            "ComfyUI",
        ),
    ],
)
def test_other_generators_are_recognised_by_their_text(fields: dict[str, str], tool: str) -> None:
    text = signal(marks.with_texts(**fields), "png-text")
    assert (text.code, text.details["tool"]) == ("png-text-generator", tool)
    assert text.details["prompt"] == "cat"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Software": "GIMP 2.10"}, "png-text-software"),
        ({"Software": "gnome-screenshot"}, "png-text-other"),
        ({"Comment": "a prompt: made with love, Steps: 5"}, "png-text-other"),
        ({"Comment": "{}"}, "png-text-other"),
    ],
)
def test_other_text_is_no_mark_of_ai(fields: dict[str, str], code: str) -> None:
    assert signal(marks.with_texts(**fields), "png-text").code == code


def test_text_is_passed_on_clean_and_short() -> None:
    prompt = "a cat\r\n\u202e\x1b[31m dog " + "very " * 3000
    body = (prompt + "\nSteps: 1, Sampler: x, Seed: 2").encode()
    text = signal(marks.with_chunks((b"iTXt", b"parameters\0\0\0\0\0" + body)), "png-text")
    told = str(text.details["prompt"])
    assert told.startswith("a cat [31m dog very very")
    assert len(told) <= 1000
    assert all(c.isprintable() for c in told)


def test_bytes_appended_to_a_picture_change_nothing() -> None:
    exif_segment = marks.with_exif(marks.tiff({marks.SOFTWARE: b"Midjourney\0"}))[2:80]
    for picture in (jpeg(), png(), encoded(noise(), "WEBP"), encoded(noise(), "GIF")):
        before = read(picture)
        for tail in (b"c2pa.actions!", exif_segment, marks.with_texts(parameters=marks.PARAMETERS)):
            assert read(picture + tail) == before


def test_marks_inside_pixel_data_are_none() -> None:
    segment = marks.with_exif(marks.tiff({marks.SOFTWARE: b"Midjourney\0"}))[2:80]
    picture = jpeg()
    at = picture.index(b"\xff\xda") + 30
    assert signal(picture[:at] + segment + picture[at:], "exif").status == "absent"


def test_nothing_a_file_says_changes_the_probability(client: httpx.Client, photo: bytes) -> None:
    marked = marks.with_segments(
        (0xE1, b"Exif\0\0" + marks.tiff({marks.SOFTWARE: b"Midjourney\0"})), picture=photo
    )
    plain, told = (
        client.post("/v1/classify", files={"file": data}).json() for data in (photo, marked)
    )
    assert told["probability"] == plain["probability"]
    assert [s["source"] for s in told["provenance"]["signals"]] == SOURCES
    exif = told["provenance"]["signals"][1]
    assert (exif["code"], exif["points_to"]) == ("exif-generator", "ai")
    assert exif["summary"] == words.sentence("exif-generator", {"tool": "Midjourney"})
    assert exif["summary"] in told["summary"]["text"]
    assert {s["status"] for s in plain["provenance"]["signals"]} == {"absent"}


def test_nothing_of_the_marks_is_logged(
    client: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    data = marks.with_texts(parameters=marks.PARAMETERS.replace("lighthouse", "xylophone"))
    assert "xylophone" in client.post("/v1/classify", files={"file": data}).text
    assert "xylophone" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ai-c2pa-adobe-firefly.jpg", "c2pa-ai-unverified"),
        ("ai-c2pa-openai.png", "c2pa-ai-unverified"),
        ("ai-comfyui-sd.png", "png-text-generator"),
        ("ai-comfyui-sdxl.png", "png-text-generator"),
        ("ai-comfyui-workflow-in-exif-make.webp", "exif-generator"),
        ("ai-iptc-midjourney.png", "xmp-ai"),
        ("c2pa-bad-signature.jpg", "c2pa-bad-signature"),
        ("c2pa-tampered-pixels.jpg", "c2pa-changed"),
        ("c2pa-valid-test-signer.jpg", "c2pa-edited-unverified"),
        ("camera-canon.jpg", "exif-camera"),
        ("camera-dji.jpg", "exif-camera"),
        ("phone-apple.heic", "exif-camera"),
    ],
)
def test_real_files_are_read(name: str, code: str) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{name} is not here: the sample pictures are no part of this repository")
    signals = read(path.read_bytes())
    assert code in [one.code for one in signals]
    is_ai = "ai" in [one.points_to for one in signals]
    assert is_ai == name.startswith("ai-")


def test_a_picture_saved_again_without_marks_has_none() -> None:
    with Image.open(io.BytesIO(marks.with_exif(CAMERA))) as image:
        assert {one.status for one in read(encoded(image.copy(), "PNG"))} == {"absent"}
