"""The rules as SQL: grants by column and one policy for each command that a table allows.

python -m sync.server.access.render        writes sync/server/sql/200_policies.sql
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from sync.schema.policy import Merge, policy_of
from sync.schema.tables import server_tables, table
from sync.server.access.rules import COLUMNS, RULES, Rule

FILE = Path(__file__).parent.parent / "sql" / "200_policies.sql"

_HEAD = """\
-- Row-level security on every table. Written by `python -m sync.server.access.render` from access/rules.py and
-- sync/schema/policy.py; change those, never this file.
"""

_CLEAR = """\
do $$
declare found record;
begin
  -- Policies from before do not survive this file, and neither do default grants.
  for found in
    select tablename, policyname from pg_policies where schemaname = 'public' and tablename = any('{$tables$}')
  loop
    execute format('drop policy %I on public.%I', found.policyname, found.tablename);
  end loop;
end $$;
"""

_NAMES = {
    ("users", "select"): "user_isolation_policy",
    ("user_preferences", "select"): "user_preferences_policy",
    ("user_libraries", "select"): "user_libraries_policy",
    ("user_notes", "select"): "user_notes_policy",
    ("user_queries", "select"): "user_queries_policy",
    ("content_items", "select"): "content_visibility_policy",
}
"""Names that the data model gives."""

_KEPT_BY_SERVER = frozenset({"revision"})


def render() -> str:
    """Return the whole file."""
    names = textwrap.fill(", ".join(sorted(RULES)), 110, initial_indent="    ", subsequent_indent="    ").lstrip()
    parts = [_HEAD, _CLEAR.replace("$tables$", names)]
    for one in server_tables():
        parts.append("\n".join(_table_lines(one.name, RULES[one.name])) + "\n")
    return "\n".join(parts)


def writable_columns(name: str, command: str) -> list[str]:
    """Return the columns that a request may set in an insert or update, in the table's order."""
    columns = [column.name for column in table(name).columns]
    named = COLUMNS.get(name, {}).get(command)
    if named is not None:
        return [column for column in columns if column in named]
    policy = policy_of(name)
    kept = {column for column in columns if policy.merge_of(column) is Merge.SERVER} | _KEPT_BY_SERVER
    if command == "update":
        kept |= {column for column in columns if policy.merge_of(column) is Merge.FIXED}
    return [column for column in columns if column not in kept | policy.private]


def _table_lines(name: str, rule: Rule) -> Iterator[str]:
    yield f"-- {name}"
    yield f"alter table public.{name} enable row level security;"
    yield f"alter table public.{name} force row level security;"
    yield f"revoke all on public.{name} from public, anon, authenticated;"
    if rule.select is not None:
        who = "anon, authenticated" if rule.anonymous else "authenticated"
        yield _grant("select", _readable(name), name, who)
        yield _policy(name, "select", who, using=rule.select)
    if rule.insert is not None:
        yield _grant("insert", writable_columns(name, "insert"), name)
        yield _policy(name, "insert", "authenticated", check=rule.insert)
    if rule.update is not None:
        yield _grant("update", writable_columns(name, "update"), name)
        yield _policy(name, "update", "authenticated", using=rule.update, check=rule.update_check)
    if rule.delete is not None:
        yield f"grant delete on public.{name} to authenticated;"
        yield _policy(name, "delete", "authenticated", using=rule.delete)


def _readable(name: str) -> list[str] | None:
    private = policy_of(name).private
    return [column.name for column in table(name).columns if column.name not in private] if private else None


def _grant(command: str, columns: list[str] | None, name: str, who: str = "authenticated") -> str:
    listed = "" if columns is None else f" ({', '.join(columns)})"
    return textwrap.fill(
        f"grant {command}{listed} on public.{name} to {who};", 118, subsequent_indent="  ", break_on_hyphens=False
    )


def _policy(name: str, command: str, who: str, *, using: str | None = None, check: str | None = None) -> str:
    title = _NAMES.get((name, command), f"{name}_{command}")
    lines = [f"create policy {title} on public.{name} for {command} to {who}"]
    lines += [f"  {kind} ({_tidy(words)})" for kind, words in (("using", using), ("with check", check)) if words]
    return "\n".join(lines) + ";"


def _tidy(condition: str) -> str:
    words = textwrap.dedent(condition)
    return textwrap.indent(words, "    ").rstrip() if "\n" in words else words


if __name__ == "__main__":
    FILE.write_text(render(), "utf-8")
