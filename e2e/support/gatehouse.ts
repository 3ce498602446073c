import type pg from "pg";
import { type Balancer, startBalancer } from "./balancer";
import { createDatabase, openTestPool } from "./databases";
import { type Program, type ProgramOptions, runCommand, startProgram } from "./program";

/** A running Gatehouse with a database of its own. */
export interface Gatehouse extends Program {
  databaseUrl: string;
  database: pg.Pool;
  /** The one-time link that the first start prints. */
  setupUrl: string;
  /** Every program that answers, where there are several behind a balancer. */
  programs: Program[];
  balancer: Balancer | undefined;
  /** Starts one more on the same database, behind nothing yet; whoever does so stops it. */
  startInstance: () => Promise<Program>;
}

/** Starts a Gatehouse as after its first start: migrated, synced, nobody in it. */
export async function startGatehouse(
  purpose: string,
  { environment, dir, through, workers = 1, instances = 1 }: StartOptions = {},
): Promise<Gatehouse> {
  const own = await createDatabase(purpose);
  const balancer = instances > 1 ? await startBalancer() : undefined;
  const common = {
    environment: { ...environment, ...(balancer && { APP_URL: balancer.url }) },
    ...(dir === undefined ? {} : { dir }),
  };
  const printed = await runCommand(["sync", "--json"], { databaseUrl: own.url, ...common });
  const databaseUrl = (await through?.(own.url)) ?? own.url;
  const startInstance = () => startProgram({ databaseUrl, workers, ...common });
  const first = await startInstance();
  const others = await Promise.all(Array.from({ length: instances - 1 }, startInstance));
  const programs = [first, ...others];
  balancer?.serve(programs.map(({ ownUrl }) => ownUrl));
  const database = openTestPool(own.url);
  // A test that ran out of time may leave a query behind when its database is dropped.
  database.on("error", () => {});
  // Whatever the command believed its address to be, the link's path and secret count.
  const link = new URL((JSON.parse(printed) as { setupUrl: string }).setupUrl);
  return {
    ...first,
    output: () => programs.map(({ output }) => output()).join(""),
    programs,
    balancer,
    startInstance,
    databaseUrl: own.url,
    database,
    setupUrl: `${first.url}${link.pathname}${link.search}`,
    stop: async () => {
      for (const program of programs) await program.stop();
      await balancer?.stop();
      await database.end();
      await own.drop();
    },
  };
}

export interface StartOptions
  extends Partial<Pick<ProgramOptions, "environment" | "dir" | "workers">> {
  /** What the server is to use for the database's URL, such as a proxy in front. */
  through?: (databaseUrl: string) => Promise<string>;
  /** How many programs answer in turn, behind one address and on one database; one where it is left out. */
  instances?: number;
}
