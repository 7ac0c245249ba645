"""Whether a database guards its rows as the rules say, read from the catalogue of Postgres itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

from sync.server.access.render import writable_columns
from sync.server.access.rules import RULES

_WRAPPED = re.compile(r"\(\s*SELECT auth\.uid\(\) AS uid\)")
_COMPARED = re.compile(r"^\(*(\w+) = \( ?SELECT auth\.uid\(\) AS uid\)")


def audit(connection: Connection) -> list[str]:
    """Return every fault as a sentence; an empty list means that rows are guarded as they must be."""
    checks = (_tables, _policies, _privileges, _functions, _roles, _own_tables)
    return [fault for check in checks for fault in check(connection)]


def _tables(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class"
            " where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        )
    ).all()
    found = {row.relname: row for row in rows}
    yield from (f"The table {name} is missing." for name in sorted(RULES.keys() - found.keys()))
    for name in sorted(RULES.keys() & found.keys()):
        if not found[name].relrowsecurity:
            yield f"Row-level security is off on {name}."
        if not found[name].relforcerowsecurity:
            yield f"Row-level security is not forced on {name}."


def _policies(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text(
            "select tablename, policyname, lower(cmd) as command, roles::text[] as roles, permissive,"
            " coalesce(qual, '') as used, coalesce(with_check, '') as checked"
            " from pg_policies where schemaname = 'public'"
        )
    ).all()
    found = {(row.tablename, row.command) for row in rows}
    for name, rule in RULES.items():
        for command in ("select", "insert", "update", "delete"):
            wanted = getattr(rule, command) is not None
            if wanted and (name, command) not in found:
                yield f"{name} has no policy for {command}."
            if not wanted and (name, command) in found:
                yield f"{name} has a policy for {command}, which nobody may."
    leading = _leading_columns(connection)
    for row in rows:
        if row.tablename not in RULES:
            continue
        where = f"The policy {row.policyname} on {row.tablename}"
        if row.command == "all" or "public" in row.roles or "PERMISSIVE" not in row.permissive:
            yield f"{where} is not for one command and named roles."
        if "auth.uid()" in _WRAPPED.sub("", row.used + row.checked):
            yield f"{where} calls auth.uid() for every row."
        compared = _COMPARED.match(row.used)
        if compared and compared[1] not in leading.get(row.tablename, set()):
            yield f"{where} compares {compared[1]}, which no index begins with."


def _leading_columns(connection: Connection) -> dict[str, set[str]]:
    rows = connection.execute(
        text(
            "select t.relname, a.attname from pg_index i join pg_class t on t.oid = i.indrelid"
            " join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]"
            " where t.relnamespace = 'public'::regnamespace and i.indpred is null"
        )
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.relname, set()).add(row.attname)
    return found


def _privileges(connection: Connection) -> Iterator[str]:
    """Compare what the two request roles may do, column by column, with the rules."""
    rows = connection.execute(
        text(
            "select c.relname, a.attname, r.role,"
            " has_column_privilege(r.role, c.oid, a.attnum, 'insert') as may_insert,"
            " has_column_privilege(r.role, c.oid, a.attnum, 'update') as may_update,"
            " has_column_privilege(r.role, c.oid, a.attnum, 'select') as may_select,"
            " has_table_privilege(r.role, c.oid, 'delete') as may_delete,"
            " has_table_privilege(r.role, c.oid, 'truncate, references, trigger') as may_more"
            " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
            " cross join (values ('anon'), ('authenticated')) as r (role)"
            " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"
        )
    )
    for row in rows:
        rule = RULES.get(row.relname)
        if rule is None:
            continue
        signed_in = row.role == "authenticated"
        allowed = {
            "insert": signed_in and rule.insert is not None and row.attname in writable_columns(row.relname, "insert"),
            "update": signed_in and rule.update is not None and row.attname in writable_columns(row.relname, "update"),
            "delete": signed_in and rule.delete is not None,
        }
        given = {"insert": row.may_insert, "update": row.may_update, "delete": row.may_delete}
        for command, may in given.items():
            if may and not allowed[command]:
                yield f"{row.role} may {command} {row.relname}.{row.attname}."
        if row.may_more or (row.may_select and (rule.select is None or not (signed_in or rule.anonymous))):
            yield f"{row.role} has privileges on {row.relname} that no rule gives."


def _functions(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text(
            "select p.oid::regprocedure::text as name, n.nspname as schema, p.prosecdef, o.rolname as owner,"
            " coalesce(p.proconfig::text like '%search_path=%', false) as has_path,"
            " has_function_privilege('anon', p.oid, 'execute') as anyone"
            " from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles o on o.oid = p.proowner"
            " where n.nspname in ('app', 'gateway', 'ops', 'sync')"
        )
    )
    for row in rows:
        if row.prosecdef and (row.owner != "alexandria_service" or not row.has_path):
            yield f"The function {row.name} sees past the policies but is not the service's, or has no search_path."
        if row.anyone and row.schema != "app":
            yield f"Anybody may call {row.name}."


def _roles(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text(
            "select rolname, rolcanlogin, rolsuper, rolbypassrls, rolinherit from pg_roles where rolname ="
            " any(array['anon', 'authenticated', 'alexandria_gateway', 'gateway_user', 'alexandria_service'])"
        )
    )
    for row in rows:
        if row.rolsuper or (row.rolbypassrls and row.rolname != "alexandria_service"):
            yield f"The role {row.rolname} sees past every policy."
        if row.rolname == "alexandria_service" and row.rolcanlogin:
            yield "Somebody can log in as alexandria_service."
        if row.rolname == "gateway_user" and row.rolinherit:
            yield "The gateway's login has the privileges of the roles it may become."


def _own_tables(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        text(
            "select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where c.relkind in ('r', 'p', 'm') and n.nspname in ('gateway', 'ops', 'sync')"
            " and exists (select from (values ('anon'), ('authenticated'), ('gateway_user')) as r (role)"
            " where has_table_privilege(r.role, c.oid, 'select'))"
        )
    )
    yield from (f"A request can read {row.name}." for row in rows)
