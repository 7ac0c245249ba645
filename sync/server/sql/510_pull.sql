-- What a device does not have yet. The plan names rows only; the gateway reads them as the person, through the
-- policies, so that what a person may not see cannot leave even if a feed were wrong.

-- The feeds that a person holds: what they may see and want. Computed anew at every pull, so access that ends by time
-- needs no event.
create or replace function sync.feeds_held(person uuid, catalogues text[]) returns setof text
language sql stable security definer set search_path = '' as $$
  select 'user:' || person
  union select 'catalogue:base'
  union select c from unnest(catalogues) as c where c ~ '^catalogue:(themes|[0-9]+)$'
  union select 'org:' || o from app.my_org_ids() as o
  union select 'teach:' || c from app.my_taught_course_ids() as c
  union
  select 'content:' || r.id
  from public.content_items r
  where r.id in (
      select coalesce(i.root_id, i.id) from public.user_libraries l join public.content_items i on i.id = l.content_id
        where l.user_id = person and l.deleted_at is null
      union select coalesce(i.root_id, i.id) from app.my_granted_ids() as g (id) join public.content_items i on i.id = g.id
      union select c.content_id from public.courses c where c.id in (select app.my_taught_course_ids()))
    and sync.is_shared(r) and app.can_open(r.id)
$$;

-- Names the server's present history. Its last part is the number above which this history counts revisions.
create or replace function sync.epoch_now() returns text
language sql stable security definer set search_path = '' as $$
  select e.epoch || '.' || s.system_identifier || '.' || c.timeline_id || '.' || e.revisions_from
  from sync.epoch e, pg_control_system() s, pg_control_checkpoint() c
$$;

create or replace function sync.new_epoch() returns uuid
language sql security definer set search_path = '' as $$
  -- Milliseconds: above what any history before has given, for no row changes a thousand times a second for years.
  update sync.epoch set epoch = gen_random_uuid(), since = now(),
    revisions_from = greatest(revisions_from + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)
  returning epoch
$$;

-- Whether a device lacks anything of the feeds that its person holds, or holds a feed that they lost.
create or replace function sync.has_news(device uuid, names text[]) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from unnest(names) as h (name) join sync.feed f on f.name = h.name
    left join sync.device_feed d on d.device_id = device and d.feed_id = f.id
    where d.rev is distinct from f.rev and (d.feed_id is not null or f.rev > 0)
    union all
    select from sync.device_feed d join sync.feed f on f.id = d.feed_id
    where d.device_id = device and f.name <> all (names))
$$;

-- Whether departures were collected that a device was not told of: then only a whole listing shows what it must drop.
-- Those from before it got a feed do not count, however far it is with the feed's rows.
create or replace function sync.has_forgotten(device uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from sync.device_feed d join sync.feed f on f.id = d.feed_id
    where d.device_id = device and d.rev > 0 and greatest(d.rev, d.gained_rev) < f.floor)
$$;

create or replace function sync.no_news(checkpoint bigint) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('to', checkpoint, 'more', false, 'reset', false, 'gained', '[]'::jsonb, 'lost', '[]'::jsonb,
    'epoch', sync.epoch_now())
$$;

-- Takes back what was offered to a device.
create or replace function sync.forget_offer(device uuid) returns void
language sql security definer set search_path = '' as $$
  delete from sync.device_feed f where f.device_id = device and f.offered_rev is not null and f.rev = 0;
  update sync.device_feed f set offered_rev = null where f.device_id = device and f.offered_rev is not null;
$$;

-- From now on the checkpoint before the present one is as good as any other: the device starts over.
create or replace function sync.forget_step(device uuid) returns void
language sql security definer set search_path = '' as $$
  delete from sync.device_step s where s.device_id = device;
  update sync.device d set previous = null where d.device_id = device;
$$;

-- One page of a pull. `checkpoint` is what the device has applied, or is just applying; naming the one that was offered
-- last accepts it, naming the one before takes the device a step back, and any other that is not the present one starts
-- over. `heard` is the batch whose answer it took in last: if that is the
-- last one that it handed in, it is not told again what those answers told. Returns lines of three kinds:
--   rows    (tbl, ids)       to read as the person and send; those that cannot be read count as left
--   leave   (tbl, ids)       no longer in any feed of the device
--   state   body             {to, more, reset, gained: [...], lost: [...], epoch}
-- Called with the claims of the person set, so that the helpers of the policies answer for them.
drop function if exists gateway.pull(uuid, bigint, integer, text[]);
create or replace function gateway.pull(
  device uuid, checkpoint_seen bigint, page integer, catalogues text[] default '{}', heard uuid default null)
returns table (kind text, tbl text, ids uuid[], body jsonb)
language plpgsql security definer set search_path = '' as $$
declare
  person uuid := auth.uid();
  known sync.device;
  names text[] := array(select sync.feeds_held(person, catalogues));
  starts_over boolean := false;
  steps_back boolean := false;
  has_heard boolean;
  next_offer bigint;
  more boolean;
begin
  -- Everything is of one moment: else a row that comes while we look is told twice, or one that goes is called gone to
  -- a device that never had it.
  if current_setting('transaction_isolation') not in ('repeatable read', 'serializable') then
    raise invalid_transaction_state using message = 'A pull needs a transaction of one moment (repeatable read).';
  end if;
  -- Mostly nothing is new, and that must cost little: no lock, nothing written, nothing to bring to the disk.
  select * into known from sync.device d where d.device_id = device;
  if known.user_id = person and known.offered is null and known.checkpoint > 0 and known.checkpoint = checkpoint_seen
    and known.seen_at > now() - interval '1 hour' and not sync.has_news(device, names)
  then
    return query select 'state', null::text, null::uuid[], sync.no_news(known.checkpoint);
    return;
  end if;

  insert into sync.device (device_id, user_id) values (device, person) on conflict (device_id) do nothing;
  select * into known from sync.device d where d.device_id = device for update;
  -- Each offer has a number of its own: an answer that was heard late must not stand for a later one.
  next_offer := greatest(known.checkpoint, known.offered) + 1;
  if known.user_id <> person then
    perform app.refuse(403, 'device_of_another', 'This device belongs to another account.');
  end if;
  -- A library that was set back to before its last batch, or lost the answer, names another.
  has_heard := coalesce(pull.heard = known.last_batch, false);
  if checkpoint_seen = known.offered then
    delete from sync.device_step s where s.device_id = device;
    insert into sync.device_step (device_id, feed_id, rev, gained_rev)
      select device, f.feed_id, f.rev, f.gained_rev from sync.device_feed f
      where f.device_id = device and f.offered_rev is not null;
    update sync.device_feed f set rev = f.offered_rev where f.device_id = device and f.offered_rev >= 0;
    delete from sync.device_feed f where f.device_id = device and f.offered_rev = -1;
    update sync.device_feed f set offered_rev = null where f.device_id = device and f.offered_rev is not null;
    update sync.device d set checkpoint = checkpoint_seen, offered = null, previous = known.checkpoint
      where d.device_id = device;
    known.checkpoint := checkpoint_seen;
  elsif checkpoint_seen = known.previous and checkpoint_seen > 0 then
    -- It was cut off while it wrote a page whose successor it had asked for already.
    steps_back := true;
    perform sync.forget_offer(device);
    delete from sync.device_feed f using sync.device_step s
      where f.device_id = device and s.device_id = device and s.feed_id = f.feed_id and s.rev = 0;
    insert into sync.device_feed (device_id, feed_id, rev, gained_rev)
      select device, s.feed_id, s.rev, s.gained_rev from sync.device_step s where s.device_id = device and s.rev > 0
      on conflict (device_id, feed_id) do update set rev = excluded.rev, gained_rev = excluded.gained_rev;
    perform sync.forget_step(device);
    update sync.device d set checkpoint = checkpoint_seen where d.device_id = device;
  elsif checkpoint_seen <> known.checkpoint or (checkpoint_seen = 0 and known.checkpoint = 0) then
    starts_over := true;
    delete from sync.device_feed f where f.device_id = device;
    perform sync.forget_step(device);
    update sync.device d set offered = null where d.device_id = device;
  elsif known.offered is not null then
    perform sync.forget_offer(device);  -- the reply was lost; it is worked out again
  end if;

  if not starts_over and sync.has_forgotten(device) then
    starts_over := true;
    delete from sync.device_feed f where f.device_id = device;
    perform sync.forget_step(device);
    -- No checkpoint of its own is good any more: it starts over again until it has heard so.
    update sync.device d set checkpoint = -1 where d.device_id = device;
  end if;

  -- Even where nothing is new: only an offer's number is above that of the page which the device lost.
  if not starts_over and not steps_back and not sync.has_news(device, names) then
    update sync.device d set offered = null, seen_at = now() where d.device_id = device;
    return query select 'state', null::text, null::uuid[], sync.no_news(known.checkpoint);
    return;
  end if;

  create temporary table if not exists held
    (feed_id bigint primary key, name text, rev bigint, seen bigint, gained bigint) on commit drop;
  create temporary table if not exists changed (feed_id bigint, tbl text, id uuid, rev bigint, op "char") on commit drop;
  delete from pg_temp.held;
  delete from pg_temp.changed;
  insert into pg_temp.held
    select f.id, f.name, f.rev, case when greatest(d.rev, d.gained_rev) >= f.floor and d.rev <= f.rev then d.rev end, coalesce(d.gained_rev, f.rev)
    from unnest(names) as h (name) join sync.feed f on f.name = h.name
    left join sync.device_feed d on d.device_id = device and d.feed_id = f.id;

  -- Whole revisions only, feed by feed, until the page is full; of what left a feed before the
  -- device had it, nothing is said.
  insert into pg_temp.changed
    select r.feed_id, r.tbl, r.id, r.rev, r.op from pg_temp.held h
    cross join lateral (
      select * from sync.feed_row r
      where r.feed_id = h.feed_id and r.rev > coalesce(h.seen, 0) and (r.op = '+' or (r.rev > h.gained and r.spans @> h.seen))
        -- Never while the feed is listed for the first time: a listing shows what is gone by what it does not name.
        and not (has_heard and r.told is not distinct from device and r.op = '+' and coalesce(h.seen >= h.gained, false))
      order by r.rev limit page) r
    where h.seen is distinct from h.rev
    order by h.name, r.rev limit page;
  select count(*) >= page into more from pg_temp.changed;

  return query
    select 'rows', c.tbl, array_agg(distinct c.id), null::jsonb from pg_temp.changed c where c.op = '+' group by c.tbl;
  return query
    select 'leave', x.tbl, array_agg(distinct x.id), null::jsonb from (
      select c.tbl, c.id from pg_temp.changed c where c.op = '-'
      union
      -- of feeds that were lost: only what the device had of them
      select r.tbl, r.id from sync.device_feed d join sync.feed_row r on r.feed_id = d.feed_id
      where d.device_id = device and r.spans @> d.rev and (r.op = '+' or r.rev > d.rev)
        and not exists (select from pg_temp.held h where h.feed_id = d.feed_id)) x
    where not exists (
      select from sync.feed_row o join pg_temp.held h on h.feed_id = o.feed_id
      where o.tbl = x.tbl and o.id = x.id and o.op = '+')
    group by x.tbl;
  return query
    select 'state', null::text, null::uuid[], jsonb_build_object(
      'to', next_offer, 'more', more, 'reset', starts_over,
      'gained', (select coalesce(jsonb_agg(h.name), '[]') from pg_temp.held h where h.seen is null and h.rev > 0),
      'lost', (select coalesce(jsonb_agg(f.name), '[]') from sync.device_feed d join sync.feed f on f.id = d.feed_id
               where d.device_id = device and not exists (select from pg_temp.held h where h.feed_id = d.feed_id)),
      'epoch', sync.epoch_now());

  insert into sync.device_feed (device_id, feed_id, rev, offered_rev, gained_rev)
    select device, h.feed_id, coalesce(h.seen, 0),
      case when more then (select max(c.rev) from pg_temp.changed c where c.feed_id = h.feed_id) else h.rev end, h.gained
    from pg_temp.held h where h.seen is distinct from h.rev
      and (not more or exists (select from pg_temp.changed c where c.feed_id = h.feed_id))
  on conflict (device_id, feed_id) do update set offered_rev = excluded.offered_rev;
  update sync.device_feed d set offered_rev = -1
    where d.device_id = device and not exists (select from pg_temp.held h where h.feed_id = d.feed_id);
  update sync.device d set offered = next_offer, seen_at = now() where d.device_id = device;
end $$;

-- Forgets departures that every device in use must have seen, and says from where on cursors start over.
create or replace function ops.collect_feeds(term interval default '180 days') returns text
language plpgsql security definer set search_path = '' as $$
declare forgotten bigint;
begin
  with gone as (
    delete from sync.feed_row where op = '-' and changed_at < now() - term returning feed_id, rev),
  floors as (select feed_id, max(rev) as rev from gone group by feed_id)
  update sync.feed f set floor = greatest(f.floor, floors.rev) from floors where f.id = floors.feed_id;
  get diagnostics forgotten = row_count;
  return forgotten || ' feeds';
end $$;
