/** What `npm test` prepares for these tests, or a developer by hand. */
interface TestEnvironment {
  /** A role that may create databases. */
  adminUrl: string;
  template: string;
  nodeEnv: NodeJS.ProcessEnv["NODE_ENV"];
}

export function testEnvironment(): TestEnvironment {
  const adminUrl = process.env["TEST_DATABASE_URL"];
  if (!adminUrl) throw new Error("TEST_DATABASE_URL is missing: run `npm test -- --e2e`");
  return {
    adminUrl,
    template: process.env["TEST_DATABASE_TEMPLATE"] ?? "gatehouse_template",
    // A throw-away cluster that is not durable is served only outside production.
    nodeEnv: process.env.NODE_ENV === "production" ? "production" : "test",
  };
}

/** What the program may inherit: nothing of a developer's own configuration. */
export function inheritedEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return { PATH, HOME, LANG, TMPDIR };
}

const RUNNING = "GATEHOUSE_TEST_RUNNING";

/** The Gatehouse that the global set-up started, as the tests' processes learn of it. */
export interface Running {
  url: string;
  databaseUrl: string;
  identityProviderUrl: string;
}

export const announce = (started: Running): void => {
  process.env[RUNNING] = JSON.stringify(started);
};

export function running(): Running {
  const text = process.env[RUNNING];
  if (text === undefined) throw new Error("the global set-up has not run");
  return JSON.parse(text) as Running;
}
