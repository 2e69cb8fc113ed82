"""Base64: tolerant of what clients really send, strict about the rest."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.api.encoding import decode_base64
from backend.api.problems import BadBase64


@given(st.binary(max_size=300))
def test_what_base64_encodes_comes_back(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decode_base64(text) == data
    assert decode_base64(text.rstrip("=")) == data
    assert decode_base64(base64.urlsafe_b64encode(data).decode()) == data
    assert decode_base64(base64.encodebytes(data).decode()) == data
    assert decode_base64(f"data:image/png;base64,{text}") == data
    assert decode_base64(f" \r\n data:;base64,{text}\n") == data


@given(st.text(max_size=80))
def test_any_text_is_bytes_or_a_refusal(text: str) -> None:
    with contextlib.suppress(BadBase64):
        decode_base64(text)


@pytest.mark.parametrize(
    "text",
    [
        "not base64!",
        "AAAA=AAA",
        "AAAAA",
        "====",
        "ÄÖÜ=",
        "😀",
        "data:image/png,AAAA",
        "data:image/png;base64;AAAA",
        "/home/user/picture.png?",
        "https://example.org/a.png",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadBase64):
        decode_base64(text)


def test_nothing_is_no_bytes() -> None:
    assert decode_base64("") == b""
    assert decode_base64("data:image/png;base64,") == b""
