-- A statement that moves, makes or takes several teams is seen as a whole: walked row by row, what
-- one of its rows had changed was missing from the walk of another (F87).
CREATE VIEW walked_teams AS
WITH RECURSIVE walk (team_id, ancestor_id) AS (
  SELECT id, parent_id FROM teams WHERE parent_id IS NOT NULL
  UNION
  SELECT w.team_id, t.parent_id
    FROM walk w JOIN teams t ON t.id = w.ancestor_id
   WHERE t.parent_id IS NOT NULL
) SELECT team_id, ancestor_id FROM walk;

DROP TRIGGER teams_rebuild_closure ON "teams";

-- As for roles: the instance's row is taken first, so that of two changes the second one sees the
-- first. A team is within itself.
CREATE OR REPLACE FUNCTION rebuild_team_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE instance SET authz_version = authz_version + 1;
  IF EXISTS (SELECT 1 FROM walked_teams WHERE team_id = ancestor_id) THEN
    RAISE EXCEPTION 'a team would be within itself'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'teams_have_no_cycle';
  END IF;
  WITH walked AS MATERIALIZED (
    SELECT team_id, ancestor_id FROM walked_teams UNION SELECT id, id FROM teams
  ), gone AS (
    DELETE FROM team_closure c
     WHERE NOT EXISTS (SELECT 1 FROM walked w
                        WHERE w.team_id = c.team_id AND w.ancestor_id = c.ancestor_id)
  )
  INSERT INTO team_closure (team_id, ancestor_id)
  SELECT team_id, ancestor_id FROM walked ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- A new name moves nothing.
CREATE TRIGGER teams_rebuild_closure
  AFTER INSERT OR UPDATE OF "id", "parent_id" OR DELETE OR TRUNCATE ON "teams"
  FOR EACH STATEMENT EXECUTE FUNCTION rebuild_team_closure();

-- What was stored by the former one.
DELETE FROM team_closure;
INSERT INTO team_closure (team_id, ancestor_id)
SELECT team_id, ancestor_id FROM walked_teams UNION SELECT id, id FROM teams;
UPDATE instance SET authz_version = authz_version + 1;
