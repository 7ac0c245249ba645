-- Jobs, what became of them, and the figures that one of them keeps.

create table ops.jobs (
  name text primary key,
  schedule text not null,                       -- five fields, as cron has them; UTC
  statement text,                               -- a function of the database; null where the gateway does the work
  description text not null,
  run_by text not null default 'gateway' check (run_by in ('gateway', 'pg_cron')),
  enabled boolean not null default true,
  last_started timestamptz,
  last_finished timestamptz,
  last_failure text
);

create table ops.job_runs (
  id bigint generated always as identity primary key,
  job text not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  failure text,
  outcome text
);
create index idx_job_runs_job on ops.job_runs (job, started_at desc);
create index idx_job_runs_started_at on ops.job_runs (started_at);

create table ops.backup_runs (
  id bigint generated always as identity primary key,
  asked_at timestamptz not null default clock_timestamp(),
  note text not null
);

-- Counts each published item once, however many shelves it stands on.
create materialized view public.content_stats as
select
  ci.content_type,
  ci.module_name,
  count(distinct ci.id) as total_count,
  avg(ul.rating) as avg_rating,
  count(ul.rating) as rating_count
from public.content_items ci
left join public.user_libraries ul on ul.content_id = ci.id and ul.deleted_at is null
where ci.status = 'published' and ci.deleted_at is null
group by ci.content_type, ci.module_name
with no data;
create unique index uq_content_stats on public.content_stats (content_type, module_name);
-- The owner may not read what the view counts, so the view belongs to the service, which may.
grant create on schema public to alexandria_service;
grant select on public.content_items, public.user_libraries to alexandria_service;
alter materialized view public.content_stats owner to alexandria_service;
