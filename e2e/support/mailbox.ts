import type pg from "pg";

export interface Mail {
  kind: string;
  subject: string;
  text: string;
  html: string;
}

/** What was mailed, read from the outbox: no SMTP server is set up here. */
export class Mailbox {
  readonly #database: pg.Pool;

  constructor(database: pg.Pool) {
    this.#database = database;
  }

  /** The mails to an address, oldest first. */
  async to(recipient: string): Promise<Mail[]> {
    const { rows } = await this.#database.query<Mail>(
      "SELECT kind, subject, text, html FROM outbox WHERE recipient = $1 ORDER BY created_at, id",
      [recipient],
    );
    return rows;
  }

  /** The code in the newest text message to a number. */
  async codeTextedTo(number: string): Promise<string> {
    const newest = (await this.to(number)).at(-1);
    const code = /^\d{6}\b/.exec(newest?.text ?? "")?.[0];
    if (code === undefined) throw new Error(`no code was texted to ${number}`);
    return code;
  }

  /** The link in the newest mail to an address. */
  async linkTo(recipient: string): Promise<string> {
    const newest = (await this.to(recipient)).at(-1);
    const link = /https?:\/\/\S+/.exec(newest?.text ?? "")?.[0];
    if (link === undefined) throw new Error(`no link was mailed to ${recipient}`);
    return link;
  }
}
