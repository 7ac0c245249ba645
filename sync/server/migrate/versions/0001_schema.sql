-- The tables of the data model, their indexes and views.

CREATE TABLE embedding_models (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    model_key VARCHAR(100) NOT NULL,
    dimension INTEGER NOT NULL,
    metric VARCHAR(10) DEFAULT 'cosine' NOT NULL,
    sha256 VARCHAR(64),
    query_prefix VARCHAR(100) DEFAULT '' NOT NULL,
    can_embed_query BOOLEAN DEFAULT true NOT NULL,
    is_active BOOLEAN DEFAULT false NOT NULL,
    origin VARCHAR(10) DEFAULT 'server' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_embedding_models PRIMARY KEY (id),
    CONSTRAINT uq_embedding_models_model_key UNIQUE (model_key),
    CONSTRAINT ck_embedding_models_metric CHECK (metric IN ('cosine', 'l2', 'ip')),
    CONSTRAINT ck_embedding_models_origin CHECK (origin IN ('device', 'server')),
    CONSTRAINT ck_embedding_models_dimension_range CHECK (dimension >= 1)
);

CREATE TABLE organizations (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name VARCHAR(255) NOT NULL,
    plan_type VARCHAR(50) DEFAULT 'free' NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_organizations PRIMARY KEY (id),
    CONSTRAINT ck_organizations_plan_type CHECK (plan_type IN ('free', 'premium', 'enterprise'))
);

CREATE TABLE reading_environments (
    slug VARCHAR(50) NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    is_dark BOOLEAN DEFAULT false NOT NULL,
    theme_data JSONB DEFAULT '{}' NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_reading_environments PRIMARY KEY (slug)
);

CREATE TABLE stripe_events (
    event_id VARCHAR(255) NOT NULL,
    event_type VARCHAR(100) NOT NULL,
    payload JSONB NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    handled_at TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    CONSTRAINT pk_stripe_events PRIMARY KEY (event_id)
);

CREATE TABLE usage_metrics (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    date DATE NOT NULL,
    metric_name VARCHAR(100) NOT NULL,
    metric_value NUMERIC(15, 4) NOT NULL,
    metadata_json JSONB DEFAULT '{}' NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_usage_metrics PRIMARY KEY (id)
);

CREATE INDEX idx_usage_metrics_date_metric_name ON usage_metrics (date, metric_name);

CREATE TABLE users (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    email VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL,
    role VARCHAR(50) DEFAULT 'user' NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email UNIQUE (email),
    CONSTRAINT ck_users_role CHECK (role IN ('user', 'educator', 'creator', 'admin'))
);

CREATE UNIQUE INDEX uq_users_email_lower ON users (lower(email));

CREATE TABLE community_themes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    creator_id UUID NOT NULL,
    theme_data JSONB NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    tags VARCHAR(255)[] DEFAULT '{}' NOT NULL,
    downloads_count INTEGER DEFAULT 0 NOT NULL,
    rating_average NUMERIC(3, 2) DEFAULT 0 NOT NULL,
    rating_count INTEGER DEFAULT 0 NOT NULL,
    is_featured BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_community_themes PRIMARY KEY (id),
    CONSTRAINT ck_community_themes_rating_average_range CHECK (rating_average >= 0 AND rating_average <= 5),
    CONSTRAINT ck_community_themes_downloads_count_range CHECK (downloads_count >= 0),
    CONSTRAINT ck_community_themes_rating_count_range CHECK (rating_count >= 0),
    CONSTRAINT fk_community_themes_creator_id FOREIGN KEY(creator_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_community_themes_creator_id ON community_themes (creator_id);

CREATE TABLE content_items (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    title VARCHAR(500) NOT NULL,
    content_type VARCHAR(50) NOT NULL,
    module_name VARCHAR(20) NOT NULL,
    creator_id UUID,
    organization_id UUID,
    root_id UUID,
    description TEXT,
    metadata_json JSONB DEFAULT '{}' NOT NULL,
    tags VARCHAR(255)[],
    visibility VARCHAR(20) DEFAULT 'private' NOT NULL,
    access_permissions JSONB DEFAULT '{}' NOT NULL,
    file_path VARCHAR(1000),
    file_size BIGINT,
    file_format VARCHAR(50),
    edition VARCHAR(64),
    status VARCHAR(50) DEFAULT 'draft' NOT NULL,
    is_stub BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_content_items PRIMARY KEY (id),
    CONSTRAINT ck_content_items_content_type CHECK (content_type IN ('book', 'course', 'lesson', 'assessment', 'marketplace_item')),
    CONSTRAINT ck_content_items_module_name CHECK (module_name IN ('library', 'lms', 'marketplace')),
    CONSTRAINT ck_content_items_visibility CHECK (visibility IN ('public', 'private', 'organization', 'marketplace')),
    CONSTRAINT ck_content_items_status CHECK (status IN ('draft', 'published', 'archived', 'deleted')),
    CONSTRAINT ck_content_items_file_size_range CHECK (file_size >= 0),
    CONSTRAINT fk_content_items_creator_id FOREIGN KEY(creator_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_content_items_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_content_items_root_id FOREIGN KEY(root_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_content_items_root_id ON content_items (root_id);

CREATE INDEX idx_content_items_edition ON content_items (edition);

CREATE INDEX idx_content_items_organization_id ON content_items (organization_id);

CREATE INDEX idx_published_content ON content_items (created_at DESC) WHERE status = 'published';

CREATE INDEX idx_content_items_fts ON content_items USING gin (to_tsvector('english'::regconfig, title || ' ' || coalesce(description, '')));

CREATE INDEX idx_content_items_module_visibility ON content_items (module_name, visibility, created_at DESC);

CREATE INDEX idx_public_content ON content_items (title) WHERE visibility = 'public';

CREATE INDEX idx_content_items_creator_id ON content_items (creator_id);

CREATE TABLE devices (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    platform VARCHAR(50) DEFAULT '' NOT NULL,
    app_version VARCHAR(50) DEFAULT '' NOT NULL,
    schema_version INTEGER DEFAULT 0 NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    is_trusted BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_devices PRIMARY KEY (id),
    CONSTRAINT fk_devices_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_devices_user_id ON devices (user_id);

CREATE TABLE error_logs (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID,
    error_type VARCHAR(100) NOT NULL,
    error_message TEXT NOT NULL,
    stack_trace TEXT,
    request_data JSONB,
    context_data JSONB,
    severity VARCHAR(20) DEFAULT 'error' NOT NULL,
    resolved BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_error_logs PRIMARY KEY (id),
    CONSTRAINT ck_error_logs_severity CHECK (severity IN ('debug', 'info', 'warning', 'error', 'critical')),
    CONSTRAINT fk_error_logs_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_error_logs_created_at ON error_logs (created_at);

CREATE INDEX idx_error_logs_user_id ON error_logs (user_id);

CREATE TABLE purchases (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID,
    buyer_snapshot JSONB DEFAULT '{}' NOT NULL,
    stripe_payment_intent_id VARCHAR(255),
    total_amount NUMERIC(10, 2) NOT NULL,
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    tax_amount NUMERIC(10, 2) DEFAULT 0 NOT NULL,
    status VARCHAR(50) DEFAULT 'pending' NOT NULL,
    billing_address JSONB,
    purchased_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    refunded_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_purchases PRIMARY KEY (id),
    CONSTRAINT uq_purchases_stripe_payment_intent_id UNIQUE (stripe_payment_intent_id),
    CONSTRAINT ck_purchases_status CHECK (status IN ('pending', 'completed', 'failed', 'refunded')),
    CONSTRAINT ck_purchases_total_amount_range CHECK (total_amount >= 0),
    CONSTRAINT ck_purchases_tax_amount_range CHECK (tax_amount >= 0),
    CONSTRAINT fk_purchases_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_purchases_user_id ON purchases (user_id);

CREATE TABLE recommendation_sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    session_context JSONB DEFAULT '{}' NOT NULL,
    algorithm_used VARCHAR(50) NOT NULL,
    recommendations_shown JSONB NOT NULL,
    user_feedback JSONB DEFAULT '{}' NOT NULL,
    session_quality_score NUMERIC(5, 4),
    origin VARCHAR(10) DEFAULT 'server' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_recommendation_sessions PRIMARY KEY (id),
    CONSTRAINT ck_recommendation_sessions_origin CHECK (origin IN ('device', 'server')),
    CONSTRAINT ck_recommendation_sessions_session_quality_score_range CHECK (session_quality_score >= 0 AND session_quality_score <= 1),
    CONSTRAINT fk_recommendation_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_recommendation_sessions_user_id ON recommendation_sessions (user_id);

CREATE TABLE requests (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    kind VARCHAR(20) NOT NULL,
    subject_id UUID,
    payload_json JSONB DEFAULT '{}' NOT NULL,
    verdict VARCHAR(20),
    verdict_code VARCHAR(100),
    decided_at TIMESTAMP WITH TIME ZONE,
    deleted_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_requests PRIMARY KEY (id),
    CONSTRAINT ck_requests_kind CHECK (kind IN ('enroll', 'leave', 'publish', 'buy')),
    CONSTRAINT ck_requests_verdict CHECK (verdict IN ('granted', 'refused')),
    CONSTRAINT fk_requests_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_requests_user_id ON requests (user_id);

CREATE TABLE user_activity (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    action_type VARCHAR(50) NOT NULL,
    resource_id UUID,
    resource_type VARCHAR(50),
    metadata_json JSONB DEFAULT '{}' NOT NULL,
    ip_address INET,
    user_agent TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_activity PRIMARY KEY (id),
    CONSTRAINT fk_user_activity_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_user_activity_created_at ON user_activity (created_at);

CREATE INDEX idx_user_activity_user_id ON user_activity (user_id);

CREATE TABLE user_collections (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    order_key VARCHAR(255) DEFAULT '' NOT NULL,
    attributes_json JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_collections PRIMARY KEY (id),
    CONSTRAINT fk_user_collections_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_user_collections_user_id ON user_collections (user_id);

CREATE TABLE user_organizations (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    org_id UUID NOT NULL,
    role VARCHAR(50) DEFAULT 'member' NOT NULL,
    permissions JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_organizations PRIMARY KEY (id),
    CONSTRAINT uq_user_organizations_user_id_org_id UNIQUE (user_id, org_id),
    CONSTRAINT ck_user_organizations_role CHECK (role IN ('member', 'admin', 'owner')),
    CONSTRAINT fk_user_organizations_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_organizations_org_id FOREIGN KEY(org_id) REFERENCES organizations (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_user_organizations_org_id ON user_organizations (org_id);

CREATE TABLE user_preferences (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    preferences_json JSONB DEFAULT '{}' NOT NULL,
    preference_type VARCHAR(50) DEFAULT 'settings' NOT NULL,
    preference_value VARCHAR(255) DEFAULT '' NOT NULL,
    preference_strength NUMERIC(5, 4) DEFAULT 1 NOT NULL,
    learned_from VARCHAR(50) DEFAULT 'explicit' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_preferences PRIMARY KEY (id),
    CONSTRAINT uq_user_preferences_user_id_preference_type_preference_value UNIQUE (user_id, preference_type, preference_value),
    CONSTRAINT ck_user_preferences_preference_strength_range CHECK (preference_strength >= 0 AND preference_strength <= 1),
    CONSTRAINT ck_user_preferences_learned_from CHECK (learned_from IN ('explicit', 'implicit', 'inferred')),
    CONSTRAINT fk_user_preferences_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE user_profiles (
    user_id UUID NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    display_name VARCHAR(255) NOT NULL,
    biography TEXT,
    avatar_sha256 VARCHAR(64),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_profiles PRIMARY KEY (id),
    CONSTRAINT uq_user_profiles_user_id UNIQUE (user_id),
    CONSTRAINT fk_user_profiles_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE user_themes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    theme_name VARCHAR(100) NOT NULL,
    base_theme VARCHAR(50) NOT NULL,
    customizations JSONB DEFAULT '{}' NOT NULL,
    is_custom BOOLEAN DEFAULT false NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_themes PRIMARY KEY (id),
    CONSTRAINT uq_user_themes_user_id_id UNIQUE (user_id, id),
    CONSTRAINT fk_user_themes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_themes_base_theme FOREIGN KEY(base_theme) REFERENCES reading_environments (slug) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_user_themes_base_theme ON user_themes (base_theme);

CREATE INDEX idx_user_themes_user_id_theme_name ON user_themes (user_id, theme_name);

CREATE TABLE books (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    isbn VARCHAR(20),
    author VARCHAR(500),
    authors JSONB DEFAULT '[]' NOT NULL,
    author_sort VARCHAR(500),
    title_sort VARCHAR(500),
    publisher VARCHAR(255),
    publication_date DATE,
    page_count INTEGER,
    genre VARCHAR(100),
    reading_level VARCHAR(50),
    language VARCHAR(35) DEFAULT 'en',
    series VARCHAR(500),
    series_index NUMERIC(8, 2),
    cover_sha256 VARCHAR(64),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_books PRIMARY KEY (id),
    CONSTRAINT uq_books_content_id UNIQUE (content_id),
    CONSTRAINT ck_books_reading_level CHECK (reading_level IN ('beginner', 'intermediate', 'advanced')),
    CONSTRAINT ck_books_page_count_range CHECK (page_count >= 0),
    CONSTRAINT fk_books_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_books_fts ON books USING gin (to_tsvector('english'::regconfig, coalesce(author, '') || ' ' || coalesce(genre, '')));

CREATE TABLE collection_items (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    collection_id UUID NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    order_key VARCHAR(255) DEFAULT '' NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_collection_items PRIMARY KEY (id),
    CONSTRAINT uq_collection_items_collection_id_content_id UNIQUE (collection_id, content_id),
    CONSTRAINT fk_collection_items_collection_id FOREIGN KEY(collection_id) REFERENCES user_collections (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_collection_items_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_collection_items_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_collection_items_user_id ON collection_items (user_id);

CREATE INDEX idx_collection_items_content_id ON collection_items (content_id);

CREATE TABLE content_embeddings (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    model_id UUID,
    root_id UUID,
    chunk_text TEXT NOT NULL,
    embedding vector,
    chunk_index INTEGER NOT NULL,
    chunk_type VARCHAR(50) NOT NULL,
    content_hash VARCHAR(64),
    content_type VARCHAR(50) NOT NULL,
    module_name VARCHAR(20) NOT NULL,
    source_location JSONB,
    module_metadata JSONB DEFAULT '{}' NOT NULL,
    semantic_tags JSONB DEFAULT '[]' NOT NULL,
    text_length INTEGER NOT NULL,
    language VARCHAR(35) DEFAULT 'en',
    reading_level VARCHAR(20),
    difficulty_level VARCHAR(20),
    visibility VARCHAR(20) DEFAULT 'private' NOT NULL,
    access_permissions JSONB DEFAULT '{}' NOT NULL,
    creator_id UUID,
    organization_id UUID,
    origin VARCHAR(10) DEFAULT 'server' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_content_embeddings PRIMARY KEY (id),
    CONSTRAINT uq_content_embeddings_content_id_model_id_chunk_index UNIQUE (content_id, model_id, chunk_index),
    CONSTRAINT ck_content_embeddings_chunk_type CHECK (chunk_type IN ('paragraph', 'heading', 'summary', 'question', 'answer')),
    CONSTRAINT ck_content_embeddings_content_type CHECK (content_type IN ('book', 'course', 'lesson', 'assessment', 'marketplace_item')),
    CONSTRAINT ck_content_embeddings_module_name CHECK (module_name IN ('library', 'lms', 'marketplace')),
    CONSTRAINT ck_content_embeddings_visibility CHECK (visibility IN ('public', 'private', 'organization', 'marketplace')),
    CONSTRAINT ck_content_embeddings_origin CHECK (origin IN ('device', 'server')),
    CONSTRAINT ck_content_embeddings_text_length_range CHECK (text_length >= 0),
    CONSTRAINT ck_content_embeddings_chunk_index_range CHECK (chunk_index >= 0),
    CONSTRAINT fk_content_embeddings_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_content_embeddings_model_id FOREIGN KEY(model_id) REFERENCES embedding_models (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_content_embeddings_root_id FOREIGN KEY(root_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_content_embeddings_creator_id FOREIGN KEY(creator_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
    CONSTRAINT fk_content_embeddings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_content_embeddings_org ON content_embeddings (organization_id);

CREATE INDEX idx_content_embeddings_root_id ON content_embeddings (root_id);

CREATE INDEX idx_content_embeddings_language ON content_embeddings (language);

CREATE INDEX idx_content_embeddings_module_type ON content_embeddings (module_name, content_type);

CREATE INDEX idx_content_embeddings_difficulty ON content_embeddings (difficulty_level);

CREATE INDEX idx_content_embeddings_metadata ON content_embeddings USING gin (module_metadata);

CREATE INDEX idx_content_embeddings_vector_cosine ON content_embeddings USING hnsw ((embedding::halfvec(1536)) halfvec_cosine_ops) WHERE vector_dims(embedding) = 1536;

CREATE INDEX idx_content_embeddings_creator ON content_embeddings (creator_id);

CREATE INDEX idx_content_complex_search ON content_embeddings (visibility, module_name, content_type, language, difficulty_level);

CREATE INDEX idx_content_embeddings_tags ON content_embeddings USING gin (semantic_tags);

CREATE INDEX idx_content_embeddings_visibility ON content_embeddings (visibility);

CREATE INDEX idx_content_embeddings_model_id ON content_embeddings (model_id);

CREATE TABLE content_files (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    root_id UUID,
    sha256 VARCHAR(64) NOT NULL,
    kind VARCHAR(20) DEFAULT 'original' NOT NULL,
    file_name VARCHAR(500) DEFAULT '' NOT NULL,
    file_size BIGINT DEFAULT 0 NOT NULL,
    file_format VARCHAR(50) DEFAULT '' NOT NULL,
    media_type VARCHAR(100),
    is_current BOOLEAN DEFAULT true NOT NULL,
    text_version INTEGER DEFAULT 1 NOT NULL,
    uploaded_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_content_files PRIMARY KEY (id),
    CONSTRAINT uq_content_files_content_id_sha256 UNIQUE (content_id, sha256),
    CONSTRAINT ck_content_files_kind CHECK (kind IN ('original', 'cover', 'attachment', 'pack')),
    CONSTRAINT ck_content_files_file_size_range CHECK (file_size >= 0),
    CONSTRAINT fk_content_files_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_content_files_root_id FOREIGN KEY(root_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_content_files_sha256 ON content_files (sha256);

CREATE INDEX idx_content_files_root_id ON content_files (root_id);

CREATE TABLE content_relationships (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    source_content_id UUID NOT NULL,
    target_content_id UUID NOT NULL,
    relationship_type VARCHAR(50) NOT NULL,
    relationship_strength NUMERIC(5, 4) NOT NULL,
    relationship_context JSONB DEFAULT '{}' NOT NULL,
    created_by_ai BOOLEAN DEFAULT true NOT NULL,
    creator_id UUID,
    origin VARCHAR(10) DEFAULT 'server' NOT NULL,
    confidence_score NUMERIC(5, 4),
    human_verified BOOLEAN DEFAULT false NOT NULL,
    cross_module BOOLEAN DEFAULT false NOT NULL,
    source_module VARCHAR(20),
    target_module VARCHAR(20),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_content_relationships PRIMARY KEY (id),
    CONSTRAINT uq_content_relationships_source_content_id_target_conte_ee74 UNIQUE (source_content_id, target_content_id, relationship_type),
    CONSTRAINT ck_content_relationships_relationship_type CHECK (relationship_type IN ('prerequisite', 'related', 'sequence', 'alternative', 'follows')),
    CONSTRAINT ck_content_relationships_origin CHECK (origin IN ('device', 'server')),
    CONSTRAINT ck_content_relationships_relationship_strength_range CHECK (relationship_strength >= 0 AND relationship_strength <= 1),
    CONSTRAINT ck_content_relationships_confidence_score_range CHECK (confidence_score >= 0 AND confidence_score <= 1),
    CONSTRAINT ck_content_relationships_not_itself CHECK (source_content_id <> target_content_id),
    CONSTRAINT fk_content_relationships_source_content_id FOREIGN KEY(source_content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_content_relationships_target_content_id FOREIGN KEY(target_content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_content_relationships_creator_id FOREIGN KEY(creator_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_content_relationships_type ON content_relationships (relationship_type, relationship_strength DESC);

CREATE INDEX idx_content_relationships_source ON content_relationships (source_content_id, relationship_strength DESC);

CREATE INDEX idx_content_relationships_creator_id ON content_relationships (creator_id);

CREATE INDEX idx_content_relationships_target ON content_relationships (target_content_id, relationship_strength DESC);

CREATE INDEX idx_content_relationships_cross_module ON content_relationships (cross_module, source_module, target_module);

CREATE TABLE content_similarities (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_a_id UUID NOT NULL,
    content_b_id UUID NOT NULL,
    similarity_type VARCHAR(50) NOT NULL,
    similarity_score NUMERIC(5, 4) NOT NULL,
    calculation_method VARCHAR(50) NOT NULL,
    calculated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    origin VARCHAR(10) DEFAULT 'server' NOT NULL,
    CONSTRAINT pk_content_similarities PRIMARY KEY (id),
    CONSTRAINT uq_content_similarities_content_a_id_content_b_id_simil_d561 UNIQUE (content_a_id, content_b_id, similarity_type),
    CONSTRAINT ck_content_similarities_similarity_type CHECK (similarity_type IN ('thematic', 'stylistic', 'difficulty', 'audience')),
    CONSTRAINT ck_content_similarities_calculation_method CHECK (calculation_method IN ('embedding', 'metadata', 'collaborative')),
    CONSTRAINT ck_content_similarities_origin CHECK (origin IN ('device', 'server')),
    CONSTRAINT ck_content_similarities_similarity_score_range CHECK (similarity_score >= 0 AND similarity_score <= 1),
    CONSTRAINT ck_content_similarities_smaller_first CHECK (content_a_id < content_b_id),
    CONSTRAINT fk_content_similarities_content_a_id FOREIGN KEY(content_a_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_content_similarities_content_b_id FOREIGN KEY(content_b_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_content_similarities_content_b_id ON content_similarities (content_b_id);

CREATE TABLE courses (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    course_code VARCHAR(50),
    difficulty_level VARCHAR(50),
    estimated_duration INTEGER,
    prerequisites JSONB DEFAULT '[]' NOT NULL,
    learning_objectives JSONB DEFAULT '[]' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_courses PRIMARY KEY (id),
    CONSTRAINT uq_courses_content_id UNIQUE (content_id),
    CONSTRAINT ck_courses_estimated_duration_range CHECK (estimated_duration >= 0),
    CONSTRAINT fk_courses_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE marketplace_items (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    price NUMERIC(10, 2),
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    license_type VARCHAR(50),
    revenue_share NUMERIC(5, 2) DEFAULT 70 NOT NULL,
    featured_until TIMESTAMP WITH TIME ZONE,
    total_sales INTEGER DEFAULT 0 NOT NULL,
    total_revenue NUMERIC(12, 2) DEFAULT 0 NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_marketplace_items PRIMARY KEY (id),
    CONSTRAINT uq_marketplace_items_content_id UNIQUE (content_id),
    CONSTRAINT ck_marketplace_items_license_type CHECK (license_type IN ('personal', 'educational', 'commercial')),
    CONSTRAINT ck_marketplace_items_price_range CHECK (price >= 0),
    CONSTRAINT ck_marketplace_items_revenue_share_range CHECK (revenue_share >= 0 AND revenue_share <= 100),
    CONSTRAINT ck_marketplace_items_total_sales_range CHECK (total_sales >= 0),
    CONSTRAINT fk_marketplace_items_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE purchase_items (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    purchase_id UUID NOT NULL,
    content_id UUID NOT NULL,
    item_snapshot JSONB DEFAULT '{}' NOT NULL,
    item_type VARCHAR(50) NOT NULL,
    price NUMERIC(10, 2) NOT NULL,
    license_type VARCHAR(50) DEFAULT 'personal' NOT NULL,
    access_expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_purchase_items PRIMARY KEY (id),
    CONSTRAINT ck_purchase_items_item_type CHECK (item_type IN ('book', 'course', 'subscription')),
    CONSTRAINT ck_purchase_items_license_type CHECK (license_type IN ('personal', 'educational', 'commercial')),
    CONSTRAINT ck_purchase_items_price_range CHECK (price >= 0),
    CONSTRAINT fk_purchase_items_purchase_id FOREIGN KEY(purchase_id) REFERENCES purchases (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_purchase_items_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_purchase_items_purchase_id ON purchase_items (purchase_id);

CREATE INDEX idx_purchase_items_content_id ON purchase_items (content_id);

CREATE TABLE reading_sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    device_id UUID,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    seconds_read INTEGER DEFAULT 0 NOT NULL,
    pages_turned INTEGER DEFAULT 0 NOT NULL,
    start_progress NUMERIC(5, 2),
    end_progress NUMERIC(5, 2),
    theme_key VARCHAR(100),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_reading_sessions PRIMARY KEY (id),
    CONSTRAINT ck_reading_sessions_seconds_read_range CHECK (seconds_read >= 0),
    CONSTRAINT ck_reading_sessions_pages_turned_range CHECK (pages_turned >= 0),
    CONSTRAINT fk_reading_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_reading_sessions_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_reading_sessions_device_id FOREIGN KEY(device_id) REFERENCES devices (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_reading_sessions_user_id ON reading_sessions (user_id);

CREATE INDEX idx_reading_sessions_content_id ON reading_sessions (content_id);

CREATE INDEX idx_reading_sessions_device_id ON reading_sessions (device_id);

CREATE TABLE revenue_analytics (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    date DATE NOT NULL,
    content_id UUID NOT NULL,
    creator_id UUID,
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    gross_revenue NUMERIC(12, 2) DEFAULT 0 NOT NULL,
    net_revenue NUMERIC(12, 2) DEFAULT 0 NOT NULL,
    platform_fee NUMERIC(12, 2) DEFAULT 0 NOT NULL,
    creator_share NUMERIC(12, 2) DEFAULT 0 NOT NULL,
    transaction_count INTEGER DEFAULT 0 NOT NULL,
    refund_count INTEGER DEFAULT 0 NOT NULL,
    refund_amount NUMERIC(12, 2) DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_revenue_analytics PRIMARY KEY (id),
    CONSTRAINT uq_revenue_analytics_date_content_id UNIQUE (date, content_id),
    CONSTRAINT fk_revenue_analytics_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_revenue_analytics_creator_id FOREIGN KEY(creator_id) REFERENCES users (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_revenue_analytics_creator_id ON revenue_analytics (creator_id);

CREATE INDEX idx_revenue_analytics_content_id ON revenue_analytics (content_id);

CREATE TABLE theme_preferences (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    primary_theme_id UUID,
    primary_environment VARCHAR(50),
    dark_mode_preference VARCHAR(10) DEFAULT 'auto' NOT NULL,
    device_preferences JSONB DEFAULT '{}' NOT NULL,
    contextual_preferences JSONB DEFAULT '{}' NOT NULL,
    auto_adapt_enabled BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_theme_preferences PRIMARY KEY (id),
    CONSTRAINT uq_theme_preferences_user_id UNIQUE (user_id),
    CONSTRAINT fk_theme_preferences_user_id_primary_theme_id FOREIGN KEY(user_id, primary_theme_id) REFERENCES user_themes (user_id, id) ON DELETE SET NULL (primary_theme_id),
    CONSTRAINT ck_theme_preferences_dark_mode_preference CHECK (dark_mode_preference IN ('auto', 'light', 'dark')),
    CONSTRAINT fk_theme_preferences_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_theme_preferences_primary_environment FOREIGN KEY(primary_environment) REFERENCES reading_environments (slug) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_theme_preferences_primary_environment ON theme_preferences (primary_environment);

CREATE INDEX idx_theme_preferences_user_id_primary_theme_id ON theme_preferences (user_id, primary_theme_id);

CREATE TABLE theme_ratings (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    theme_id UUID NOT NULL,
    rating INTEGER NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_theme_ratings PRIMARY KEY (id),
    CONSTRAINT uq_theme_ratings_user_id_theme_id UNIQUE (user_id, theme_id),
    CONSTRAINT ck_theme_ratings_rating_range CHECK (rating >= 1 AND rating <= 5),
    CONSTRAINT fk_theme_ratings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_theme_ratings_theme_id FOREIGN KEY(theme_id) REFERENCES community_themes (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_theme_ratings_theme_id ON theme_ratings (theme_id);

CREATE TABLE user_content_access (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    purchase_id UUID,
    access_type VARCHAR(50) NOT NULL,
    access_granted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    access_expires_at TIMESTAMP WITH TIME ZONE,
    last_accessed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_content_access PRIMARY KEY (id),
    CONSTRAINT uq_user_content_access_user_id_content_id_access_type UNIQUE (user_id, content_id, access_type),
    CONSTRAINT ck_user_content_access_access_type CHECK (access_type IN ('purchased', 'trial', 'subscription')),
    CONSTRAINT fk_user_content_access_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_content_access_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_user_content_access_purchase_id FOREIGN KEY(purchase_id) REFERENCES purchases (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_user_content_access_content_id ON user_content_access (content_id);

CREATE INDEX idx_user_content_access_purchase_id ON user_content_access (purchase_id);

CREATE TABLE user_content_interactions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    interaction_type VARCHAR(50) NOT NULL,
    interaction_data JSONB DEFAULT '{}' NOT NULL,
    interaction_quality NUMERIC(5, 4),
    session_id VARCHAR(100),
    device_type VARCHAR(20),
    access_method VARCHAR(20),
    interaction_duration INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_content_interactions PRIMARY KEY (id),
    CONSTRAINT ck_user_content_interactions_interaction_type CHECK (interaction_type IN ('view', 'query', 'bookmark', 'rate', 'complete', 'share')),
    CONSTRAINT ck_user_content_interactions_access_method CHECK (access_method IN ('web', 'mobile', 'api', 'desktop')),
    CONSTRAINT ck_user_content_interactions_interaction_quality_range CHECK (interaction_quality >= 0 AND interaction_quality <= 1),
    CONSTRAINT ck_user_content_interactions_interaction_duration_range CHECK (interaction_duration >= 0),
    CONSTRAINT fk_user_content_interactions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_content_interactions_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_user_interactions_user_time ON user_content_interactions (user_id, created_at DESC);

CREATE INDEX idx_user_interactions_content ON user_content_interactions (content_id, interaction_type);

CREATE INDEX idx_user_content_interactions_created_at ON user_content_interactions (created_at);

CREATE INDEX idx_user_interactions_quality ON user_content_interactions (interaction_quality DESC, created_at DESC);

CREATE TABLE user_interactions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    interaction_type VARCHAR(50) NOT NULL,
    interaction_data JSONB DEFAULT '{}' NOT NULL,
    context_data JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_user_interactions PRIMARY KEY (id),
    CONSTRAINT ck_user_interactions_interaction_type CHECK (interaction_type IN ('view', 'like', 'share', 'read', 'purchase', 'dismiss')),
    CONSTRAINT fk_user_interactions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_interactions_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_user_interactions_user_id ON user_interactions (user_id);

CREATE INDEX idx_user_interactions_content_id ON user_interactions (content_id);

CREATE TABLE user_libraries (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    progress NUMERIC(5, 2) DEFAULT 0 NOT NULL,
    current_position JSONB,
    position_at TIMESTAMP WITH TIME ZONE,
    furthest_position JSONB,
    furthest_progress NUMERIC(5, 2) DEFAULT 0 NOT NULL,
    notes TEXT,
    rating INTEGER,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_accessed TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_libraries PRIMARY KEY (id),
    CONSTRAINT uq_user_libraries_user_id_content_id UNIQUE (user_id, content_id),
    CONSTRAINT ck_user_libraries_progress_range CHECK (progress >= 0 AND progress <= 100),
    CONSTRAINT ck_user_libraries_furthest_progress_range CHECK (furthest_progress >= 0 AND furthest_progress <= 100),
    CONSTRAINT ck_user_libraries_rating_range CHECK (rating >= 1 AND rating <= 5),
    CONSTRAINT fk_user_libraries_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_libraries_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_user_libraries_progress ON user_libraries (user_id, progress DESC, last_accessed DESC);

CREATE INDEX idx_user_libraries_content_id ON user_libraries (content_id);

CREATE TABLE user_notes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID NOT NULL,
    note_text TEXT NOT NULL,
    note_type VARCHAR(50) DEFAULT 'general' NOT NULL,
    location_data JSONB,
    edition VARCHAR(64),
    color VARCHAR(20),
    attributes_json JSONB DEFAULT '{}' NOT NULL,
    is_public BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_notes PRIMARY KEY (id),
    CONSTRAINT ck_user_notes_note_type CHECK (note_type IN ('highlight', 'comment', 'question', 'general', 'bookmark')),
    CONSTRAINT fk_user_notes_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_notes_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_user_notes_content_id_created_at ON user_notes (content_id, created_at);

CREATE INDEX idx_user_notes_user_id ON user_notes (user_id);

CREATE TABLE user_queries (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    content_id UUID,
    query_text TEXT NOT NULL,
    response TEXT,
    context_used JSONB,
    response_quality NUMERIC(5, 4),
    processing_time INTEGER,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_user_queries PRIMARY KEY (id),
    CONSTRAINT ck_user_queries_response_quality_range CHECK (response_quality >= 0 AND response_quality <= 1),
    CONSTRAINT ck_user_queries_processing_time_range CHECK (processing_time >= 0),
    CONSTRAINT fk_user_queries_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_queries_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_user_queries_user_id ON user_queries (user_id);

CREATE INDEX idx_user_queries_content_time ON user_queries (content_id, created_at DESC);

CREATE TABLE user_sessions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    device_id UUID,
    token VARCHAR(255) NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_user_sessions PRIMARY KEY (id),
    CONSTRAINT uq_user_sessions_token UNIQUE (token),
    CONSTRAINT fk_user_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_user_sessions_device_id FOREIGN KEY(device_id) REFERENCES devices (id) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE INDEX idx_user_sessions_user_id ON user_sessions (user_id);

CREATE INDEX idx_user_sessions_expires_at ON user_sessions (expires_at);

CREATE INDEX idx_user_sessions_device_id ON user_sessions (device_id);

CREATE TABLE course_enrollments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    role VARCHAR(20) DEFAULT 'student' NOT NULL,
    status VARCHAR(20) DEFAULT 'active' NOT NULL,
    enrolled_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    completed_at TIMESTAMP WITH TIME ZONE,
    deleted_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_course_enrollments PRIMARY KEY (id),
    CONSTRAINT uq_course_enrollments_user_id_course_id UNIQUE (user_id, course_id),
    CONSTRAINT ck_course_enrollments_role CHECK (role IN ('student', 'teacher', 'assistant')),
    CONSTRAINT ck_course_enrollments_status CHECK (status IN ('active', 'completed', 'left', 'removed')),
    CONSTRAINT fk_course_enrollments_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_course_enrollments_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_course_enrollments_course_id ON course_enrollments (course_id);

CREATE TABLE lessons (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    course_id UUID NOT NULL,
    root_id UUID,
    order_key VARCHAR(255) DEFAULT '' NOT NULL,
    order_index INTEGER NOT NULL,
    lesson_type VARCHAR(50),
    duration INTEGER,
    prerequisites JSONB DEFAULT '[]' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_lessons PRIMARY KEY (id),
    CONSTRAINT uq_lessons_content_id UNIQUE (content_id),
    CONSTRAINT ck_lessons_lesson_type CHECK (lesson_type IN ('text', 'video', 'interactive', 'assessment')),
    CONSTRAINT ck_lessons_duration_range CHECK (duration >= 0),
    CONSTRAINT fk_lessons_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_lessons_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_lessons_root_id FOREIGN KEY(root_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_lessons_root_id ON lessons (root_id);

CREATE INDEX idx_lessons_course_id_order_key ON lessons (course_id, order_key);

CREATE TABLE theme_usage_analytics (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    theme_id UUID,
    theme_source VARCHAR(20),
    environment VARCHAR(50),
    usage_duration INTEGER NOT NULL,
    reading_session_id UUID,
    device_type VARCHAR(50),
    context_data JSONB DEFAULT '{}' NOT NULL,
    user_satisfaction_rating INTEGER,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_theme_usage_analytics PRIMARY KEY (id),
    CONSTRAINT ck_theme_usage_analytics_theme_source CHECK (theme_source IN ('environment', 'user', 'community')),
    CONSTRAINT ck_theme_usage_analytics_usage_duration_range CHECK (usage_duration >= 0),
    CONSTRAINT ck_theme_usage_analytics_user_satisfaction_rating_range CHECK (user_satisfaction_rating >= 1 AND user_satisfaction_rating <= 5),
    CONSTRAINT fk_theme_usage_analytics_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_theme_usage_analytics_reading_session_id FOREIGN KEY(reading_session_id) REFERENCES reading_sessions (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_theme_usage_analytics_user_id ON theme_usage_analytics (user_id);

CREATE INDEX idx_theme_usage_analytics_reading_session_id ON theme_usage_analytics (reading_session_id);

CREATE INDEX idx_theme_usage_analytics_recorded_at ON theme_usage_analytics (recorded_at);

CREATE TABLE assessments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    content_id UUID NOT NULL,
    lesson_id UUID,
    root_id UUID,
    mode VARCHAR(20) DEFAULT 'practice' NOT NULL,
    questions_json JSONB NOT NULL,
    passing_score NUMERIC(5, 2) DEFAULT 70 NOT NULL,
    time_limit INTEGER,
    max_attempts INTEGER DEFAULT 3,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_assessments PRIMARY KEY (id),
    CONSTRAINT uq_assessments_content_id UNIQUE (content_id),
    CONSTRAINT ck_assessments_mode CHECK (mode IN ('practice', 'graded')),
    CONSTRAINT ck_assessments_passing_score_range CHECK (passing_score >= 0 AND passing_score <= 100),
    CONSTRAINT ck_assessments_time_limit_range CHECK (time_limit >= 1),
    CONSTRAINT ck_assessments_max_attempts_range CHECK (max_attempts >= 1),
    CONSTRAINT fk_assessments_content_id FOREIGN KEY(content_id) REFERENCES content_items (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_assessments_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_assessments_root_id FOREIGN KEY(root_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_assessments_root_id ON assessments (root_id);

CREATE INDEX idx_assessments_lesson_id ON assessments (lesson_id);

CREATE TABLE student_progress (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    course_id UUID NOT NULL,
    lesson_id UUID NOT NULL,
    status VARCHAR(50) DEFAULT 'not_started' NOT NULL,
    score NUMERIC(5, 2),
    time_spent INTEGER,
    completed_at TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_student_progress PRIMARY KEY (id),
    CONSTRAINT uq_student_progress_user_id_lesson_id UNIQUE (user_id, lesson_id),
    CONSTRAINT ck_student_progress_status CHECK (status IN ('not_started', 'in_progress', 'completed', 'failed')),
    CONSTRAINT ck_student_progress_score_range CHECK (score >= 0 AND score <= 100),
    CONSTRAINT ck_student_progress_time_spent_range CHECK (time_spent >= 0),
    CONSTRAINT ck_student_progress_completed_after_started CHECK (completed_at IS NULL OR completed_at >= started_at),
    CONSTRAINT fk_student_progress_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_student_progress_course_id FOREIGN KEY(course_id) REFERENCES courses (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_student_progress_lesson_id FOREIGN KEY(lesson_id) REFERENCES lessons (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX idx_student_progress_course_id ON student_progress (course_id);

CREATE INDEX idx_student_progress_lesson_id ON student_progress (lesson_id);

CREATE TABLE assessment_attempts (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    attempt_number INTEGER NOT NULL,
    answers_json JSONB DEFAULT '{}' NOT NULL,
    status VARCHAR(20) DEFAULT 'submitted' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    device_id UUID,
    CONSTRAINT pk_assessment_attempts PRIMARY KEY (id),
    CONSTRAINT ck_assessment_attempts_status CHECK (status IN ('submitted', 'abandoned')),
    CONSTRAINT ck_assessment_attempts_attempt_number_range CHECK (attempt_number >= 1),
    CONSTRAINT fk_assessment_attempts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_assessment_attempts_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessments (id) ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT fk_assessment_attempts_device_id FOREIGN KEY(device_id) REFERENCES devices (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_assessment_attempts_assessment_user ON assessment_attempts (assessment_id, user_id);

CREATE INDEX idx_assessment_attempts_device_id ON assessment_attempts (device_id);

CREATE INDEX idx_assessment_attempts_user_id ON assessment_attempts (user_id);

CREATE TABLE assessment_keys (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    assessment_id UUID NOT NULL,
    root_id UUID,
    answers_json JSONB DEFAULT '{}' NOT NULL,
    rubric_json JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    field_clocks JSONB DEFAULT '{}' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_assessment_keys PRIMARY KEY (id),
    CONSTRAINT uq_assessment_keys_assessment_id UNIQUE (assessment_id),
    CONSTRAINT fk_assessment_keys_assessment_id FOREIGN KEY(assessment_id) REFERENCES assessments (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_assessment_keys_root_id FOREIGN KEY(root_id) REFERENCES content_items (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_assessment_keys_root_id ON assessment_keys (root_id);

CREATE TABLE attempt_grades (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    attempt_id UUID NOT NULL,
    user_id UUID NOT NULL,
    grader_id UUID,
    graded_by VARCHAR(20) DEFAULT 'server' NOT NULL,
    score NUMERIC(5, 2) NOT NULL,
    passed BOOLEAN NOT NULL,
    feedback_json JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_attempt_grades PRIMARY KEY (id),
    CONSTRAINT uq_attempt_grades_attempt_id UNIQUE (attempt_id),
    CONSTRAINT ck_attempt_grades_graded_by CHECK (graded_by IN ('server', 'teacher', 'device')),
    CONSTRAINT ck_attempt_grades_score_range CHECK (score >= 0 AND score <= 100),
    CONSTRAINT fk_attempt_grades_attempt_id FOREIGN KEY(attempt_id) REFERENCES assessment_attempts (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_attempt_grades_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_attempt_grades_grader_id FOREIGN KEY(grader_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE INDEX idx_attempt_grades_grader_id ON attempt_grades (grader_id);

CREATE INDEX idx_attempt_grades_user_id ON attempt_grades (user_id);

CREATE VIEW user_settings WITH (security_invoker = true) AS
SELECT id, user_id, preferences_json, updated_at
FROM user_preferences WHERE preference_type = 'settings' AND deleted_at IS NULL;

CREATE VIEW user_learned_preferences WITH (security_invoker = true) AS
SELECT id, user_id, preference_type, preference_value, preference_strength, learned_from, updated_at
FROM user_preferences WHERE preference_type <> 'settings' AND deleted_at IS NULL;
