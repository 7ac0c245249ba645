alter table public.attempt_grades
  add column deleted_at timestamptz,
  add column field_clocks jsonb not null default '{}';
