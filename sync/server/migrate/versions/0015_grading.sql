-- Attempts at graded assessments that nobody has judged yet, or that were judged by another key.
create table ops.to_grade (
  attempt_id uuid primary key references public.assessment_attempts on delete cascade,
  asked_at timestamptz not null default clock_timestamp()
);
create index idx_to_grade_asked_at on ops.to_grade (asked_at);
