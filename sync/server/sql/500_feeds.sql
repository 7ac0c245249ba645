-- Which feeds a row belongs to, and how a change reaches them. Every holder of a feed may see every row in it.

-- Whether anybody but its creator may ever have an item.
create or replace function sync.is_shared(item public.content_items) returns boolean
language sql stable set search_path = '' as $$
  select item.visibility <> 'private'
    or exists (select from public.user_content_access a where a.content_id = item.id)
    or exists (select from public.course_enrollments e join public.courses c on c.id = e.course_id
               where c.content_id = item.id)
$$;

create or replace function sync.is_for_all(item public.content_items) returns boolean
language sql stable set search_path = '' as $$
  select item.visibility in ('public', 'marketplace') and item.status = 'published' and item.deleted_at is null
    and coalesce(item.root_id, item.id) = item.id
$$;

create or replace function sync.catalogue_feed(item uuid) returns text
language plpgsql set search_path = '' as $$
declare place bigint;
begin
  insert into sync.catalogue (content_id) values (item) on conflict do nothing;
  select number into place from sync.catalogue where content_id = item;
  return 'catalogue:' || place / 50000;
end $$;

-- An item's feeds. Its creator's always; its root's for those who may open it, without drafts, which go to the course's
-- teachers; the catalogue's for a card that everybody may see.
create or replace function sync.item_feeds(items uuid[], with_card boolean default true)
returns table (id uuid, feed text)
language sql set search_path = '' as $$
  with found as (
    select i.id, i.creator_id, r.id as root, sync.is_shared(r) as shared, i.id = r.id as is_root, i as item,
      i.id = r.id or (i.deleted_at is null and i.status in ('published', 'archived')) as is_out
    from public.content_items i join public.content_items r on r.id = coalesce(i.root_id, i.id)
    where i.id = any (items))
  select id, 'user:' || creator_id from found where creator_id is not null
  union all
  select id, 'content:' || root from found where shared and is_out
  union all
  select found.id, 'teach:' || c.id from found join public.courses c on c.content_id = found.root
    where not is_root and not is_out
  union all
  select id, sync.catalogue_feed(id) from found where with_card and sync.is_for_all(item)
$$;

create or replace function sync.course_of_assessment(assessment uuid) returns uuid
language sql stable set search_path = '' as $$
  select coalesce(l.course_id, c.id) from public.assessments a
  left join public.lessons l on l.id = a.lesson_id
  left join public.courses c on c.content_id = a.root_id
  where a.id = assessment
$$;

-- The feeds of rows of one table; rows that are gone have none.
create or replace function sync.feeds_of(tbl text, ids uuid[]) returns table (id uuid, feed text)
language plpgsql set search_path = '' as $$
begin
  case
    when tbl = 'content_items' then
      return query select f.id, f.feed from sync.item_feeds(ids) f;
    when tbl in ('books', 'courses', 'content_files', 'lessons', 'assessments', 'marketplace_items') then
      return query execute format($q$
        select t.id, f.feed from public.%I t
        join sync.item_feeds(array(select content_id from public.%I where id = any ($1)), $2) f on f.id = t.content_id
        where t.id = any ($1) %s $q$, tbl, tbl, case tbl when 'marketplace_items' then 'and t.deleted_at is null' end)
        using ids, tbl in ('books', 'courses', 'marketplace_items');
    when tbl = 'assessment_keys' then
      return query
        select k.id, f.feed from public.assessment_keys k join public.assessments a on a.id = k.assessment_id
        join sync.item_feeds(array(
          select b.content_id from public.assessment_keys j join public.assessments b on b.id = j.assessment_id
          where j.id = any (ids)), false) f on f.id = a.content_id
        where k.id = any (ids) and (a.mode = 'practice' or f.feed like 'user:%')
        union
        select k.id, 'teach:' || sync.course_of_assessment(k.assessment_id) from public.assessment_keys k
        where k.id = any (ids) and sync.course_of_assessment(k.assessment_id) is not null;
    when tbl = 'content_relationships' then
      return query
        select r.id, 'user:' || r.creator_id from public.content_relationships r
        where r.id = any (ids) and r.creator_id is not null
        union all
        select r.id, 'content:' || s.id from public.content_relationships r
        join public.content_items s on s.id = r.source_content_id
        join public.content_items t on t.id = r.target_content_id
        where r.id = any (ids) and coalesce(s.root_id, s.id) = s.id and sync.is_shared(s) and sync.is_for_all(t);
    when tbl in ('student_progress', 'course_enrollments') then
      return query execute format($q$
        select id, 'user:' || user_id from public.%I where id = any ($1)
        union all select id, 'teach:' || course_id from public.%I where id = any ($1) $q$, tbl, tbl) using ids;
    when tbl = 'assessment_attempts' then
      return query
        select a.id, 'user:' || a.user_id from public.assessment_attempts a where a.id = any (ids)
        union all
        select a.id, 'teach:' || sync.course_of_assessment(a.assessment_id) from public.assessment_attempts a
        where a.id = any (ids) and sync.course_of_assessment(a.assessment_id) is not null;
    when tbl = 'attempt_grades' then
      return query
        select g.id, 'user:' || g.user_id from public.attempt_grades g where g.id = any (ids)
        union all
        select g.id, 'teach:' || sync.course_of_assessment(a.assessment_id) from public.attempt_grades g
        join public.assessment_attempts a on a.id = g.attempt_id
        where g.id = any (ids) and sync.course_of_assessment(a.assessment_id) is not null;
    when tbl = 'purchase_items' then
      return query
        select i.id, 'user:' || p.user_id from public.purchase_items i join public.purchases p on p.id = i.purchase_id
        where i.id = any (ids) and p.user_id is not null;
    when tbl = 'organizations' then
      return query select o.id, 'org:' || o.id from public.organizations o where o.id = any (ids) and o.deleted_at is null;
    when tbl = 'user_organizations' then
      return query
        select m.id, 'org:' || m.org_id from public.user_organizations m where m.id = any (ids)
        union all select m.id, 'user:' || m.user_id from public.user_organizations m where m.id = any (ids);
    when tbl = 'user_profiles' then
      return query
        select p.id, 'user:' || p.user_id from public.user_profiles p where p.id = any (ids)
        union select p.id, 'org:' || m.org_id from public.user_profiles p
          join public.user_organizations m on m.user_id = p.user_id where p.id = any (ids)
        union select p.id, 'teach:' || e.course_id from public.user_profiles p
          join public.course_enrollments e on e.user_id = p.user_id where p.id = any (ids);
    when tbl = 'community_themes' then
      return query
        select t.id, 'user:' || t.creator_id from public.community_themes t where t.id = any (ids)
        union all select t.id, 'catalogue:themes' from public.community_themes t
        where t.id = any (ids) and t.deleted_at is null;
    when tbl = 'embedding_models' then
      return query select m.id, 'catalogue:base' from public.embedding_models m where m.id = any (ids);
    when tbl = 'users' then
      return query select u.id, 'user:' || u.id from public.users u where u.id = any (ids);
    when tbl = 'revenue_analytics' then
      return query select r.id, 'user:' || r.creator_id from public.revenue_analytics r
        where r.id = any (ids) and r.creator_id is not null;
    else
      return query execute format(
        $q$ select id, 'user:' || user_id from public.%I where id = any ($1) and user_id is not null $q$, tbl) using ids;
  end case;
end $$;

create or replace function sync.tables_with_dependents() returns text[]
language sql immutable set search_path = '' as $$
  select array['content_items', 'assessments', 'courses', 'user_content_access', 'course_enrollments', 'purchases']
$$;

-- Rows whose feeds follow from a row whose own feeds have changed; of the tables above only.
create or replace function sync.dependents_of(tbl text, ids uuid[]) returns table (dependent text, id uuid)
language plpgsql stable set search_path = '' as $$
begin
  if tbl = 'content_items' then
    return query
      select 'content_items', i.id from public.content_items i where i.root_id = any (ids)
      union all select 'books', t.id from public.books t where t.content_id = any (ids)
      union all select 'courses', t.id from public.courses t where t.content_id = any (ids)
      union all select 'content_files', t.id from public.content_files t where t.content_id = any (ids)
      union all select 'lessons', t.id from public.lessons t where t.content_id = any (ids)
      union all select 'assessments', t.id from public.assessments t where t.content_id = any (ids)
      union all select 'marketplace_items', t.id from public.marketplace_items t where t.content_id = any (ids)
      union all select 'assessment_keys', k.id from public.assessment_keys k
        join public.assessments a on a.id = k.assessment_id where a.content_id = any (ids)
      union all select 'content_relationships', r.id from public.content_relationships r
        where r.source_content_id = any (ids) or r.target_content_id = any (ids);
  elsif tbl = 'assessments' then
    return query
      select 'assessment_keys', k.id from public.assessment_keys k where k.assessment_id = any (ids)
      union all select 'assessment_attempts', t.id from public.assessment_attempts t where t.assessment_id = any (ids);
  elsif tbl = 'courses' then
    return query
      select 'content_items', i.id from public.content_items i join public.courses c on c.content_id = i.root_id
      where c.id = any (ids);
  elsif tbl = 'user_content_access' then
    return query select 'content_items', a.content_id from public.user_content_access a where a.id = any (ids);
  elsif tbl = 'course_enrollments' then
    return query
      select 'content_items', c.content_id from public.course_enrollments e join public.courses c on c.id = e.course_id
        where e.id = any (ids)
      union all select 'user_profiles', p.id from public.course_enrollments e
        join public.user_profiles p on p.user_id = e.user_id where e.id = any (ids);
  elsif tbl = 'purchases' then
    return query select 'purchase_items', i.id from public.purchase_items i where i.purchase_id = any (ids);
  end if;
end $$;

-- Statement triggers only note what was touched; the work is done once, at commit. `told` is the device that will be
-- answered with these rows as they are in the end.
drop function if exists sync.note(text, uuid[]);
create or replace function sync.note(tbl text, ids uuid[], told uuid default null) returns void
language sql security definer set search_path = '' as $$
  insert into sync.pending (xid, tbl, id, told) select pg_current_xact_id(), tbl, unnest(ids), told on conflict do nothing;
  insert into sync.pending_transaction (xid) values (pg_current_xact_id()) on conflict do nothing;
$$;

-- The device whose batch this statement itself is, and not what follows from it; only ever one of the person's own.
create or replace function sync.told_at_once() returns uuid
language sql stable security definer set search_path = '' as $$
  select d.device_id from sync.device d
  where d.device_id = nullif(current_setting('alexandria.device', true), '')::uuid and d.user_id = auth.uid()
$$;

create or replace function sync.touched() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  ids uuid[];
  counted text[] := array['revision', 'updated_at'] || coalesce(tg_argv[0]::text[], '{}');
begin
  if tg_op = 'UPDATE' and tg_nargs > 0 then
    -- Sales and ratings change all the time; a row in which only they changed is no news.
    select array_agg(n.id) into ids from touched n join before o on o.id = n.id
      where to_jsonb(n) - counted is distinct from to_jsonb(o) - counted;
  else
    select array_agg(t.id) into ids from touched t;
  end if;
  if ids is not null then
    perform sync.note(tg_table_name, ids, case when pg_trigger_depth() = 1 then sync.told_at_once() end);
  end if;
  return null;
end $$;

-- Somebody who joins or leaves an organisation changes who may see their name.
create or replace function sync.membership_touched() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform sync.note('user_profiles', array(
    select p.id from public.user_profiles p where p.user_id in (select user_id from touched)));
  return null;
end $$;

-- Says which feeds move with this commit, and by whose doing, to gateways that have devices waiting (530_poke.sql).
create or replace function sync.tell(moved bigint[]) returns void
language sql security definer set search_path = '' as $$
  select pg_notify('alexandria_news', jsonb_build_object(
    -- A message holds 8,000 bytes; without keys everybody is called.
    'keys', case when cardinality(moved) <= 300 then moved end,
    'device', nullif(current_setting('alexandria.device', true), ''))::text)
  where cardinality(moved) > 0
$$;

-- At commit: derive the feeds of all that was touched and of what follows from it, find what left, number everything.
create or replace function sync.flush() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  part record;
  turn smallint := 0;
  moved bigint[];
begin
  -- A child's feeds follow from its root: whoever changes the root waits for us, or we for them.
  perform from public.content_items r
    where r.id in (
      select coalesce(i.root_id, i.id) from public.content_items i join sync.pending p on p.id = i.id
      where p.xid = new.xid and p.tbl = 'content_items' and i.root_id is not null)
    order by r.id for share;
  while turn < 5 and exists (select from sync.pending p where p.xid = new.xid and p.round = turn) loop
    for part in
      select p.tbl, p.told, array_agg(p.id) as ids from sync.pending p
      where p.xid = new.xid and p.round = turn group by p.tbl, p.told
    loop
      insert into sync.derived (xid, tbl, id, feed, told)
        select new.xid, part.tbl, f.id, f.feed, part.told from sync.feeds_of(part.tbl, part.ids) f;
      -- Of most tables nothing follows, and asking row by row would cost more than all the rest.
      if part.tbl = any (sync.tables_with_dependents()) then
        insert into sync.pending (xid, tbl, id, round)
          select new.xid, d.dependent, d.id, turn + 1
          from sync.dependents_of(part.tbl, array(
            select c.id from unnest(part.ids) as c (id)
            where part.tbl = 'assessments'      -- its mode decides where its key may go
              or (select array_agg(x.feed order by x.feed) from sync.derived x
                   where x.xid = new.xid and x.tbl = part.tbl and x.id = c.id)
              is distinct from
                  (select array_agg(f.name order by f.name) from sync.feed_row r join sync.feed f on f.id = r.feed_id
                   where r.tbl = part.tbl and r.id = c.id and r.op = '+'))) d
          on conflict do nothing;
      end if;
    end loop;
    turn := turn + 1;
  end loop;

  with news as (
    select distinct d.feed, d.tbl, d.id, '+'::"char" as op, d.told from sync.derived d where d.xid = new.xid
    union all
    select f.name, p.tbl, p.id, '-'::"char", null
    from sync.pending p join sync.feed_row r on r.tbl = p.tbl and r.id = p.id and r.op = '+'
    join sync.feed f on f.id = r.feed_id
    where p.xid = new.xid and not exists (
      select from sync.derived d where d.xid = p.xid and d.tbl = p.tbl and d.id = p.id and d.feed = f.name)),
  counted as (select feed, count(*) as n from news group by feed order by feed),
  clocks as (
    -- In sorted order, and held until the commit is through: so revisions of a feed become visible in order.
    insert into sync.feed as f (name, rev) select feed, n from counted order by feed
    on conflict (name) do update set rev = f.rev + excluded.rev
    returning f.id, f.name, f.rev),
  written as (
  insert into sync.feed_row as r (feed_id, tbl, id, rev, spans, op, told)
    select m.feed_id, m.tbl, m.id, m.rev, int8multirange(int8range(m.rev, null)), m.op, m.told from (
      select c.id as feed_id, n.tbl, n.id, n.op, n.told,
        c.rev - row_number() over (partition by c.id order by n.tbl, n.id) + 1 as rev
      from news n join clocks c on c.name = n.feed) m
  on conflict (feed_id, tbl, id) do update
    set rev = excluded.rev, op = excluded.op, told = excluded.told, changed_at = now(),
      spans = case
        when r.op = excluded.op then r.spans
        when excluded.op = '+' then r.spans + excluded.spans
        else r.spans - excluded.spans end)
  select array_agg(hashtextextended(c.name, 0)) into moved from clocks c;
  perform sync.tell(moved);

  delete from sync.derived where xid = new.xid;
  delete from sync.pending where xid = new.xid;
  delete from sync.pending_transaction where xid = new.xid;
  return null;
end $$;

drop trigger if exists flush on sync.pending_transaction;
create constraint trigger flush after insert on sync.pending_transaction
  deferrable initially deferred for each row execute function sync.flush();

-- Every table that travels to a device. `counters` are columns whose change alone is no news.
do $$
declare
  one record;
  command record;
  counters text;
begin
  for one in select unnest(array[
    'users', 'user_profiles', 'organizations', 'user_organizations', 'user_preferences', 'devices', 'content_items',
    'books', 'content_files', 'courses', 'lessons', 'assessments', 'assessment_keys', 'course_enrollments',
    'assessment_attempts', 'attempt_grades', 'student_progress', 'user_libraries', 'user_notes', 'reading_sessions',
    'user_collections', 'collection_items', 'user_themes', 'theme_preferences', 'community_themes', 'theme_ratings',
    'content_relationships', 'recommendation_sessions', 'marketplace_items', 'purchases', 'purchase_items',
    'user_content_access', 'revenue_analytics', 'requests', 'embedding_models']) as name
  loop
    counters := case one.name
      when 'marketplace_items' then '{total_sales,total_revenue}'
      when 'community_themes' then '{downloads_count,rating_average,rating_count}' end;
    for command in select * from (values
      ('insert', 'new table as touched'), ('update', 'old table as before new table as touched'),
      ('delete', 'old table as touched')) as c (name, kept)
    loop
      execute format('drop trigger if exists touched_%s on public.%I', command.name, one.name);
      execute format(
        'create trigger touched_%s after %s on public.%I referencing %s for each statement execute function sync.touched(%s)',
        command.name, command.name, one.name, command.kept, coalesce(quote_literal(counters), ''));
    end loop;
  end loop;
  for command in select * from (values ('insert', 'new'), ('delete', 'old')) as c (name, kept) loop
    execute format('drop trigger if exists membership_%s on public.user_organizations', command.name);
    execute format(
      'create trigger membership_%s after %s on public.user_organizations referencing %s table as touched'
      ' for each statement execute function sync.membership_touched()', command.name, command.name, command.kept);
  end loop;
end $$;

-- Rows that were there before there were feeds.
create or replace function sync.note_all() returns void
language plpgsql security definer set search_path = '' as $$
declare
  one record;
  ids uuid[];
begin
  if exists (select from sync.feed) then
    return;
  end if;
  for one in
    select distinct event_object_table as name from information_schema.triggers
    where trigger_name = 'touched_insert' and event_object_schema = 'public'
  loop
    execute format('select array_agg(id) from public.%I', one.name) into ids;
    if ids is not null then
      perform sync.note(one.name, ids);
    end if;
  end loop;
end $$;
