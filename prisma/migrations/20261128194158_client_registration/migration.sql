-- AlterTable
ALTER TABLE "oidc_clients" ADD COLUMN     "metadata" JSONB,
ADD COLUMN     "registration_token_hash" BYTEA;

-- CreateTable
CREATE TABLE "oidc_initial_tokens" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "uses_max" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oidc_initial_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "oidc_initial_tokens_token_hash_key" ON "oidc_initial_tokens"("token_hash");

-- CreateIndex
CREATE INDEX "oidc_initial_tokens_expires_at_idx" ON "oidc_initial_tokens"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "oidc_clients_registration_token_hash_key" ON "oidc_clients"("registration_token_hash");

-- No program gets more clients out of a token than it was made for, whatever counts them.
ALTER TABLE "oidc_initial_tokens" ADD CONSTRAINT "oidc_initial_tokens_uses_check"
  CHECK ("uses" BETWEEN 0 AND "uses_max");
