-- auth.uid() and its companions, as policies on Supabase know them. Where the schema is already there with its own
-- functions (Supabase), nothing of it is touched.
do $$
begin
  if to_regprocedure('auth.uid()') is not null then
    return;
  end if;
  create schema if not exists auth;
  -- Claims come back as '' and not as NULL once a transaction that set them is over.
  create function auth.jwt() returns jsonb language sql stable set search_path = ''
    as $f$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $f$;
  create function auth.uid() returns uuid language sql stable set search_path = ''
    as $f$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $f$;
  create function auth.role() returns text language sql stable set search_path = ''
    as $f$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $f$;
end $$;
