-- Batches that devices hand in. What is in them is applied by the gateway as the person, through the policies; only the
-- receipts are kept past them.

-- Begins a batch of a device of the person's, one at a time. Returns what became of it where it was applied before.
create or replace function gateway.begin_push(device uuid, batch uuid, batch_digest text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  known sync.device;
  receipt sync.receipt;
begin
  insert into sync.device (device_id, user_id) values (device, auth.uid()) on conflict (device_id) do nothing;
  select * into known from sync.device d where d.device_id = device for update;
  if known.user_id <> auth.uid() then
    perform app.refuse(403, 'device_of_another', 'This device belongs to another account.');
  end if;
  -- Whoever waits for news is not called for what they did themselves.
  perform set_config('alexandria.device', device::text, true);
  select * into receipt from sync.receipt r where r.device_id = device and r.batch_id = batch;
  if found and receipt.digest <> batch_digest then
    perform app.refuse(409, 'batch_reused', 'A batch of this name was handed in before with other content.');
  end if;
  return receipt.judgements;
end $$;

create or replace function gateway.end_push(device uuid, batch uuid, batch_digest text, judged jsonb) returns void
language sql security definer set search_path = '' as $$
  insert into sync.receipt (device_id, batch_id, digest, judgements) values (device, batch, batch_digest, judged);
  update sync.device d set last_batch = batch where d.device_id = end_push.device;
$$;

-- A device asks again within days; a library that comes back after half a year has a new device id.
create or replace function ops.forget_receipts(term interval default '180 days') returns text
language plpgsql security definer set search_path = '' as $$
declare forgotten bigint;
begin
  delete from sync.receipt where received_at < now() - term;
  get diagnostics forgotten = row_count;
  return forgotten || ' receipts';
end $$;

select ops.describe_job('forget-receipts', '40 4 * * *', 'ops.forget_receipts()', 'Forgets old receipts of batches.');

create or replace function gateway.epoch() returns text
language sql stable security definer set search_path = '' as $$ select sync.epoch_now() $$;
