-- AlterTable
ALTER TABLE "sessions" ADD COLUMN     "impersonation_reason" TEXT,
ADD COLUMN     "impersonation_told_at" TIMESTAMPTZ(3),
ADD COLUMN     "impersonator_id" UUID,
ADD COLUMN     "impersonator_session_id" UUID;

-- AlterTable
ALTER TABLE "audit_events" ADD COLUMN     "subject_id" UUID;

-- CreateIndex
CREATE INDEX "sessions_impersonator_session_id_idx" ON "sessions"("impersonator_session_id");

-- Somebody else, by a session of their own, with a reason, and never for longer than an hour: whatever the code says.
ALTER TABLE sessions ADD CONSTRAINT sessions_impersonation CHECK (
  num_nulls(impersonator_id, impersonator_session_id, impersonation_reason) IN (0, 3)
  AND (impersonator_id IS NULL
       OR (impersonator_id <> user_id AND impersonator_session_id <> id
           AND btrim(impersonation_reason) <> ''
           AND absolute_expires_at <= created_at + interval '1 hour'
           AND idle_expires_at <= absolute_expires_at)));

-- Few of all sessions: those whose end the user has still to be told of.
CREATE INDEX sessions_impersonations_untold ON sessions (absolute_expires_at)
  WHERE impersonator_id IS NOT NULL AND impersonation_told_at IS NULL;
CREATE INDEX audit_events_subject_id_at_id_idx ON audit_events (subject_id, at DESC, id DESC)
  WHERE subject_id IS NOT NULL;
