-- What an administrator narrows a long list by, in the order in which it is read.

-- CreateIndex
CREATE INDEX "users_status_created_at_id_idx" ON "users"("status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "users_status_name_id_idx" ON "users"("status", "name", "id");

-- CreateIndex
CREATE INDEX "users_status_email_idx" ON "users"("status", "email");

-- CreateIndex
CREATE INDEX "users_status_last_sign_in_at_id_idx" ON "users"("status", "last_sign_in_at", "id");

-- CreateIndex
CREATE INDEX "audit_events_outcome_action_at_id_idx" ON "audit_events"("outcome", "action", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_events_outcome_actor_id_at_id_idx" ON "audit_events"("outcome", "actor_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_events_outcome_organization_id_at_id_idx" ON "audit_events"("outcome", "organization_id", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_events_actor_id_action_at_id_idx" ON "audit_events"("actor_id", "action", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "audit_events_organization_id_action_at_id_idx" ON "audit_events"("organization_id", "action", "at" DESC, "id" DESC);

-- Not in the Prisma schema, as partial indexes are not: actors that have no id, and doors that are open.
CREATE INDEX "audit_events_unnamed_actors_idx" ON "audit_events"("actor_type", "at" DESC, "id" DESC) WHERE "actor_id" IS NULL;
CREATE INDEX "audit_events_unnamed_actors_within_idx" ON "audit_events"("organization_id", "actor_type", "at" DESC, "id" DESC) WHERE "actor_id" IS NULL;
CREATE INDEX "sessions_organization_id_open_idx" ON "sessions"("organization_id", "id" DESC) WHERE "revoked_at" IS NULL;
