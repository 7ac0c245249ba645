-- What is found by words: each passage's words, and its item beside them, so that one shelf can be searched alone.
create table gateway.passage_words (
  passage_id uuid primary key references public.content_embeddings on delete cascade on update cascade,
  content_id uuid not null,
  words tsvector not null
);
create index idx_passage_words_words on gateway.passage_words using gin (words);
create index idx_passage_words_content_id on gateway.passage_words (content_id);

-- The rules of word forms that passages were read by; a query is read by each of them.
create table gateway.passage_configs (config text primary key);

-- The model for whole libraries; vectors of another never stand in the same graph.
create index idx_content_embeddings_vector_static on content_embeddings
  using hnsw ((embedding::halfvec(256)) halfvec_cosine_ops)
  where model_id = 'ce0b0663-a533-5422-a9e3-668e8eaf0598';
-- What waits for its vector.
create index idx_content_embeddings_waiting on content_embeddings (id) where embedding is null;
create index idx_user_notes_fts on user_notes using gin (to_tsvector('simple'::regconfig, note_text));
