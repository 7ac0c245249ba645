-- When a row was in a feed, as revisions: it may come, go and come again between two pulls of a device, which must be
-- told of a departure exactly if it had the row.
alter table sync.feed_row add column spans int8multirange;
update sync.feed_row set spans = int8multirange(int8range(since, case op when '-' then rev end));
alter table sync.feed_row alter column spans set not null;
alter table sync.feed_row drop column since;
