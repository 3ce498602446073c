import "server-only";

/** How many statements a connection keeps prepared; each takes some ten kilobytes of its backend. */
const NAMES_MAX = 500;
/** What is asked less often is not worth a name: lists of ids make one statement for each of their lengths. */
const ASKED_MIN = 3;
/** Of how many statements without a name it is counted how often they were asked. */
const COUNTED_MAX = 2_000;

/**
 * Names for statements, so that PostgreSQL parses and plans one once for each connection and not at
 * each request: planning takes more than half of what a guarded change costs the database. Only what
 * is asked for the third time gets a name, and {@link NAMES_MAX} do at most, so that no connection
 * collects statements without end. The same text always has the same name, and no other text has it.
 */
export function createStatementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const asked = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= NAMES_MAX) return known;
    const times = (asked.get(text) ?? 0) + 1;
    if (times < ASKED_MIN) {
      if (asked.size >= COUNTED_MAX) asked.clear();
      asked.set(text, times);
      return undefined;
    }
    asked.delete(text);
    const name = `often_${names.size}`;
    names.set(text, name);
    return name;
  };
}
