-- CreateTable
CREATE TABLE "oidc_logout_deliveries" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "client_id" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "sid" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "oidc_logout_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "oidc_logout_deliveries_client_id_created_at_idx" ON "oidc_logout_deliveries"("client_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "oidc_logout_deliveries_delivered_at_next_attempt_at_idx" ON "oidc_logout_deliveries"("delivered_at", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "oidc_logout_deliveries_session_id_client_id_key" ON "oidc_logout_deliveries"("session_id", "client_id");

-- AddForeignKey
ALTER TABLE "oidc_logout_deliveries" ADD CONSTRAINT "oidc_logout_deliveries_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "oidc_clients"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Whatever ends a session tells the clients that it signed in to: the queue is
-- written by the very statement, also by one that knows nothing of it.
CREATE FUNCTION announce_end_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO oidc_logout_deliveries (client_id, user_id, session_id, sid)
  SELECT c.id, OLD.user_id, OLD.id, a.value ->> 'sid'
    FROM oidc_sessions o
   CROSS JOIN LATERAL jsonb_each(o.authorizations) a
    JOIN oidc_clients c ON c.id = a.key AND c.backchannel_logout_uri IS NOT NULL
   WHERE o.session_id = OLD.id
  ON CONFLICT (session_id, client_id) DO NOTHING;
  RETURN OLD;
END $$;

CREATE TRIGGER announce_end_of_session
  AFTER UPDATE OF revoked_at ON sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION announce_end_of_session();

-- A user who is deleted takes their sessions along. What had expired by itself
-- and is cleared away is no news.
CREATE TRIGGER announce_deletion_of_session
  BEFORE DELETE ON sessions
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL
                     AND OLD.idle_expires_at > now() AND OLD.absolute_expires_at > now())
  EXECUTE FUNCTION announce_end_of_session();
