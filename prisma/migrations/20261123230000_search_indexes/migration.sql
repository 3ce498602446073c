-- Lists are searched by any part of a name, which only trigrams can index. Not
-- every PostgreSQL has them or lets us install them: there, search reads the
-- table, and everything else is the same. See docs/decisions/0016.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "users_email_trigrams_idx" ON "users" USING gin ("email" gin_trgm_ops);
  CREATE INDEX "users_name_trigrams_idx" ON "users" USING gin ("name" gin_trgm_ops);
  CREATE INDEX "invoices_customer_key_trigrams_idx" ON "invoices" USING gin ("customer_key" gin_trgm_ops);
  CREATE INDEX "invoices_number_trigrams_idx" ON "invoices" USING gin ("number" gin_trgm_ops);
EXCEPTION
  -- Not allowed; not shipped (two codes, by version); installed where our search path does not reach.
  WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE NOTICE 'search goes without trigram indexes: %', SQLERRM;
END
$$;
