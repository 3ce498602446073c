-- CreateEnum
CREATE TYPE "policy_effect" AS ENUM ('allow', 'deny');

-- CreateTable
CREATE TABLE "role_inheritance" (
    "role_id" UUID NOT NULL,
    "inherited_role_id" UUID NOT NULL,

    CONSTRAINT "role_inheritance_pkey" PRIMARY KEY ("role_id","inherited_role_id")
);

-- CreateTable
CREATE TABLE "role_closure" (
    "role_id" UUID NOT NULL,
    "given_role_id" UUID NOT NULL,

    CONSTRAINT "role_closure_pkey" PRIMARY KEY ("role_id","given_role_id")
);

-- CreateTable
CREATE TABLE "teams" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "parent_id" UUID,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "teams_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_memberships" (
    "team_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_memberships_pkey" PRIMARY KEY ("team_id","user_id")
);

-- CreateTable
CREATE TABLE "team_roles" (
    "team_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "granted_by" UUID,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_roles_pkey" PRIMARY KEY ("team_id","role_id")
);

-- CreateTable
CREATE TABLE "team_closure" (
    "team_id" UUID NOT NULL,
    "ancestor_id" UUID NOT NULL,

    CONSTRAINT "team_closure_pkey" PRIMARY KEY ("team_id","ancestor_id")
);

-- CreateTable
CREATE TABLE "policies" (
    "id" UUID NOT NULL,
    "organization_id" UUID,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "active_number" INTEGER,
    "shadow_number" INTEGER,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_versions" (
    "policy_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "effect" "policy_effect" NOT NULL,
    "permissions" TEXT[],
    "fields" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "condition" JSONB,
    "note" TEXT NOT NULL DEFAULT '',
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("policy_id","number")
);

-- CreateTable
CREATE TABLE "policy_shadow_counts" (
    "policy_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "permission_key" TEXT NOT NULL,
    "would_allow" INTEGER NOT NULL DEFAULT 0,
    "would_deny" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "policy_shadow_counts_pkey" PRIMARY KEY ("policy_id","number","day","permission_key")
);

-- CreateTable
CREATE TABLE "decision_traces" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "trace" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_traces_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "role_inheritance_inherited_role_id_idx" ON "role_inheritance"("inherited_role_id");

-- CreateIndex
CREATE INDEX "role_closure_given_role_id_idx" ON "role_closure"("given_role_id");

-- CreateIndex
CREATE INDEX "teams_organization_id_parent_id_idx" ON "teams"("organization_id", "parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "teams_organization_id_id_key" ON "teams"("organization_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "teams_organization_id_name_key" ON "teams"("organization_id", "name");

-- CreateIndex
CREATE INDEX "team_memberships_organization_id_user_id_idx" ON "team_memberships"("organization_id", "user_id");

-- CreateIndex
CREATE INDEX "team_memberships_user_id_idx" ON "team_memberships"("user_id");

-- CreateIndex
CREATE INDEX "team_roles_role_id_idx" ON "team_roles"("role_id");

-- CreateIndex
CREATE INDEX "team_closure_ancestor_id_idx" ON "team_closure"("ancestor_id");

-- CreateIndex
CREATE UNIQUE INDEX "policies_organization_id_name_key" ON "policies"("organization_id", "name");

-- CreateIndex
CREATE INDEX "decision_traces_created_at_idx" ON "decision_traces"("created_at");

-- CreateIndex
CREATE INDEX "decision_traces_organization_id_created_at_idx" ON "decision_traces"("organization_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "role_inheritance" ADD CONSTRAINT "role_inheritance_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_inheritance" ADD CONSTRAINT "role_inheritance_inherited_role_id_fkey" FOREIGN KEY ("inherited_role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_closure" ADD CONSTRAINT "role_closure_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_closure" ADD CONSTRAINT "role_closure_given_role_id_fkey" FOREIGN KEY ("given_role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "teams" ADD CONSTRAINT "teams_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "teams" ADD CONSTRAINT "teams_organization_id_parent_id_fkey" FOREIGN KEY ("organization_id", "parent_id") REFERENCES "teams"("organization_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "team_memberships" ADD CONSTRAINT "team_memberships_organization_id_team_id_fkey" FOREIGN KEY ("organization_id", "team_id") REFERENCES "teams"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_memberships" ADD CONSTRAINT "team_memberships_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "memberships"("organization_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_roles" ADD CONSTRAINT "team_roles_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_roles" ADD CONSTRAINT "team_roles_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "roles"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_roles" ADD CONSTRAINT "team_roles_granted_by_fkey" FOREIGN KEY ("granted_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_closure" ADD CONSTRAINT "team_closure_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_closure" ADD CONSTRAINT "team_closure_ancestor_id_fkey" FOREIGN KEY ("ancestor_id") REFERENCES "teams"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policies" ADD CONSTRAINT "policies_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_created_by_fkey" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_shadow_counts" ADD CONSTRAINT "policy_shadow_counts_policy_id_fkey" FOREIGN KEY ("policy_id") REFERENCES "policies"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision_traces" ADD CONSTRAINT "decision_traces_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on: Prisma's schema language has no words for these.

ALTER TABLE "role_inheritance" ADD CONSTRAINT "role_inheritance_is_of_another"
  CHECK ("role_id" <> "inherited_role_id");
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_begin_at_one" CHECK ("number" >= 1);
ALTER TABLE "policies" ADD CONSTRAINT "policies_active_is_a_version"
  FOREIGN KEY ("id", "active_number") REFERENCES "policy_versions" ("policy_id", "number");
ALTER TABLE "policies" ADD CONSTRAINT "policies_shadow_is_a_version"
  FOREIGN KEY ("id", "shadow_number") REFERENCES "policy_versions" ("policy_id", "number");

-- What was in force at a time can be told for ever: a version is written once.
CREATE FUNCTION refuse_change_of_policy_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ROW(NEW.policy_id, NEW.number, NEW.effect, NEW.permissions, NEW.fields, NEW.condition, NEW.note)
     IS DISTINCT FROM
     ROW(OLD.policy_id, OLD.number, OLD.effect, OLD.permissions, OLD.fields, OLD.condition, OLD.note) THEN
    RAISE EXCEPTION 'a version of a policy does not change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policy_versions_do_not_change BEFORE UPDATE ON "policy_versions"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_policy_version();

CREATE VIEW walked_roles AS
WITH RECURSIVE walk (role_id, given_role_id) AS (
  SELECT role_id, inherited_role_id FROM role_inheritance
  UNION
  SELECT w.role_id, i.inherited_role_id
    FROM walk w JOIN role_inheritance i ON i.role_id = w.given_role_id
) SELECT role_id, given_role_id FROM walk;

-- Inheritance is walked when it changes, so that a check only joins. The instance's row is taken
-- first: two changes that would close a cycle together come one after the other, and the second
-- one sees the first.
CREATE FUNCTION rebuild_role_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE instance SET authz_version = authz_version + 1;
  IF EXISTS (
    SELECT 1 FROM role_inheritance i
      JOIN roles heir ON heir.id = i.role_id
      JOIN roles inherited ON inherited.id = i.inherited_role_id
     WHERE inherited.organization_id IS NOT NULL
       AND inherited.organization_id IS DISTINCT FROM heir.organization_id
  ) THEN
    RAISE EXCEPTION 'a role inherits from its own organization or from the instance'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'role_inheritance_stays_in_place';
  END IF;
  IF EXISTS (SELECT 1 FROM walked_roles WHERE role_id = given_role_id) THEN
    RAISE EXCEPTION 'a role would inherit itself'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'role_inheritance_has_no_cycle';
  END IF;
  WITH walked AS MATERIALIZED (SELECT * FROM walked_roles), gone AS (
    DELETE FROM role_closure c
     WHERE c.role_id <> c.given_role_id
       AND NOT EXISTS (SELECT 1 FROM walked w
                        WHERE w.role_id = c.role_id AND w.given_role_id = c.given_role_id)
  )
  INSERT INTO role_closure (role_id, given_role_id)
  SELECT role_id, given_role_id FROM walked ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER role_inheritance_rebuilds_closure
  AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "role_inheritance"
  FOR EACH STATEMENT EXECUTE FUNCTION rebuild_role_closure();

CREATE FUNCTION begin_role_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO role_closure (role_id, given_role_id) VALUES (NEW.id, NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER roles_begin_closure AFTER INSERT ON "roles"
  FOR EACH ROW EXECUTE FUNCTION begin_role_closure();
INSERT INTO role_closure (role_id, given_role_id) SELECT id, id FROM roles;

-- The same for teams, which have one parent each: only the organization's are walked.
CREATE FUNCTION rebuild_team_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE instance SET authz_version = authz_version + 1;
  IF EXISTS (
    WITH RECURSIVE walk (ancestor_id) AS (
      SELECT NEW.parent_id WHERE NEW.parent_id IS NOT NULL
      UNION
      SELECT t.parent_id FROM walk w JOIN teams t ON t.id = w.ancestor_id
       WHERE t.parent_id IS NOT NULL
    ) SELECT 1 FROM walk WHERE ancestor_id = NEW.id
  ) THEN
    RAISE EXCEPTION 'a team would be within itself'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_have_no_cycle';
  END IF;
  INSERT INTO team_closure (team_id, ancestor_id) VALUES (NEW.id, NEW.id) ON CONFLICT DO NOTHING;
  IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN RETURN NULL; END IF;
  -- Every team below, and itself, leaves what was above it and comes under what is now.
  DELETE FROM team_closure c
   USING team_closure below
   WHERE below.ancestor_id = NEW.id AND c.team_id = below.team_id
     AND NOT EXISTS (SELECT 1 FROM team_closure inner_team
                      WHERE inner_team.team_id = c.ancestor_id AND inner_team.ancestor_id = NEW.id);
  INSERT INTO team_closure (team_id, ancestor_id)
  SELECT below.team_id, above.ancestor_id
    FROM team_closure below, team_closure above
   WHERE below.ancestor_id = NEW.id AND above.team_id = NEW.parent_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER teams_rebuild_closure AFTER INSERT OR UPDATE OF parent_id ON "teams"
  FOR EACH ROW EXECUTE FUNCTION rebuild_team_closure();

CREATE TRIGGER team_memberships_raise_grants_version AFTER INSERT OR UPDATE OR DELETE ON "team_memberships"
  FOR EACH ROW EXECUTE FUNCTION raise_grants_version();
CREATE TRIGGER team_memberships_truncate_raises_authz_version AFTER TRUNCATE ON "team_memberships"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_authz_version();
CREATE TRIGGER team_roles_raise_authz_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "team_roles"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_authz_version();
CREATE TRIGGER teams_raise_authz_version AFTER UPDATE OR DELETE OR TRUNCATE ON "teams"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_authz_version();
CREATE TRIGGER policies_raise_authz_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "policies"
  FOR EACH STATEMENT EXECUTE FUNCTION raise_authz_version();

-- The one place that says what roles people hold: given to themselves, or to a team that they are
-- in or that theirs is within. A grant that has run out is not among them.
CREATE VIEW held_roles AS
SELECT ur.user_id, ur.role_id, ur.organization_id, NULL::uuid AS team_id, NULL::uuid AS member_team_id,
       ur.expires_at
  FROM user_roles ur
 WHERE ur.expires_at IS NULL OR ur.expires_at > now()
UNION ALL
SELECT tm.user_id, tr.role_id, tm.organization_id, tr.team_id, tm.team_id AS member_team_id, tr.expires_at
  FROM team_memberships tm
  JOIN team_closure tc ON tc.team_id = tm.team_id
  JOIN team_roles tr ON tr.team_id = tc.ancestor_id
 WHERE tr.expires_at IS NULL OR tr.expires_at > now();

-- And what roles they have by those, one row a path: `organization_id` says where alone it
-- counts, null is everywhere. A role of one organization counts in no other, whoever granted it.
CREATE VIEW given_roles AS
SELECT h.user_id, h.role_id, c.given_role_id, h.team_id, h.member_team_id, h.expires_at,
       COALESCE(h.organization_id, held.organization_id) AS organization_id
  FROM held_roles h
  JOIN roles held ON held.id = h.role_id
  JOIN role_closure c ON c.role_id = h.role_id
  JOIN roles given ON given.id = c.given_role_id
 WHERE (h.organization_id IS NULL OR held.organization_id IS NULL
        OR h.organization_id = held.organization_id)
   AND (given.organization_id IS NULL OR given.organization_id = held.organization_id);

-- The same of service accounts, which act in one organization.
CREATE VIEW service_given_roles AS
SELECT a.client_id, a.organization_id, sr.role_id, c.given_role_id
  FROM service_accounts a
  JOIN service_account_roles sr ON sr.client_id = a.client_id
  JOIN roles held ON held.id = sr.role_id
   AND (held.organization_id IS NULL OR held.organization_id = a.organization_id)
  JOIN role_closure c ON c.role_id = sr.role_id
  JOIN roles given ON given.id = c.given_role_id
   AND (given.organization_id IS NULL OR given.organization_id = held.organization_id);
