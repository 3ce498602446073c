-- An account that is to be erased, and from when on; null for all others.
ALTER TABLE "users" ADD COLUMN "deletion_due_at" TIMESTAMPTZ(3);

-- Wishes to be erased, and which were. No foreign key: they outlast the user, whose id is nobody's then.
CREATE TABLE "account_deletions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "requested_by" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "undo_token_hash" BYTEA,
    "cancelled_at" TIMESTAMPTZ(3),
    "told_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "claimed_until" TIMESTAMPTZ(3),

    CONSTRAINT "account_deletions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "account_deletions_are_not_taken_back_half_way"
      CHECK ("cancelled_at" IS NULL OR "told_at" IS NULL),
    CONSTRAINT "account_deletions_go_step_by_step"
      CHECK (("erased_at" IS NULL OR "told_at" IS NOT NULL)
             AND ("finished_at" IS NULL OR "erased_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "account_deletions_undo_token_hash_key" ON "account_deletions"("undo_token_hash");
-- One that counts for each user.
CREATE UNIQUE INDEX "account_deletions_one_at_a_time" ON "account_deletions"("user_id")
  WHERE "cancelled_at" IS NULL;
CREATE INDEX "account_deletions_due_at_idx" ON "account_deletions"("due_at")
  WHERE "cancelled_at" IS NULL AND "finished_at" IS NULL;

-- What stays unchangeable of an access review that has ended is what was asked, answered and done.
CREATE OR REPLACE FUNCTION refuse_change_of_ended_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
  -- Whoever is gone is named by their id from then on, and nothing else of it changes.
  IF TG_OP = 'UPDATE' AND current_setting('gatehouse.erasing', true) = 'on'
     AND to_jsonb(NEW) - ARRAY['author_name', 'closed_by_name', 'evidence_hash'] = to_jsonb(OLD) - ARRAY['author_name', 'closed_by_name', 'evidence_hash'] THEN
    RETURN NEW;
  END IF;
  IF OLD.state IN ('closed', 'cancelled') THEN
    RAISE EXCEPTION 'an access review that has ended does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF OLD.state = 'closing' AND NEW.state NOT IN ('closing', 'closed') THEN
    RAISE EXCEPTION 'an access review that is being closed is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW.id, NEW.organization_id, NEW.scope, NEW.author_id, NEW.due_at, NEW.created_at)
     IS DISTINCT FROM
     ROW(OLD.id, OLD.organization_id, OLD.scope, OLD.author_id, OLD.due_at, OLD.created_at) THEN
    RAISE EXCEPTION 'what an access review asks, whose it is and when it is due stays'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_change_of_ended_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  review_state access_review_state;
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
  -- Whoever is gone is named by their id from then on, and nothing else of it changes.
  IF TG_OP = 'UPDATE' AND current_setting('gatehouse.erasing', true) = 'on'
     AND to_jsonb(NEW) - ARRAY['subject', 'subject_name', 'granted_by_name', 'reviewer_name',
                                    'decided_by_name'] = to_jsonb(OLD) - ARRAY['subject', 'subject_name', 'granted_by_name', 'reviewer_name',
                                    'decided_by_name'] THEN
    RETURN NEW;
  END IF;
  SELECT state INTO review_state FROM access_reviews
   WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.review_id ELSE OLD.review_id END FOR SHARE;
  IF review_state IN ('closed', 'cancelled') THEN
    RAISE EXCEPTION 'an item of an access review that has ended does not change'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF TG_OP = 'INSERT' THEN RETURN NEW; END IF;
  IF OLD.outcome IS NOT NULL THEN
    RAISE EXCEPTION 'what became of an item does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF ROW(NEW.id, NEW.review_id, NEW.organization_id, NEW.position, NEW.kind, NEW.grant_id,
         NEW.user_id, NEW.team_id, NEW.client_id, NEW.role_id, NEW.subject, NEW.grant_name,
         NEW.granted_at, NEW.reviewer_id)
     IS DISTINCT FROM
     ROW(OLD.id, OLD.review_id, OLD.organization_id, OLD.position, OLD.kind, OLD.grant_id,
         OLD.user_id, OLD.team_id, OLD.client_id, OLD.role_id, OLD.subject, OLD.grant_name,
         OLD.granted_at, OLD.reviewer_id) THEN
    RAISE EXCEPTION 'what an item asks about does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF review_state = 'closing'
     AND ROW(NEW.decision, NEW.note, NEW.decided_by) IS DISTINCT FROM ROW(OLD.decision, OLD.note, OLD.decided_by) THEN
    RAISE EXCEPTION 'an access review that is being closed takes no answers'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
