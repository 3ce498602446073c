import "server-only";

/** A connection string of PostgreSQL. */
export const POSTGRES_URL = /^postgres(ql)?:\/\//;

/** Poolers in transaction mode that are known by their addresses: those of Neon and of Supabase. */
const isKnownPooler = (host: string): boolean =>
  (host.includes("-pooler.") && host.endsWith(".neon.tech")) ||
  host.endsWith(".pooler.supabase.com:6543");

export interface DatabaseAddress {
  url: string;
  /** Whether a pooler in transaction mode stands in between: nothing then belongs to a connection. */
  pooled: boolean;
}

/**
 * What `?pgbouncer=` says of a connection string, in the convention of Prisma, Neon and Supabase.
 * Undefined for what is neither yes nor no.
 */
function saysPooled(url: string): boolean | undefined {
  const said = URL.parse(url)?.searchParams.get("pgbouncer") ?? "false";
  return said === "true" ? true : said === "false" ? false : undefined;
}

export const addressOf = (url: string): DatabaseAddress => ({
  url,
  pooled: saysPooled(url) === true,
});

/** Whether an address is a pooler's, and does not say so. */
export const isPooledUnsaid = ({ url, pooled }: DatabaseAddress): boolean =>
  !pooled && isKnownPooler(URL.parse(url)?.host ?? "");

/** The variables that name a database. */
type Addresses = Partial<
  Record<"DATABASE_URL" | "DATABASE_DIRECT_URL" | "DATABASE_REPLICA_URL", string>
>;

/** What is wrong with addresses of databases beside their form. */
export function addressProblems(env: Addresses): string[] {
  const names = ["DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_REPLICA_URL"] as const;
  const unclear = names.filter((name) => saysPooled(env[name] ?? "") === undefined);
  const problems = unclear.map(
    (name) => `  ${name}: pgbouncer must be true or false. Example: ?pgbouncer=true`,
  );
  return saysPooled(env.DATABASE_DIRECT_URL ?? "") === true
    ? [
        ...problems,
        "  DATABASE_DIRECT_URL: says pgbouncer=true, and is for what no pooler can do. Name PostgreSQL itself.",
      ]
    : problems;
}
