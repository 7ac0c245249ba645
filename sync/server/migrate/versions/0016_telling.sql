-- What a device handed in, it hears in the answer: the feeds need not bring it once more. `told` is the device whose batch
-- wrote a row last; `heard` in a pull is the batch whose answer the device took in last.
alter table sync.feed_row add column told uuid;
alter table sync.device add column last_batch uuid;
alter table sync.pending add column told uuid, add column round smallint not null default 0;
alter table sync.derived add column told uuid;
-- Entries are made beside their feed and feeds are never removed; asking for each of them cost more than writing it.
alter table sync.feed_row drop constraint feed_row_feed_id_fkey;
