"""Base64 text to bytes, tolerant of what clients really send."""

from __future__ import annotations

import binascii
import re

from backend.api.problems import BadBase64

_DATA_URL = re.compile(r"\s*data:[^,]{0,200},", re.IGNORECASE)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_WHITESPACE = b" \t\r\n\v\f"


def decode_base64(text: str) -> bytes:
    """Decode base64, also as `data:` URL, with line breaks, without padding, or URL-safe.

    Raises:
        BadBase64: anything else.
    """
    head = _DATA_URL.match(text)
    if head:
        if not head.group().rstrip(",").lower().endswith(";base64"):
            raise BadBase64("The data: URL is not base64: it lacks “;base64” before the comma.")
        text = text[head.end() :]
    try:
        plain = text.encode("ascii").translate(_URL_SAFE, _WHITESPACE)
        digits = plain.rstrip(b"=")
        if len(plain) - len(digits) > 2:
            raise ValueError("more padding than base64 can have")
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4), strict_mode=True)
    except ValueError as error:  # also UnicodeEncodeError and binascii.Error
        raise BadBase64(
            "The text is not base64. Send the bytes of the picture file in base64, or as a form."
        ) from error
