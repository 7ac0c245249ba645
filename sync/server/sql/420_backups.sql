-- Backups are made outside the database; here it is written down that they were, by whatever made them.

create or replace function ops.note_backup(moment timestamptz, words text) returns void
language sql security definer set search_path = '' as $$
  insert into ops.backup_runs (made_at, note) values (moment, words)
$$;

create or replace function ops.last_backup() returns timestamptz
language sql stable security definer set search_path = '' as $$
  select max(made_at) from ops.backup_runs
$$;

create or replace function ops.oldest_account() returns timestamptz
language sql stable security definer set search_path = '' as $$
  select min(created_at) from public.users
$$;
