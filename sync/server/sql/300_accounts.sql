-- Accounts: sign-up, sessions, passwords, one-time links, outside identities, erasure. Called by the gateway only. Where
-- a function acts for a person, that is auth.uid(), which the gateway sets after it has checked the session.

-- A refusal that the gateway hands on: SQLSTATE AL and the status, the code in the detail, a sentence for people.
create or replace function app.refuse(status integer, code text, sentence text) returns void
language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'AL' || status, message = sentence, detail = code;
end $$;

create or replace function gateway.schema_version() returns text
language plpgsql stable security definer set search_path = '' as $$
begin
  return (select version_num from ops.schema_version);
end $$;

-- Counts an attempt under each key and returns the seconds to wait, 0 if it may go on. The same work whether or not
-- the email is known; keys are locked in order.
create or replace function gateway.attempt(keys bytea[], limits integer[], term interval) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  wait integer;
begin
  insert into gateway.attempts as a (key)
    select k from unnest(keys) as k order by k
  on conflict (key) do update set
    tried = case when a.since <= now() - term then 1 else least(a.tried + 1, 1000000) end,
    since = case when a.since <= now() - term then now() else a.since end;
  select max(ceil(extract(epoch from a.since + term - now())))::integer into wait
    from unnest(keys, limits) as l (key, most) join gateway.attempts a on a.key = l.key
    where a.tried > l.most;
  return case when wait is null then 0 else greatest(wait, 1) end;
end $$;

create or replace function gateway.forget_attempts(keys bytea[]) returns void
language sql security definer set search_path = '' as $$
  delete from gateway.attempts where key = any (keys)
$$;

-- Takes back one attempt that was counted before its end was known.
create or replace function gateway.forgive_attempt(of_key bytea) returns void
language sql security definer set search_path = '' as $$
  update gateway.attempts set tried = greatest(tried - 1, 0) where key = of_key
$$;

create or replace function gateway.password_of(email_given text)
returns table (user_id uuid, password_hash text)
language sql stable security definer set search_path = '' as $$
  select c.user_id, c.password_hash from public.users u join gateway.credentials c on c.user_id = u.id
  where lower(u.email) = email_given and u.deleted_at is null
$$;

create or replace function gateway.my_password() returns text
language sql stable security definer set search_path = '' as $$
  select c.password_hash from gateway.credentials c where c.user_id = auth.uid()
$$;

-- The same password under newer parameters.
create or replace function gateway.rehash(person uuid, old_hash text, new_hash text) returns void
language sql security definer set search_path = '' as $$
  update gateway.credentials set password_hash = new_hash where user_id = person and password_hash = old_hash
$$;

create or replace function ops.new_person(email_given text, name_given text, role_given text, password text)
returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
begin
  insert into public.users (email, name, role) values (email_given, name_given, role_given)
    on conflict do nothing returning id into person;
  if person is null then
    perform app.refuse(409, 'email_taken', 'There is an account with this email already.');
  end if;
  insert into public.user_profiles (user_id, display_name) values (person, name_given);
  if password is not null then
    insert into gateway.credentials (user_id, password_hash) values (person, password);
  end if;
  return person;
end $$;

create or replace function gateway.sign_up(email_given text, name_given text, password text, invitation text,
  must_be_invited boolean, member_limits jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
begin
  if invitation is null and must_be_invited then
    perform app.refuse(403, 'invitation_needed', 'An account here needs an invitation.');
  end if;
  if invitation is not null then
    perform ops.open_invitation(invitation, email_given);
  end if;
  person := ops.new_person(email_given, name_given, 'user', password);
  if invitation is not null then
    perform ops.take_invitation(invitation, person, email_given, member_limits);
  end if;
  return person;
end $$;

-- Opens a session for a person whose password was checked; `checked` is the hash that it was checked against, so that
-- a password changed meanwhile opens nothing. A device that is known keeps the name that its owner gave it.
create or replace function gateway.open_session(person uuid, checked text, token_hash text, lifetime interval,
  device jsonb, label_given text)
returns table (session_id uuid, expires_at timestamptz, email text, name text, role text)
language plpgsql security definer set search_path = '' as $$
declare
  device_given uuid := (device ->> 'id')::uuid;
  session uuid;
begin
  if not exists (
    select from gateway.credentials c join public.users u on u.id = c.user_id
    where c.user_id = person and c.password_hash = checked and u.deleted_at is null for share of c, u)
  then
    perform app.refuse(401, 'wrong_credentials', 'Email and password do not belong together.');
  end if;
  if device_given is not null then
    insert into public.devices as d (id, user_id, name, platform, app_version, last_seen_at)
      values (device_given, person, device ->> 'name', device ->> 'platform', device ->> 'app_version', now())
    on conflict (id) do update set platform = excluded.platform, app_version = excluded.app_version,
      last_seen_at = excluded.last_seen_at, revoked_at = null, deleted_at = null
      where d.user_id = excluded.user_id;
    if not found then
      perform app.refuse(409, 'device_of_another', 'This device belongs to another account.');
    end if;
  end if;
  insert into public.user_sessions as s (user_id, device_id, token, expires_at)
    values (person, device_given, token_hash, now() + lifetime) returning s.id into session;
  insert into gateway.session_use (session_id, label) values (session, label_given);
  return query select session, now() + lifetime, u.email::text, u.name::text, u.role::text
    from public.users u where u.id = person;
end $$;

-- Whose session a token opens. Its time is renewed when it is used, though not at each request.
create or replace function gateway.session_of(token_hash text, lifetime interval)
returns table (session_id uuid, user_id uuid, role text)
language plpgsql security definer set search_path = '' as $$
declare
  found_one record;
begin
  select s.id, s.user_id, u.role::text as role, c.seen_at into found_one
    from public.user_sessions s
    join public.users u on u.id = s.user_id
    left join public.devices d on d.id = s.device_id
    left join gateway.session_use c on c.session_id = s.id
    where s.token = token_hash and s.revoked_at is null and s.expires_at > now() and u.deleted_at is null
      and d.revoked_at is null;
  if not found then
    return;
  end if;
  if found_one.seen_at is null or found_one.seen_at < now() - interval '5 minutes' then
    insert into gateway.session_use (session_id) values (found_one.id)
      on conflict on constraint session_use_pkey do update set seen_at = excluded.seen_at;
    update public.user_sessions s set expires_at = now() + lifetime
      where s.id = found_one.id and s.revoked_at is null;
  end if;
  return query select found_one.id, found_one.user_id, found_one.role;
end $$;

create or replace function gateway.my_sessions()
returns table (id uuid, device_id uuid, device_name text, platform text, created_at timestamptz, seen_at timestamptz,
  expires_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select s.id, s.device_id, coalesce(d.name, nullif(c.label, '')), d.platform, s.created_at,
    coalesce(c.seen_at, s.created_at), s.expires_at
  from public.user_sessions s
  left join public.devices d on d.id = s.device_id
  left join gateway.session_use c on c.session_id = s.id
  where s.user_id = auth.uid() and s.revoked_at is null and s.expires_at > now()
  order by 6 desc, s.id
$$;

create or replace function gateway.revoke_session(session uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.user_sessions s set revoked_at = now()
    where s.id = session and s.user_id = auth.uid() and s.revoked_at is null;
  return found;
end $$;

create or replace function ops.revoke_sessions(person uuid, except_for uuid default null) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  gone integer;
begin
  update public.user_sessions s set revoked_at = now()
    where s.user_id = person and s.revoked_at is null and s.expires_at > now() and s.id is distinct from except_for;
  get diagnostics gone = row_count;
  return gone;
end $$;

create or replace function gateway.revoke_other_sessions(kept uuid) returns integer
language sql security definer set search_path = '' as $$ select ops.revoke_sessions(auth.uid(), kept) $$;

create or replace function gateway.change_password(checked text, new_hash text, kept uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update gateway.credentials c set password_hash = new_hash, changed_at = now()
    where c.user_id = auth.uid() and c.password_hash = checked;
  if not found then
    perform app.refuse(403, 'wrong_password', 'The password is not right.');
  end if;
  update gateway.links l set used_at = now() where l.user_id = auth.uid() and l.used_at is null;
  perform ops.revoke_sessions(auth.uid(), kept);
end $$;

-- Links that open an account once. The first admin's works only while there is no admin.
create or replace function ops.make_first_admin_link(token_hash text, lifetime interval) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.users where role = 'admin' and deleted_at is null) then
    return false;
  end if;
  update gateway.links set used_at = now() where kind = 'first_admin' and used_at is null;
  insert into gateway.links (token, kind, expires_at) values (token_hash, 'first_admin', now() + lifetime);
  return true;
end $$;

create or replace function ops.make_reset_link(person uuid, token_hash text, lifetime interval) returns timestamptz
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.users where id = person and deleted_at is null) then
    perform app.refuse(404, 'not_found', 'There is no such account.');
  end if;
  update gateway.links set used_at = now() where user_id = person and used_at is null;
  insert into gateway.links (token, kind, user_id, expires_at)
    values (token_hash, 'password_reset', person, now() + lifetime);
  return now() + lifetime;
end $$;

-- Whether a link would work, asked before the cost of a hash.
create or replace function gateway.link_works(token_hash text, kind_wanted text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from gateway.links l
    where l.token = token_hash and l.kind = kind_wanted and l.used_at is null and l.expires_at > now())
$$;

create or replace function gateway.link_kind(token_hash text) returns table (kind text, email text)
language sql stable security definer set search_path = '' as $$
  select l.kind, null from gateway.links l
    where l.token = token_hash and l.used_at is null and l.expires_at > now()
  union all
  select 'invitation', i.email from gateway.invitations i
    where i.token = token_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
$$;

create or replace function ops.use_link(token_hash text, kind_wanted text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
begin
  update gateway.links l set used_at = now()
    where l.token = token_hash and l.kind = kind_wanted and l.used_at is null and l.expires_at > now()
    returning l.user_id into person;
  if not found then
    perform app.refuse(403, 'link_spent', 'This link was used, has expired, or never was one.');
  end if;
  return person;
end $$;

create or replace function gateway.make_first_admin(token_hash text, email_given text, name_given text, password text)
returns uuid
language plpgsql security definer set search_path = '' as $$
begin
  perform ops.use_link(token_hash, 'first_admin');
  if exists (select from public.users where role = 'admin' and deleted_at is null) then
    perform app.refuse(403, 'link_spent', 'This link was used, has expired, or never was one.');
  end if;
  return ops.new_person(email_given, name_given, 'admin', password);
end $$;

create or replace function gateway.reset_password(token_hash text, new_hash text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  person uuid := ops.use_link(token_hash, 'password_reset');
begin
  if not exists (select from public.users where id = person and deleted_at is null) then
    perform app.refuse(403, 'link_spent', 'This link was used, has expired, or never was one.');
  end if;
  insert into gateway.credentials (user_id, password_hash) values (person, new_hash)
    on conflict (user_id) do update set password_hash = excluded.password_hash, changed_at = now();
  perform ops.revoke_sessions(person);
end $$;

-- Whom an outside issuer means; a first request makes the account. An account with the same email is never taken over:
-- nobody proved here that it belongs to the same person.
create or replace function gateway.external_person(issuer_given text, subject_given text, email_given text,
  name_given text)
returns table (user_id uuid, role text)
language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
  -- Supabase's subject is the id that auth.uid() returns there.
  wanted uuid := case when subject_given ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
    then subject_given::uuid else gen_random_uuid() end;
begin
  select e.user_id into person from gateway.external_identities e
    where e.issuer = issuer_given and e.subject = subject_given;
  if not found then
    if email_given is null then
      perform app.refuse(403, 'email_needed', 'The token of a new account must name its email.');
    end if;
    perform pg_advisory_xact_lock(hashtextextended(issuer_given || ' ' || subject_given, 0));
    select e.user_id into person from gateway.external_identities e
      where e.issuer = issuer_given and e.subject = subject_given;
    if not found then
      insert into public.users (id, email, name) values (wanted, email_given, name_given)
        on conflict do nothing returning id into person;
      if person is null then
        perform app.refuse(409, 'email_taken', 'There is another account with this email or id.');
      end if;
      insert into public.user_profiles (user_id, display_name) values (person, name_given);
      insert into gateway.external_identities (issuer, subject, user_id)
        values (issuer_given, subject_given, person);
    end if;
  end if;
  return query select u.id, u.role::text from public.users u where u.id = person and u.deleted_at is null;
end $$;

-- Administration. The wrappers check who asks; the command line, which acts as the owner, calls `ops` itself.
create or replace function app.must_be_admin() returns void
language plpgsql stable set search_path = '' as $$
begin
  if not app.is_admin() then
    perform app.refuse(403, 'not_allowed', 'Only an administrator of the platform may do that.');
  end if;
end $$;

create or replace function ops.set_user(person uuid, new_role text, disabled boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
  was public.users;
begin
  -- One at a time, so that two admins cannot each remove the other.
  perform pg_advisory_xact_lock(hashtextextended('alexandria admins', 0));
  select * into was from public.users u where u.id = person for update;
  if not found or was.email like '%@erased.invalid' then
    perform app.refuse(404, 'not_found', 'There is no such account.');
  end if;
  if was.role = 'admin' and was.deleted_at is null and (coalesce(new_role, 'admin') <> 'admin' or disabled)
    and not exists (select from public.users u where u.role = 'admin' and u.deleted_at is null and u.id <> person)
  then
    perform app.refuse(409, 'last_admin', 'The platform needs an administrator.');
  end if;
  update public.users u set role = coalesce(new_role, u.role),
    deleted_at = case when disabled is null then u.deleted_at when disabled then coalesce(u.deleted_at, now()) end
    where u.id = person;
  if disabled then
    perform ops.revoke_sessions(person);
  end if;
end $$;

create or replace function gateway.set_user(person uuid, new_role text, disabled boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform app.must_be_admin();
  perform ops.set_user(person, new_role, disabled);
end $$;

create or replace function gateway.make_reset_link(person uuid, token_hash text, lifetime interval)
returns timestamptz
language plpgsql security definer set search_path = '' as $$
begin
  perform app.must_be_admin();
  return ops.make_reset_link(person, token_hash, lifetime);
end $$;

-- Erases a person: what is theirs alone goes, what others stand on stays without them. What is theirs is read from the
-- foreign keys (CASCADE: erased, SET NULL: kept without them, RESTRICT: kept), so that a new table needs nothing here.
create or replace function ops.erase_person(person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  was public.users;
begin
  select * into was from public.users u where u.id = person for update;
  perform ops.leave_all_organizations(person);
  update public.purchases p set user_id = null,
    buyer_snapshot = jsonb_build_object('email', was.email, 'name', was.name) || p.buyer_snapshot
    where p.user_id = person;
  perform ops.give_up_blobs(person);
  perform ops.erase_rows(person);
  perform ops.erase_items(person);
  delete from gateway.invitations i where lower(i.email) = lower(was.email);
  -- The row stays, so that its id is never given to another.
  update public.users u set email = u.id || '@erased.invalid', name = '', role = 'user', deleted_at = now()
    where u.id = person;
end $$;

create or replace function ops.erase_rows(person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  reference record;
  waiting boolean := true;
begin
  for pass in 1..5 loop
    exit when not waiting;
    waiting := false;
    for reference in
      select c.conrelid::regclass as name, a.attname as person_column, c.confdeltype as on_delete
      from pg_catalog.pg_constraint c
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f' and c.confrelid = 'public.users'::regclass and array_length(c.conkey, 1) = 1
        and c.confdeltype in ('c', 'n')
        and c.conrelid <> all (array['public.purchases', 'public.content_items']::regclass[])
    loop
      begin
        if reference.on_delete = 'c' then
          execute format('delete from %s where %I = $1', reference.name, reference.person_column) using person;
        else
          execute format('update %s set %I = null where %I = $1', reference.name, reference.person_column,
            reference.person_column) using person;
        end if;
      exception when foreign_key_violation then
        waiting := true;  -- something of the person's own still points here; it goes first
      end;
    end loop;
  end loop;
  if waiting then
    raise exception 'Rows of % could not be erased.', person;
  end if;
end $$;

create or replace function ops.erase_items(person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  mine uuid[];
  item uuid;
begin
  -- Items that nobody else was shown: unpublished or private, and with nobody let in.
  select array_agg(i.id order by i.id = coalesce(i.root_id, i.id)) into mine
    from public.content_items i join public.content_items r on r.id = coalesce(i.root_id, i.id)
    where i.creator_id = person
      and (r.visibility = 'private' or r.status not in ('published', 'archived') or r.deleted_at is not null)
      and not exists (select from public.user_content_access a where a.content_id in (i.id, r.id))
      and not exists (
        select from public.courses c join public.course_enrollments e on e.course_id = c.id where c.content_id = r.id);
  begin
    delete from public.content_items i where i.id = any (mine);
  exception when foreign_key_violation then
    -- Somebody's notes or shelf stand on one of them.
    foreach item in array mine loop
      begin
        delete from public.content_items i where i.id = item;
      exception when foreign_key_violation then
        delete from public.content_files f where f.content_id = item;
        delete from public.content_embeddings e where e.content_id = item;
        update public.content_items i set deleted_at = coalesce(i.deleted_at, now()), description = null,
          metadata_json = '{}', tags = '{}' where i.id = item;
      end;
    end loop;
  end;
  update public.marketplace_items m set deleted_at = now()
    from public.content_items i where i.id = m.content_id and i.creator_id = person and m.deleted_at is null;
  update public.content_items i set creator_id = null where i.creator_id = person;
end $$;

create or replace function gateway.erase_me(checked text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (
    select from gateway.credentials c where c.user_id = auth.uid() and c.password_hash = checked for update)
  then
    perform app.refuse(403, 'wrong_password', 'The password is not right.');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('alexandria admins', 0));
  if app.is_admin() and not exists (
    select from public.users u where u.role = 'admin' and u.deleted_at is null and u.id <> auth.uid())
  then
    perform app.refuse(409, 'last_admin', 'The platform needs an administrator.');
  end if;
  perform ops.erase_person(auth.uid());
end $$;

-- Removes what has expired and would be kept for nothing.
create or replace function ops.forget_expired() returns text
language plpgsql security definer set search_path = '' as $$
begin
  delete from gateway.attempts where since < now() - interval '1 day';
  delete from gateway.links where least(expires_at, used_at) < now() - interval '30 days';
  delete from gateway.invitations where least(expires_at, accepted_at, revoked_at) < now() - interval '30 days';
  return null;
end $$;
