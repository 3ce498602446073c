-- CreateTable
CREATE TABLE "connection_tests" (
    "id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "state_hash" BYTEA NOT NULL,
    "proofs" BYTEA NOT NULL,
    "steps" JSONB NOT NULL,
    "claims" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "connection_tests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "connection_tests_state_hash_key" ON "connection_tests"("state_hash");

-- CreateIndex
CREATE INDEX "connection_tests_connection_id_idx" ON "connection_tests"("connection_id");

-- CreateIndex
CREATE INDEX "connection_tests_session_id_idx" ON "connection_tests"("session_id");

-- CreateIndex
CREATE INDEX "connection_tests_expires_at_idx" ON "connection_tests"("expires_at");

-- AddForeignKey
ALTER TABLE "connection_tests" ADD CONSTRAINT "connection_tests_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connections"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_tests" ADD CONSTRAINT "connection_tests_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;
