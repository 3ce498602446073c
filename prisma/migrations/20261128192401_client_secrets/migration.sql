-- CreateTable
CREATE TABLE "oidc_client_secrets" (
    "id" UUID NOT NULL,
    "client_id" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "oidc_client_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "oidc_client_secrets_hash_key" ON "oidc_client_secrets"("hash");

-- CreateIndex
CREATE INDEX "oidc_client_secrets_client_id_idx" ON "oidc_client_secrets"("client_id");

-- AddForeignKey
ALTER TABLE "oidc_client_secrets" ADD CONSTRAINT "oidc_client_secrets_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oidc_clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Every secret there is goes on working. The column was in no release, and so need not stay for one.
INSERT INTO "oidc_client_secrets" ("id", "client_id", "hash", "created_at")
SELECT gen_random_uuid(), c."id", s."hash", c."created_at"
  FROM "oidc_clients" c CROSS JOIN LATERAL unnest(c."secret_hashes") AS s("hash");

-- AlterTable
ALTER TABLE "oidc_clients" DROP COLUMN "secret_hashes",
ADD COLUMN     "disabled_at" TIMESTAMPTZ(3),
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateIndex
CREATE INDEX "oidc_clients_name_id_idx" ON "oidc_clients"("name", "id");

-- What a client got for itself has no grant that it could end with.
CREATE INDEX "oidc_artifacts_own_tokens_idx" ON "oidc_artifacts" (("payload" ->> 'clientId')) WHERE "kind" = 'ClientCredentials';

-- A client that is disabled, enabled or deleted has nothing from before: enabling gives nothing
-- back, not even what slipped in while it was being disabled. Whoever changes it.
CREATE FUNCTION end_what_client_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM oidc_grants WHERE client_id = OLD.id;
  DELETE FROM oidc_artifacts WHERE kind = 'ClientCredentials' AND payload ->> 'clientId' = OLD.id;
  RETURN NULL;
END $$;

CREATE TRIGGER end_what_switched_client_holds
  AFTER UPDATE OF disabled_at ON oidc_clients
  FOR EACH ROW WHEN ((NEW.disabled_at IS NULL) IS DISTINCT FROM (OLD.disabled_at IS NULL))
  EXECUTE FUNCTION end_what_client_holds();

CREATE TRIGGER end_what_deleted_client_holds
  AFTER DELETE ON oidc_clients FOR EACH ROW EXECUTE FUNCTION end_what_client_holds();
