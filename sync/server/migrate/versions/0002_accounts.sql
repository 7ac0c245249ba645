-- What the gateway keeps for itself. No request can read any of it: only functions of schema `gateway` do.

create table gateway.credentials (
  user_id uuid primary key references public.users on delete cascade on update cascade,
  password_hash text not null,
  changed_at timestamptz not null default now()
);

-- Attempts by what they were made with: the SHA-256 of an email or of a network, so that nobody is named here.
create table gateway.attempts (
  key bytea primary key,
  tried integer not null default 1,
  since timestamptz not null default now()
);
create index idx_attempts_since on gateway.attempts (since);

-- What opens an account once, without a password: made for one person, or (first_admin) for whoever holds it.
create table gateway.links (
  token text primary key,              -- SHA-256 in hex, never the token
  kind text not null check (kind in ('first_admin', 'password_reset')),
  user_id uuid references public.users on delete cascade on update cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((user_id is null) = (kind = 'first_admin'))
);
create index idx_links_user_id on gateway.links (user_id);
create index idx_links_expires_at on gateway.links (expires_at);

-- Whom an outside issuer means.
create table gateway.external_identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null references public.users on delete cascade on update cascade,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
create index idx_external_identities_user_id on gateway.external_identities (user_id);

-- What a session was opened by, and when it was last used.
create table gateway.session_use (
  session_id uuid primary key references public.user_sessions on delete cascade on update cascade,
  label text not null default '',
  seen_at timestamptz not null default now()
);

-- Invitations to an organisation, or (without one) to the platform.
create table gateway.invitations (
  id uuid primary key default gen_random_uuid(),
  token text not null unique,          -- SHA-256 in hex, never the token
  org_id uuid references public.organizations on delete cascade on update cascade,
  email text not null,
  role text not null default 'member' check (role in ('member', 'admin', 'owner')),
  invited_by uuid references public.users on delete set null on update cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index idx_invitations_org_id on gateway.invitations (org_id);
create index idx_invitations_invited_by on gateway.invitations (invited_by);
create index idx_invitations_email on gateway.invitations (lower(email));
create index idx_invitations_expires_at on gateway.invitations (expires_at);
