import "server-only";
import { SESSION_LIMITS } from "@/lib/shared/session-level";

// What is asked of a session `s` under the rules `p` of an organization, as SQL: every statement
// that judges one says the same, and so does a preview of other rules.

/** A limit of the level that the rules name, in seconds; null where there is none. */
const limitOfLevel = (limit: "overallSeconds" | "idleSeconds"): string =>
  `CASE p.session_level::text ${Object.entries(SESSION_LIMITS)
    .map(([level, limits]) => `WHEN '${level}' THEN ${limits[limit] ?? "NULL"}`)
    .join(" ")} END`;

const OVERALL = limitOfLevel("overallSeconds");
const IDLE = limitOfLevel("idleSeconds");

/** Whether it lives, whatever the rules. */
export const IS_ALIVE = `s.revoked_at IS NULL
              AND s.idle_expires_at > now()
              AND s.absolute_expires_at > now()`;

/** Whether the user opened it themselves: what knows of nobody else sees no other (F101). */
export const IS_OWN = "s.impersonator_id IS NULL";

/** Whether the rules let it go on. */
export const IS_WITHIN_LIMITS = `COALESCE(
                s.created_at > now() - make_interval(secs => ${OVERALL}), true)
              AND (p.session_hours_max IS NULL
                   OR s.created_at > now() - make_interval(hours => p.session_hours_max))`;

/** Whether its device `d` is spared the second factor. */
export const DEVICE_TRUSTED = `COALESCE(d.trusted_until > now()
                             AND (p.trusted_device_days IS NULL OR COALESCE(
                               d.trusted_at + make_interval(days => p.trusted_device_days) > now(),
                               p.trusted_device_days > 0)),
                           false)`;

/** How long it may lie unused, where that is over; else null. */
export const IDLE_BEYOND = `CASE WHEN GREATEST(s.last_seen_at, s.auth_time)
                            < now() - make_interval(secs => ${IDLE}) THEN ${IDLE} END`;

/** Through which connection a session came, while that is what it was then. */
export const CONNECTION = `(SELECT c.id FROM upstream_sessions v
                                        JOIN connections c ON c.id = v.connection_id
                                                          AND c.issuer = v.issuer
                                       WHERE v.session_id = s.id)`;
