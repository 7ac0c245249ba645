-- Attempts at graded assessments are judged by the gateway (sync/assessing). Here is what waits for it, what it has to
-- know, and how grades are written: past the policies, for no student may read a key and no person gives these grades.

create or replace function ops.ask_for_grades() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into ops.to_grade (attempt_id)
    select c.id from changed c join public.assessments a on a.id = c.assessment_id where a.mode = 'graded'
  on conflict do nothing;
  return null;
end $$;

drop trigger if exists ask_for_grades on public.assessment_attempts;
create trigger ask_for_grades after insert on public.assessment_attempts
  referencing new table as changed for each statement execute function ops.ask_for_grades();

-- Another key, or other rules, and all attempts are looked at again; whoever looks finds out whether that changes a grade.
-- What is being graded by the key before is waited for, or it would be taken off the list as done.
create or replace function ops.ask_for_grades_by_key() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into ops.to_grade (attempt_id)
    select t.id from changed c
    join public.assessments a on a.id = c.assessment_id and a.mode = 'graded'
    join public.assessment_attempts t on t.assessment_id = a.id
    order by t.id
  on conflict (attempt_id) do update set asked_at = excluded.asked_at;
  return null;
end $$;

create or replace function ops.ask_for_grades_by_rule() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into ops.to_grade (attempt_id)
    select t.id from changed c join was w on w.id = c.id
    join public.assessment_attempts t on t.assessment_id = c.id
    where c.mode = 'graded'
      and (c.mode, c.questions_json, c.passing_score, c.time_limit, c.max_attempts)
        is distinct from (w.mode, w.questions_json, w.passing_score, w.time_limit, w.max_attempts)
    order by t.id
  on conflict (attempt_id) do update set asked_at = excluded.asked_at;
  return null;
end $$;

drop trigger if exists ask_for_grades_added on public.assessment_keys;
create trigger ask_for_grades_added after insert on public.assessment_keys
  referencing new table as changed for each statement execute function ops.ask_for_grades_by_key();
drop trigger if exists ask_for_grades_changed on public.assessment_keys;
create trigger ask_for_grades_changed after update on public.assessment_keys
  referencing new table as changed for each statement execute function ops.ask_for_grades_by_key();
drop trigger if exists ask_for_grades on public.assessments;
create trigger ask_for_grades after update on public.assessments
  referencing old table as was new table as changed for each statement execute function ops.ask_for_grades_by_rule();

-- What came before this server could grade, or was passed over. The first run of the job finds it.
create or replace function ops.find_ungraded() returns text
language plpgsql security definer set search_path = '' as $$
declare found bigint;
begin
  insert into ops.to_grade (attempt_id)
    select t.id from public.assessment_attempts t join public.assessments a on a.id = t.assessment_id
    where a.mode = 'graded'
      and not exists (select from public.attempt_grades g where g.attempt_id = t.id and g.deleted_at is null)
  on conflict do nothing;
  get diagnostics found = row_count;
  return found || ' attempts';
end $$;

select ops.describe_job('find-ungraded', '50 4 * * *', 'ops.find_ungraded()', 'Finds attempts without a grade.');
select ops.describe_job('grade-attempts', '* * * * *', null, 'Grades attempts that students handed in.');

-- Takes attempts to grade, oldest first; they are this transaction's until it ends, and another gateway takes others.
-- `earlier` counts as sync.assessing.judging.tries_before does.
create or replace function gateway.attempts_to_grade(most integer, named uuid[] default null)
returns table (id uuid, assessment_id uuid, answers jsonb, started_at timestamptz, submitted_at timestamptz,
  feedback jsonb, earlier bigint)
language sql security definer set search_path = '' as $$
  select t.id, t.assessment_id,
    -- Nobody answers as much as this by hand; a person may look what it is.
    case when octet_length(t.answers_json::text) < 8000000 then t.answers_json end, t.started_at, t.submitted_at,
    g.feedback_json,
    case when g.id is not null and not g.feedback_json ? 'extra' then 0 else (
      select count(*) from public.assessment_attempts o
      left join public.attempt_grades h on h.attempt_id = o.id and h.deleted_at is null
      where o.assessment_id = t.assessment_id and o.user_id = t.user_id and o.id <> t.id
        and ((o.started_at, o.id) < (t.started_at, t.id) or (h.id is not null and not h.feedback_json ? 'extra'))) end
  from ops.to_grade q join public.assessment_attempts t on t.id = q.attempt_id
  left join public.attempt_grades g on g.attempt_id = t.id and g.deleted_at is null
  where named is null or t.id = any (named)
  order by q.asked_at, t.started_at, t.id limit most for update of q skip locked
$$;

create or replace function gateway.assessments_to_grade_by(ids uuid[])
returns table (id uuid, mode text, passing_score numeric, time_limit integer, max_attempts integer, metadata jsonb,
  questions jsonb, answers jsonb, rubrics jsonb, settings jsonb)
language sql stable security definer set search_path = '' as $$
  select a.id, a.mode, a.passing_score, a.time_limit, a.max_attempts, i.metadata_json, a.questions_json,
    k.answers_json, k.rubric_json, ci.metadata_json -> 'settings'
  from public.assessments a
  join public.content_items i on i.id = a.content_id and i.deleted_at is null
  join public.assessment_keys k on k.assessment_id = a.id and k.deleted_at is null
  left join public.courses c on c.id = sync.course_of_assessment(a.id)
  left join public.content_items ci on ci.id = c.content_id
  where a.id = any (ids) and a.deleted_at is null and a.mode = 'graded'
$$;

-- Writes grades, and that these attempts were looked at. What a person said meanwhile stays.
create or replace function gateway.put_grades(grades jsonb, done uuid[]) returns bigint
language plpgsql security definer set search_path = '' as $$
declare written bigint;
begin
  insert into public.attempt_grades as g (id, attempt_id, user_id, graded_by, score, passed, feedback_json)
    select x.id, t.id, t.user_id, 'server', x.score, x.passed, x.feedback
    from jsonb_to_recordset(grades) as x (id uuid, attempt_id uuid, score numeric, passed boolean, feedback jsonb)
    join public.assessment_attempts t on t.id = x.attempt_id
  on conflict (attempt_id) do update
    set graded_by = 'server', grader_id = null, score = excluded.score, passed = excluded.passed,
      feedback_json = excluded.feedback_json, deleted_at = null
    where g.deleted_at is not null or (g.feedback_json ? 'key' and not g.feedback_json ? 'by_person');
  get diagnostics written = row_count;
  delete from ops.to_grade where attempt_id = any (done);
  return written;
end $$;

-- A grade that a teacher gives, or gives anew, is a teacher's, whoever gave the one before.
create or replace function app.name_grader() returns trigger language plpgsql set search_path = '' as $$
begin
  if new.grader_id is not null then
    new.graded_by := 'teacher';
  end if;
  return new;
end $$;

drop trigger if exists name_grader on public.attempt_grades;
create trigger name_grader before update on public.attempt_grades for each row execute function app.name_grader();
