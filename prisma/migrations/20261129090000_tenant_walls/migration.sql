-- The second wall between organizations (F81, docs/decisions/0037): whoever forgets the
-- condition on the organization gets nothing. What acts for one organization runs under a role
-- that owns nothing, and to which row-level security therefore applies.

-- Roles belong to the whole cluster, so ours is named after the user that we connect as: another
-- installation beside us has another user, and so another role.
DO $$
DECLARE
  name text := left(current_user, 56) || '_tenant';
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
          'the database user may not make the role that keeps organizations apart. Let an administrator of the database run: CREATE ROLE %1$I NOLOGIN; GRANT %1$I TO %2$I;',
          name, current_user)
          USING ERRCODE = 'insufficient_privilege';
    END;
  END IF;
  -- Before version 16 a member could always take the role on.
  IF current_setting('server_version_num')::int >= 160000 THEN
    settable := pg_has_role(current_user, name, 'SET');
  ELSE
    settable := pg_has_role(current_user, name, 'MEMBER');
  END IF;
  IF NOT settable THEN
    EXECUTE format('GRANT %I TO %I', name, current_user);
  END IF;
  IF NOT has_schema_privilege(name, current_schema(), 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), name);
  END IF;
  EXECUTE format('CREATE FUNCTION tenant_role() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS %L',
                 format('SELECT %L::text', name));
END
$$;

-- Null outside of a tenant's transaction, which equals nothing. What is no id is an error.
CREATE FUNCTION tenant_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('gatehouse.organization', true), '')::uuid
$$;

-- Puts a table behind the wall. Every migration that makes a table with an organization calls it.
CREATE FUNCTION build_tenant_wall(walled regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', walled);
  EXECUTE format('CREATE POLICY tenant_wall ON %s USING (organization_id = tenant_organization()) WITH CHECK (organization_id = tenant_organization())', walled);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO %I', walled, tenant_role());
END
$$;

-- Every table that there is. What the role may do there follows below.
DO $$
DECLARE
  walled regclass;
BEGIN
  FOR walled IN
    SELECT c.oid::regclass FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
       AND NOT c.relrowsecurity
  LOOP
    PERFORM build_tenant_wall(walled);
    EXECUTE format('REVOKE ALL ON %s FROM %I', walled, tenant_role());
  END LOOP;
END
$$;

-- An organization sees itself.
ALTER TABLE "organizations" ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON "organizations" USING (id = tenant_organization()) WITH CHECK (id = tenant_organization());

-- Roles of the whole instance are there for every organization, and none may change them.
CREATE POLICY tenant_reads_shared ON "roles" FOR SELECT USING (organization_id IS NULL);
-- Who holds such a role everywhere is told of members only.
CREATE POLICY tenant_reads_shared ON "user_roles" FOR SELECT
  USING (organization_id IS NULL
         AND EXISTS (SELECT 1 FROM memberships m
                      WHERE m.user_id = user_roles.user_id
                        AND m.organization_id = tenant_organization()));

-- What the role may do. To write what decides about rights raises versions of rows that all
-- share, and secrets are nothing that a tenant's statement reads: where nobody needs more yet,
-- there is no more.
DO $$
DECLARE
  tenant text := quote_ident(tenant_role());
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON invoices, invoice_counters TO %s', tenant);
  EXECUTE format('GRANT SELECT ON organizations, memberships, roles, user_roles, sign_in_policies, service_accounts TO %s', tenant);
  EXECUTE format('GRANT SELECT (id, name, email) ON users TO %s', tenant);
  -- What a change or a refusal leaves behind is written, and not read again.
  EXECUTE format('GRANT INSERT ON audit_events, outbox, decision_traces TO %s', tenant);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON rate_limits TO %s', tenant);
END
$$;

-- LIKE, and a text that becomes a status, may tell of a row by an error, so PostgreSQL asks them
-- only of rows that the wall has let through, and no index serves them there. This search runs as
-- the owner of the table and has the wall in it instead; null is no condition. Planned for what is
-- asked each time: what is rare and what is not are found in different ways.
DO $$
BEGIN
  EXECUTE format($function$
    CREATE FUNCTION find_invoice_ids(wanted invoice_status, customer_pattern text,
                                     number_pattern text, count_max int)
    RETURNS TABLE (id uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = %I, pg_temp
    SET plan_cache_mode = force_custom_plan
    AS $body$
    BEGIN
      RETURN QUERY
        SELECT i.id FROM invoices i
         WHERE i.organization_id = tenant_organization() AND i.deleted_at IS NULL
           AND (wanted IS NULL OR i.status = wanted)
           AND (number_pattern IS NULL
                OR i.customer_key LIKE customer_pattern OR i.number ILIKE number_pattern)
         LIMIT count_max;
    END
    $body$ $function$, current_schema());
  REVOKE ALL ON FUNCTION find_invoice_ids FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION find_invoice_ids TO %I', tenant_role());
END
$$;
