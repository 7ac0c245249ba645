-- The roles that the server stands on. Run once by somebody who may make roles: a superuser, or (from Postgres 16 on,
-- and on Supabase) a role with CREATEROLE and BYPASSRLS. Safe to run again.
--
-- :owner is the login that owns the tables and runs the migrations. It is no superuser, and row-level security is
-- forced on it too; whatever must see past the policies belongs to alexandria_service, which nobody can log in as.

do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'alexandria_service') then
    create role alexandria_service nologin noinherit bypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'alexandria_gateway') then
    create role alexandria_gateway nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'gateway_user') then
    create role gateway_user login noinherit;
  end if;
end $$;

-- The owner hands functions and views to alexandria_service and acts as it when it moves data.
grant alexandria_service to :owner with inherit true, set true;
-- The gateway's login may become these and is nothing by itself.
grant anon, authenticated, alexandria_gateway to gateway_user with inherit false, set true;
