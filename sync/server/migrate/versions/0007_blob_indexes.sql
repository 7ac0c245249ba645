-- Who may read bytes is asked by their hash (see 320_blobs.sql); files of items have theirs from the beginning.

create index idx_books_cover_sha256 on public.books (cover_sha256) where cover_sha256 is not null;
create index idx_user_profiles_avatar_sha256 on public.user_profiles (avatar_sha256) where avatar_sha256 is not null;
