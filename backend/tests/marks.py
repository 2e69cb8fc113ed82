"""Pictures with marks of origin, made by code: signed, described, or lying."""

from __future__ import annotations

import datetime
import io
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from backend.tests.pictures import chunk, encoded, jpeg, noise, png

Tags = Mapping[int, bytes | int]
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
WORKFLOW = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 42,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "euler",
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "v1-5.safetensors"}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse at dusk"}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry"}},
}
PARAMETERS = (
    "a lighthouse at dusk, oil on canvas\nNegative prompt: blurry, low quality\n"
    "Steps: 25, Sampler: Euler a, CFG scale: 7, Seed: 1234567, Size: 512x512, "
    "Model hash: abc123, Model: dreamshaper_8, Version: v1.9.0"
)
MAKE, MODEL, SOFTWARE, TIME, EXIF_IFD = 0x010F, 0x0110, 0x0131, 0x0132, 0x8769
TAKEN, COMMENT, LENS, GPS_IFD = 0x9003, 0x9286, 0xA434, 0x8825


def with_segments(*segments: tuple[int, bytes], picture: bytes | None = None) -> bytes:
    """A JPEG with (marker, body) segments put in front."""
    picture = picture or jpeg()
    raw = (b"\xff" + bytes([m]) + struct.pack(">H", len(b) + 2) + b for m, b in segments)
    return picture[:2] + b"".join(raw) + picture[2:]


def with_chunks(*chunks: tuple[bytes, bytes], picture: bytes | None = None) -> bytes:
    """A PNG with (type, body) chunks behind its header."""
    picture = picture or png()
    return picture[:33] + b"".join(chunk(kind, body) for kind, body in chunks) + picture[33:]


def with_texts(**texts: str) -> bytes:
    """A PNG with plain text fields."""
    return with_chunks(*((b"tEXt", f"{k}\0{v}".encode("latin-1")) for k, v in texts.items()))


def with_exif(tiff: bytes) -> bytes:
    """A JPEG with an EXIF block."""
    return with_segments((0xE1, b"Exif\0\0" + tiff))


def with_xmp(packet: bytes) -> bytes:
    """A JPEG with an XMP packet."""
    return with_segments((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))


def with_iptc(**fields: str) -> bytes:
    """A JPEG with IPTC-IIM fields: software, credit, caption."""
    numbers = {"software": 65, "credit": 110, "caption": 120}
    iim = b"".join(
        struct.pack(">BBBH", 0x1C, 2, numbers[name], len(value)) + value.encode()
        for name, value in fields.items()
    )
    return with_segments((0xED, b"Photoshop 3.0\0" + image_resource(0x0404, iim)))


def image_resource(number: int, data: bytes) -> bytes:
    """A Photoshop image resource."""
    padding = b"\0" * (len(data) % 2)
    return struct.pack(">4sHHI", b"8BIM", number, 0, len(data)) + data + padding


def tiff(
    tags: Tags,
    inner: Tags | None = None,
    order: str = "<",
) -> bytes:
    """An EXIF block: text tags of the first directory, and of the EXIF directory."""
    inner_at = 8 + _directory_size({**tags, EXIF_IFD: 0} if inner else tags)
    if inner:
        tags = {**tags, EXIF_IFD: inner_at}
    blocks = _directory(tags, 8, order)
    if inner:
        blocks += _directory(inner, inner_at, order)
    head = b"II*\0" if order == "<" else b"MM\0*"
    return head + struct.pack(order + "I", 8) + blocks


def _directory_size(tags: Tags) -> int:
    values = (v for v in tags.values() if isinstance(v, bytes) and len(v) > 4)
    return 2 + 12 * len(tags) + 4 + sum(map(len, values))


def _directory(tags: Tags, at: int, order: str) -> bytes:
    entries, values = b"", b""
    values_at = at + 2 + 12 * len(tags) + 4
    for tag, value in sorted(tags.items()):
        if isinstance(value, int):
            entries += struct.pack(order + "HHII", tag, 4, 1, value)
        elif len(value) <= 4:
            entries += struct.pack(order + "HHI", tag, 2, len(value)) + value.ljust(4, b"\0")
        else:
            place = values_at + len(values)
            entries += struct.pack(order + "HHII", tag, 2, len(value), place)
            values += value
    return struct.pack(order + "H", len(tags)) + entries + bytes(4) + values


def xmp(properties: str = "", children: str = "", before: str = "") -> bytes:
    """An XMP packet whose picture has these attributes and child elements."""
    return (
        f"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>{before}"
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/'"
        " xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:exif='http://ns.adobe.com/exif/1.0/'"
        " xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' xmlns:dcterms='http://purl.org/dc/terms/'"
        " xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/'"
        f" {properties}>{children}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def source_type(name: str) -> bytes:
    """An XMP packet that declares IPTC's digital source type."""
    return xmp(f"Iptc4xmpExt:DigitalSourceType='{SOURCE_TYPES}{name}'")


def saved(format: str, **metadata: bytes) -> bytes:
    """A picture with metadata as Pillow writes it: exif, xmp."""
    return encoded(noise(), format, **metadata)


def with_raw_profile(name: str, profile: bytes) -> bytes:
    """A PNG with a profile in hexadecimal text."""
    text = f"\n{name}\n{len(profile):8}\n{profile.hex()}\n".encode()
    body = f"Raw profile type {name}".encode() + b"\0\0" + zlib.compress(text)
    return with_chunks((b"zTXt", body))


def gif_with_xmp(packet: bytes) -> bytes:
    """A GIF with an XMP application extension before its trailer."""
    magic = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return encoded(noise(), "GIF")[:-1] + b"\x21\xff\x0bXMP DataXMP" + packet + magic + b";"


@dataclass(frozen=True)
class Signer:
    """A signer of Content Credentials with a certificate authority of its own.

    Attributes:
        chain: the signer's certificate and the authority's, in PEM.
        authority: the authority's certificate in PEM, a trust anchor.
    """

    chain: bytes
    key: bytes
    authority: str

    def signed(
        self,
        picture: bytes,
        *actions: Mapping[str, Any],
        media_type: str = "image/jpeg",
        ingredients: Sequence[tuple[str, bytes]] = (),
    ) -> bytes:
        """The picture with a signed record of these actions.

        Args:
            ingredients: (relationship, JPEG) of the pictures it was made from; actions refer to
                them by their relationship.
        """
        manifest = {
            "claim_generator_info": [{"name": "Test Camera App", "version": "1"}],
            "assertions": [{"label": "c2pa.actions", "data": {"actions": list(actions)}}],
        }
        info = c2pa.C2paSignerInfo("es256", self.chain, self.key, None)
        context = c2pa.Context.from_dict({"verify": {"verify_after_sign": False}})
        target = io.BytesIO()
        with c2pa.Signer.from_info(info) as signer, c2pa.Builder(manifest, context) as builder:
            for relationship, ingredient in ingredients:
                about = {"title": "source", "relationship": relationship, "label": relationship}
                builder.add_ingredient(json.dumps(about), "image/jpeg", io.BytesIO(ingredient))
            builder.sign(signer, media_type, io.BytesIO(picture), target)
        return target.getvalue()


def created(source_type: str, **more: Any) -> dict[str, Any]:
    """The action that a picture starts with."""
    return {"action": "c2pa.created", "digitalSourceType": SOURCE_TYPES + source_type, **more}


def new_signer(valid_for: datetime.timedelta = datetime.timedelta(days=30)) -> Signer:
    """A signer with fresh keys, whose certificate is valid from ten days ago."""
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = (
        _certificate(
            "Test Authority", "Test Authority", authority_key.public_key(), 100 * valid_for
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _certificate("Test Signer", "Test Authority", key.public_key(), valid_for)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    anchor = authority.public_bytes(pem)
    return Signer(certificate.public_bytes(pem) + anchor, private, anchor.decode())


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePublicKey, valid_for: datetime.timedelta
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=10))
        .not_valid_after(now + valid_for)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{common} Ltd"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
