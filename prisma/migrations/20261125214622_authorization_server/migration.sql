-- CreateEnum
CREATE TYPE "oidc_client_kind" AS ENUM ('web', 'single_page', 'native', 'service');

-- CreateEnum
CREATE TYPE "signing_key_state" AS ENUM ('next', 'current', 'previous', 'retired');

-- CreateTable
CREATE TABLE "oidc_grants" (
    "id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oidc_grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oidc_artifacts" (
    "id" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "grant_id" TEXT,
    "consumed_at" TIMESTAMPTZ(3),
    "consumed_by" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oidc_artifacts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oidc_sessions" (
    "session_id" UUID NOT NULL,
    "authorizations" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "oidc_sessions_pkey" PRIMARY KEY ("session_id")
);

-- CreateTable
CREATE TABLE "oidc_clients" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "oidc_client_kind" NOT NULL,
    "first_party" BOOLEAN NOT NULL DEFAULT false,
    "redirect_uris" TEXT[],
    "scopes" TEXT[],
    "secret_hashes" BYTEA[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "oidc_clients_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_keys" (
    "kid" TEXT NOT NULL,
    "alg" TEXT NOT NULL,
    "state" "signing_key_state" NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("kid")
);

-- CreateIndex
CREATE INDEX "oidc_grants_user_id_client_id_idx" ON "oidc_grants"("user_id", "client_id");

-- CreateIndex
CREATE INDEX "oidc_grants_client_id_idx" ON "oidc_grants"("client_id");

-- CreateIndex
CREATE INDEX "oidc_grants_expires_at_idx" ON "oidc_grants"("expires_at");

-- CreateIndex
CREATE INDEX "oidc_artifacts_grant_id_idx" ON "oidc_artifacts"("grant_id");

-- CreateIndex
CREATE INDEX "oidc_artifacts_expires_at_idx" ON "oidc_artifacts"("expires_at");

-- AddForeignKey
ALTER TABLE "oidc_grants" ADD CONSTRAINT "oidc_grants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oidc_grants" ADD CONSTRAINT "oidc_grants_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oidc_clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oidc_artifacts" ADD CONSTRAINT "oidc_artifacts_grant_id_fkey" FOREIGN KEY ("grant_id") REFERENCES "oidc_grants"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oidc_sessions" ADD CONSTRAINT "oidc_sessions_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One key of an algorithm signs, and one waits, whoever rotates at the same time.
CREATE UNIQUE INDEX "signing_keys_alg_current_key" ON "signing_keys" ("alg") WHERE "state" = 'current';
CREATE UNIQUE INDEX "signing_keys_alg_next_key" ON "signing_keys" ("alg") WHERE "state" = 'next';

-- The program's own client, of the first-party flow at /api/v1/auth. It has no way in but that one.
INSERT INTO "oidc_clients" ("id", "name", "kind", "first_party", "redirect_uris", "scopes", "secret_hashes")
VALUES ('gatehouse', 'Gatehouse', 'native', true, '{}', '{api:read,api:write}', '{}');
