-- CreateEnum
CREATE TYPE "access_review_state" AS ENUM ('open', 'closing', 'closed', 'cancelled');

-- CreateEnum
CREATE TYPE "review_item_kind" AS ENUM ('user_role', 'team_role', 'team_membership', 'service_role');

-- CreateEnum
CREATE TYPE "review_decision" AS ENUM ('keep', 'revoke');

-- CreateEnum
CREATE TYPE "review_outcome" AS ENUM ('kept', 'revoked', 'revoked_unanswered', 'gone', 'kept_last_administrator');

-- CreateTable
CREATE TABLE "access_reviews" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "scope" JSONB NOT NULL,
    "state" "access_review_state" NOT NULL DEFAULT 'open',
    "author_id" UUID NOT NULL,
    "author_name" TEXT NOT NULL,
    "left_out" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "reminded_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" UUID,
    "closed_by_name" TEXT,
    "evidence_hash" TEXT,

    CONSTRAINT "access_reviews_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_review_items" (
    "id" UUID NOT NULL,
    "review_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "review_item_kind" NOT NULL,
    "grant_id" UUID,
    "user_id" UUID,
    "team_id" UUID,
    "client_id" TEXT,
    "role_id" UUID,
    "subject" TEXT NOT NULL,
    "subject_name" TEXT,
    "grant_name" TEXT NOT NULL,
    "everywhere" BOOLEAN NOT NULL,
    "granted_by_name" TEXT,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "reviewer_id" UUID NOT NULL,
    "reviewer_name" TEXT NOT NULL,
    "decision" "review_decision",
    "note" TEXT NOT NULL DEFAULT '',
    "decided_by" UUID,
    "decided_by_name" TEXT,
    "decided_at" TIMESTAMPTZ(3),
    "outcome" "review_outcome",
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_review_items_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "access_reviews_organization_id_created_at_id_idx" ON "access_reviews"("organization_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "access_reviews_state_due_at_idx" ON "access_reviews"("state", "due_at");

-- CreateIndex
CREATE INDEX "access_review_items_review_id_reviewer_id_position_idx" ON "access_review_items"("review_id", "reviewer_id", "position");

-- CreateIndex
CREATE INDEX "access_review_items_reviewer_id_outcome_idx" ON "access_review_items"("reviewer_id", "outcome");

-- CreateIndex
CREATE UNIQUE INDEX "access_review_items_review_id_position_key" ON "access_review_items"("review_id", "position");

-- AddForeignKey
ALTER TABLE "access_reviews" ADD CONSTRAINT "access_reviews_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_review_items" ADD CONSTRAINT "access_review_items_review_id_fkey" FOREIGN KEY ("review_id") REFERENCES "access_reviews"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on: Prisma's schema language has no words for these.

ALTER TABLE "access_reviews" ADD CONSTRAINT "access_reviews_end_with_a_time"
  CHECK (("state" IN ('closed', 'cancelled')) = ("closed_at" IS NOT NULL));
ALTER TABLE "access_review_items" ADD CONSTRAINT "access_review_items_answer_has_an_author"
  CHECK (("decision" IS NULL) = ("decided_at" IS NULL) AND ("decision" IS NULL) = ("decided_by" IS NULL));
ALTER TABLE "access_review_items" ADD CONSTRAINT "access_review_items_end_with_a_time"
  CHECK (("outcome" IS NULL) = ("ended_at" IS NULL));
ALTER TABLE "access_review_items" ADD CONSTRAINT "access_review_items_are_nobodys_own"
  CHECK ("user_id" IS DISTINCT FROM "reviewer_id");

-- What is closed or cancelled is evidence: it is changed by nobody, and goes only with its
-- organization, whose deletion reaches it as a cascade and not as a statement of its own.
CREATE FUNCTION refuse_change_of_ended_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
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
CREATE TRIGGER access_reviews_stay_as_they_ended BEFORE UPDATE OR DELETE ON "access_reviews"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ended_review();

-- The review's row is held, so that it cannot end between this look at it and the change. While it
-- is being closed, what becomes of an item is written, and no answer is.
CREATE FUNCTION refuse_change_of_ended_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  review_state access_review_state;
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN RETURN OLD; END IF;
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
CREATE TRIGGER access_review_items_stay_as_they_ended
  BEFORE INSERT OR UPDATE OR DELETE ON "access_review_items"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ended_item();

CREATE FUNCTION refuse_truncation_of_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'access reviews are not emptied' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER access_reviews_are_not_emptied BEFORE TRUNCATE ON "access_reviews"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation_of_reviews();
CREATE TRIGGER access_review_items_are_not_emptied BEFORE TRUNCATE ON "access_review_items"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncation_of_reviews();
