-- What the policies ask. Each answers for the person of the request and is evaluated once a statement, as
-- `x in (select app.my_...())`. They are definer functions because a policy that reads the table it guards recurses.

create or replace function app.my_role() returns text
language sql stable security definer set search_path = '' as $$
  select role from public.users where id = auth.uid() and deleted_at is null
$$;

create or replace function app.is_admin() returns boolean
language sql stable security definer set search_path = '' as $$
  select coalesce(app.my_role() = 'admin', false)
$$;

create or replace function app.my_org_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select m.org_id from public.user_organizations m join public.organizations o on o.id = m.org_id
  where m.user_id = auth.uid() and o.deleted_at is null
$$;

-- Items that somebody was given: bought, lent for a time, or as a student or teacher of a course.
create or replace function app.my_granted_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select content_id from public.user_content_access
  where user_id = auth.uid() and (access_expires_at is null or access_expires_at > now())
  union
  select c.content_id from public.course_enrollments e join public.courses c on c.id = e.course_id
  where e.user_id = auth.uid() and e.status in ('active', 'completed')
$$;

-- Courses that somebody teaches: made by them, or handed to them as a teacher or assistant.
create or replace function app.my_taught_course_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select c.id from public.courses c join public.content_items i on i.id = c.content_id where i.creator_id = auth.uid()
  union
  select e.course_id from public.course_enrollments e
  where e.user_id = auth.uid() and e.role in ('teacher', 'assistant') and e.status = 'active'
$$;

-- Whether the person may read what is inside an item, and not only its card. What belongs to a shared root (the lessons
-- of a course) follows the root, never its own copy of the visibility, which grows old.
create or replace function app.can_open(item uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.content_items i join public.content_items r on r.id = coalesce(i.root_id, i.id)
    where i.id = item and (
      i.creator_id = auth.uid()
      or i.id in (select app.my_granted_ids())
      or exists (select from public.courses c where c.content_id = r.id and c.id in (select app.my_taught_course_ids()))
      or (i.deleted_at is null and (i.id = r.id or i.status in ('published', 'archived')) and (
        r.id in (select app.my_granted_ids())
        or (r.deleted_at is null and r.status in ('published', 'archived') and (
          r.visibility = 'public'
          or (r.visibility = 'organization' and r.organization_id in (select app.my_org_ids()))))))))
$$;

-- Whether the person may write something of their own about an item: what they see, and what they had on their shelf
-- when it went out of their sight.
-- Asked once a row of every batch that is handed in, mostly about one's own items: those first, and with kept plans.
create or replace function app.can_attach(item uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (select from public.content_items i where i.id = item and i.creator_id = auth.uid())
    or app.can_open(item)
    or exists (select from public.user_libraries l where l.content_id = item and l.user_id = auth.uid())
    or exists (
      select from public.content_items i where i.id = item and i.deleted_at is null
        and i.visibility = 'marketplace' and i.status = 'published');
end $$;

create or replace function app.can_attempt(assessment uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.assessments a where a.id = assessment and app.can_open(a.content_id))
$$;

create or replace function app.teaches_assessment(assessment uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.assessments a
    left join public.lessons l on l.id = a.lesson_id
    left join public.courses c on c.content_id = a.root_id
    where a.id = assessment and coalesce(l.course_id, c.id) in (select app.my_taught_course_ids()))
    or exists (
      select from public.assessments a join public.content_items i on i.id = a.content_id
      where a.id = assessment and i.creator_id = auth.uid())
$$;

create or replace function app.owns_assessment(assessment uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.assessments a join public.content_items i on i.id = a.content_id
    where a.id = assessment and i.creator_id = auth.uid())
$$;

create or replace function app.owns_course(course uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.courses c join public.content_items i on i.id = c.content_id
    where c.id = course and i.creator_id = auth.uid())
$$;

create or replace function app.owns_item(item uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.content_items i where i.id = item and i.creator_id = auth.uid())
$$;

-- What somebody's role lets them show to whom.
create or replace function app.may_show(visibility text, organization uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select case
    when organization is not null and organization not in (select app.my_org_ids()) then false
    when visibility = 'private' then true
    when visibility = 'organization' then organization is not null and app.my_role() in ('educator', 'creator', 'admin')
    when visibility = 'public' then app.my_role() in ('educator', 'creator', 'admin')
    when visibility = 'marketplace' then app.my_role() in ('creator', 'admin')
    else false
  end
$$;

-- People whose public name somebody may see: themselves, their organisations', their courses', and those who publish
-- items, notes or themes.
create or replace function app.my_acquaintances() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select auth.uid()
  union
  select m.user_id from public.user_organizations m where m.org_id in (select app.my_org_ids())
  union
  select e.user_id from public.course_enrollments e where e.course_id in (select app.my_taught_course_ids())
  union
  select i.creator_id from public.course_enrollments e
  join public.courses c on c.id = e.course_id join public.content_items i on i.id = c.content_id
  where e.user_id = auth.uid() and i.creator_id is not null
  union
  select t.user_id from public.course_enrollments e join public.course_enrollments t on t.course_id = e.course_id
  where e.user_id = auth.uid() and t.role in ('teacher', 'assistant')
$$;

create or replace function app.is_publisher(person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.content_items i
    where i.creator_id = person and i.status = 'published' and i.visibility in ('public', 'marketplace')
      and i.deleted_at is null)
    or exists (select from public.user_notes n where n.user_id = person and n.is_public and n.deleted_at is null)
    or exists (select from public.community_themes t where t.creator_id = person and t.deleted_at is null)
$$;
