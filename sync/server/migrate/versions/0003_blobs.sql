-- Which bytes are kept, who handed them in, and uploads under way. No request can read any of it: only functions of
-- schema `gateway` do.

create table gateway.blobs (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  created_at timestamptz not null default now(),
  unclaimed_since timestamptz            -- when a sweep first saw that nobody claims it
);
create index idx_blobs_unclaimed_since on gateway.blobs (unclaimed_since) where unclaimed_since is not null;

-- Who sent all the bytes of a hash. What they called it is theirs too: seeing another's word for it would tell that
-- there was another.
create table gateway.blob_claims (
  user_id uuid not null references public.users on delete cascade on update cascade,
  sha256 text not null references gateway.blobs,
  media_type text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, sha256)
);
create index idx_blob_claims_sha256 on gateway.blob_claims (sha256);

create table gateway.uploads (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users on delete cascade on update cascade,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  media_type text not null,
  received bigint not null default 0 check (received between 0 and size),
  created_at timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  finished_at timestamptz
);
create index idx_uploads_user_id on gateway.uploads (user_id);
create index idx_uploads_touched_at on gateway.uploads (touched_at);

-- What each request of an upload brought, under its passing name in the store. Kept without its upload until the bytes
-- are gone from the store as well.
create table gateway.upload_parts (
  name text primary key,
  upload_id uuid references gateway.uploads on delete set null on update cascade,
  start bigint not null,
  size bigint not null,
  unique (upload_id, start)
);

-- Bytes that shared items name and whose giver erased their account: what others bought or study stays readable.
create table gateway.blob_bequests (
  content_id uuid not null references public.content_items on delete cascade on update cascade,
  sha256 text not null references gateway.blobs,
  media_type text not null,
  primary key (content_id, sha256)
);
create index idx_blob_bequests_sha256 on gateway.blob_bequests (sha256);
