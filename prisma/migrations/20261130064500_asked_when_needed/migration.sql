-- Whether somebody has one of these roles by whatever path, for the whole installation or in a place. Of what every
-- request asks, this alone takes the ways to a role, and mostly nobody asks for any: as a function it is not prepared
-- for until it is called.
CREATE FUNCTION holds_any_role(who uuid, place uuid, wanted uuid[]) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF cardinality(wanted) = 0 THEN
    RETURN false;
  END IF;
  RETURN EXISTS (
    SELECT FROM given_roles g
     WHERE g.user_id = who AND g.given_role_id = ANY (wanted)
       AND (g.organization_id IS NULL OR g.organization_id = place));
END
$$;

-- Whether terms are in force that somebody has not accepted. Where there are none, nothing more is asked.
CREATE FUNCTION has_terms_pending(who uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM terms_versions) THEN
    RETURN false;
  END IF;
  RETURN EXISTS (
    SELECT FROM terms_in_force f
     WHERE NOT EXISTS (SELECT FROM terms_acceptances a
                        WHERE a.user_id = who AND a.version_id = f.id));
END
$$;
