import fc from "fast-check";

// Any configuration that an installation takes: names of all kinds, conditions, trees.

/** Where a file says that the secret of a client is. */
export const SECRET_VARIABLE = "CONFIG_SECRET_OF_TESTS";

export const SLUGS = ["default", "o-10", "o-9", "o-a-b"];

const NOBODYS = ["view_users", "create_invoice", "delete_invoice"];
const OWNED = ["view_invoice", "update_invoice"];

const names = (prefix: string, most: number) =>
  fc.uniqueArray(
    fc
      .constantFrom("a", "B", "10", "9", "é", "Ω", "__proto__", "x y", "“q”", "Z\\", "constructor")
      .map((text) => `${prefix}${text}`),
    { maxLength: most },
  );

const text = fc.constantFrom("", "What it is for.", "Zweck – “so”", "\\ / \" '");

const conditions = (roles: string[], teams: string[]) => {
  const leaves: fc.Arbitrary<object>[] = [
    fc.constant({ kind: "field", field: "status", operator: "equals", value: "draft" }),
    fc.constant({ kind: "field", field: "amount", operator: "at-most", value: 500 }),
    fc.constant({ kind: "email-domain", domains: ["example.com"] }),
    fc.constant({ kind: "means", oneOf: ["session", "app"] }),
    fc.constant({ kind: "network", ranges: ["192.0.2.0/24"] }),
    fc.constant({ kind: "assurance", acr: "urn:gatehouse:aal2" }),
    fc.constant({ kind: "user", users: [{ id: "some-client" }] }),
    fc.constant({
      kind: "hours",
      timeZone: "Europe/Berlin",
      days: ["Mon", "Fri"],
      from: "09:00",
      until: "17:00",
    }),
    ...(roles.length > 0
      ? [fc.subarray(roles, { minLength: 1 }).map((some) => ({ kind: "role", roles: some }))]
      : []),
    ...(teams.length > 0
      ? [fc.subarray(teams, { minLength: 1 }).map((some) => ({ kind: "team", teams: some }))]
      : []),
  ];
  const leaf = fc.oneof(...leaves);
  return fc.oneof(
    leaf,
    leaf.map((condition) => ({ kind: "not", condition })),
    fc
      .tuple(fc.constantFrom("all", "any"), fc.array(leaf, { minLength: 1, maxLength: 3 }))
      .map(([kind, parts]) => ({ kind, conditions: parts })),
  );
};

/** Roles of which each inherits only from those before it, and from `given`. */
const rolesFrom = (prefix: string, given: string[], condition: fc.Arbitrary<object>) =>
  names(prefix, 3).chain((list) =>
    fc.tuple(
      ...list.map((name, index) =>
        fc.record({
          name: fc.constant(name),
          description: text,
          requiresSecondFactor: fc.boolean(),
          emergency: fc.boolean(),
          inherits: fc.subarray([...list.slice(0, index), ...given]),
          permissions: fc.dictionary(
            fc.constantFrom(...OWNED),
            fc.oneof(fc.constantFrom("all", "own"), condition),
            { maxKeys: 3 },
          ),
        }),
      ),
    ),
  );

const rule = (condition: fc.Arbitrary<object>) =>
  fc.record({
    effect: fc.constantFrom("allow", "deny"),
    permissions: fc.subarray(OWNED, { minLength: 1 }),
    condition: fc.option(condition),
  });

const policiesFrom = (prefix: string, condition: fc.Arbitrary<object>) =>
  names(prefix, 2).chain((list) =>
    fc.tuple(
      ...list.map((name) =>
        fc
          .record({
            name: fc.constant(name),
            description: text,
            stage: fc.constantFrom("active", "shadow", "draft"),
            rule: rule(condition),
            candidate: fc.option(rule(condition)),
          })
          .map((policy) =>
            policy.stage === "active" && !isSame(policy.candidate, policy.rule)
              ? policy
              : { ...policy, candidate: null },
          ),
      ),
    ),
  );

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Of which nobody holds the left side, so that no role or policy is refused for it. */
const dutiesFrom = (prefix: string) =>
  names(prefix, 2).chain((list) =>
    fc.tuple(
      ...list.map((name) =>
        fc.record({
          name: fc.constant(name),
          left: fc.subarray(NOBODYS, { minLength: 1 }),
          right: fc.subarray(OWNED, { minLength: 1 }),
        }),
      ),
    ),
  );

export const connectionSlugOf = (organization: string) => `idp-${organization}`;

const connection = (slug: string) =>
  fc.record({
    slug: fc.constant(slug),
    name: fc.constantFrom("Corporate", "Größe “&”"),
    preset: fc.constantFrom("openid", "gitlab"),
    issuer: fc.constantFrom("https://id.example", "https://id.example/realms/x"),
    clientId: fc.constant("gatehouse"),
    domains: fc.subarray(["b.example", "a.example"]),
    enabled: fc.boolean(),
    secret: fc.constant({ fromEnvironment: SECRET_VARIABLE }),
  });

const organization = (slug: string, everywhere: string[]) =>
  names("T ", 3).chain((teams) =>
    rolesFrom(`${slug} R `, everywhere, conditions(everywhere, teams)).chain((roles) => {
      const usable = [...everywhere, ...roles.map(({ name }) => name)];
      const condition = conditions(usable, teams);
      return fc.record({
        slug: fc.constant(slug),
        name: fc.constantFrom("North", "South “&” West"),
        domains: fc
          .subarray(["north.example", "south.example", "mail.west.example"])
          .map((list) => list.map((domain) => ({ domain }))),
        roles: fc.constant(roles),
        policies: policiesFrom(`${slug} P `, condition),
        duties: dutiesFrom("D "),
        connections: fc
          .subarray([connectionSlugOf(slug)])
          .chain((slugs) => fc.tuple(...slugs.map(connection))),
        teams: fc.tuple(
          ...teams.map((name, index) =>
            fc.record({
              name: fc.constant(name),
              description: text,
              parent:
                index === 0
                  ? fc.constant(null)
                  : fc.option(fc.constantFrom(...teams.slice(0, index))),
              roles: fc.subarray(usable),
            }),
          ),
        ),
      });
    }),
  );

const KEY = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};

const idOf = (index: number) => `01900000-0000-7000-8000-00000000000${index}`;

/** One of each kind at most, as a secret is of one client alone. */
const clientsFor = (slugs: string[], everywhere: string[]) => {
  const common = { enabled: fc.boolean(), scopes: fc.subarray(["api:read", "api:write"]) };
  const addressed = {
    ...common,
    redirectUris: fc.subarray(["https://b.example/cb", "https://a.example/cb"], { minLength: 1 }),
    firstParty: fc.boolean(),
    idTokenAlgorithm: fc.constantFrom("ES256", "RS256"),
  };
  const kinds = [
    fc.record({
      ...addressed,
      kind: fc.constant("web"),
      secret: fc.constant({ fromEnvironment: SECRET_VARIABLE }),
    }),
    fc.record({ ...addressed, kind: fc.constant("single_page") }),
    fc.record({
      ...common,
      kind: fc.constant("service"),
      publicKeys: fc.constantFrom({ jwks: { keys: [KEY] } }, { jwksUri: "https://a.example/jwks" }),
      service: fc.option(
        fc.record({
          organization: fc.constantFrom(...slugs),
          roles: fc.subarray(everywhere),
        }),
        { nil: null },
      ),
    }),
  ];
  return fc.subarray([0, 1, 2]).chain((chosen) =>
    fc.tuple(
      ...chosen.map((index) =>
        (kinds[index] as fc.Arbitrary<object>).map((client) => ({
          id: idOf(index),
          name: `App ${index} – “x”`,
          ...client,
        })),
      ),
    ),
  );
};

const claimsFor = (clientIds: string[]) =>
  fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("tier", "https://claims.example/x"),
      value: fc.constantFrom("gold", "{{user.email}}", 7, true),
      scope: fc.constant("profile"),
      targets: fc.subarray(["userinfo", "id_token"], { minLength: 1 }),
      clientId: fc.constantFrom(null, ...clientIds),
    }),
    { maxLength: 3, selector: ({ name, clientId }) => `${name} ${clientId}` },
  );

/** With the organization that every installation has, and up to two more. */
export const arbitraryConfiguration = rolesFrom("R ", [], conditions([], [])).chain((roles) => {
  const everywhere = roles.map(({ name }) => name);
  return fc
    .subarray(SLUGS.slice(1), { maxLength: 2 })
    .map((slugs) => ["default", ...slugs])
    .chain((slugs) =>
      clientsFor(slugs, everywhere).chain((clients) =>
        fc.record({
          roles: fc.constant(roles),
          policies: policiesFrom("P ", conditions(everywhere, [])),
          duties: dutiesFrom("D "),
          clients: fc.constant(clients),
          claims: claimsFor(clients.map(({ id }) => id)),
          organizations: fc.tuple(...slugs.map((slug) => organization(slug, everywhere))),
        }),
      ),
    );
});
