"""Every setting of the server, declared once; read from environment variables named ``ALEXANDRIA_SERVER_<NAME>``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

PREFIX = "ALEXANDRIA_SERVER_"

Count = Annotated[int, Meta(ge=1)]
Size = Annotated[int, Meta(ge=0)]
Words = tuple[str, ...]


class SettingsError(Exception):
    """A setting is unknown or has a value that it may not have; the sentence names it."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings with their defaults."""

    database_url: Annotated[str, Meta(description="Postgres as the gateway's login; empty starts a private one.")] = ""
    owner_database_url: Annotated[
        str, Meta(description="Postgres as the login that owns the tables; for migrations, backups and user commands.")
    ] = ""
    listen_database_url: Annotated[
        str, Meta(description="Postgres past any pooler, for news as it happens; empty takes database_url.")
    ] = ""
    pool_min_size: Annotated[Size, Meta(description="Database connections that are kept open.")] = 1
    pool_max_size: Annotated[Count, Meta(description="Most database connections of one gateway.")] = 10
    pool_wait_seconds: Annotated[float, Meta(gt=0, description="How long a request waits for a connection.")] = 5.0
    statement_timeout_ms: Annotated[Count, Meta(description="How long one statement may run.")] = 15_000

    blob_store: Annotated[str, Meta(description="Where files are kept: a folder, or s3://bucket/prefix.")] = ""
    s3_endpoint: Annotated[str, Meta(description="Address of an S3-compatible store that is not Amazon's.")] = ""
    s3_region: Annotated[str, Meta(description="Region of the S3 bucket.")] = ""
    s3_access_key_id: Annotated[str, Meta(description="Key of the S3 account; empty takes the surroundings' own.")] = ""
    s3_secret_access_key: Annotated[str, Meta(description="Secret of the S3 account.")] = ""
    max_upload_bytes: Annotated[Count, Meta(description="Largest file that may be uploaded.")] = 2 * 1024**3
    quota_free_bytes: Annotated[Size, Meta(description="Storage of a person on the free plan; 0 has no limit.")] = (
        1024**3
    )
    quota_premium_bytes: Annotated[Size, Meta(description="Storage on the premium plan; 0 has no limit.")] = (
        50 * 1024**3
    )
    quota_enterprise_bytes: Annotated[Size, Meta(description="Storage on the enterprise plan; 0 has no limit.")] = 0
    members_free: Annotated[Size, Meta(description="Members of an organisation on the free plan; 0: no limit.")] = 10
    members_premium: Annotated[Size, Meta(description="Members on the premium plan; 0 has no limit.")] = 200
    members_enterprise: Annotated[Size, Meta(description="Members on the enterprise plan; 0 has no limit.")] = 0

    sign_up: Annotated[
        Literal["open", "invited", "closed"],
        Meta(description="Who may make an account: everybody, who holds an invitation, or nobody."),
    ] = "invited"
    session_days: Annotated[Count, Meta(description="Days without use after which a session ends.")] = 60
    link_hours: Annotated[Count, Meta(description="Hours for which a one-time link to set a password works.")] = 24
    invitation_days: Annotated[Count, Meta(description="Days for which an invitation works.")] = 14
    attempts_window_seconds: Annotated[Count, Meta(description="The time over which attempts are counted.")] = 900
    attempts_per_email: Annotated[Count, Meta(description="Sign-in attempts for one email in that time.")] = 10
    attempts_per_address: Annotated[Count, Meta(description="Sign-in attempts from one address in that time.")] = 100
    sign_ups_refused_per_address: Annotated[
        Count, Meta(description="Sign-ups from one address that may be refused in that time.")
    ] = 10
    password_min_length: Annotated[int, Meta(ge=8, le=128, description="Fewest characters of a password.")] = 10
    password_memory_kib: Annotated[int, Meta(ge=8, description="Memory of one Argon2id hash.")] = 65_536
    password_time_cost: Annotated[Count, Meta(description="Passes of one Argon2id hash.")] = 3
    password_hashes_at_once: Annotated[Count, Meta(description="Hashes that one gateway computes at a time.")] = 2

    jwt_issuer: Annotated[str, Meta(description="Issuer of outside tokens (OIDC, Supabase); empty takes none.")] = ""
    jwt_audience: Annotated[str, Meta(description="Audience that an outside token must name.")] = "authenticated"
    jwt_jwks_url: Annotated[str, Meta(description="Where the issuer publishes its RS256 or ES256 keys.")] = ""
    jwt_secret: Annotated[
        str, Meta(description="Shared secret of HS256 tokens, where there are no published keys.")
    ] = ""

    public_url: Annotated[str, Meta(description="The address that people use; links begin with it.")] = (
        "http://127.0.0.1:8765"
    )
    max_body_bytes: Annotated[Count, Meta(description="Largest body of a request that is no file.")] = 8 * 1024**2
    request_timeout_seconds: Annotated[float, Meta(gt=0, description="How long a request may take.")] = 30.0
    allowed_origins: Annotated[
        Words, Meta(description="Web origins that browsers may call from, comma-separated.")
    ] = ()
    trusted_proxies: Annotated[
        Words, Meta(description="Networks of proxies whose X-Forwarded-For is believed, comma-separated.")
    ] = ()
    metrics: Annotated[
        Literal["off", "loopback", "open"], Meta(description="Who may read /metrics: nobody, this machine, everybody.")
    ] = "loopback"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Least severity that is logged.")
    ] = "info"

    def __repr__(self) -> str:
        """Return a form that holds no secret."""
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in _SECRET)
        return f"Settings({', '.join(shown)})"

    def quota_bytes(self, plan: str) -> int | None:
        """Return the storage that a plan allows; None has no limit."""
        return int(getattr(self, f"quota_{plan}_bytes")) or None

    def member_limit(self, plan: str) -> int | None:
        """Return how many members an organisation on a plan may have; None has no limit."""
        return int(getattr(self, f"members_{plan}")) or None


_SECRET = frozenset({"database_url", "owner_database_url", "listen_database_url", "s3_secret_access_key", "jwt_secret"})


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as documentation shows it."""

    name: str
    environment: str
    kind: str
    default: Any
    description: str
    is_secret: bool


def all_settings() -> tuple[Setting, ...]:
    """Return every setting in the order of its declaration."""
    hints = get_type_hints(Settings, include_extras=True)
    defaults = Settings()
    return tuple(
        Setting(
            name=name,
            environment=PREFIX + name.upper(),
            kind=_kind(hints[name]),
            default=getattr(defaults, name),
            description=_description(hints[name]),
            is_secret=name in _SECRET,
        )
        for name in Settings.__struct_fields__
    )


def read_settings(environment: Mapping[str, str] | None = None, /, **given: Any) -> Settings:
    """Return the settings of the environment; what is ``given`` (a command line's options) goes before it.

    Raises SettingsError for a name that no setting has and for a value that a setting may not have.
    """
    variables = os.environ if environment is None else environment
    values = {key[len(PREFIX) :].lower(): value for key, value in variables.items() if key.startswith(PREFIX)}
    unknown = sorted(values.keys() - set(Settings.__struct_fields__))
    if unknown:
        raise SettingsError(f"No setting is called {PREFIX}{unknown[0].upper()}.")
    merged: dict[str, Any] = {name: _split(name, value) for name, value in values.items()}
    merged.update({name: value for name, value in given.items() if value is not None})
    try:
        return msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as fault:
        raise SettingsError(f"A setting has a value that it may not have: {fault}.") from fault


def _split(name: str, value: str) -> str | tuple[str, ...]:
    if name in ("allowed_origins", "trusted_proxies"):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _description(hint: Any) -> str:
    return next((meta.description for meta in hint.__metadata__ if meta.description), "")


def _kind(hint: Any) -> str:
    inner = get_args(hint)[0]
    if get_origin(inner) is Literal:
        return " | ".join(get_args(inner))
    if get_origin(inner) is tuple:
        return "list"
    return str(getattr(inner, "__name__", inner))
