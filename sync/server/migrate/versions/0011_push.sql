-- What became of each batch, kept in the same transaction as its effects. A reply that was lost is given again.
create table sync.receipt (
  device_id uuid not null references sync.device on delete cascade,
  batch_id uuid not null,
  digest text not null,                -- SHA-256 of the batch: the same id with other content is an error
  judgements jsonb not null,
  received_at timestamptz not null default now(),
  primary key (device_id, batch_id)
);
create index idx_receipt_received_at on sync.receipt (received_at);
