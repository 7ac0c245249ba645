-- A device may ask for a page while it still writes the one before, and thereby accept it. If it is cut off then, it names
-- the checkpoint before once more: what its cursors were there is kept until the next step.
alter table sync.device add column previous bigint;
create table sync.device_step (
  device_id uuid not null references sync.device on delete cascade,
  feed_id bigint not null references sync.feed on delete cascade,
  rev bigint not null,                 -- 0: the device did not have the feed yet
  gained_rev bigint not null,
  primary key (device_id, feed_id)
);
create index idx_device_step_feed_id on sync.device_step (feed_id);
