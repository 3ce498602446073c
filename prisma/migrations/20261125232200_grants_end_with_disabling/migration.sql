-- Whoever is disabled gets nothing back by being enabled: what clients hold for
-- them ends with the status, whoever changes it.
CREATE FUNCTION end_grants_of_disabled_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM oidc_grants WHERE user_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER end_grants_of_disabled_user
  AFTER UPDATE OF status ON users
  FOR EACH ROW WHEN (NEW.status = 'disabled' AND OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION end_grants_of_disabled_user();
