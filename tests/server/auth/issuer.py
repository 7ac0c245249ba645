"""An issuer of tokens as OIDC providers are: a server on a port of its own that publishes its keys and signs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class Issuer:
    """Keys that can be changed, how it answers, and a count of how often it was asked."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked = 0
        self.status = 200
        self.body: bytes | None = None
        """What is answered instead of the keys."""
        self.hang = threading.Event()
        """Set: requests are answered; cleared: they wait."""
        self.hang.set()
        self.drips = False
        """Whether the answer comes in so small pieces that it never ends in time."""
        self._private: dict[str, PrivateKey] = {}
        self.published: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_rsa(self, kid: str) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._private[kid] = key
        self.published[kid] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))

    def add_ec(self, kid: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self._private[kid] = key
        self.published[kid] = json.loads(ECAlgorithm.to_jwk(key.public_key()))

    def withdraw(self, kid: str) -> None:
        """Publish a key no longer; its holder can still sign."""
        del self.published[kid]

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return sound claims of a new person; None leaves one out."""
        subject, now = str(uuid4()), int(time.time())
        usual = {"sub": subject, "iss": self.url, "aud": "authenticated", "exp": now + 600, "iat": now,
                 "email": f"{subject}@example.org"} | changed  # fmt: skip
        return {name: value for name, value in usual.items() if value is not None}

    def token(self, kid: str, *, named: str | None = None, algorithm: str | None = None, **changed: Any) -> str:
        """Return a token signed by one key, that may name another and another algorithm."""
        private = self._private[kid]
        usual = "RS256" if isinstance(private, rsa.RSAPrivateKey) else "ES256"
        return jwt.encode(self.claims(**changed), private, algorithm or usual, headers={"kid": named or kid})

    def confused(self, kid: str) -> list[str]:
        """Return tokens signed with the published key as if it were a shared secret."""
        public = self._private[kid].public_key()
        forms = [
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            json.dumps(self.published[kid]).encode(),
        ]
        return [_signed({"alg": "HS256", "typ": "JWT", "kid": kid}, self.claims(), secret) for secret in forms]

    def unsigned(self, kid: str) -> list[str]:
        """Return tokens that say of themselves that they need no signature."""
        return [_signed({"alg": word, "kid": kid}, self.claims(), None) for word in ("none", "None", "NONE", "")]


def _signed(head: dict[str, str], claims: dict[str, Any], secret: bytes | None) -> str:
    signing = b".".join(_words(json.dumps(part).encode()) for part in (head, claims))
    signature = b"" if secret is None else hmac.new(secret, signing, hashlib.sha256).digest()
    return (signing + b"." + _words(signature)).decode()


def _words(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        issuer = self.issuer
        issuer.asked += 1
        issuer.hang.wait()
        keys = [{**key, "kid": kid, "use": "sig"} for kid, key in issuer.published.items()]
        body = json.dumps({"keys": keys}).encode() if issuer.body is None else issuer.body
        self.send_response(issuer.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            for start in range(0, len(body), 1 if issuer.drips else len(body)):
                self.wfile.write(body[start : start + 1] if issuer.drips else body)
                if issuer.drips:
                    time.sleep(0.05)
        except (BrokenPipeError, ConnectionResetError):
            return  # the asker had enough

    def log_message(self, *_words: Any) -> None:
        return


@contextmanager
def running_issuer(port: int = 0) -> Iterator[Issuer]:
    """Run an issuer on a free port, or on one that is given."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    issuer = handler.issuer = Issuer(server.server_address[1])  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        issuer.hang.set()
        server.shutdown()
        server.server_close()
        thread.join()
