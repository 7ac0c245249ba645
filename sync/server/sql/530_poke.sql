-- What a device waits for: its feeds, as hashes of their names, for a channel is open to everybody who may connect.
create or replace function gateway.news_keys(catalogues text[] default '{}') returns bigint[]
language sql stable security definer set search_path = '' as $$
  select array(select hashtextextended(h, 0) from sync.feeds_held(auth.uid(), catalogues) as h)
$$;
