-- Revisions that are given after a restore are above all that were given before it: a laptop can tell a row that has
-- stood as it was in the backup from one that somebody has written since.
alter table sync.epoch add column revisions_from bigint not null default 0;
