-- The status of an invoice is a text that is one of four. Behind the wall no index served it while it
-- was an enum: the cast of a parameter to one can fail, and what can fail is asked only of rows that
-- the wall has let through. Texts are compared without failing.
DROP FUNCTION find_invoice_ids(invoice_status, text, text, int);
DROP INDEX "invoices_organization_id_status_id_idx";

ALTER TABLE "invoices" ALTER COLUMN "status" DROP DEFAULT;
ALTER TABLE "invoices" ALTER COLUMN "status" TYPE TEXT USING "status"::text;
ALTER TABLE "invoices" ALTER COLUMN "status" SET DEFAULT 'draft';
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_status_is_known"
  CHECK ("status" IN ('draft', 'sent', 'paid', 'void'));
DROP TYPE "invoice_status";

-- In the order of the list, so that the newest of a status are where a walk begins.
CREATE INDEX "invoices_organization_id_status_created_at_id_idx"
  ON "invoices"("organization_id", "status", "created_at" DESC, "id" DESC);

DO $$
BEGIN
  EXECUTE format($function$
    CREATE FUNCTION find_invoice_ids(wanted text, customer_pattern text,
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
           AND (i.customer_key LIKE customer_pattern OR i.number ILIKE number_pattern)
         LIMIT count_max;
    END
    $body$ $function$, current_schema());
  REVOKE ALL ON FUNCTION find_invoice_ids FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION find_invoice_ids TO %I', tenant_role());
END
$$;
