/**
 * Every code that a problem of the API can have, with its status and what it
 * means. The `type` of a problem is its anchor on /developers (RFC 9457 §3.1.1).
 */
export const PROBLEM_CODES = {
  unauthenticated: [401, "No session, no token, or a session that has ended."],
  invalid_token: [
    401,
    "The token is unknown, has ended, or is for another resource: ask for it with the API as resource.",
  ],
  insufficient_user_authentication: [
    401,
    "Signed in, but not strongly or not recently enough. WWW-Authenticate says what to prove (RFC 9470).",
  ],
  invalid_credentials: [401, "The email address or the password is not right."],
  token_reused: [401, "The refresh token was used before: this sign-in has ended. Begin again."],
  mfa_required: [401, "A second factor is needed; mfa_token and factors say how it is given."],
  mfa_expired: [401, "This sign-in has ended. Begin again."],
  invalid_code: [401, "The code is not right."],
  forbidden: [403, "Signed in, but not allowed. decisionId names the audit event."],
  insufficient_scope: [403, "The token lacks the scope that detail names."],
  person_required: [
    403,
    "It takes a person who has just proven who they are: no token of an app, a service or a script can do it.",
  ],
  second_factor_required: [403, "The token was made without a second factor, which is asked for."],
  user_required: [403, "It is about the user who asks, and a service account is none."],
  password_expired: [403, "The password has expired. Choose another one in a browser."],
  beyond_own_permissions: [403, "It reaches beyond what the caller holds; detail says what of it."],
  foreign_origin: [403, "A cookie authenticated the request, and its Origin was not ours."],
  sign_up_closed: [403, "This installation takes no sign-ups."],
  not_found: [404, "It does not exist, or not for you."],
  method_not_allowed: [405, "The path exists, but not with this method; Allow has those that do."],
  last_administrator: [409, "Nobody would be left who holds every permission."],
  name_taken: [409, "Another role or claim has this name."],
  role_cycle: [409, "A role would inherit itself; detail says by which way."],
  email_taken: [409, "Another user has this email address."],
  still_invited: [409, "Only accepting the invitation makes this user active."],
  owns_records: [409, "Records name this user as their owner; disable them instead."],
  confirmation_required: [409, "You would lose permissions of your own. Send confirm to go on."],
  too_many_tokens: [409, "Nobody has more personal access tokens than detail says."],
  not_a_service: [409, "Only a client of the kind service acts for itself."],
  too_many_claims: [409, "There are as many claims as there can be."],
  described_by_document: [409, "What this client is, is said by its own document."],
  too_many_secrets: [409, "The client has two secrets already; remove one first."],
  last_secret: [409, "This is the client's only secret; add another one first."],
  keeps_no_secret: [409, "A client of this kind has no secret."],
  too_early: [
    409,
    "The next keys are not known everywhere yet. Wait, unless the present ones are compromised.",
  ],
  stale_version: [412, "It has changed since it was read. Read it again, then decide."],
  body_too_large: [413, "The body exceeds 64 KiB."],
  unsupported_media_type: [415, "The body must be JSON."],
  malformed_json: [400, "The body is not JSON."],
  validation_failed: [422, "errors says which field does not fit, and why."],
  too_many_requests: [429, "Wait as long as Retry-After says."],
  temporarily_locked: [
    429,
    "Too many failures. Wait as long as Retry-After says, or work on the challenge where there is one.",
  ],
  internal: [500, "Something went wrong on our side. requestId finds it in the log."],
  unavailable: [503, "Nothing was decided or changed. Wait as long as Retry-After says."],
} as const satisfies Record<string, readonly [status: number, meaning: string]>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
