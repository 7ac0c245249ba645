-- Feeds: for whom which row changed, numbered so that revisions of one feed become visible in order.

create table sync.feed (
  id bigint generated always as identity primary key,
  name text not null unique,
  rev bigint not null default 0,
  floor bigint not null default 0      -- departures up to here are forgotten; a cursor below it starts over
) with (fillfactor = 50);

create table sync.feed_row (
  feed_id bigint not null references sync.feed on delete cascade,
  tbl text not null,
  id uuid not null,
  rev bigint not null,
  since bigint not null,               -- the revision with which it came in
  op "char" not null,                  -- '+' the row is in the feed, '-' it has left
  changed_at timestamptz not null default now(),
  primary key (feed_id, tbl, id)
);
create index idx_feed_row_rev on sync.feed_row (feed_id, rev);
create index idx_feed_row_row on sync.feed_row (tbl, id);
create index idx_feed_row_departed on sync.feed_row (changed_at) where op = '-';

-- What the running transactions touched. Lost with a crash, as those transactions are.
create unlogged table sync.pending (xid xid8 not null, tbl text not null, id uuid not null, primary key (xid, tbl, id));
create unlogged table sync.pending_transaction (xid xid8 primary key);
create unlogged table sync.derived (xid xid8 not null, tbl text not null, id uuid not null, feed text not null);
create index idx_derived_row on sync.derived (xid, tbl, id);

-- Cards of items that everybody may see, in buckets of fifty thousand.
create table sync.catalogue (
  content_id uuid primary key,
  number bigint generated always as identity
);

-- How far each device is. What was offered counts as received when the device names its checkpoint.
create table sync.device (
  device_id uuid primary key,
  user_id uuid not null references public.users on delete cascade,
  checkpoint bigint not null default 0,
  offered bigint,
  seen_at timestamptz not null default now()
);
create index idx_sync_device_user_id on sync.device (user_id);
create table sync.device_feed (
  device_id uuid not null references sync.device on delete cascade,
  feed_id bigint not null references sync.feed on delete cascade,
  rev bigint not null default 0,
  offered_rev bigint,                  -- -1: the feed was lost
  gained_rev bigint not null default 0, -- where the feed stood when the device got it; it is not told of departures before
  primary key (device_id, feed_id)
);
create index idx_device_feed_feed_id on sync.device_feed (feed_id);

-- Changes whenever history may have been rewritten: a restore, a move to another machine.
create table sync.epoch (
  only_one boolean primary key default true check (only_one),
  epoch uuid not null default gen_random_uuid(),
  since timestamptz not null default now()
);
insert into sync.epoch default values;
