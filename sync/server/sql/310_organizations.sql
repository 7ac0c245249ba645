-- Organisations. Nobody writes membership but these functions; each acts for auth.uid(). An organisation's row is locked
-- while its members change, so that two changes cannot together leave it without an owner or above its plan.

-- What the person is in an organisation that exists; a stranger learns only that there is nothing for them.
create or replace function ops.my_place(organization uuid) returns public.user_organizations
language plpgsql security definer set search_path = '' as $$
declare
  place public.user_organizations;
begin
  perform from public.organizations o where o.id = organization and o.deleted_at is null for no key update;
  if found then
    select * into place from public.user_organizations m where m.org_id = organization and m.user_id = auth.uid();
  end if;
  if place.id is null then
    perform app.refuse(404, 'not_found', 'There is no such organisation.');
  end if;
  return place;
end $$;

create or replace function ops.must_manage(organization uuid) returns text
language plpgsql security definer set search_path = '' as $$
declare
  place public.user_organizations := ops.my_place(organization);
begin
  if place.role not in ('admin', 'owner') then
    perform app.refuse(403, 'not_allowed', 'Only owners and administrators of the organisation may do that.');
  end if;
  return place.role;
end $$;

create or replace function ops.must_keep_owner(organization uuid, leaving uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (
    select from public.user_organizations m
    where m.org_id = organization and m.role = 'owner' and m.user_id <> leaving)
  then
    perform app.refuse(409, 'last_owner', 'An organisation needs an owner.');
  end if;
end $$;

create or replace function ops.must_have_room(organization uuid, limits jsonb, more integer) returns void
language plpgsql security definer set search_path = '' as $$
declare
  most integer := (select (limits ->> o.plan_type)::integer from public.organizations o where o.id = organization);
begin
  if most is not null
    and (select count(*) from public.user_organizations m where m.org_id = organization) + more > most
  then
    perform app.refuse(409, 'members_full', 'The plan of the organisation has no room for more members.');
  end if;
end $$;

create or replace function gateway.create_organization(name_given text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  made uuid;
begin
  perform from public.users u where u.id = auth.uid() for no key update;
  if (select count(*) from public.user_organizations m join public.organizations o on o.id = m.org_id
      where m.user_id = auth.uid() and m.role = 'owner' and o.deleted_at is null) >= 20
  then
    perform app.refuse(409, 'organizations_full', 'One person may own twenty organisations.');
  end if;
  insert into public.organizations (name) values (name_given) returning id into made;
  insert into public.user_organizations (user_id, org_id, role) values (auth.uid(), made, 'owner');
  return made;
end $$;

create or replace function gateway.rename_organization(organization uuid, name_given text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform ops.must_manage(organization);
  update public.organizations o set name = name_given where o.id = organization;
end $$;

create or replace function gateway.delete_organization(organization uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if (ops.my_place(organization)).role <> 'owner' then
    perform app.refuse(403, 'not_allowed', 'Only an owner may delete the organisation.');
  end if;
  perform ops.close_organization(organization);
end $$;

create or replace function ops.close_organization(organization uuid) returns void
language sql security definer set search_path = '' as $$
  update gateway.invitations set revoked_at = now()
    where org_id = organization and accepted_at is null and revoked_at is null;
  delete from public.user_organizations where org_id = organization;
  update public.organizations set deleted_at = now() where id = organization;
$$;

create or replace function gateway.set_plan(organization uuid, plan text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform app.must_be_admin();
  update public.organizations o set plan_type = plan where o.id = organization and o.deleted_at is null;
  if not found then
    perform app.refuse(404, 'not_found', 'There is no such organisation.');
  end if;
end $$;

create or replace function gateway.set_member(organization uuid, person uuid, new_role text, new_permissions jsonb)
returns void
language plpgsql security definer set search_path = '' as $$
declare
  mine text := ops.must_manage(organization);
  was text;
begin
  select m.role into was from public.user_organizations m where m.org_id = organization and m.user_id = person;
  if not found then
    perform app.refuse(404, 'not_found', 'There is no such member.');
  end if;
  if mine <> 'owner' and (was = 'owner' or new_role = 'owner') then
    perform app.refuse(403, 'not_allowed', 'Only an owner may make or change owners.');
  end if;
  if was = 'owner' and coalesce(new_role, was) <> 'owner' then
    perform ops.must_keep_owner(organization, person);
  end if;
  update public.user_organizations m
    set role = coalesce(new_role, m.role), permissions = coalesce(new_permissions, m.permissions)
    where m.org_id = organization and m.user_id = person;
end $$;

create or replace function gateway.remove_member(organization uuid, person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  mine text := case when person = auth.uid()
    then (ops.my_place(organization)).role else ops.must_manage(organization) end;
  was text;
begin
  select m.role into was from public.user_organizations m where m.org_id = organization and m.user_id = person;
  if not found then
    perform app.refuse(404, 'not_found', 'There is no such member.');
  end if;
  if was = 'owner' then
    if mine <> 'owner' then
      perform app.refuse(403, 'not_allowed', 'Only an owner may remove an owner.');
    end if;
    perform ops.must_keep_owner(organization, person);
  end if;
  delete from public.user_organizations m where m.org_id = organization and m.user_id = person;
end $$;

-- Before somebody is erased: organisations of theirs alone close, others must have another owner.
create or replace function ops.leave_all_organizations(person uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  place record;
begin
  for place in
    select m.org_id, m.role from public.user_organizations m join public.organizations o on o.id = m.org_id
    where m.user_id = person and o.deleted_at is null order by m.org_id for no key update of o
  loop
    if place.role = 'owner' then
      if not exists (select from public.user_organizations m where m.org_id = place.org_id and m.user_id <> person) then
        perform ops.close_organization(place.org_id);
      else
        perform ops.must_keep_owner(place.org_id, person);
      end if;
    end if;
    delete from public.user_organizations m where m.org_id = place.org_id and m.user_id = person;
  end loop;
end $$;

-- Invitations. Whoever may invite: owners and administrators, and members with the permission `invite`, who invite
-- members only.
create or replace function gateway.invite(organization uuid, email_given text, role_given text, token_hash text,
  lifetime interval, member_limits jsonb)
returns table (id uuid, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
declare
  place public.user_organizations := ops.my_place(organization);
begin
  if place.role = 'member' and (role_given <> 'member' or not coalesce((place.permissions ->> 'invite')::boolean, false))
    or role_given = 'owner' and place.role <> 'owner'
  then
    perform app.refuse(403, 'not_allowed', 'This invitation is not yours to give.');
  end if;
  perform ops.must_have_room(organization, member_limits, 1);
  if (select count(*) from gateway.invitations i where i.org_id = organization and i.accepted_at is null
      and i.revoked_at is null and i.expires_at > now()) >= 1000
  then
    perform app.refuse(409, 'invitations_full', 'There are too many open invitations.');
  end if;
  -- A new one takes the place of the old.
  update gateway.invitations i set revoked_at = now()
    where i.org_id = organization and lower(i.email) = email_given and i.accepted_at is null and i.revoked_at is null;
  return query insert into gateway.invitations as i (token, org_id, email, role, invited_by, expires_at)
    values (token_hash, organization, email_given, role_given, auth.uid(), now() + lifetime)
    returning i.id, i.expires_at;
end $$;

create or replace function ops.invite_to_platform(email_given text, token_hash text, lifetime interval, inviter uuid)
returns timestamptz
language plpgsql security definer set search_path = '' as $$
begin
  update gateway.invitations i set revoked_at = now()
    where i.org_id is null and lower(i.email) = email_given and i.accepted_at is null and i.revoked_at is null;
  insert into gateway.invitations (token, email, invited_by, expires_at)
    values (token_hash, email_given, inviter, now() + lifetime);
  return now() + lifetime;
end $$;

create or replace function gateway.invite_to_platform(email_given text, token_hash text, lifetime interval)
returns timestamptz
language plpgsql security definer set search_path = '' as $$
begin
  perform app.must_be_admin();
  return ops.invite_to_platform(email_given, token_hash, lifetime, auth.uid());
end $$;

create or replace function gateway.invitations_of(organization uuid)
returns table (id uuid, email text, role text, invited_by uuid, created_at timestamptz, expires_at timestamptz)
language plpgsql security definer set search_path = '' as $$
begin
  perform ops.must_manage(organization);
  return query select i.id, i.email, i.role, i.invited_by, i.created_at, i.expires_at from gateway.invitations i
    where i.org_id = organization and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
    order by i.created_at, i.id;
end $$;

create or replace function gateway.revoke_invitation(organization uuid, invitation uuid) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform ops.must_manage(organization);
  update gateway.invitations i set revoked_at = now()
    where i.id = invitation and i.org_id = organization and i.accepted_at is null and i.revoked_at is null;
  if not found then
    perform app.refuse(404, 'not_found', 'There is no such invitation.');
  end if;
end $$;

-- The invitation that a token opens for an email, locked; anything else is refused in the same words.
create or replace function ops.open_invitation(token_hash text, email_given text) returns gateway.invitations
language plpgsql security definer set search_path = '' as $$
declare
  open gateway.invitations;
begin
  select i.* into open from gateway.invitations i
    left join public.organizations o on o.id = i.org_id
    where i.token = token_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
      and o.deleted_at is null
    for update of i;
  if not found then
    perform app.refuse(403, 'invitation_spent', 'This invitation was used or withdrawn, has expired, or never was one.');
  end if;
  if lower(open.email) <> lower(email_given) then
    perform app.refuse(403, 'invitation_for_another', 'This invitation was made for another email.');
  end if;
  return open;
end $$;

create or replace function ops.take_invitation(token_hash text, person uuid, email_given text, member_limits jsonb)
returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  open gateway.invitations := ops.open_invitation(token_hash, email_given);
begin
  update gateway.invitations i set accepted_at = now() where i.id = open.id;
  if open.org_id is not null then
    perform from public.organizations o where o.id = open.org_id for no key update;
    if not exists (select from public.user_organizations m where m.org_id = open.org_id and m.user_id = person) then
      perform ops.must_have_room(open.org_id, member_limits, 1);
      insert into public.user_organizations (user_id, org_id, role) values (person, open.org_id, open.role);
    end if;
  end if;
  return open.org_id;
end $$;

create or replace function gateway.accept_invitation(token_hash text, member_limits jsonb) returns uuid
language sql security definer set search_path = '' as $$
  select ops.take_invitation(token_hash, u.id, u.email, member_limits)
  from public.users u where u.id = auth.uid() and u.deleted_at is null
$$;
