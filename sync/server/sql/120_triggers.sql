-- What rows do by themselves.

-- Each change counts in `revision`, from a higher number on after a restore. A device says when it changed a row
-- (perhaps days ago, with no network); who says nothing, or claims a time to come, gets the present.
create or replace function app.stamp() returns trigger language plpgsql security definer set search_path = '' as $$
declare least_revision bigint := (select e.revisions_from from sync.epoch e);
begin
  if tg_op = 'INSERT' then
    new.revision := least_revision + 1;
    new.updated_at := least(new.updated_at, now());
  else
    new.revision := greatest(old.revision, least_revision) + 1;
    if new.updated_at is not distinct from old.updated_at or new.updated_at > now() then
      new.updated_at := now();
    end if;
  end if;
  return new;
end $$;

do $$
declare found record;
begin
  for found in
    select c.table_name as name from information_schema.columns c join information_schema.columns r
      on (r.table_schema, r.table_name, r.column_name) = (c.table_schema, c.table_name, 'revision')
    where c.table_schema = 'public' and c.column_name = 'updated_at'
  loop
    execute format('drop trigger if exists stamp on public.%I', found.name);
    execute format(
      'create trigger stamp before insert or update on public.%I for each row execute function app.stamp()', found.name);
  end loop;
end $$;

-- Lessons are ordered by `order_key`, which two people may change without meeting; `order_index` is counted from it.
create or replace function app.place_lesson() returns trigger language plpgsql set search_path = '' as $$
begin
  new.order_index := coalesce(new.order_index, 0);
  return new;
end $$;

create or replace function app.count_lessons() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  with counted as (
    select id, row_number() over (partition by course_id order by order_key, id) - 1 as place
    from public.lessons where course_id in (select distinct course_id from changed) and deleted_at is null)
  update public.lessons l set order_index = c.place from counted c where c.id = l.id and l.order_index <> c.place;
  return null;
end $$;

drop trigger if exists place_lesson on public.lessons;
create trigger place_lesson before insert on public.lessons for each row execute function app.place_lesson();
drop trigger if exists count_lessons_added on public.lessons;
create trigger count_lessons_added after insert on public.lessons
  referencing new table as changed for each statement execute function app.count_lessons();
drop trigger if exists count_lessons_moved on public.lessons;
create trigger count_lessons_moved after update on public.lessons
  referencing new table as changed for each statement when (pg_trigger_depth() = 0) execute function app.count_lessons();
drop trigger if exists count_lessons_removed on public.lessons;
create trigger count_lessons_removed after delete on public.lessons
  referencing old table as changed for each statement execute function app.count_lessons();

-- What readers think of a shared theme.
create or replace function app.count_ratings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.community_themes t set rating_count = r.n, rating_average = r.average
  from (
    select c.theme_id, count(k.id) as n, coalesce(round(avg(k.rating), 2), 0) as average
    from (select distinct theme_id from changed) c
    left join public.theme_ratings k on k.theme_id = c.theme_id and k.deleted_at is null
    group by c.theme_id) r
  where t.id = r.theme_id;
  return null;
end $$;

do $$
declare command record;
begin
  for command in select * from (values ('insert', 'new'), ('update', 'new'), ('delete', 'old')) as v (name, kept) loop
    execute format('drop trigger if exists count_ratings_%s on public.theme_ratings', command.name);
    execute format(
      'create trigger count_ratings_%s after %s on public.theme_ratings referencing %s table as changed'
      ' for each statement execute function app.count_ratings()', command.name, command.name, command.kept);
  end loop;
end $$;

-- A purchase opens what was bought when it is paid and closes it when the money goes back.
create or replace function app.settle_purchase() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.status = 'completed' and new.user_id is not null then
    insert into public.user_content_access (user_id, content_id, purchase_id, access_type, access_expires_at)
      select new.user_id, p.content_id, new.id,
        case p.item_type when 'subscription' then 'subscription' else 'purchased' end, p.access_expires_at
      from public.purchase_items p where p.purchase_id = new.id
    on conflict (user_id, content_id, access_type) do update
      set purchase_id = excluded.purchase_id, access_expires_at = excluded.access_expires_at;
  elsif new.status = 'refunded' then
    update public.user_content_access set access_expires_at = least(coalesce(access_expires_at, now()), now())
    where purchase_id = new.id;
  end if;
  update public.marketplace_items m set total_sales = s.sales, total_revenue = s.revenue
  from (
    select i.content_id, count(*) as sales, sum(i.price) as revenue
    from public.purchase_items i join public.purchases p on p.id = i.purchase_id
    where p.status = 'completed'
      and i.content_id in (select content_id from public.purchase_items where purchase_id = new.id)
    group by i.content_id
    union all
    select n.content_id, 0, 0 from public.purchase_items n
    where n.purchase_id = new.id and not exists (
      select from public.purchase_items o join public.purchases p on p.id = o.purchase_id
      where o.content_id = n.content_id and p.status = 'completed')) s
  where m.content_id = s.content_id;
  return null;
end $$;

drop trigger if exists settle_purchase on public.purchases;
create trigger settle_purchase after update of status on public.purchases
  for each row when (old.status is distinct from new.status) execute function app.settle_purchase();

-- What people ask for is decided at once; the verdict travels back with the row.
create or replace function app.decide_request() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  verdict record;
begin
  if new.kind = 'enroll' and new.payload_json ? 'code' then
    -- Whoever has the code does not know the course; they are told which it is.
    new.subject_id := app.invited_to(new.payload_json->>'code');
  end if;
  select * into verdict from app.verdict_on(new.kind, new.user_id, new.subject_id, new.payload_json);
  new.verdict := verdict.word;
  new.verdict_code := verdict.code;
  new.decided_at := case when verdict.word is null then null else now() end;
  return new;
end $$;

-- An invitation is a granted request to publish a course to those who have its code. It holds as long as whoever made it
-- teaches the course and has not taken it back. A code that was somebody's once is nobody else's later: whoever still has it
-- must not land in another course.
create or replace function app.teaches_course(person uuid, course uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.courses c join public.content_items i on i.id = c.content_id
    where c.id = course and i.creator_id = person)
  or exists (
    select from public.course_enrollments e
    where e.course_id = course and e.user_id = person and e.role in ('teacher', 'assistant') and e.status = 'active')
$$;

create or replace function app.invited_to(code text, since timestamptz default '-infinity') returns uuid
language sql stable security definer set search_path = '' as $$
  select c.id from public.requests r join public.courses c on r.subject_id in (c.id, c.content_id)
  where r.kind = 'publish' and r.payload_json->>'code' = code and r.verdict = 'granted' and r.deleted_at is null
    and r.decided_at >= since and app.teaches_course(r.user_id, c.id)
$$;

drop function if exists app.verdict_on(text, uuid, uuid);
create or replace function app.verdict_on(
  kind text, person uuid, subject uuid, payload jsonb, out word text, out code text)
language plpgsql security definer set search_path = '' as $$
declare
  item public.content_items;
  course uuid;
  called text := payload->>'code';
begin
  if called is not null and subject is null then
    word := 'refused';
    code := 'invitation_unknown';
    return;
  end if;
  -- A course is meant by its own id or by its item's.
  select c.id into course from public.courses c where c.id = subject or c.content_id = subject;
  select i.* into item from public.content_items i
    where i.id = coalesce((select c.content_id from public.courses c where c.id = course), subject);
  if item.id is null then
    return;  -- about nothing that is known here: somebody decides by hand
  end if;
  word := 'refused';
  if kind = 'enroll' then
    if course is null or item.deleted_at is not null or item.status <> 'published'
      or (called is null and not app.can_open(item.id))
    then
      code := 'course_not_open';
    else
      -- Somebody who was taken out comes back with a code only that was made later.
      insert into public.course_enrollments (course_id, user_id, role, status)
        values (course, person, 'student', 'active')
        on conflict (course_id, user_id) do update set status = 'active',
          role = case course_enrollments.status when 'removed' then 'student' else course_enrollments.role end
          where course_enrollments.status <> 'removed'
            or app.invited_to(called, course_enrollments.updated_at) = course_enrollments.course_id;
      if exists (select from public.course_enrollments e
                 where e.course_id = course and e.user_id = person and e.status = 'active') then
        word := 'granted';
      else
        code := 'removed_from_course';
      end if;
    end if;
  elsif kind = 'leave' and payload ? 'user_id' then
    -- A teacher takes somebody out.
    if not app.teaches_course(person, course) then
      code := 'not_found';
    else
      update public.course_enrollments e set status = 'removed'
        where e.course_id = course and e.user_id::text = payload->>'user_id' and e.role = 'student'
          and e.status in ('active', 'completed');
      if found then word := 'granted'; else code := 'not_enrolled'; end if;
    end if;
  elsif kind = 'leave' then
    update public.course_enrollments set status = 'left'
      where course_id = course and user_id = person and status in ('active', 'completed');
    if found then word := 'granted'; else code := 'not_enrolled'; end if;
  elsif kind = 'publish' and called is not null then
    if course is null or not app.teaches_course(person, course) then
      code := 'not_found';
    elsif called !~ '^[0-9A-Z]{12,64}$' then
      code := 'invitation_malformed';
    elsif exists (select from public.requests r where r.kind = 'publish' and r.payload_json->>'code' = called) then
      code := 'invitation_taken';
    else
      word := 'granted';
    end if;
  elsif kind = 'publish' then
    if item.creator_id is distinct from person then
      code := 'not_found';  -- the same for what is another's and for what does not exist
    elsif not app.may_show(item.visibility, item.organization_id) then
      code := 'role_too_low';
    else
      update public.content_items set status = 'published' where id = item.id and status <> 'published';
      word := 'granted';
    end if;
  elsif kind = 'buy' then
    if exists (select from public.marketplace_items m where m.content_id = item.id and m.deleted_at is null
               and coalesce(m.price, 0) = 0) and item.status = 'published' and item.visibility = 'marketplace' then
      insert into public.user_content_access (user_id, content_id, access_type) values (person, item.id, 'purchased')
        on conflict (user_id, content_id, access_type) do nothing;
      word := 'granted';
    else
      code := 'payment_needed';
    end if;
  end if;
end $$;

drop trigger if exists decide_request on public.requests;
create trigger decide_request before insert on public.requests
  for each row when (new.verdict is null) execute function app.decide_request();
