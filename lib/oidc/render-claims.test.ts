import { expect, test } from "vitest";
import { NewClaim } from "@/lib/oidc/claim-template.schema";
import {
  CLAIM_BYTES_MAX,
  CLAIMS_BYTES_MAX,
  type ClaimFacts,
  renderClaims,
} from "@/lib/oidc/render-claims";

const ADA: ClaimFacts = {
  id: "0195-ada",
  name: "Ada",
  email: "ada@example.com",
  organizationSlug: "acme",
  organizationName: "Acme",
  roles: ["Admin", "User"],
};

const render = (value: unknown, facts: ClaimFacts = ADA) =>
  Object.fromEntries(renderClaims([{ name: "claim", value }], facts).claims)["claim"];

const claim = (changes: object) =>
  NewClaim.safeParse({
    name: "department",
    value: "x",
    scope: "profile",
    targets: ["id_token"],
    ...changes,
  });

test.each([
  ["{{user.name}}", "Ada"],
  ["{{ user.email }}", "ada@example.com"],
  ["urn:{{organization.slug}}:{{user.id}}", "urn:acme:0195-ada"],
  ["{{roles}}", ["Admin", "User"]],
  ["plain", "plain"],
  [7, 7],
  [false, false],
])("%j says %j", (value, said) => {
  expect(claim({ value }).success).toBe(true);
  expect(render(value)).toEqual(said);
});

test("what a user is called is not looked at as a template", () => {
  const name = "{{user.email}} {{roles}} $& $1 ${user.id}";
  expect(render("{{user.name}}", { ...ADA, name })).toBe(name);
});

test("who has no name has no claim that says nothing", () => {
  expect(render("{{user.name}}", { ...ADA, name: null })).toBeUndefined();
  expect(render("Dear {{user.name}}", { ...ADA, name: null })).toBe("Dear ");
});

test.each(
  `iss sub aud exp nbf iat jti auth_time nonce acr amr azp at_hash c_hash name email email_verified
   updated_at address client_id scope act may_act cnf sid events Sub SUB __proto__ constructor
   toString hasOwnProperty prototype valueOf toJSON then _claim_names`.split(/\s+/),
)("the name %s is refused, and never said (F43)", (name) => {
  expect(claim({ name }).success).toBe(false);
  // A row that came there in another way is not said either.
  const said = Object.fromEntries(
    renderClaims([{ name: name.toLowerCase(), value: "x" }], ADA).claims,
  );
  expect(Object.keys(said)).toEqual([]);
});

test.each(["groups", "roles", "department", "https://example.com/department"])(
  "the name %s can be used",
  (name) => {
    expect(claim({ name }).success).toBe(true);
  },
);

test.each([
  "{{user.password}}",
  "{{constructor}}",
  "{{__proto__}}",
  "{{user.name.length}}",
  "{{user['name']}}",
  "{{#each roles}}",
  "{{user.name",
  "user.name}}",
  "{{{{user.name}}}}",
  "My {{roles}}",
  "",
  "x".repeat(501),
  "two\nlines",
  1.5,
  1e300,
  null,
  ["a"],
  { a: 1 },
])("the template %j is refused", (value) => {
  expect(claim({ value }).success).toBe(false);
});

test.each([
  { targets: [] },
  { targets: ["access_token"] },
  { scope: "api:read" },
  { scope: "offline_access" },
  { scope: "api:read", targets: ["access_token", "id_token"] },
])("%j does not go together", (changes) => {
  expect(claim(changes).success).toBe(false);
});

test("what is too large is left out and named, alone and with the others", () => {
  const long = "x".repeat(CLAIM_BYTES_MAX);
  const sources = [
    { name: "alone", value: long },
    { name: "small", value: "fits" },
    ...Array.from({ length: 6 }, (_, index) => ({ name: `c${index}`, value: "y".repeat(900) })),
    { name: "last", value: "z" },
  ];
  const { claims, leftOut } = renderClaims(sources, ADA);
  expect(leftOut).toEqual(["alone", "c4", "c5"]);
  expect(claims.map(([name]) => name)).toEqual(["small", "c0", "c1", "c2", "c3", "last"]);
  expect(JSON.stringify(Object.fromEntries(claims)).length).toBeLessThanOrEqual(CLAIMS_BYTES_MAX);
});

test("many roles are too large a list, and keep nobody from signing in", () => {
  const roles = Array.from({ length: 200 }, (_, index) => `A role with a long name ${index}`);
  expect(renderClaims([{ name: "groups", value: "{{roles}}" }], { ...ADA, roles })).toEqual({
    claims: [],
    leftOut: ["groups"],
  });
});

test.each([[null], [{}], [["x"]], [undefined]])(
  "a value that this version cannot read, %j, says nothing (FLT-26)",
  (value) => {
    expect(renderClaims([{ name: "claim", value }], ADA)).toEqual({ claims: [], leftOut: [] });
  },
);
