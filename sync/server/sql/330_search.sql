-- Finding passages, items and notes. A search names rows past the policies, so that it can use the indexes (Postgres
-- uses no text index beneath row-level security); what it names is then read as the person who asks, through them.

-- ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function app.text_config(language text) returns regconfig
language sql immutable parallel safe set search_path = '' as $$
  select (case split_part(lower(coalesce(language, '')), '-', 1)
    when 'ar' then 'pg_catalog.arabic' when 'ca' then 'pg_catalog.catalan' when 'da' then 'pg_catalog.danish'
    when 'de' then 'pg_catalog.german' when 'el' then 'pg_catalog.greek' when 'en' then 'pg_catalog.english'
    when 'es' then 'pg_catalog.spanish' when 'eu' then 'pg_catalog.basque' when 'fi' then 'pg_catalog.finnish'
    when 'fr' then 'pg_catalog.french' when 'ga' then 'pg_catalog.irish' when 'hi' then 'pg_catalog.hindi'
    when 'hu' then 'pg_catalog.hungarian' when 'hy' then 'pg_catalog.armenian' when 'id' then 'pg_catalog.indonesian'
    when 'it' then 'pg_catalog.italian' when 'lt' then 'pg_catalog.lithuanian' when 'ne' then 'pg_catalog.nepali'
    when 'nl' then 'pg_catalog.dutch' when 'no' then 'pg_catalog.norwegian' when 'nb' then 'pg_catalog.norwegian'
    when 'pt' then 'pg_catalog.portuguese' when 'ro' then 'pg_catalog.romanian' when 'ru' then 'pg_catalog.russian'
    when 'sr' then 'pg_catalog.serbian' when 'sv' then 'pg_catalog.swedish' when 'ta' then 'pg_catalog.tamil'
    when 'tr' then 'pg_catalog.turkish' when 'yi' then 'pg_catalog.yiddish'
    else 'pg_catalog.simple' end)::regconfig
$$;

-- Letters without their accents, points and vowel signs.
create or replace function app.folded(words text) returns text
language sql immutable parallel safe set search_path = '' as $$
  select case when words !~ '[^\x01-\x7f]' then words
    else normalize(regexp_replace(normalize(words, NFD), '[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]', '', 'g'), NFC) end
$$;

-- Pairs of neighbouring letters of the scripts that write without spaces.
create or replace function app.letter_pairs(words text) returns text
language sql immutable parallel safe set search_path = '' as $$
  select case when words !~ '[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]' then ''
    else (
      select coalesce(string_agg(p.pair, ' ' order by p.n), '') from (
        select l.letter || lead(l.letter) over (order by l.n) as pair, l.n
        from regexp_split_to_table(words, '') with ordinality as l (letter, n)) p
      where p.pair ~ '^[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]{2}$') end
$$;

create or replace function app.words_of(language text, words text) returns tsvector
language sql immutable parallel safe set search_path = '' as $$
  select to_tsvector(app.text_config(language), words)
    || case when app.folded(words) = words then '' else to_tsvector('pg_catalog.simple', app.folded(words)) end
    || to_tsvector('pg_catalog.simple', app.letter_pairs(words))
$$;

-- What somebody typed, as Postgres reads it ("in quotes", or, -not), by the rules of every language that passages are
-- kept in. `any_word` is the same with one of the words enough; null where that would say something else.
create or replace function gateway.read_query(typed text, out all_words text, out any_word text)
language plpgsql stable security definer set search_path = '' as $$
declare
  spaced text := regexp_replace(
    typed, '[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af]+', ' ', 'g');
  pairs tsquery := plainto_tsquery('pg_catalog.simple', app.letter_pairs(typed));
  found tsquery := websearch_to_tsquery('pg_catalog.simple', app.folded(spaced));
  read tsquery;
begin
  for read in
    select distinct websearch_to_tsquery(c.config::regconfig, spaced)
    from (select 'pg_catalog.english' union select config from gateway.passage_configs) as c (config)
  loop
    found := case when numnode(read) = 0 or read = found then found when numnode(found) = 0 then read
      else found || read end;
  end loop;
  found := case when numnode(found) = 0 then pairs when numnode(pairs) = 0 then found else found && pairs end;
  if numnode(found) > 0 then
    all_words := found::text;
    any_word := case when all_words !~ '!' and all_words ~ ' & ' then replace(all_words, ' & ', ' | ') end;
  end if;
end $$;

-- ── passages ────────────────────────────────────────────────────────────────────────────────────────────────────────

-- A passage takes from its item, or from the shared root that decides who may open it, what it only repeats; and a
-- vector must be its model's.
create or replace function app.complete_passage() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  item public.content_items;
  root public.content_items;
  wanted integer;
begin
  if tg_op = 'INSERT' then
    select * into item from public.content_items i where i.id = new.content_id;
    if found then
      select * into root from public.content_items r where r.id = coalesce(item.root_id, item.id);
      new.content_type := item.content_type;
      new.module_name := item.module_name;
      new.creator_id := item.creator_id;
      new.root_id := item.root_id;
      new.visibility := root.visibility;
      new.organization_id := root.organization_id;
    end if;
    new.text_length := length(new.chunk_text);
    new.content_hash := encode(sha256(convert_to(new.chunk_text, 'UTF8')), 'hex');
  end if;
  if new.embedding is not null then
    select m.dimension into wanted from public.embedding_models m where m.id = new.model_id;
    if wanted is distinct from array_length(string_to_array(new.embedding::text, ','), 1) then
      raise check_violation using message = 'A vector has not the dimension of its model.';
    end if;
  end if;
  return new;
end $$;

drop trigger if exists complete_passage on public.content_embeddings;
create trigger complete_passage before insert or update of embedding, model_id on public.content_embeddings
  for each row execute function app.complete_passage();

create or replace function app.keep_words() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into gateway.passage_words (passage_id, content_id, words)
    select a.id, a.content_id, app.words_of(a.language, a.chunk_text) from added a
  on conflict (passage_id) do update set words = excluded.words, content_id = excluded.content_id;
  insert into gateway.passage_configs (config)
    select distinct app.text_config(a.language)::text from added a on conflict do nothing;
  return null;
end $$;

drop trigger if exists keep_words_added on public.content_embeddings;
create trigger keep_words_added after insert on public.content_embeddings
  referencing new table as added for each statement execute function app.keep_words();
-- The copies that a passage carries follow; a search begins with them, but nothing is decided by them.
create or replace function app.passages_follow() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.content_embeddings e
    set visibility = r.visibility, organization_id = r.organization_id, creator_id = i.creator_id, root_id = i.root_id
  from public.content_items i join public.content_items r on r.id = coalesce(i.root_id, i.id)
  where e.content_id = i.id
    and i.id in (
      select c.id from after n join before o on o.id = n.id join public.content_items c on c.id = n.id or c.root_id = n.id
      where (n.visibility, n.creator_id, n.organization_id, n.root_id)
        is distinct from (o.visibility, o.creator_id, o.organization_id, o.root_id))
    and (e.visibility, e.organization_id, e.creator_id, e.root_id)
      is distinct from (r.visibility, r.organization_id, i.creator_id, i.root_id);
  return null;
end $$;

drop trigger if exists passages_follow on public.content_items;
create trigger passages_follow after update on public.content_items
  referencing old table as before new table as after for each statement execute function app.passages_follow();

-- ── vectors ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function ops.register_model(model uuid, called text, size integer) returns void
language sql security definer set search_path = '' as $$
  insert into public.embedding_models (id, model_key, dimension, metric, is_active, origin)
  values (model, called, size, 'cosine', true, 'server')
  on conflict (id) do nothing
$$;
grant usage, create on schema ops to alexandria_service;
grant select, insert on public.embedding_models to alexandria_service;
alter function ops.register_model(uuid, text, integer) owner to alexandria_service;
select ops.register_model('ce0b0663-a533-5422-a9e3-668e8eaf0598', 'wordllama-l2-supercat-256', 256);

-- Some passages without a vector, locked until the transaction ends, so that two gateways do not embed the same.
create or replace function gateway.waiting_passages(most integer)
returns table (id uuid, title text, heading text, chunk_text text)
language sql security definer set search_path = '' as $$
  select e.id, i.title, e.module_metadata ->> 'heading', e.chunk_text
  from public.content_embeddings e join public.content_items i on i.id = e.content_id
  where e.embedding is null order by e.id limit most for update of e skip locked
$$;

create or replace function gateway.store_vectors(model uuid, ids uuid[], vectors text[]) returns void
language plpgsql security definer set search_path = '' as $$
begin
  -- A passage that was handed in again takes the place of the one before.
  delete from public.content_embeddings old using public.content_embeddings fresh
    where fresh.id = any (ids) and old.content_id = fresh.content_id and old.chunk_index = fresh.chunk_index
      and old.model_id = model and old.id <> fresh.id;
  execute format(
    'update public.content_embeddings e set embedding = v.vector::%I.vector, model_id = $1, origin = ''server'''
    ' from unnest($2, $3) as v (id, vector) where e.id = v.id', app.vector_schema())
    using model, ids, vectors;
end $$;

-- Where the extension's operators are: `public`, or on Supabase `extensions`.
create or replace function app.vector_schema() returns text
language sql stable set search_path = '' as $$
  select n.nspname::text from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'vector'
$$;

-- ── finding ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Items that somebody may open and not everybody: few enough to be searched one by one and whole.
create or replace function gateway.own_items(most integer) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array(
    select i.id from public.content_items i
    where i.creator_id = auth.uid()
      or i.id in (select app.my_granted_ids())
      or i.root_id in (select app.my_granted_ids())
      or i.root_id in (select c.content_id from public.courses c where c.id in (select app.my_taught_course_ids()))
      or (i.visibility = 'organization' and i.organization_id in (select app.my_org_ids()))
    limit most)
$$;

-- Of candidates in their order, those that the person of the request may open.
create or replace function gateway.opened(candidates uuid[]) returns uuid[]
language sql stable security definer set search_path = '' as $$
  select array(select c from (select distinct unnest(candidates) as c) d where app.can_open(c))
$$;

-- Passages by their words and by a vector, each with its score, not yet joined. Everything is looked through as far as
-- a bound; what is the person's own is looked through whole. `scope` is one item and what belongs to it.
create or replace function gateway.search_passages(
  all_words text, any_word text, vector text, model uuid, languages text[], scope uuid, most integer)
returns table (id uuid, found_by text, score real)
-- Many search at once; a search that takes both processors waits for the others'.
language plpgsql security definer set search_path = '' set max_parallel_workers_per_gather = 0 as $$
declare
  own uuid[] := case when scope is null then gateway.own_items(5000)
    else array(select i.id from public.content_items i where i.id = scope or i.root_id = scope) end;
  ids uuid[];
  scores real[];
begin
  if all_words is not null then
    select coalesce(array_agg(w.id), '{}'), coalesce(array_agg(w.score), '{}') into ids, scores
      from gateway.passages_by_words(all_words::tsquery, own, scope is not null, most) w;
    -- All words together go before any of them.
    return query select f.id, 'words', (f.score + 1)::real from unnest(ids, scores) as f (id, score);
    if any_word is not null and array_length(ids, 1) is distinct from most then
      return query
        select w.id, 'words', (w.score / (1 + w.score))::real
        from gateway.passages_by_words(gateway.rarest_words(any_word, 2000), own, scope is not null, most) w
        where w.id <> all (ids);
    end if;
  end if;
  if vector is not null then
    return query select v.id, 'meaning', v.score
      from gateway.passages_by_vector(vector, model, languages, own, scope is not null, most) v;
  end if;
end $$;

-- Of the words of which any is enough, those to look for: the rarest, until so many passages hold them. What stands in
-- half of all passages costs much and says little.
create or replace function gateway.rarest_words(any_word text, most integer) returns tsquery
language plpgsql stable security definer set search_path = '' as $$
declare
  word record;
  held bigint := 0;
  kept text[] := '{}';
begin
  for word in
    select t.one, (select count(*) from (
      select from gateway.passage_words w where w.words @@ t.one::tsquery limit most + 1) as c) as held
    from (select distinct unnest(string_to_array(any_word, ' | ')) as one) t order by 2, 1
  loop
    held := held + word.held;
    exit when held > most and cardinality(kept) > 0;
    kept := kept || word.one;
  end loop;
  return array_to_string(kept, ' | ')::tsquery;
end $$;

create or replace function gateway.passages_by_words(wanted tsquery, own uuid[], only_own boolean, most integer)
returns table (id uuid, score real)
language plpgsql security definer set search_path = '' as $$
begin
  return query
    with found as materialized (
      (select w.passage_id, w.content_id, w.words from gateway.passage_words w
        where w.content_id = any (own) and w.words @@ wanted limit 5000)
      union all
      (select w.passage_id, w.content_id, w.words
        from gateway.passage_words w join public.content_embeddings e on e.id = w.passage_id
        where not only_own and w.words @@ wanted and e.visibility = 'public' and w.content_id <> all (own) limit 2000)),
    opened as materialized (
      select unnest(gateway.opened(array(select distinct f.content_id from found f))) as content_id)
    select f.passage_id, ts_rank_cd(f.words, wanted, 1) as rank from found f join opened o on o.content_id = f.content_id
    order by rank desc, f.passage_id limit most;
end $$;

create or replace function gateway.passages_by_vector(
  vector text, model uuid, languages text[], own uuid[], only_own boolean, most integer)
returns table (id uuid, score real)
language plpgsql security definer set search_path = '' as $$
declare
  size integer := (select m.dimension from public.embedding_models m where m.id = model);
  place text := app.vector_schema();
  -- The model's id stands in the words of the query, or its own index would not be used.
  nearest text := format(
    '(select e.id, e.content_id, e.language,'
    ' (1 - (e.embedding::%1$I.halfvec(%2$s) operator(%1$I.<=>) $1::%1$I.halfvec(%2$s)))::real'
    ' from public.content_embeddings e where e.model_id = %3$L and %%s'
    ' order by e.embedding::%1$I.halfvec(%2$s) operator(%1$I.<=>) $1::%1$I.halfvec(%2$s) limit 2 * $3)',
    place, size, model);
begin
  perform set_config('hnsw.ef_search', '200', true), set_config('hnsw.iterative_scan', 'relaxed_order', true);
  return query execute
    'with near (id, content_id, language, score) as materialized (' || format(nearest, 'e.content_id = any ($4)')
    || case when only_own then '' else ' union ' || format(nearest, $w$e.visibility = 'public'$w$) end
    || '), opened as materialized ('
    '  select unnest(gateway.opened(array(select distinct content_id from near))) as content_id)'
    -- A language that the model does not know is found by its words alone.
    ' select n.id, n.score from near n join opened o on o.content_id = n.content_id' ||
    $w$ where n.score > 0 and (n.language is null or split_part(n.language, '-', 1) = any ($2))$w$ ||
    ' order by n.score desc, n.id limit $3'
    using vector, languages, most, own;
end $$;

-- Items by title, description, author and genre; what the person may not see falls away when it is read.
create or replace function gateway.search_items(all_words text, any_word text, most integer)
returns table (id uuid, score real)
language plpgsql security definer set search_path = '' as $$
declare
  wanted tsquery := coalesce(any_word, all_words)::tsquery;
  whole tsquery := all_words::tsquery;
begin
  return query
    with named as (
      select i.id from public.content_items i
      where to_tsvector('pg_catalog.english', i.title || ' ' || coalesce(i.description, '')) @@ wanted
      union
      select b.content_id from public.books b
      where to_tsvector('pg_catalog.english', coalesce(b.author, '') || ' ' || coalesce(b.genre, '')) @@ wanted),
    seen as (
      select i.id,
        setweight(app.words_of(b.language, i.title), 'A') || setweight(app.words_of(null, coalesce(b.author, '')), 'B')
        || setweight(app.words_of(b.language, coalesce(i.description, '') || ' ' || coalesce(b.genre, '')), 'D') as words
      from named n join public.content_items i on i.id = n.id left join public.books b on b.content_id = i.id
      where i.creator_id = auth.uid() or i.root_id is not null or i.id in (select app.my_granted_ids())
        or (i.deleted_at is null and i.status in ('published', 'archived') and (
          i.visibility in ('public', 'marketplace')
          or (i.visibility = 'organization' and i.organization_id in (select app.my_org_ids()))))
      limit 2000)
    select s.id, (ts_rank(s.words, wanted) + case when s.words @@ whole then 1 else 0 end)::real
    from seen s where s.words @@ wanted order by 2 desc, 1 limit most;
end $$;

-- Notes: one's own everywhere, and others' public ones.
create or replace function gateway.search_notes(all_words text, any_word text, scope uuid, most integer)
returns table (id uuid, score real)
language plpgsql security definer set search_path = '' as $$
declare
  wanted tsquery := coalesce(any_word, all_words)::tsquery;
  whole tsquery := all_words::tsquery;
begin
  return query
    select f.id, (ts_rank(f.words, wanted) + case when f.words @@ whole then 1 else 0 end)::real from (
      select n.id, to_tsvector('pg_catalog.simple', n.note_text) as words from public.user_notes n
      where to_tsvector('pg_catalog.simple', n.note_text) @@ wanted and n.deleted_at is null
        and (n.user_id = auth.uid() or n.is_public) and (scope is null or n.content_id = scope)
      order by (n.user_id = auth.uid()) desc nulls last limit 2000) f
    order by 2 desc, 1 limit most;
end $$;
