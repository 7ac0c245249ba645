-- When a backup was made, and not only asked for; the doctor looks at the last.

alter table ops.backup_runs add column made_at timestamptz;   -- null: asked for by the schedule
create index idx_backup_runs_made_at on ops.backup_runs (made_at desc) where made_at is not null;
