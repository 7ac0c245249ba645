-- Bytes of files: who handed them in, who has room for more, uploads under way, and what nobody wants any more. Called
-- by the gateway only; the person is auth.uid().
--
-- Storage deduplicates, access never does. A hash by itself opens nothing: it is readable by who sent all its bytes, and
-- by who sees a row that names it if the person whose row that is sent all its bytes.

-- What a person's best organisation allows; a plan whose value is null has no limit, and so has the answer.
create or replace function ops.blob_quota(person uuid, quotas jsonb) returns bigint
language sql stable security definer set search_path = '' as $$
  select (quotas ->> coalesce((
    select o.plan_type from public.user_organizations m join public.organizations o on o.id = m.org_id
    where m.user_id = person and o.deleted_at is null
    order by array_position(array['enterprise', 'premium', 'free']::text[], o.plan_type::text) limit 1),
    'free'))::bigint
$$;

-- What claims and promised uploads take up. A hash counts once, however often it is being sent.
create or replace function ops.blob_use(person uuid, besides text) returns bigint
language sql stable security definer set search_path = '' as $$
  select coalesce(sum(taken.size), 0)::bigint from (
    select c.sha256, b.size from gateway.blob_claims c join gateway.blobs b on b.sha256 = c.sha256
      where c.user_id = person
    union
    select u.sha256, max(u.size) from gateway.uploads u where u.user_id = person and u.finished_at is null
      and not exists (select from gateway.blob_claims c where c.user_id = person and c.sha256 = u.sha256)
      group by u.sha256) as taken
  where taken.sha256 is distinct from besides
$$;

-- One person's books are kept by one transaction at a time, so that two requests cannot both take the last room.
create or replace function ops.hold_quota(person uuid) returns void
language sql security definer set search_path = '' as $$
  select pg_advisory_xact_lock(hashtextextended('blobs of ' || person, 0))
$$;

-- Bytes still free for a file with this hash, or null without a limit; what it takes up already is free for it.
create or replace function gateway.blob_room(hash text, quotas jsonb) returns bigint
language sql stable security definer set search_path = '' as $$
  select ops.blob_quota(auth.uid(), quotas) - ops.blob_use(auth.uid(), hash)
$$;

create or replace function ops.check_room(hash text, bytes bigint, quotas jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform ops.hold_quota(auth.uid());
  if gateway.blob_room(hash, quotas) < bytes
    and not exists (select from gateway.blob_claims c where c.user_id = auth.uid() and c.sha256 = hash)
  then
    perform app.refuse(413, 'quota_exceeded', 'There is no room left for this file.');
  end if;
end $$;

-- Keeps the person from being erased until the transaction is over. Their row outlives them, so without this a request
-- under way could claim bytes for somebody who is gone.
create or replace function ops.must_be_here(person uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform from public.users u where u.id = person and u.deleted_at is null for key share;
  if not found then
    perform app.refuse(401, 'session_over', 'This session has ended or never was one; sign in again.');
  end if;
end $$;

-- Begins an upload and promises it its room.
create or replace function gateway.begin_upload(hash text, bytes bigint, kind text, quotas jsonb, most integer)
returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  found uuid;
begin
  perform ops.must_be_here(auth.uid());
  perform ops.check_room(hash, bytes, quotas);
  if (select count(*) from gateway.uploads u where u.user_id = auth.uid() and u.finished_at is null) >= most then
    perform app.refuse(429, 'too_many_uploads', 'Too many uploads are under way.');
  end if;
  insert into gateway.uploads (user_id, sha256, size, media_type) values (auth.uid(), hash, bytes, kind)
    returning id into found;
  return found;
end $$;

create or replace function gateway.find_upload(upload uuid)
returns table (sha256 text, size bigint, media_type text, received bigint, finished boolean, parts text[])
language sql stable security definer set search_path = '' as $$
  select u.sha256, u.size, u.media_type, u.received, u.finished_at is not null,
    array(select p.name from gateway.upload_parts p where p.upload_id = u.id order by p.start)
  from gateway.uploads u where u.id = upload and u.user_id = auth.uid()
$$;

-- Takes what one request brought, if the upload still is where that request began; says whether it did. Of two requests
-- that bring the same bytes one is taken.
create or replace function gateway.advance_upload(upload uuid, since bigint, bytes bigint, part text, most integer)
returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update gateway.uploads u set received = since + bytes, touched_at = now()
    where u.id = upload and u.user_id = auth.uid() and u.received = since and u.finished_at is null;
  if not found then
    return false;
  end if;
  if (select count(*) from gateway.upload_parts p where p.upload_id = upload) >= most then
    perform app.refuse(422, 'too_many_parts', 'This upload came in too many parts.');
  end if;
  insert into gateway.upload_parts (name, upload_id, start, size) values (part, upload, since, bytes);
  return true;
end $$;

-- Ends an upload that came to nothing, not one that is finished; its parts stay written down until they are gone from the store.
create or replace function gateway.drop_upload(upload uuid) returns setof text
language plpgsql security definer set search_path = '' as $$
declare
  names text[];
begin
  perform from gateway.uploads u
    where u.id = upload and u.user_id = auth.uid() and u.finished_at is null for update;
  if found then
    names := array(select p.name from gateway.upload_parts p where p.upload_id = upload);
    delete from gateway.uploads u where u.id = upload;
  end if;
  return query select unnest(names);
end $$;

create or replace function gateway.forget_parts(names text[]) returns void
language sql security definer set search_path = '' as $$
  delete from gateway.upload_parts p where p.name = any (names)
$$;

-- Keeps a sweep from taking the bytes of this hash until the transaction that publishes them is over.
create or replace function gateway.hold_blob(hash text) returns void
language sql security definer set search_path = '' as $$
  select pg_advisory_xact_lock_shared(hashtextextended('blob ' || hash, 0))
$$;

-- Writes down that the person sent all the bytes; the upload that brought them, if one did, is finished by it.
create or replace function gateway.claim_blob(hash text, bytes bigint, kind text, upload uuid, quotas jsonb)
returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform ops.must_be_here(auth.uid());
  perform ops.check_room(hash, bytes, quotas);
  insert into gateway.blobs as b (sha256, size) values (hash, bytes)
    on conflict (sha256) do update set unclaimed_since = null where b.unclaimed_since is not null;
  insert into gateway.blob_claims as c (user_id, sha256, media_type) values (auth.uid(), hash, kind)
    on conflict (user_id, sha256) do update set media_type = excluded.media_type;
  if upload is not null then
    update gateway.uploads u set finished_at = now(), touched_at = now()
      where u.id = upload and u.user_id = auth.uid();
    update gateway.upload_parts p set upload_id = null where p.upload_id = upload;
  end if;
end $$;

-- A person's items that others were shown and that name this hash.
create or replace function ops.shared_items_naming(person uuid, hash text) returns setof uuid
language sql stable security definer set search_path = '' as $$
  select i.id from public.content_items i join public.content_items r on r.id = coalesce(i.root_id, i.id)
  where i.creator_id = person
    and (exists (select from public.content_files f where f.content_id = i.id and f.sha256 = hash)
      or exists (select from public.books b where b.content_id = i.id and b.cover_sha256 = hash))
    and ((r.visibility <> 'private' and r.status in ('published', 'archived') and r.deleted_at is null)
      or exists (
        select from public.user_content_access a where a.content_id in (i.id, r.id) and a.user_id <> person)
      or exists (
        select from public.courses c join public.course_enrollments e on e.course_id = c.id
        where c.content_id = r.id and e.user_id <> person))
$$;

-- Gives back the room of a file; not of one that others read, which would lose it.
create or replace function gateway.release_blob(hash text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from ops.shared_items_naming(auth.uid(), hash)) then
    perform app.refuse(409, 'file_shared', 'Others read this file; it goes when the item that it belongs to does.');
  end if;
  delete from gateway.blob_claims c where c.user_id = auth.uid() and c.sha256 = hash;
  return found;
end $$;

-- An account that is erased leaves the bytes of what it shared to those items.
create or replace function gateway.bequeath_blob() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into gateway.blob_bequests (content_id, sha256, media_type)
    select item, old.sha256, old.media_type from ops.shared_items_naming(old.user_id, old.sha256) as item
    on conflict do nothing;
  return old;
end $$;
create or replace trigger bequeath_blob before delete on gateway.blob_claims
  for each row execute function gateway.bequeath_blob();

create or replace function gateway.my_blobs(hashes text[])
returns table (sha256 text, size bigint, media_type text)
language sql stable security definer set search_path = '' as $$
  select c.sha256, b.size, c.media_type
  from gateway.blob_claims c join gateway.blobs b on b.sha256 = c.sha256
  where c.user_id = auth.uid() and c.sha256 = any (hashes)
$$;

-- Of rows that the person was seen to see, those whose own person sent the bytes that they name. `items` are content
-- items and `people` profiles; both go with a hash at the same place of its list.
create or replace function gateway.blobs_of(items uuid[], item_hashes text[], people uuid[], person_hashes text[])
returns table (sha256 text, size bigint, media_type text)
language sql stable security definer set search_path = '' as $$
  select distinct on (b.sha256) b.sha256, b.size, given.media_type
  from (
    select c.sha256, c.media_type
      from unnest(items, item_hashes) as s (item, hash) join public.content_items i on i.id = s.item
      join gateway.blob_claims c on c.user_id = i.creator_id and c.sha256 = s.hash
    union all
    select l.sha256, l.media_type from unnest(items, item_hashes) as s (item, hash)
      join gateway.blob_bequests l on l.content_id = s.item and l.sha256 = s.hash
    union all
    select c.sha256, c.media_type from unnest(people, person_hashes) as p (person, hash)
      join gateway.blob_claims c on c.user_id = p.person and c.sha256 = p.hash) as given
  join gateway.blobs b on b.sha256 = given.sha256
  order by b.sha256, given.media_type
$$;

-- Ends uploads that nothing was added to for a day, or that go on for a week; returns the parts that may go from the
-- store. Whoever removed them says so with forget_parts, so that none is lost on the way.
create or replace function gateway.sweep_uploads(most integer default 1000) returns setof text
language plpgsql security definer set search_path = '' as $$
begin
  delete from gateway.uploads u where u.touched_at < now() - interval '1 day' or u.created_at < now() - interval '7 days';
  return query select p.name from gateway.upload_parts p where p.upload_id is null limit most;
end $$;

create or replace function ops.blob_is_wanted(hash text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from gateway.blob_claims c where c.sha256 = hash)
    or exists (select from gateway.blob_bequests l where l.sha256 = hash)
$$;

-- All that an erased person handed in. What nobody else wants goes with the next sweep, without the days of grace that
-- others have to change their mind.
create or replace function ops.give_up_blobs(person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  theirs text[] := array(select c.sha256 from gateway.blob_claims c where c.user_id = person);
begin
  delete from gateway.uploads u where u.user_id = person;
  delete from gateway.blob_claims c where c.user_id = person;
  update gateway.blobs b set unclaimed_since = '-infinity'
    where b.sha256 = any (theirs) and not ops.blob_is_wanted(b.sha256);
end $$;

-- Bytes that nobody has claimed for as long as `grace`. The time begins when a sweep first sees it.
create or replace function gateway.unclaimed_blobs(grace interval, most integer default 1000) returns setof text
language plpgsql security definer set search_path = '' as $$
begin
  update gateway.blobs b set unclaimed_since = null
    where b.unclaimed_since is not null and ops.blob_is_wanted(b.sha256);
  update gateway.blobs b set unclaimed_since = now()
    where b.unclaimed_since is null
      and not exists (select from gateway.blob_claims c where c.sha256 = b.sha256)
      and not exists (select from gateway.blob_bequests l where l.sha256 = b.sha256);
  return query
    select b.sha256 from gateway.blobs b where b.unclaimed_since <= now() - grace
    order by b.unclaimed_since limit most;
end $$;

-- Takes bytes off the list if still nobody wants them; until the transaction is over nobody can publish them anew, and
-- meanwhile the gateway removes them from the store.
create or replace function gateway.condemn_blob(hash text, grace interval) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('blob ' || hash, 0));
  delete from gateway.blobs b
    where b.sha256 = hash and b.unclaimed_since <= now() - grace and not ops.blob_is_wanted(hash);
  return found;
end $$;

-- Of what lies in the store, what is on no list.
create or replace function gateway.unknown_blobs(hashes text[]) returns setof text
language sql stable security definer set search_path = '' as $$
  select h from unnest(hashes) as h where not exists (select from gateway.blobs b where b.sha256 = h)
$$;

create or replace function gateway.hold_unknown(hash text) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('blob ' || hash, 0));
  return not exists (select from gateway.blobs b where b.sha256 = hash);
end $$;

create or replace function gateway.unknown_parts(names text[]) returns setof text
language sql stable security definer set search_path = '' as $$
  select n from unnest(names) as n where not exists (select from gateway.upload_parts p where p.name = n)
$$;
