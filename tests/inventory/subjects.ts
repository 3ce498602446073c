import { randomBytes } from "node:crypto";
import type pg from "pg";
import { v7 as newId } from "uuid";
import { addPerson, addRole, openSession, type Person } from "../../e2e/support/people";

/** What surfaces are called with: records of people who are not the caller, made anew for each call. */
export interface Subjects {
  /** Holds no role, so that whoever may change users at all may change this one. */
  user: Person;
  session: string;
  /** Of the same user. */
  passkey: string;
  /** A personal access token of the same user. */
  token: string;
  /** A view of the list of users that the same user has saved. */
  savedView: string;
  /** The digest of the picture of the same user. */
  picture: string;
  /** Of the same user, at a provider. */
  identity: string;
  disabledUser: Person;
  /** Has asked for the account to be deleted. */
  leavingUser: Person;
  /** Of one good row, checked and not begun. */
  userImport: string;
  /** Of a user with the role `User`, who may see it. */
  owner: Person;
  invoice: string;
  deletedInvoice: string;
  /** A client of the kind `service`, without roles. */
  service: string;
  /** A claim that an administrator has added. */
  claim: string;
  /** Switched off. */
  connection: string;
  /** An app with two secrets, of which this is one. */
  client: string;
  clientSecret: string;
  oneSecretClient: string;
  signingClient: string;
  disabledClient: string;
  /** The owner allows it something, and it could not be told that a session of theirs has ended. */
  untoldClient: string;
  logoutDelivery: string;
  /** A refusal in the default organization, with its trace. */
  decision: string;
  /** That of everybody who calls. */
  organization: string;
  /** The version of its look, which has no logo: everybody is shown the address of one. */
  brandingVersion: string;
  /** To which nobody who calls belongs. */
  otherOrganization: string;
  /** Of both, without a role. */
  member: Person;
  /** Into the first, of an address that nobody has. */
  invitation: string;
  /** Of the organization, about nobody. */
  policy: string;
  /** The same, in force. */
  activePolicy: string;
  /** Holds a role that gives nothing, and is asked about. */
  reviewed: Person;
  /** May answer reviews, and is asked. */
  reviewer: Person;
  /** An open review of one item, and one that is closed. */
  review: string;
  reviewItem: string;
  endedReview: string;
  /** Gives nothing, for emergencies. */
  emergencyRole: string;
  /** Of the user, for the other role, which they do not hold: it waits for an answer. */
  accessRequest: string;
  /** Of the owner: in force, and nobody has looked at it. */
  emergency: string;
  /** Between permissions that there are not: nobody who is given a role meanwhile is refused it. */
  dutyConflict: string;
  /** Of the owner. */
  dutyWaiver: string;
  /** Gives nothing, and the team has it. */
  role: string;
  /** Gives nothing, and the team does not have it. */
  otherRole: string;
  /** Has the user in it. */
  team: string;
  /** Another one, with nobody in it. */
  outerTeam: string;
  /** On, with a message that was given up. */
  webhook: string;
  webhookDelivery: string;
  /** Switched off. */
  offWebhook: string;
  /** A mail that could not be sent, and is not tried again for an hour. */
  failedMessage: string;
  /** Verified, and takes nobody in. */
  domain: string;
  /** Not verified, as its record was not found. */
  failingDomain: string;
  /** Verified, and takes people in. */
  joinedDomain: string;
  /** Fresh text for what has to be unique. */
  unique: string;
}

/** Roles are shared by all organizations, or of the default one alone. */
export async function makeSubjects(
  database: pg.Pool,
  roles: "shared" | "own" = "shared",
): Promise<Subjects> {
  const addEmptyRole = (name: string, emergency = false): Promise<string> =>
    one(
      database,
      `INSERT INTO roles (id, organization_id, name, emergency)
       SELECT $1, CASE WHEN $2 THEN default_organization_id END, $3, $4 FROM instance
       RETURNING id`,
      [newId(), roles === "own", name, emergency],
    );
  const user = await addPerson(database, { roles: [] });
  const disabledUser = await addPerson(database, { roles: [] });
  await database.query("UPDATE users SET status = 'disabled' WHERE id = $1", [disabledUser.id]);
  const leavingUser = await addPerson(database, { roles: [] });
  await database.query(
    `WITH wish AS (
       INSERT INTO account_deletions (id, user_id, requested_by, due_at)
       VALUES (gen_random_uuid(), $1, $1, now() + interval '14 days') RETURNING due_at)
     UPDATE users SET deletion_due_at = wish.due_at FROM wish WHERE id = $1`,
    [leavingUser.id],
  );
  const owner = await addPerson(database);
  await openSession(database, user.id);
  const session = await one(database, "SELECT id FROM sessions WHERE user_id = $1", [user.id]);
  // Published for long enough to sign.
  await database.query(
    "UPDATE signing_keys SET since = now() - interval '2 hours' WHERE state = 'next'",
  );
  const unique = randomBytes(6).toString("hex");
  const role = await addEmptyRole(`Role ${unique}`);
  const organization = await one(
    database,
    "SELECT default_organization_id AS id FROM instance",
    [],
  );
  const otherOrganization = await one(
    database,
    "INSERT INTO organizations (id, slug, name) VALUES ($1, $2, 'Elsewhere') RETURNING id",
    [newId(), `elsewhere-${unique}`],
  );
  const member = await addPerson(database, { roles: [] });
  await database.query("INSERT INTO memberships (organization_id, user_id) VALUES ($1, $2)", [
    otherOrganization,
    member.id,
  ]);
  const userImport = await addUserImport(database, `imported-${unique}@example.com`);
  const otherRole = await addEmptyRole(`Other role ${unique}`);
  // An organization has so many teams at most, and every call of this makes some.
  await database.query(
    `DELETE FROM teams t
      WHERE t.id IN (SELECT id FROM teams ORDER BY created_at DESC OFFSET 60)
        AND NOT EXISTS (SELECT 1 FROM teams c WHERE c.parent_id = t.id)`,
  );
  // And every request of a principal who is new reads all that are in force.
  await database.query(
    "DELETE FROM policies WHERE id IN (SELECT id FROM policies ORDER BY id DESC OFFSET 20)",
  );
  const team = await addTeam(database, `Team ${unique}`);
  await database.query(
    `INSERT INTO team_memberships (team_id, user_id, organization_id)
     SELECT $1, $2, default_organization_id FROM instance`,
    [team, user.id],
  );
  await database.query("INSERT INTO team_roles (team_id, role_id) VALUES ($1, $2)", [team, role]);
  const client = await addClient(database, unique);
  const untoldClient = await addUntoldClient(database, unique);
  await database.query(
    `INSERT INTO oidc_grants (id, client_id, user_id, payload, expires_at)
     VALUES ($1, $2, $3, '{}', now() + interval '1 day')`,
    [newId(), untoldClient, owner.id],
  );
  const reviewed = await addPerson(database, { roles: [await addRole(database, [])] });
  const reviewer = await addPerson(database, {
    roles: [await addRole(database, ["answer_reviews"])],
  });
  const review = await addReview(database, user.id);
  const endedReview = await addReview(database, user.id);
  const reviewItem = await addReviewItem(database, review, reviewed.id, reviewer);
  await addReviewItem(database, endedReview, reviewed.id, reviewer);
  await database.query(
    `UPDATE access_reviews SET state = 'closed', closed_at = now(), evidence_hash = repeat('0', 64)
      WHERE id = $1`,
    [endedReview],
  );
  const emergencyRole = await addEmptyRole(`Emergency ${unique}`, true);
  const dutyConflict = await addDutyConflict(database, unique);
  const webhook = await addWebhook(database, owner.id, true);
  return {
    user,
    emergencyRole,
    dutyConflict,
    accessRequest: await addAccessRequest(database, user.id, otherRole),
    emergency: await addEmergency(database, owner.id, emergencyRole),
    dutyWaiver: await addDutyWaiver(database, dutyConflict, owner.id),
    disabledUser,
    leavingUser,
    userImport,
    reviewed,
    reviewer,
    review,
    reviewItem,
    endedReview,
    owner,
    session,
    passkey: await addPasskey(database, user.id),
    token: await addToken(database, user.id),
    savedView: await addSavedView(database, user.id),
    picture: await addPicture(database, user.id),
    identity: await addIdentity(database, user.id),
    claim: await addClaim(database, unique),
    service: await addService(database),
    connection: await addConnection(database, unique),
    client,
    clientSecret: await addClientSecret(database, client),
    oneSecretClient: await addClient(database, unique),
    signingClient: await addClient(database, unique, { signs: true }),
    disabledClient: await addClient(database, unique, { disabled: true }),
    untoldClient,
    logoutDelivery: await addLogoutDelivery(database, untoldClient, owner.id),
    decision: await addDecision(database, owner.id),
    organization,
    brandingVersion: await addBranding(database, organization),
    otherOrganization,
    member,
    invitation: await addInvitation(database, organization, unique),
    role,
    otherRole,
    team,
    outerTeam: await addTeam(database, `Outer team ${unique}`),
    webhook,
    webhookDelivery: await one(
      database,
      `INSERT INTO webhook_deliveries (id, endpoint_id, seq, event_type, attempts, next_attempt_at)
       VALUES ($1, $2, 1, 'user.created', 8, NULL) RETURNING id`,
      [newId(), webhook],
    ),
    offWebhook: await addWebhook(database, owner.id, false),
    failedMessage: await one(
      database,
      `INSERT INTO outbox (id, kind, recipient, subject, text, html, attempts, last_error,
                           next_attempt_at)
       VALUES ($1, 'password-changed', $2, '', '', '', 1, 'no', now() + interval '1 hour')
       RETURNING id`,
      [newId(), `to-${unique}@example.com`],
    ),
    domain: await addDomain(database, `${unique}.example`, false),
    failingDomain: await addFailingDomain(database, `failing-${unique}.example`),
    joinedDomain: await addDomain(database, `joined-${unique}.example`, true),
    policy: await addPolicy(database, { active: false }),
    activePolicy: await addPolicy(database, { active: true }),
    unique,
    invoice: await addInvoice(database, owner.id, null),
    deletedInvoice: await addInvoice(database, owner.id, "now"),
  };
}

const addReview = (database: pg.Pool, authorId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO access_reviews (id, organization_id, name, scope, author_id, author_name, due_at)
     SELECT $1, default_organization_id, 'Spring',
            '{"grants":"all","roleIds":[],"userIds":[],"teams":false,"services":false}', $2,
            'author@example.com', now() + interval '7 days'
       FROM instance RETURNING id`,
    [newId(), authorId],
  );

/** About the one role of a user. */
const addReviewItem = (
  database: pg.Pool,
  reviewId: string,
  userId: string,
  reviewer: Person,
): Promise<string> =>
  one(
    database,
    `INSERT INTO access_review_items (id, review_id, organization_id, position, kind, grant_id,
                                      user_id, role_id, subject, grant_name, everywhere,
                                      granted_at, reviewer_id, reviewer_name)
     SELECT $1, $2, default_organization_id, 1, 'user_role', r.id, r.user_id, r.role_id, u.email,
            'Cashier', true, r.created_at, $4, $5
       FROM instance, user_roles r JOIN users u ON u.id = r.user_id
      WHERE r.user_id = $3 RETURNING id`,
    [newId(), reviewId, userId, reviewer.id, reviewer.email],
  );

const addAccessRequest = (database: pg.Pool, userId: string, roleId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO access_requests (id, organization_id, user_id, role_id, role_name, reason,
                                  duration_seconds, expires_at)
     SELECT $1, default_organization_id, $2, $3, 'Role', 'To see it', 3600, now() + interval '1 day'
       FROM instance RETURNING id`,
    [newId(), userId, roleId],
  );

const addEmergency = (database: pg.Pool, userId: string, roleId: string): Promise<string> =>
  one(
    database,
    `WITH held AS (
       INSERT INTO user_roles (id, user_id, role_id, organization_id, expires_at)
       SELECT $1, $2, $3, default_organization_id, now() + interval '1 hour' FROM instance
       RETURNING id, user_id, role_id, organization_id, expires_at
     )
     INSERT INTO access_requests (id, organization_id, user_id, role_id, role_name, kind, state,
                                  reason, duration_seconds, expires_at, grant_id, granted_until)
     SELECT $4, organization_id, user_id, role_id, 'Emergency', 'break_glass', 'approved', 'It burnt', 3600,
            expires_at, id, expires_at
       FROM held RETURNING id`,
    [newId(), userId, roleId, newId()],
  );

/** In place of the last one: each is judged at every change of who may do what. */
async function addDutyConflict(database: pg.Pool, unique: string): Promise<string> {
  await database.query(
    `DELETE FROM duty_conflicts
      WHERE organization_id = (SELECT default_organization_id FROM instance)`,
  );
  return one(
    database,
    `INSERT INTO duty_conflicts (id, organization_id, name, left_keys, right_keys)
     SELECT $1, default_organization_id, $2, '{shred_invoice}', '{sign_invoice}'
       FROM instance RETURNING id`,
    [newId(), `Conflict ${unique}`],
  );
}

const addDutyWaiver = (database: pg.Pool, conflictId: string, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO duty_waivers (id, conflict_id, organization_id, user_id, reason, expires_at)
     SELECT $1, $2, default_organization_id, $3, 'For now', now() + interval '1 day'
       FROM instance RETURNING id`,
    [newId(), conflictId, userId],
  );

const addPasskey = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO credentials_passkey (id, user_id, credential_id, public_key, name)
     VALUES ($1, $2, $3, $4, 'Key') RETURNING id`,
    [newId(), userId, randomBytes(24), randomBytes(77)],
  );

const addToken = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO personal_tokens (id, user_id, organization_id, name, token_hash, scopes, acr,
                                  expires_at)
     SELECT $1, $2, default_organization_id, 'CI', $3, '{api:read}', 'urn:gatehouse:aal1',
            now() + interval '1 day'
       FROM instance RETURNING id`,
    [newId(), userId, randomBytes(32)],
  );

const addSavedView = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO saved_views (id, user_id, list, name, parameters)
     VALUES ($1, $2, 'users', 'Active', '{"status": "active"}') RETURNING id`,
    [newId(), userId],
  );

/** The same one again where it was changed or taken away. */
const addBranding = (database: pg.Pool, organizationId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO organization_brandings (organization_id, accent) VALUES ($1, '#7a1fa2')
         ON CONFLICT (organization_id) DO UPDATE SET accent = EXCLUDED.accent
     RETURNING version::text AS id`,
    [organizationId],
  );

/** What is in it is for whoever draws it: here it is any bytes. */
const addPicture = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO user_pictures (user_id, content, digest) VALUES ($1, $2, sha256($2))
     RETURNING encode(digest, 'hex') AS id`,
    [userId, randomBytes(64)],
  );

const addIdentity = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO accounts (id, user_id, type, provider, provider_account_id)
     VALUES ($1, $2, 'oidc', 'google', $3) RETURNING id`,
    [newId(), userId, newId()],
  );

/** In place of the last one: there can be a hundred, and subjects are made more often. */
async function addClaim(database: pg.Pool, unique: string): Promise<string> {
  await database.query("DELETE FROM claim_templates");
  return one(
    database,
    `INSERT INTO claim_templates (id, name, value, scope, targets)
     VALUES ($1, $2, '"fixed"', 'profile', '{userinfo}') RETURNING id`,
    [newId(), `claim_${unique}`],
  );
}

const addTeam = (database: pg.Pool, name: string): Promise<string> =>
  one(
    database,
    `INSERT INTO teams (id, organization_id, name)
     SELECT $1, default_organization_id, $2 FROM instance RETURNING id`,
    [newId(), name],
  );

/** Earlier ones make room, but for those that another test may be at. Its secret does not open, so that nothing is ever sent there. */
async function addWebhook(database: pg.Pool, userId: string, enabled: boolean): Promise<string> {
  await database.query(
    `DELETE FROM webhook_endpoints
      WHERE id IN (SELECT id FROM webhook_endpoints
                    WHERE enabled = $1
                      AND organization_id = (SELECT default_organization_id FROM instance)
                    ORDER BY created_at DESC OFFSET 7)`,
    [enabled],
  );
  return one(
    database,
    `INSERT INTO webhook_endpoints (id, organization_id, name, url, event_types, enabled, secret,
                                    seq, created_by)
     SELECT $1, default_organization_id, 'Hook', 'https://hooks.example.com/', '{none.such}', $2,
            ''::bytea, 0, $3 FROM instance RETURNING id`,
    [newId(), enabled, userId],
  );
}

async function addUserImport(database: pg.Pool, email: string): Promise<string> {
  const id = await one(
    database,
    `INSERT INTO user_imports (id, organization_id, format, row_count, bad_count)
     SELECT $1, default_organization_id, 'csv', 1, 0 FROM instance RETURNING id`,
    [newId()],
  );
  const pending = {
    email,
    name: null,
    status: "pending",
    emailVerified: true,
    roles: null,
    passwordHash: null,
  };
  await database.query(
    `INSERT INTO user_import_rows (import_id, organization_id, position, line, email, pending)
     SELECT $1, default_organization_id, 1, 2, $2, $3 FROM instance`,
    [id, email, JSON.stringify(pending)],
  );
  return id;
}

/** In place of earlier ones: there can be a hundred, and subjects are made more often. */
async function addDomain(
  database: pg.Pool,
  domain: string,
  autoJoin: boolean | null,
): Promise<string> {
  await database.query(
    `DELETE FROM organization_domains
      WHERE organization_id = (SELECT default_organization_id FROM instance)
        AND CASE WHEN $1::boolean IS NULL THEN verified_at IS NULL
                 ELSE verified_at IS NOT NULL AND auto_join = $1 END`,
    [autoJoin],
  );
  return one(
    database,
    `INSERT INTO organization_domains (id, organization_id, domain, token, verified_at,
                                       last_checked_at, auto_join)
     SELECT $1, default_organization_id, $2, $3, now(), now(), $4 FROM instance RETURNING id`,
    [newId(), domain, randomBytes(32).toString("base64url"), autoJoin ?? false],
  );
}

async function addFailingDomain(database: pg.Pool, domain: string): Promise<string> {
  const id = await addDomain(database, domain, null);
  await database.query(
    `UPDATE organization_domains
        SET verified_at = NULL, failing_since = now(), failure = 'no-record' WHERE id = $1`,
    [id],
  );
  return id;
}

const addService = (database: pg.Pool): Promise<string> =>
  one(
    database,
    `INSERT INTO oidc_clients (id, name, kind, auth_method)
     VALUES ($1, 'Reports', 'service', 'client_secret_basic') RETURNING id`,
    [newId()],
  );

const addConnection = (database: pg.Pool, unique: string): Promise<string> =>
  one(
    database,
    `INSERT INTO connections (id, organization_id, slug, name, preset, issuer, client_id,
                              client_secret, auth_method, scopes)
     SELECT $1, default_organization_id, $2, 'Corporate', 'openid', 'https://idp.example.com',
            'gatehouse', $3, 'client_secret_basic', 'openid'
       FROM instance RETURNING id`,
    [newId(), `idp-${unique}`, randomBytes(40)],
  );

async function addClient(
  database: pg.Pool,
  unique: string,
  { signs = false, disabled = false } = {},
): Promise<string> {
  const id = await one(
    database,
    `INSERT INTO oidc_clients (id, name, kind, auth_method, jwks_uri, redirect_uris, scopes,
                               disabled_at)
     VALUES ($1, $2, 'web', $3, $4, '{https://app.example.com/callback}', '{}', $5)
     RETURNING id`,
    [
      newId(),
      `App ${unique}`,
      signs ? "private_key_jwt" : "client_secret_basic",
      signs ? "https://app.example.com/keys" : null,
      disabled ? new Date() : null,
    ],
  );
  if (!signs) await addClientSecret(database, id);
  return id;
}

const addDecision = (database: pg.Pool, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO decision_traces (id, organization_id, trace)
     SELECT $1, default_organization_id,
            jsonb_build_object(
              'format', 1, 'kind', 'beyond-own', 'permissionKey', 'manage_users',
              'principal', jsonb_build_object('kind', 'user', 'id', $2::text, 'email', 'Ada & Co',
                                              'organizationId', default_organization_id),
              'target', null, 'required', '[]'::jsonb, 'held', '[]'::jsonb,
              'missing', '["manage_users"]'::jsonb)
       FROM instance RETURNING id`,
    [newId(), userId],
  );

const addClientSecret = (database: pg.Pool, clientId: string): Promise<string> =>
  one(
    database,
    "INSERT INTO oidc_client_secrets (id, client_id, hash) VALUES ($1, $2, $3) RETURNING id",
    [newId(), clientId, randomBytes(32)],
  );

const addUntoldClient = (database: pg.Pool, unique: string): Promise<string> =>
  one(
    database,
    `INSERT INTO oidc_clients (id, name, kind, auth_method, redirect_uris, scopes,
                               backchannel_logout_uri)
     VALUES ($1, $2, 'web', 'client_secret_basic', '{https://app.example.com/callback}', '{}',
             'https://app.invalid/out') RETURNING id`,
    [newId(), `Untold ${unique}`],
  );

const addLogoutDelivery = (database: pg.Pool, clientId: string, userId: string): Promise<string> =>
  one(
    database,
    `INSERT INTO oidc_logout_deliveries (client_id, user_id, session_id, attempts, last_error)
     VALUES ($1, $2, $3, 10, 'answered 500, not 200') RETURNING id`,
    [clientId, userId, newId()],
  );

/** Denies what nobody does: it is about a user that there is not. */
async function addPolicy(database: pg.Pool, { active }: { active: boolean }): Promise<string> {
  const id = newId();
  await database.query(
    `INSERT INTO policies (id, organization_id, name)
     SELECT $1::uuid, default_organization_id, 'Policy ' || $1::uuid FROM instance`,
    [id],
  );
  await database.query(
    `INSERT INTO policy_versions (policy_id, number, effect, permissions, condition)
     VALUES ($1, 1, 'deny', '{view_invoice}', $2)`,
    [id, JSON.stringify({ kind: "user", ids: ["nobody"] })],
  );
  if (active) await database.query("UPDATE policies SET active_number = 1 WHERE id = $1", [id]);
  return id;
}

const addInvitation = (
  database: pg.Pool,
  organizationId: string,
  unique: string,
): Promise<string> =>
  one(
    database,
    `INSERT INTO invitations (id, organization_id, email, token_hash, expires_at)
     VALUES ($1, $2, $3, $4, now() + interval '1 day') RETURNING id`,
    [newId(), organizationId, `invited-${unique}@example.com`, randomBytes(32)],
  );

async function addInvoice(
  database: pg.Pool,
  ownerId: string,
  deletedAt: string | null,
): Promise<string> {
  return one(
    database,
    `INSERT INTO invoices (id, organization_id, owner_id, number, customer, customer_key, amount,
                           currency, deleted_at)
     SELECT $1, default_organization_id, $2, $3, 'Ada & Co', 'ada & co', 12345, 'EUR',
            $4::timestamptz
       FROM instance RETURNING id`,
    [newId(), ownerId, `X-${randomBytes(6).toString("hex")}`, deletedAt],
  );
}

async function one(database: pg.Pool, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await database.query<{ id: string }>(sql, values);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`nothing came of: ${sql}`);
  return id;
}
