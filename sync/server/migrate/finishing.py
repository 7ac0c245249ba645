"""The last step of every migration: owners, privileges and row security, set by rule rather than by list.

A function or table that somebody adds later falls under the same rules without being named here.
"""

from __future__ import annotations

from sqlalchemy import Connection

from sync.server.migrate.versioning import run_script

_RULES = """
-- Nothing is open to everybody by default.
revoke all on schema public from public;
grant usage on schema public, app, auth to anon, authenticated, alexandria_service;
grant usage on schema gateway, ops, sync to alexandria_service;
grant usage on schema gateway to alexandria_gateway;
grant create on schema public, app, gateway, ops, sync to alexandria_service;
grant all on all tables in schema public, gateway, ops, sync to alexandria_service;
grant all on all sequences in schema public, gateway, ops, sync to alexandria_service;

do $$
declare found record;
begin
  -- Definer functions see past the policies, so their owner is the service, and nobody may call them unasked.
  for found in
    select p.oid::regprocedure as name, n.nspname as schema, p.prosecdef as is_definer
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('app', 'gateway', 'ops', 'sync')
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  loop
    execute format('revoke execute on function %s from public', found.name);
    if found.is_definer then
      execute format('alter function %s owner to alexandria_service', found.name);
    end if;
    execute format('grant execute on function %s to alexandria_service', found.name);
    if found.schema = 'app' then
      execute format('grant execute on function %s to anon, authenticated', found.name);
    elsif found.schema = 'gateway' then
      execute format('grant execute on function %s to alexandria_gateway', found.name);
    end if;
  end loop;
  -- Tables behind the gateway have no policies at all: only the service reads them. The two that say how far the
  -- database is hold nobody's data, and the owner writes them.
  for found in
    select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname in ('gateway', 'ops', 'sync')
      and not (n.nspname = 'ops' and c.relname in ('schema_version', 'overlay'))
  loop
    execute format('alter table %s enable row level security', found.name);
    execute format('alter table %s force row level security', found.name);
  end loop;
end $$;
"""


def finish(connection: Connection) -> None:
    """Give every object its owner and its privileges."""
    run_script(connection, _RULES)
