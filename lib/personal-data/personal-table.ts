import "server-only";

/**
 * What a column of somebody's row is to them. `shown` is in their copy, with `sql` where it is said
 * in another form or of some rows only. The rest is withheld: a `secret`, because whoever has the
 * copy could use it; `internal`, because it keeps the program going and says nothing of anybody;
 * `another`, because it is of somebody else.
 */
export type Column = "shown" | { shown: string } | "secret" | "internal" | "another";

/**
 * What becomes of somebody's rows when their account is erased. `deleted`: by the condition that
 * finds them. `subject`: the account itself, last of all. `log`: what is personal goes out of the
 * sealed log, and the events stay. `evidence`: names go out of an access review, and what was decided
 * stays. What is `kept` names an id that leads to nobody, with `byKey` by a foreign key, so that an
 * account without anything to it stays for it.
 */
export type Erasure = "deleted" | "subject" | "log" | "evidence" | { kept: string; byKey?: true };

/**
 * What becomes of a column that names somebody whose row it is not. `emptied`: by its foreign key.
 * `pseudonym`: an id that leads to nobody any more. `evidence`: as with {@link Erasure}.
 */
export type Mention = "emptied" | "pseudonym" | "evidence";

export interface OfNobody {
  /** Why nobody's data is in it. */
  because: string;
  mentions?: Record<string, Mention>;
}

export interface OfPeople {
  /**
   * Which rows `t` are somebody's, as SQL: `$1` is the user's id, `$2` their addresses, `$3` their
   * telephone numbers.
   */
  rows: string;
  /** Every column of the table. */
  columns: Record<string, Column>;
  erasure: Erasure;
  mentions?: Record<string, Mention>;
}

export type PersonalTable = OfNobody | OfPeople;

export const isOfPeople = (table: PersonalTable): table is OfPeople => "rows" in table;

export const OWN = "t.user_id = $1::uuid";
export const OF_OWN_SESSIONS = "t.session_id IN (SELECT id FROM sessions WHERE user_id = $1::uuid)";

/** Columns that are shown as they are. */
export const shown = <Name extends string>(...names: Name[]): Record<Name, "shown"> =>
  Object.fromEntries(names.map((name) => [name, "shown"])) as Record<Name, "shown">;
