-- What is done by the clock. The same functions run under pg_cron where it is installed, and else under the gateway's
-- scheduler. All but the two that the data model names live in `ops`.

-- content_stats ignores row-level security and so is not for everybody; the signed-in may see these sums.
revoke all on public.content_stats from public, anon, authenticated;
grant select on public.content_stats to authenticated;

create or replace function ops.refresh_stats() returns text
language plpgsql security definer set search_path = '' as $$
begin
  -- A view that was never filled cannot be refreshed beside its readers.
  if (select relispopulated from pg_catalog.pg_class where oid = 'public.content_stats'::regclass) then
    refresh materialized view concurrently public.content_stats;
  else
    refresh materialized view public.content_stats;
  end if;
  return null;
end $$;

-- Copies of tables inside the same database are no backup. This one records that a backup is due and says where real
-- ones come from.
create or replace function public.create_daily_backup() returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into ops.backup_runs (note)
    values ('Asked for by schedule. Backups are made outside the database: alexandria-server backup, or pgBackRest.');
  delete from ops.backup_runs where asked_at < now() - interval '1 year';
end $$;

-- Removes one batch of what is older than its table's term, and says how many rows went. Terms are those of the data
-- model (two years) and, for faults, half a year.
create or replace function ops.clean_up(batch integer default 10000) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  gone bigint := 0;
  one bigint;
  target record;
begin
  for target in select * from (values
    ('usage_metrics', 'date', interval '2 years'),
    ('theme_usage_analytics', 'recorded_at', interval '2 years'),
    ('user_content_interactions', 'created_at', interval '2 years'),
    ('user_interactions', 'created_at', interval '2 years'),
    ('user_activity', 'created_at', interval '2 years'),
    ('error_logs', 'created_at', interval '180 days'),
    ('user_sessions', 'expires_at', interval '90 days')) as t (name, moment, term)
  loop
    execute format(
      'delete from public.%I where ctid = any (array(select ctid from public.%I where %I < now() - $1 limit $2))',
      target.name, target.name, target.moment) using target.term, batch;
    get diagnostics one = row_count;
    gone := gone + one;
  end loop;
  delete from ops.job_runs where started_at < now() - interval '90 days';
  return gone;
end $$;

-- The name and the schedule are the data model's.
create or replace function public.cleanup_old_analytics() returns void
language plpgsql security definer set search_path = '' as $$
begin
  while ops.clean_up() > 0 loop null; end loop;
end $$;

revoke execute on function public.create_daily_backup(), public.cleanup_old_analytics() from public, anon, authenticated;
alter function public.create_daily_backup() owner to alexandria_service;
alter function public.cleanup_old_analytics() owner to alexandria_service;

-- What each item earned on each day, from the purchases themselves; a day is counted again as long as it may change.
create or replace function ops.count_revenue(since date default current_date - 40) returns text
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.revenue_analytics (date, content_id, creator_id, currency, gross_revenue, net_revenue, platform_fee,
    creator_share, transaction_count, refund_count, refund_amount)
  select s.day, s.content_id, s.creator_id, s.currency, s.gross, s.gross - s.refunded,
    s.gross - s.refunded - round((s.gross - s.refunded) * s.share / 100, 2),
    round((s.gross - s.refunded) * s.share / 100, 2), s.sales, s.refunds, s.refunded
  from (
    select (p.purchased_at at time zone 'UTC')::date as day, i.content_id, c.creator_id, min(p.currency) as currency,
      coalesce(min(m.revenue_share), 70) as share, sum(i.price) as gross, count(*) as sales,
      count(*) filter (where p.status = 'refunded') as refunds,
      coalesce(sum(i.price) filter (where p.status = 'refunded'), 0) as refunded
    from public.purchase_items i
    join public.purchases p on p.id = i.purchase_id
    join public.content_items c on c.id = i.content_id
    left join public.marketplace_items m on m.content_id = i.content_id
    where p.status in ('completed', 'refunded') and p.purchased_at >= since
    group by 1, 2, 3) s
  on conflict (date, content_id) do update set
    gross_revenue = excluded.gross_revenue, net_revenue = excluded.net_revenue, platform_fee = excluded.platform_fee,
    creator_share = excluded.creator_share, transaction_count = excluded.transaction_count,
    refund_count = excluded.refund_count, refund_amount = excluded.refund_amount
  where (revenue_analytics.gross_revenue, revenue_analytics.refund_amount, revenue_analytics.creator_share)
    is distinct from (excluded.gross_revenue, excluded.refund_amount, excluded.creator_share);
  return null;
end $$;

-- Figures of the day for the administrator.
create or replace function ops.count_usage() returns text
language plpgsql security definer set search_path = '' as $$
begin
  delete from public.usage_metrics where date = current_date and metric_name in ('users', 'items', 'notes');
  insert into public.usage_metrics (date, metric_name, metric_value)
    select current_date, 'users', count(*) from public.users where deleted_at is null
    union all select current_date, 'items', count(*) from public.content_items where deleted_at is null
    union all select current_date, 'notes', count(*) from public.user_notes where deleted_at is null;
  return null;
end $$;

-- Runs one job and writes down what became of it; a failure is recorded, not raised. With `unless_since` it runs only
-- if nobody has started it since that moment, so that of several gateways one does.
create or replace function ops.run_job(job_name text, unless_since timestamptz default null) returns text
language plpgsql security definer set search_path = '' as $$
declare
  job ops.jobs;
  run bigint;
  said text;
  fault text;
begin
  select * into job from ops.jobs where name = job_name for update skip locked;
  if not found then
    return case when exists (select from ops.jobs where name = job_name) then 'busy' else 'unknown' end;
  end if;
  if unless_since is not null and job.last_started > unless_since then
    return 'done already';
  end if;
  if job.statement is null then
    return 'not a job of the database';
  end if;
  insert into ops.job_runs (job) values (job_name) returning id into run;
  begin
    execute 'select (' || job.statement || ')::text' into said;
  exception when others then
    fault := sqlstate || ' ' || sqlerrm;
  end;
  update ops.job_runs set finished_at = clock_timestamp(), failure = fault, outcome = said where id = run;
  update ops.jobs set last_started = now(), last_finished = clock_timestamp(), last_failure = fault where name = job_name;
  return coalesce('failed: ' || fault, 'done');
end $$;

create or replace function gateway.run_job(job_name text, unless_since timestamptz default null) returns text
language sql security definer set search_path = '' as $$ select ops.run_job(job_name, unless_since) $$;

-- A job that is the gateway's own work takes many transactions. Whoever is told 'held' does it, and nobody else does
-- until the asking transaction is over: when the work is done, or when its gateway died. Nothing is written in that
-- transaction, so that it keeps no vacuum waiting.
create or replace function gateway.hold_job(job_name text, unless_since timestamptz default null) returns text
language plpgsql security definer set search_path = '' as $$
declare
  job ops.jobs;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('job ' || job_name, 0)) then
    return 'busy';
  end if;
  select * into job from ops.jobs where name = job_name and statement is null;
  if not found then
    return 'unknown';
  end if;
  return case when unless_since is not null and job.last_started > unless_since then 'done already' else 'held' end;
end $$;

create or replace function gateway.begin_job(job_name text) returns bigint
language sql security definer set search_path = '' as $$
  update ops.jobs set last_started = clock_timestamp() where name = job_name;
  insert into ops.job_runs (job) values (job_name) returning id
$$;

create or replace function gateway.end_job(run bigint, fault text, said text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  ended text;
begin
  update ops.job_runs set finished_at = clock_timestamp(), failure = fault, outcome = said
    where id = run returning job into ended;
  update ops.jobs set last_finished = clock_timestamp(), last_failure = fault where name = ended;
end $$;

create or replace function gateway.jobs()
returns table (name text, schedule text, statement text, description text, run_by text, enabled boolean,
  last_started timestamptz, last_finished timestamptz, last_failure text)
language sql stable security definer set search_path = '' as $$
  select name, schedule, statement, description, run_by, enabled, last_started, last_finished, last_failure
  from ops.jobs order by name
$$;

-- A definer function, because row-level security is forced on this table's owner too.
create or replace function ops.describe_job(called text, runs_at text, runs text, does text) returns void
language sql security definer set search_path = '' as $$
  insert into ops.jobs (name, schedule, statement, description) values (called, runs_at, runs, does)
  on conflict (name) do update
    set schedule = excluded.schedule, statement = excluded.statement, description = excluded.description
$$;

select ops.describe_job('refresh-stats', '0 1 * * *', 'ops.refresh_stats()', 'Counts items and ratings.');
select ops.describe_job('daily-backup', '0 2 * * *', 'public.create_daily_backup()', 'Records that a backup is due.');
select ops.describe_job(
  'monthly-cleanup', '0 3 1 * *', 'public.cleanup_old_analytics()', 'Removes analytics past their term.');
select ops.describe_job('count-revenue', '20 0 * * *', 'ops.count_revenue()', 'Sums up what items earned each day.');
select ops.describe_job('count-usage', '50 23 * * *', 'ops.count_usage()', 'Keeps figures of the day.');
select ops.describe_job('collect-feeds', '30 4 * * *', 'ops.collect_feeds()', 'Forgets old departures.');
select ops.describe_job('embed-passages', '* * * * *', null, 'Embeds passages that have no vector yet.');

create or replace function ops.jobs_are_run_by(who text) returns void
language sql security definer set search_path = '' as $$
  update ops.jobs set run_by = who where statement is not null and enabled and run_by <> who
$$;

-- Hands the jobs that are functions to pg_cron where this login may use it. They run as this login, so this one is not
-- a definer function.
create or replace function ops.hand_to_cron() returns integer language plpgsql set search_path = '' as $$
declare
  job record;
  handed integer := 0;
begin
  if to_regprocedure('cron.schedule(text, text, text)') is null then
    perform ops.jobs_are_run_by('gateway');
    return 0;
  end if;
  for job in select name, schedule from gateway.jobs() where statement is not null and enabled loop
    execute format('select cron.schedule(%L, %L, %L)', job.name, job.schedule,
      format('select ops.run_job(%L)', job.name));
    handed := handed + 1;
  end loop;
  perform ops.jobs_are_run_by('pg_cron');
  return handed;
exception when insufficient_privilege then
  perform ops.jobs_are_run_by('gateway');
  return 0;
end $$;
