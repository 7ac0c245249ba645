-- What a device should have of each table, for it to compare with what it has; nothing where it is not up to date.
-- Called with the claims of the person set; whether they may see the rows is for the policies to say.
create or replace function gateway.holdings(device uuid, checkpoint_seen bigint, catalogues text[] default '{}')
returns table (tbl text, ids uuid[])
language plpgsql stable security definer set search_path = '' as $$
declare
  known sync.device;
  names text[] := array(select sync.feeds_held(auth.uid(), catalogues));
begin
  select * into known from sync.device d where d.device_id = device and d.user_id = auth.uid();
  if known.checkpoint is distinct from checkpoint_seen or known.offered is not null or sync.has_news(device, names) then
    perform app.refuse(409, 'not_up_to_date', 'This device has yet to take in what is new.');
  end if;
  return query
    select r.tbl, array_agg(distinct r.id)
    from unnest(names) as h (name) join sync.feed f on f.name = h.name
    join sync.feed_row r on r.feed_id = f.id and r.op = '+'
    group by r.tbl;
end $$;
