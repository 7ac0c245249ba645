-- Row-level security on every table. Written by `python -m sync.server.access.render` from access/rules.py and
-- sync/schema/policy.py; change those, never this file.

do $$
declare found record;
begin
  -- Policies from before do not survive this file, and neither do default grants.
  for found in
    select tablename, policyname from pg_policies where schemaname = 'public' and tablename = any('{assessment_attempts, assessment_keys, assessments, attempt_grades, books, collection_items,
    community_themes, content_embeddings, content_files, content_items, content_relationships,
    content_similarities, course_enrollments, courses, devices, embedding_models, error_logs, lessons,
    marketplace_items, organizations, purchase_items, purchases, reading_environments, reading_sessions,
    recommendation_sessions, requests, revenue_analytics, stripe_events, student_progress, theme_preferences,
    theme_ratings, theme_usage_analytics, usage_metrics, user_activity, user_collections, user_content_access,
    user_content_interactions, user_interactions, user_libraries, user_notes, user_organizations,
    user_preferences, user_profiles, user_queries, user_sessions, user_themes, users}')
  loop
    execute format('drop policy %I on public.%I', found.policyname, found.tablename);
  end loop;
end $$;

-- embedding_models
alter table public.embedding_models enable row level security;
alter table public.embedding_models force row level security;
revoke all on public.embedding_models from public, anon, authenticated;
grant select on public.embedding_models to anon, authenticated;
create policy embedding_models_select on public.embedding_models for select to anon, authenticated
  using (true);

-- organizations
alter table public.organizations enable row level security;
alter table public.organizations force row level security;
revoke all on public.organizations from public, anon, authenticated;
grant select on public.organizations to authenticated;
create policy organizations_select on public.organizations for select to authenticated
  using (id in (select app.my_org_ids()) or (select app.is_admin()));

-- reading_environments
alter table public.reading_environments enable row level security;
alter table public.reading_environments force row level security;
revoke all on public.reading_environments from public, anon, authenticated;
grant select on public.reading_environments to anon, authenticated;
create policy reading_environments_select on public.reading_environments for select to anon, authenticated
  using (true);

-- stripe_events
alter table public.stripe_events enable row level security;
alter table public.stripe_events force row level security;
revoke all on public.stripe_events from public, anon, authenticated;

-- usage_metrics
alter table public.usage_metrics enable row level security;
alter table public.usage_metrics force row level security;
revoke all on public.usage_metrics from public, anon, authenticated;
grant select on public.usage_metrics to authenticated;
create policy usage_metrics_select on public.usage_metrics for select to authenticated
  using ((select app.is_admin()));

-- users
alter table public.users enable row level security;
alter table public.users force row level security;
revoke all on public.users from public, anon, authenticated;
grant select on public.users to authenticated;
create policy user_isolation_policy on public.users for select to authenticated
  using (id = (select auth.uid()) or (select app.is_admin()));
grant update (name) on public.users to authenticated;
create policy users_update on public.users for update to authenticated
  using (id = (select auth.uid()))
  with check (id = (select auth.uid()));

-- community_themes
alter table public.community_themes enable row level security;
alter table public.community_themes force row level security;
revoke all on public.community_themes from public, anon, authenticated;
grant select on public.community_themes to anon, authenticated;
create policy community_themes_select on public.community_themes for select to anon, authenticated
  using (deleted_at is null or creator_id = (select auth.uid()));
grant insert (id, creator_id, theme_data, name, description, tags, created_at, updated_at, deleted_at, field_clocks)
  on public.community_themes to authenticated;
create policy community_themes_insert on public.community_themes for insert to authenticated
  with check (creator_id = (select auth.uid()));
grant update (theme_data, name, description, tags, updated_at, deleted_at, field_clocks) on public.community_themes to
  authenticated;
create policy community_themes_update on public.community_themes for update to authenticated
  using (creator_id = (select auth.uid()))
  with check (creator_id = (select auth.uid()));
grant delete on public.community_themes to authenticated;
create policy community_themes_delete on public.community_themes for delete to authenticated
  using (creator_id = (select auth.uid()));

-- content_items
alter table public.content_items enable row level security;
alter table public.content_items force row level security;
revoke all on public.content_items from public, anon, authenticated;
grant select on public.content_items to anon, authenticated;
create policy content_visibility_policy on public.content_items for select to anon, authenticated
  using (
    creator_id = (select auth.uid())
    or id in (select app.my_granted_ids())
    or (coalesce(root_id, id) = id and deleted_at is null and status in ('published', 'archived') and (
        visibility in ('public', 'marketplace')
        or (visibility = 'organization' and organization_id in (select app.my_org_ids()))))
    or (root_id is not null and root_id <> id and app.can_open(id)));
grant insert (id, title, content_type, module_name, creator_id, organization_id, root_id, description, metadata_json,
  tags, visibility, access_permissions, file_path, file_size, file_format, edition, status, is_stub, created_at,
  updated_at, deleted_at, field_clocks) on public.content_items to authenticated;
create policy content_items_insert on public.content_items for insert to authenticated
  with check (
    creator_id = (select auth.uid()) and app.may_show(visibility, organization_id)
    and (root_id is null or root_id = id or app.owns_item(root_id)));
grant update (title, content_type, module_name, organization_id, description, metadata_json, tags, visibility,
  access_permissions, file_path, file_size, file_format, edition, status, is_stub, updated_at, deleted_at,
  field_clocks) on public.content_items to authenticated;
create policy content_items_update on public.content_items for update to authenticated
  using (creator_id = (select auth.uid()))
  with check (
    creator_id = (select auth.uid()) and app.may_show(visibility, organization_id)
    and (root_id is null or root_id = id or app.owns_item(root_id)));
grant delete on public.content_items to authenticated;
create policy content_items_delete on public.content_items for delete to authenticated
  using (creator_id = (select auth.uid()) and visibility = 'private');

-- devices
alter table public.devices enable row level security;
alter table public.devices force row level security;
revoke all on public.devices from public, anon, authenticated;
grant select on public.devices to authenticated;
create policy devices_select on public.devices for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, name, platform, app_version, schema_version, last_seen_at, is_trusted, created_at,
  updated_at, deleted_at, field_clocks) on public.devices to authenticated;
create policy devices_insert on public.devices for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (name, platform, app_version, schema_version, last_seen_at, is_trusted, updated_at, deleted_at,
  field_clocks) on public.devices to authenticated;
create policy devices_update on public.devices for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.devices to authenticated;
create policy devices_delete on public.devices for delete to authenticated
  using (user_id = (select auth.uid()));

-- error_logs
alter table public.error_logs enable row level security;
alter table public.error_logs force row level security;
revoke all on public.error_logs from public, anon, authenticated;
grant select on public.error_logs to authenticated;
create policy error_logs_select on public.error_logs for select to authenticated
  using (user_id = (select auth.uid()) or (select app.is_admin()));
grant insert (id, user_id, error_type, error_message, stack_trace, request_data, context_data, severity, resolved,
  created_at) on public.error_logs to authenticated;
create policy error_logs_insert on public.error_logs for insert to authenticated
  with check (user_id = (select auth.uid()));

-- purchases
alter table public.purchases enable row level security;
alter table public.purchases force row level security;
revoke all on public.purchases from public, anon, authenticated;
grant select on public.purchases to authenticated;
create policy purchases_select on public.purchases for select to authenticated
  using (user_id = (select auth.uid()) or (select app.is_admin()));

-- recommendation_sessions
alter table public.recommendation_sessions enable row level security;
alter table public.recommendation_sessions force row level security;
revoke all on public.recommendation_sessions from public, anon, authenticated;
grant select on public.recommendation_sessions to authenticated;
create policy recommendation_sessions_select on public.recommendation_sessions for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, session_context, algorithm_used, recommendations_shown, user_feedback,
  session_quality_score, origin, created_at, updated_at, deleted_at, field_clocks) on public.recommendation_sessions
  to authenticated;
create policy recommendation_sessions_insert on public.recommendation_sessions for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (session_context, algorithm_used, user_feedback, session_quality_score, origin, updated_at, deleted_at,
  field_clocks) on public.recommendation_sessions to authenticated;
create policy recommendation_sessions_update on public.recommendation_sessions for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

-- requests
alter table public.requests enable row level security;
alter table public.requests force row level security;
revoke all on public.requests from public, anon, authenticated;
grant select on public.requests to authenticated;
create policy requests_select on public.requests for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, kind, subject_id, payload_json, deleted_at, created_at, updated_at) on public.requests to
  authenticated;
create policy requests_insert on public.requests for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (deleted_at, updated_at) on public.requests to authenticated;
create policy requests_update on public.requests for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

-- user_activity
alter table public.user_activity enable row level security;
alter table public.user_activity force row level security;
revoke all on public.user_activity from public, anon, authenticated;
grant select (id, user_id, action_type, resource_id, resource_type, metadata_json, created_at) on public.user_activity
  to authenticated;
create policy user_activity_select on public.user_activity for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, action_type, resource_id, resource_type, metadata_json, created_at) on public.user_activity
  to authenticated;
create policy user_activity_insert on public.user_activity for insert to authenticated
  with check (user_id = (select auth.uid()));

-- user_collections
alter table public.user_collections enable row level security;
alter table public.user_collections force row level security;
revoke all on public.user_collections from public, anon, authenticated;
grant select on public.user_collections to authenticated;
create policy user_collections_select on public.user_collections for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, name, description, order_key, attributes_json, created_at, updated_at, deleted_at,
  field_clocks) on public.user_collections to authenticated;
create policy user_collections_insert on public.user_collections for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (name, description, order_key, attributes_json, updated_at, deleted_at, field_clocks) on
  public.user_collections to authenticated;
create policy user_collections_update on public.user_collections for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.user_collections to authenticated;
create policy user_collections_delete on public.user_collections for delete to authenticated
  using (user_id = (select auth.uid()));

-- user_organizations
alter table public.user_organizations enable row level security;
alter table public.user_organizations force row level security;
revoke all on public.user_organizations from public, anon, authenticated;
grant select on public.user_organizations to authenticated;
create policy user_organizations_select on public.user_organizations for select to authenticated
  using (user_id = (select auth.uid()) or org_id in (select app.my_org_ids()) or (select app.is_admin()));

-- user_preferences
alter table public.user_preferences enable row level security;
alter table public.user_preferences force row level security;
revoke all on public.user_preferences from public, anon, authenticated;
grant select on public.user_preferences to authenticated;
create policy user_preferences_policy on public.user_preferences for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, preferences_json, preference_type, preference_value, preference_strength, learned_from,
  created_at, updated_at, deleted_at, field_clocks) on public.user_preferences to authenticated;
create policy user_preferences_insert on public.user_preferences for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (preferences_json, preference_strength, learned_from, updated_at, deleted_at, field_clocks) on
  public.user_preferences to authenticated;
create policy user_preferences_update on public.user_preferences for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.user_preferences to authenticated;
create policy user_preferences_delete on public.user_preferences for delete to authenticated
  using (user_id = (select auth.uid()));

-- user_profiles
alter table public.user_profiles enable row level security;
alter table public.user_profiles force row level security;
revoke all on public.user_profiles from public, anon, authenticated;
grant select on public.user_profiles to anon, authenticated;
create policy user_profiles_select on public.user_profiles for select to anon, authenticated
  using (user_id in (select app.my_acquaintances()) or app.is_publisher(user_id));
grant insert (user_id, id, display_name, biography, avatar_sha256) on public.user_profiles to authenticated;
create policy user_profiles_insert on public.user_profiles for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (display_name, biography, avatar_sha256) on public.user_profiles to authenticated;
create policy user_profiles_update on public.user_profiles for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

-- user_themes
alter table public.user_themes enable row level security;
alter table public.user_themes force row level security;
revoke all on public.user_themes from public, anon, authenticated;
grant select on public.user_themes to anon, authenticated;
create policy user_themes_select on public.user_themes for select to anon, authenticated
  using (user_id = (select auth.uid()) or (is_public and deleted_at is null));
grant insert (id, user_id, theme_name, base_theme, customizations, is_custom, is_public, created_at, updated_at,
  deleted_at, field_clocks) on public.user_themes to authenticated;
create policy user_themes_insert on public.user_themes for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (theme_name, base_theme, customizations, is_custom, is_public, updated_at, deleted_at, field_clocks) on
  public.user_themes to authenticated;
create policy user_themes_update on public.user_themes for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.user_themes to authenticated;
create policy user_themes_delete on public.user_themes for delete to authenticated
  using (user_id = (select auth.uid()));

-- books
alter table public.books enable row level security;
alter table public.books force row level security;
revoke all on public.books from public, anon, authenticated;
grant select on public.books to anon, authenticated;
create policy books_select on public.books for select to anon, authenticated
  using (exists (select from content_items seen where seen.id = content_id));
grant insert (id, content_id, isbn, author, authors, author_sort, title_sort, publisher, publication_date, page_count,
  genre, reading_level, language, series, series_index, cover_sha256, created_at, updated_at, deleted_at,
  field_clocks) on public.books to authenticated;
create policy books_insert on public.books for insert to authenticated
  with check (app.owns_item(content_id));
grant update (isbn, author, authors, author_sort, title_sort, publisher, publication_date, page_count, genre,
  reading_level, language, series, series_index, cover_sha256, updated_at, deleted_at, field_clocks) on public.books
  to authenticated;
create policy books_update on public.books for update to authenticated
  using (app.owns_item(content_id))
  with check (app.owns_item(content_id));
grant delete on public.books to authenticated;
create policy books_delete on public.books for delete to authenticated
  using (app.owns_item(content_id));

-- collection_items
alter table public.collection_items enable row level security;
alter table public.collection_items force row level security;
revoke all on public.collection_items from public, anon, authenticated;
grant select on public.collection_items to authenticated;
create policy collection_items_select on public.collection_items for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, collection_id, user_id, content_id, order_key, added_at, created_at, updated_at, deleted_at,
  field_clocks) on public.collection_items to authenticated;
create policy collection_items_insert on public.collection_items for insert to authenticated
  with check (
    user_id = (select auth.uid()) and (
        exists (select from content_items own where own.id = content_id and own.creator_id = (select auth.uid()))
        or app.can_attach(content_id)) and exists (select from user_collections kept where kept.id = collection_id));
grant update (order_key, added_at, updated_at, deleted_at, field_clocks) on public.collection_items to authenticated;
create policy collection_items_update on public.collection_items for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.collection_items to authenticated;
create policy collection_items_delete on public.collection_items for delete to authenticated
  using (user_id = (select auth.uid()));

-- content_embeddings
alter table public.content_embeddings enable row level security;
alter table public.content_embeddings force row level security;
revoke all on public.content_embeddings from public, anon, authenticated;
grant select on public.content_embeddings to anon, authenticated;
create policy content_embeddings_select on public.content_embeddings for select to anon, authenticated
  using (app.can_open(content_id));
grant insert (id, content_id, root_id, chunk_text, chunk_index, chunk_type, content_hash, content_type, module_name,
  source_location, module_metadata, semantic_tags, text_length, language, reading_level, difficulty_level) on
  public.content_embeddings to authenticated;
create policy content_embeddings_insert on public.content_embeddings for insert to authenticated
  with check (app.owns_item(content_id));
grant delete on public.content_embeddings to authenticated;
create policy content_embeddings_delete on public.content_embeddings for delete to authenticated
  using (app.owns_item(content_id));

-- content_files
alter table public.content_files enable row level security;
alter table public.content_files force row level security;
revoke all on public.content_files from public, anon, authenticated;
grant select on public.content_files to anon, authenticated;
create policy content_files_select on public.content_files for select to anon, authenticated
  using (app.can_open(content_id));
grant insert (id, content_id, root_id, sha256, kind, file_name, file_size, file_format, media_type, is_current,
  text_version, created_at, updated_at, deleted_at, field_clocks) on public.content_files to authenticated;
create policy content_files_insert on public.content_files for insert to authenticated
  with check (app.owns_item(content_id));
grant update (kind, file_name, file_size, file_format, media_type, is_current, text_version, updated_at, deleted_at,
  field_clocks) on public.content_files to authenticated;
create policy content_files_update on public.content_files for update to authenticated
  using (app.owns_item(content_id))
  with check (app.owns_item(content_id));
grant delete on public.content_files to authenticated;
create policy content_files_delete on public.content_files for delete to authenticated
  using (app.owns_item(content_id));

-- content_relationships
alter table public.content_relationships enable row level security;
alter table public.content_relationships force row level security;
revoke all on public.content_relationships from public, anon, authenticated;
grant select on public.content_relationships to anon, authenticated;
create policy content_relationships_select on public.content_relationships for select to anon, authenticated
  using (exists (select from content_items seen where seen.id = source_content_id) and exists (select from content_items seen where seen.id = target_content_id));
grant insert (id, source_content_id, target_content_id, relationship_type, relationship_strength,
  relationship_context, created_by_ai, creator_id, origin, confidence_score, human_verified, cross_module,
  source_module, target_module, created_at, updated_at, deleted_at, field_clocks) on public.content_relationships to
  authenticated;
create policy content_relationships_insert on public.content_relationships for insert to authenticated
  with check (creator_id = (select auth.uid()) and app.owns_item(source_content_id) and exists (select from content_items seen where seen.id = target_content_id));
grant update (relationship_type, relationship_strength, relationship_context, created_by_ai, confidence_score,
  human_verified, cross_module, source_module, target_module, updated_at, deleted_at, field_clocks) on
  public.content_relationships to authenticated;
create policy content_relationships_update on public.content_relationships for update to authenticated
  using (creator_id = (select auth.uid()))
  with check (creator_id = (select auth.uid()) and app.owns_item(source_content_id) and exists (select from content_items seen where seen.id = target_content_id));
grant delete on public.content_relationships to authenticated;
create policy content_relationships_delete on public.content_relationships for delete to authenticated
  using (creator_id = (select auth.uid()));

-- content_similarities
alter table public.content_similarities enable row level security;
alter table public.content_similarities force row level security;
revoke all on public.content_similarities from public, anon, authenticated;
grant select on public.content_similarities to anon, authenticated;
create policy content_similarities_select on public.content_similarities for select to anon, authenticated
  using (exists (select from content_items seen where seen.id = content_a_id) and exists (select from content_items seen where seen.id = content_b_id));

-- courses
alter table public.courses enable row level security;
alter table public.courses force row level security;
revoke all on public.courses from public, anon, authenticated;
grant select on public.courses to anon, authenticated;
create policy courses_select on public.courses for select to anon, authenticated
  using (exists (select from content_items seen where seen.id = content_id));
grant insert (id, content_id, course_code, difficulty_level, estimated_duration, prerequisites, learning_objectives,
  created_at, updated_at, deleted_at, field_clocks) on public.courses to authenticated;
create policy courses_insert on public.courses for insert to authenticated
  with check (app.owns_item(content_id));
grant update (course_code, difficulty_level, estimated_duration, prerequisites, learning_objectives, updated_at,
  deleted_at, field_clocks) on public.courses to authenticated;
create policy courses_update on public.courses for update to authenticated
  using (app.owns_item(content_id))
  with check (app.owns_item(content_id));
grant delete on public.courses to authenticated;
create policy courses_delete on public.courses for delete to authenticated
  using (app.owns_item(content_id));

-- marketplace_items
alter table public.marketplace_items enable row level security;
alter table public.marketplace_items force row level security;
revoke all on public.marketplace_items from public, anon, authenticated;
grant select on public.marketplace_items to anon, authenticated;
create policy marketplace_items_select on public.marketplace_items for select to anon, authenticated
  using (exists (select from content_items seen where seen.id = content_id) and deleted_at is null);

-- purchase_items
alter table public.purchase_items enable row level security;
alter table public.purchase_items force row level security;
revoke all on public.purchase_items from public, anon, authenticated;
grant select on public.purchase_items to authenticated;
create policy purchase_items_select on public.purchase_items for select to authenticated
  using (exists (select from purchases paid where paid.id = purchase_id));

-- reading_sessions
alter table public.reading_sessions enable row level security;
alter table public.reading_sessions force row level security;
revoke all on public.reading_sessions from public, anon, authenticated;
grant select on public.reading_sessions to authenticated;
create policy reading_sessions_select on public.reading_sessions for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, content_id, device_id, started_at, ended_at, seconds_read, pages_turned, start_progress,
  end_progress, theme_key, created_at, updated_at, deleted_at, field_clocks) on public.reading_sessions to
  authenticated;
create policy reading_sessions_insert on public.reading_sessions for insert to authenticated
  with check (
    user_id = (select auth.uid()) and (
        exists (select from content_items own where own.id = content_id and own.creator_id = (select auth.uid()))
        or app.can_attach(content_id)));
grant update (device_id, started_at, ended_at, seconds_read, pages_turned, start_progress, end_progress, theme_key,
  updated_at, deleted_at, field_clocks) on public.reading_sessions to authenticated;
create policy reading_sessions_update on public.reading_sessions for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.reading_sessions to authenticated;
create policy reading_sessions_delete on public.reading_sessions for delete to authenticated
  using (user_id = (select auth.uid()));

-- revenue_analytics
alter table public.revenue_analytics enable row level security;
alter table public.revenue_analytics force row level security;
revoke all on public.revenue_analytics from public, anon, authenticated;
grant select on public.revenue_analytics to authenticated;
create policy revenue_analytics_select on public.revenue_analytics for select to authenticated
  using (creator_id = (select auth.uid()) or (select app.is_admin()));

-- theme_preferences
alter table public.theme_preferences enable row level security;
alter table public.theme_preferences force row level security;
revoke all on public.theme_preferences from public, anon, authenticated;
grant select on public.theme_preferences to authenticated;
create policy theme_preferences_select on public.theme_preferences for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, primary_theme_id, primary_environment, dark_mode_preference, device_preferences,
  contextual_preferences, auto_adapt_enabled, created_at, updated_at, deleted_at, field_clocks) on
  public.theme_preferences to authenticated;
create policy theme_preferences_insert on public.theme_preferences for insert to authenticated
  with check (user_id = (select auth.uid()));
grant update (primary_theme_id, primary_environment, dark_mode_preference, device_preferences, contextual_preferences,
  auto_adapt_enabled, updated_at, deleted_at, field_clocks) on public.theme_preferences to authenticated;
create policy theme_preferences_update on public.theme_preferences for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.theme_preferences to authenticated;
create policy theme_preferences_delete on public.theme_preferences for delete to authenticated
  using (user_id = (select auth.uid()));

-- theme_ratings
alter table public.theme_ratings enable row level security;
alter table public.theme_ratings force row level security;
revoke all on public.theme_ratings from public, anon, authenticated;
grant select on public.theme_ratings to authenticated;
create policy theme_ratings_select on public.theme_ratings for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, theme_id, rating, created_at, updated_at, deleted_at, field_clocks) on public.theme_ratings
  to authenticated;
create policy theme_ratings_insert on public.theme_ratings for insert to authenticated
  with check (user_id = (select auth.uid()) and exists (select from community_themes rated where rated.id = theme_id));
grant update (rating, updated_at, deleted_at, field_clocks) on public.theme_ratings to authenticated;
create policy theme_ratings_update on public.theme_ratings for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.theme_ratings to authenticated;
create policy theme_ratings_delete on public.theme_ratings for delete to authenticated
  using (user_id = (select auth.uid()));

-- user_content_access
alter table public.user_content_access enable row level security;
alter table public.user_content_access force row level security;
revoke all on public.user_content_access from public, anon, authenticated;
grant select on public.user_content_access to authenticated;
create policy user_content_access_select on public.user_content_access for select to authenticated
  using (user_id = (select auth.uid()));

-- user_content_interactions
alter table public.user_content_interactions enable row level security;
alter table public.user_content_interactions force row level security;
revoke all on public.user_content_interactions from public, anon, authenticated;
grant select on public.user_content_interactions to authenticated;
create policy user_content_interactions_select on public.user_content_interactions for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, content_id, interaction_type, interaction_data, interaction_quality, session_id,
  device_type, access_method, interaction_duration, created_at) on public.user_content_interactions to authenticated;
create policy user_content_interactions_insert on public.user_content_interactions for insert to authenticated
  with check (
    user_id = (select auth.uid()) and (
        exists (select from content_items own where own.id = content_id and own.creator_id = (select auth.uid()))
        or app.can_attach(content_id)));

-- user_interactions
alter table public.user_interactions enable row level security;
alter table public.user_interactions force row level security;
revoke all on public.user_interactions from public, anon, authenticated;
grant select on public.user_interactions to authenticated;
create policy user_interactions_select on public.user_interactions for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, content_id, interaction_type, interaction_data, context_data, created_at) on
  public.user_interactions to authenticated;
create policy user_interactions_insert on public.user_interactions for insert to authenticated
  with check (
    user_id = (select auth.uid()) and (
        exists (select from content_items own where own.id = content_id and own.creator_id = (select auth.uid()))
        or app.can_attach(content_id)));

-- user_libraries
alter table public.user_libraries enable row level security;
alter table public.user_libraries force row level security;
revoke all on public.user_libraries from public, anon, authenticated;
grant select on public.user_libraries to authenticated;
create policy user_libraries_policy on public.user_libraries for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, content_id, progress, current_position, position_at, furthest_position, furthest_progress,
  notes, rating, added_at, last_accessed, finished_at, created_at, updated_at, deleted_at, field_clocks) on
  public.user_libraries to authenticated;
create policy user_libraries_insert on public.user_libraries for insert to authenticated
  with check (
    user_id = (select auth.uid()) and (
        exists (select from content_items own where own.id = content_id and own.creator_id = (select auth.uid()))
        or app.can_attach(content_id)));
grant update (progress, current_position, position_at, furthest_position, furthest_progress, notes, rating,
  last_accessed, finished_at, updated_at, deleted_at, field_clocks) on public.user_libraries to authenticated;
create policy user_libraries_update on public.user_libraries for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.user_libraries to authenticated;
create policy user_libraries_delete on public.user_libraries for delete to authenticated
  using (user_id = (select auth.uid()));

-- user_notes
alter table public.user_notes enable row level security;
alter table public.user_notes force row level security;
revoke all on public.user_notes from public, anon, authenticated;
grant select on public.user_notes to anon, authenticated;
create policy user_notes_policy on public.user_notes for select to anon, authenticated
  using (user_id = (select auth.uid()) or (is_public and deleted_at is null and app.can_open(content_id)));
grant insert (id, user_id, content_id, note_text, note_type, location_data, edition, color, attributes_json,
  is_public, created_at, updated_at, deleted_at, field_clocks) on public.user_notes to authenticated;
create policy user_notes_insert on public.user_notes for insert to authenticated
  with check (
    user_id = (select auth.uid()) and (
        exists (select from content_items own where own.id = content_id and own.creator_id = (select auth.uid()))
        or app.can_attach(content_id)));
grant update (note_text, note_type, location_data, edition, color, attributes_json, is_public, updated_at, deleted_at,
  field_clocks) on public.user_notes to authenticated;
create policy user_notes_update on public.user_notes for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.user_notes to authenticated;
create policy user_notes_delete on public.user_notes for delete to authenticated
  using (user_id = (select auth.uid()));

-- user_queries
alter table public.user_queries enable row level security;
alter table public.user_queries force row level security;
revoke all on public.user_queries from public, anon, authenticated;
grant select on public.user_queries to authenticated;
create policy user_queries_policy on public.user_queries for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, content_id, query_text, response, context_used, response_quality, processing_time,
  created_at, updated_at, deleted_at, field_clocks) on public.user_queries to authenticated;
create policy user_queries_insert on public.user_queries for insert to authenticated
  with check (user_id = (select auth.uid()) and (content_id is null or app.can_attach(content_id)));
grant update (context_used, response_quality, deleted_at) on public.user_queries to authenticated;
create policy user_queries_update on public.user_queries for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.user_queries to authenticated;
create policy user_queries_delete on public.user_queries for delete to authenticated
  using (user_id = (select auth.uid()));

-- user_sessions
alter table public.user_sessions enable row level security;
alter table public.user_sessions force row level security;
revoke all on public.user_sessions from public, anon, authenticated;

-- course_enrollments
alter table public.course_enrollments enable row level security;
alter table public.course_enrollments force row level security;
revoke all on public.course_enrollments from public, anon, authenticated;
grant select on public.course_enrollments to authenticated;
create policy course_enrollments_select on public.course_enrollments for select to authenticated
  using (user_id = (select auth.uid()) or course_id in (select app.my_taught_course_ids()));

-- lessons
alter table public.lessons enable row level security;
alter table public.lessons force row level security;
revoke all on public.lessons from public, anon, authenticated;
grant select on public.lessons to anon, authenticated;
create policy lessons_select on public.lessons for select to anon, authenticated
  using (app.can_open(content_id));
grant insert (id, content_id, course_id, root_id, order_key, lesson_type, duration, prerequisites, created_at,
  updated_at, deleted_at, field_clocks) on public.lessons to authenticated;
create policy lessons_insert on public.lessons for insert to authenticated
  with check (app.owns_item(content_id) and app.owns_course(course_id));
grant update (order_key, lesson_type, duration, prerequisites, updated_at, deleted_at, field_clocks) on public.lessons
  to authenticated;
create policy lessons_update on public.lessons for update to authenticated
  using (app.owns_item(content_id) and app.owns_course(course_id))
  with check (app.owns_item(content_id) and app.owns_course(course_id));
grant delete on public.lessons to authenticated;
create policy lessons_delete on public.lessons for delete to authenticated
  using (app.owns_item(content_id) and app.owns_course(course_id));

-- theme_usage_analytics
alter table public.theme_usage_analytics enable row level security;
alter table public.theme_usage_analytics force row level security;
revoke all on public.theme_usage_analytics from public, anon, authenticated;
grant select on public.theme_usage_analytics to authenticated;
create policy theme_usage_analytics_select on public.theme_usage_analytics for select to authenticated
  using (user_id = (select auth.uid()));
grant insert (id, user_id, theme_id, theme_source, environment, usage_duration, reading_session_id, device_type,
  context_data, user_satisfaction_rating, recorded_at, deleted_at) on public.theme_usage_analytics to authenticated;
create policy theme_usage_analytics_insert on public.theme_usage_analytics for insert to authenticated
  with check (user_id = (select auth.uid()));

-- assessments
alter table public.assessments enable row level security;
alter table public.assessments force row level security;
revoke all on public.assessments from public, anon, authenticated;
grant select on public.assessments to anon, authenticated;
create policy assessments_select on public.assessments for select to anon, authenticated
  using (app.can_open(content_id));
grant insert (id, content_id, lesson_id, root_id, mode, questions_json, passing_score, time_limit, max_attempts,
  created_at, updated_at, deleted_at, field_clocks) on public.assessments to authenticated;
create policy assessments_insert on public.assessments for insert to authenticated
  with check (app.owns_item(content_id));
grant update (lesson_id, mode, questions_json, passing_score, time_limit, max_attempts, updated_at, deleted_at,
  field_clocks) on public.assessments to authenticated;
create policy assessments_update on public.assessments for update to authenticated
  using (app.owns_item(content_id))
  with check (app.owns_item(content_id));
grant delete on public.assessments to authenticated;
create policy assessments_delete on public.assessments for delete to authenticated
  using (app.owns_item(content_id));

-- student_progress
alter table public.student_progress enable row level security;
alter table public.student_progress force row level security;
revoke all on public.student_progress from public, anon, authenticated;
grant select on public.student_progress to authenticated;
create policy student_progress_select on public.student_progress for select to authenticated
  using (user_id = (select auth.uid()) or course_id in (select app.my_taught_course_ids()));
grant insert (id, user_id, course_id, lesson_id, status, time_spent, completed_at, started_at, created_at, updated_at,
  deleted_at, field_clocks) on public.student_progress to authenticated;
create policy student_progress_insert on public.student_progress for insert to authenticated
  with check (user_id = (select auth.uid()) and exists (select from lessons taken where taken.id = lesson_id and taken.course_id = student_progress.course_id));
grant update (status, time_spent, completed_at, started_at, updated_at, deleted_at, field_clocks) on
  public.student_progress to authenticated;
create policy student_progress_update on public.student_progress for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
grant delete on public.student_progress to authenticated;
create policy student_progress_delete on public.student_progress for delete to authenticated
  using (user_id = (select auth.uid()));

-- assessment_attempts
alter table public.assessment_attempts enable row level security;
alter table public.assessment_attempts force row level security;
revoke all on public.assessment_attempts from public, anon, authenticated;
grant select on public.assessment_attempts to authenticated;
create policy assessment_attempts_select on public.assessment_attempts for select to authenticated
  using (user_id = (select auth.uid()) or app.teaches_assessment(assessment_id));
grant insert (id, user_id, assessment_id, attempt_number, answers_json, status, started_at, submitted_at, created_at,
  device_id) on public.assessment_attempts to authenticated;
create policy assessment_attempts_insert on public.assessment_attempts for insert to authenticated
  with check (user_id = (select auth.uid()) and app.can_attempt(assessment_id));

-- assessment_keys
alter table public.assessment_keys enable row level security;
alter table public.assessment_keys force row level security;
revoke all on public.assessment_keys from public, anon, authenticated;
grant select on public.assessment_keys to authenticated;
create policy assessment_keys_select on public.assessment_keys for select to authenticated
  using (app.teaches_assessment(assessment_id) or exists (select from assessments asked where asked.id = assessment_id and asked.mode = 'practice'));
grant insert (id, assessment_id, root_id, answers_json, rubric_json, created_at, updated_at, deleted_at, field_clocks)
  on public.assessment_keys to authenticated;
create policy assessment_keys_insert on public.assessment_keys for insert to authenticated
  with check (app.owns_assessment(assessment_id));
grant update (answers_json, rubric_json, updated_at, deleted_at, field_clocks) on public.assessment_keys to
  authenticated;
create policy assessment_keys_update on public.assessment_keys for update to authenticated
  using (app.owns_assessment(assessment_id))
  with check (app.owns_assessment(assessment_id));
grant delete on public.assessment_keys to authenticated;
create policy assessment_keys_delete on public.assessment_keys for delete to authenticated
  using (app.owns_assessment(assessment_id));

-- attempt_grades
alter table public.attempt_grades enable row level security;
alter table public.attempt_grades force row level security;
revoke all on public.attempt_grades from public, anon, authenticated;
grant select on public.attempt_grades to authenticated;
create policy attempt_grades_select on public.attempt_grades for select to authenticated
  using (user_id = (select auth.uid()) or exists (select from assessment_attempts tried where tried.id = attempt_id and app.teaches_assessment(tried.assessment_id)));
grant insert (id, attempt_id, user_id, grader_id, graded_by, score, passed, feedback_json, created_at, updated_at,
  deleted_at, field_clocks) on public.attempt_grades to authenticated;
create policy attempt_grades_insert on public.attempt_grades for insert to authenticated
  with check (graded_by = 'teacher' and grader_id = (select auth.uid()) and exists (select from assessment_attempts tried where tried.id = attempt_id and tried.user_id = attempt_grades.user_id and app.teaches_assessment(tried.assessment_id)));
grant update (grader_id, score, passed, feedback_json, updated_at, deleted_at, field_clocks) on public.attempt_grades
  to authenticated;
create policy attempt_grades_update on public.attempt_grades for update to authenticated
  using (exists (select from assessment_attempts tried where tried.id = attempt_id and app.teaches_assessment(tried.assessment_id)))
  with check (graded_by = 'teacher' and grader_id = (select auth.uid()) and exists (select from assessment_attempts tried where tried.id = attempt_id and tried.user_id = attempt_grades.user_id and app.teaches_assessment(tried.assessment_id)));
