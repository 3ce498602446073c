import pg from "pg";
import { createDatabase } from "./databases";
import { type Program, type ProgramOptions, runCommand, startProgram } from "./program";

/** A running Gatehouse with a database of its own. */
export interface Gatehouse extends Program {
  databaseUrl: string;
  database: pg.Pool;
  /** The one-time link that the first start prints. */
  setupUrl: string;
}

/** Starts a Gatehouse as after its first start: migrated, synced, nobody in it. */
export async function startGatehouse(
  purpose: string,
  { environment, dir, through }: StartOptions = {},
): Promise<Gatehouse> {
  const own = await createDatabase(purpose);
  const common = { environment: environment ?? {}, ...(dir === undefined ? {} : { dir }) };
  const printed = await runCommand(["sync", "--json"], { databaseUrl: own.url, ...common });
  const program = await startProgram({
    databaseUrl: (await through?.(own.url)) ?? own.url,
    ...common,
  });
  const database = new pg.Pool({ connectionString: own.url, max: 4 });
  // A test that ran out of time may leave a query behind when its database is dropped.
  database.on("error", () => {});
  // Whatever the command believed its address to be, the link's path and secret count.
  const link = new URL((JSON.parse(printed) as { setupUrl: string }).setupUrl);
  return {
    ...program,
    databaseUrl: own.url,
    database,
    setupUrl: `${program.url}${link.pathname}${link.search}`,
    stop: async () => {
      await program.stop();
      await database.end();
      await own.drop();
    },
  };
}

export interface StartOptions extends Partial<Pick<ProgramOptions, "environment" | "dir">> {
  /** What the server is to use for the database's URL, such as a proxy in front. */
  through?: (databaseUrl: string) => Promise<string>;
}
