"""The signature of a pack: Ed25519 over what it says of itself, and a fingerprint in words to compare by phone."""

from __future__ import annotations

import hashlib

from alexandria_desktop.teach.packs.words import WORDS

_WHAT = b"alexandria course pack 1\n"
"""Signed along, so that a signature of anything else is none of a pack."""
_COUNT = 8


def new_key() -> bytes:
    """Return a new secret key, 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_half(secret: bytes) -> bytes:
    """Return the half of a key that everybody may know, 32 bytes; raises ValueError for what is no key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def sign(secret: bytes, manifest: bytes) -> bytes:
    """Return the signature of a manifest, 64 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret).sign(_WHAT + manifest)


def is_signed_by(public: bytes, manifest: bytes, signature: bytes) -> bool:
    """Whether a signature of a manifest is by the key of which ``public`` is the public half."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _WHAT + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_words(public: bytes) -> str:
    """Return eight words that follow from a public key, one for each of the first bytes of its hash.

    64 bits: enough that nobody makes another key with the same words, few enough to be read aloud.
    """
    return " ".join(WORDS[number] for number in hashlib.sha256(public).digest()[:_COUNT])
