-- AlterTable
ALTER TABLE "audit_events" ADD COLUMN     "detail_salt" BYTEA DEFAULT uuid_send(gen_random_uuid()),
ADD COLUMN     "erased_by" UUID,
ADD COLUMN     "origin_salt" BYTEA DEFAULT uuid_send(gen_random_uuid());

-- CreateTable
CREATE TABLE "audit_unsealed" (
    "event_id" UUID NOT NULL,

    CONSTRAINT "audit_unsealed_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "audit_links" (
    "seq" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "origin_digest" BYTEA NOT NULL,
    "detail_digest" BYTEA NOT NULL,
    "body_digest" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "mac" BYTEA NOT NULL,
    "key_id" UUID NOT NULL,

    CONSTRAINT "audit_links_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "seq" BIGINT NOT NULL,
    "digest" BYTEA NOT NULL,
    "mac" BYTEA NOT NULL,
    "key_id" UUID NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_keys" (
    "id" UUID NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_checkpoints" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "statement" TEXT NOT NULL,

    CONSTRAINT "audit_checkpoints_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_prunings" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seq_max" BIGINT NOT NULL,
    "statement" TEXT NOT NULL,
    "xid" BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,

    CONSTRAINT "audit_prunings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_holds" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_holds_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_links_event_id_key" ON "audit_links"("event_id");

-- CreateIndex
CREATE INDEX "audit_holds_user_id_idx" ON "audit_holds"("user_id");


-- The log is appended to, and that is all (ATK-72, docs/decisions/0045). Two walls: the user that we
-- connect as has lost the right to change it, and a trigger refuses everybody, a superuser too.

-- What may be taken out of the log is taken out under a role of its own, which nothing takes on by
-- mistake. It is named after the user that we connect as: roles belong to the whole cluster.
DO $$
DECLARE
  name text := left(current_user, 56) || '_keeper';
  settable boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    EXCEPTION
      -- Another database of ours was migrated at the same time.
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE EXCEPTION '%', format(
          'the database user may not make the role that keeps the audit log. Let an administrator of the database run: CREATE ROLE %1$I NOLOGIN; GRANT %1$I TO %2$I WITH INHERIT FALSE; (before PostgreSQL 16 without WITH INHERIT FALSE)',
          name, current_user)
          USING ERRCODE = 'insufficient_privilege';
    END;
  END IF;
  IF current_setting('server_version_num')::int >= 160000 THEN
    settable := pg_has_role(current_user, name, 'SET');
  ELSE
    settable := pg_has_role(current_user, name, 'MEMBER');
  END IF;
  IF NOT settable THEN
    -- Not inherited: the role is taken on by name or it gives nothing.
    IF current_setting('server_version_num')::int >= 160000 THEN
      EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', name, current_user);
    ELSE
      EXECUTE format('GRANT %I TO %I', name, current_user);
    END IF;
  END IF;
  IF NOT has_schema_privilege(name, current_schema(), 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), name);
  END IF;
  EXECUTE format('CREATE FUNCTION audit_keeper_role() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS %L',
                 format('SELECT %L::text', name));
  EXECUTE format('GRANT SELECT, UPDATE, DELETE ON audit_events TO %I', name);
  EXECUTE format('GRANT SELECT ON audit_links, audit_prunings TO %I', name);
  EXECUTE format('CREATE POLICY keeper_keeps ON audit_events TO %I USING (true)', name);
  EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit_events, audit_links, audit_checkpoints, audit_prunings FROM %I',
                 current_user);
END
$$;

DO $$
BEGIN
  -- An event is in the queue of the chain from the moment of its own commit, whoever writes it.
  EXECUTE format($function$
    CREATE FUNCTION queue_for_sealing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = %I, pg_temp AS $body$
    BEGIN
      INSERT INTO audit_unsealed (event_id) SELECT id FROM written;
      RETURN NULL;
    END
    $body$ $function$, current_schema());

  EXECUTE format($function$
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = %I, pg_temp AS $body$
    BEGIN
      RAISE EXCEPTION 'the audit log is only ever appended to'
        USING ERRCODE = 'insufficient_privilege', HINT = TG_OP || ' on ' || TG_TABLE_NAME;
    END
    $body$ $function$, current_schema());

  -- Two changes there are: personal data leave an event, all of one kind, and the event says which
  -- other one is the record of that; and an event goes in the transaction that states so.
  EXECUTE format($function$
    CREATE FUNCTION refuse_audit_event_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = %I, pg_temp AS $body$
    DECLARE
      erasable text[] := ARRAY['ip', 'user_agent', 'origin_salt', 'reason', 'before', 'after',
                               'detail_salt', 'erased_by'];
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - erasable = to_jsonb(OLD) - erasable
           AND ((NEW.ip, NEW.user_agent, NEW.origin_salt)
                  IS NOT DISTINCT FROM (OLD.ip, OLD.user_agent, OLD.origin_salt)
                OR (NEW.ip IS NULL AND NEW.user_agent IS NULL AND NEW.origin_salt IS NULL))
           AND ((NEW.reason, NEW.before, NEW.after, NEW.detail_salt)
                  IS NOT DISTINCT FROM (OLD.reason, OLD.before, OLD.after, OLD.detail_salt)
                OR (NEW.reason IS NULL AND NEW.before IS NULL AND NEW.after IS NULL
                    AND NEW.detail_salt IS NULL))
           AND EXISTS (SELECT FROM audit_events e
                        WHERE e.id = NEW.erased_by AND e.action = 'audit.personal_data_erased'
                          AND e.target_id IN (OLD.actor_id::text, OLD.target_id)) THEN
          RETURN NEW;
        END IF;
      ELSIF EXISTS (SELECT FROM audit_links l
                      JOIN audit_prunings p ON l.seq <= p.seq_max
                     WHERE l.event_id = OLD.id
                       AND p.xid = (pg_current_xact_id()::text)::bigint) THEN
        RETURN OLD;
      END IF;
      RAISE EXCEPTION 'the audit log is only ever appended to'
        USING ERRCODE = 'insufficient_privilege', HINT = TG_OP || ' on ' || TG_TABLE_NAME;
    END
    $body$ $function$, current_schema());
END
$$;

INSERT INTO audit_unsealed (event_id) SELECT id FROM audit_events;

CREATE TRIGGER queue_for_sealing AFTER INSERT ON audit_events
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION queue_for_sealing();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_event_change();
CREATE TRIGGER append_only_as_a_whole BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['audit_links', 'audit_checkpoints', 'audit_prunings'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                      FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()', kept);
  END LOOP;
END
$$;

ALTER TABLE audit_head ADD CONSTRAINT audit_head_one_row CHECK (id = 1);
