"""The roles that must exist before anything else, made by somebody who may make roles."""

from __future__ import annotations

import re
from importlib.resources import files

from sqlalchemy import Connection, text

from sync.server.migrate.address import open_engine
from sync.server.migrate.versioning import run_script

SERVICE = "alexandria_service"
GATEWAY = "alexandria_gateway"
LOGIN = "gateway_user"
REQUEST_ROLES = ("anon", "authenticated")
ROLES = (*REQUEST_ROLES, SERVICE, GATEWAY, LOGIN)

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def roles_sql(owner: str) -> str:
    """Return the statements that make the roles, for an administrator to read or to run by hand."""
    if not _PLAIN_NAME.fullmatch(owner):
        raise ValueError(f"{owner!r} is no plain role name")
    return files(__package__).joinpath("roles.sql").read_text("utf-8").replace(":owner", owner)


def install_roles(admin_address: str, *, owner: str) -> None:
    """Make the roles and let ``owner`` act as the service; harmless when they are there.

    ``admin_address`` belongs to a superuser or to a role with CREATEROLE and BYPASSRLS; ``owner`` must exist.
    """
    engine = open_engine(admin_address)
    try:
        with engine.begin() as connection:
            run_script(connection, roles_sql(owner))
    finally:
        engine.dispose()


def missing_roles(connection: Connection) -> list[str]:
    """Return what an administrator must still do, one sentence each; nothing where the roles are as they must be."""
    found = {
        row.rolname: row
        for row in connection.execute(
            text(
                "select rolname, rolcanlogin, rolbypassrls, rolsuper, rolinherit from pg_roles where rolname = any(:n)"
            ),
            {"n": list(ROLES)},
        )
    }
    faults = [f"The role {name} does not exist." for name in ROLES if name not in found]
    if SERVICE in found:
        if not found[SERVICE].rolbypassrls:
            faults.append(f"The role {SERVICE} lacks BYPASSRLS.")
        if not connection.scalar(text("select pg_has_role(current_user, :role, 'MEMBER')"), {"role": SERVICE}):
            faults.append(f"The login that migrates is no member of {SERVICE}.")
    if LOGIN in found and (found[LOGIN].rolsuper or found[LOGIN].rolbypassrls or found[LOGIN].rolinherit):
        faults.append(f"The login {LOGIN} has privileges of its own (SUPERUSER, BYPASSRLS or INHERIT).")
    return faults
