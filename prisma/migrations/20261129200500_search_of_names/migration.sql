-- Organizations and clients are searched on the whole installation; as with users (docs/decisions/0016).
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "organizations_name_trigrams_idx" ON "organizations" USING gin ("name" gin_trgm_ops);
  CREATE INDEX "organizations_slug_trigrams_idx" ON "organizations" USING gin ("slug" gin_trgm_ops);
  CREATE INDEX "oidc_clients_name_trigrams_idx" ON "oidc_clients" USING gin ("name" gin_trgm_ops);
EXCEPTION
  WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE NOTICE 'search goes without trigram indexes: %', SQLERRM;
END
$$;
