import "server-only";

export interface SyslogMessage {
  severity: "informational" | "warning";
  at: Date;
  /** Of the machine or the service that says it. */
  hostname: string;
  /** Of what kind the message is. */
  messageId: string;
  /** Name and value, for programs. */
  data: Record<string, string>;
  text: string;
}

/** "Log audit" (RFC 5424 §6.2.1). */
const FACILITY = 13;
const SEVERITIES = { warning: 4, informational: 6 } as const;

/** The enterprise number of examples (RFC 5612): this program has none of its own. */
const DATA_ID = "gatehouse@32473";

/** PRINTUSASCII of a bounded length, and the nil value for what has none of it (RFC 5424 §6). */
const printable = (text: string, lengthMax: number): string =>
  text.replace(/[^\x21-\x7e]/g, "").slice(0, lengthMax) || "-";

/** RFC 5424 §6.3.3. */
const escaped = (value: string): string => value.replace(/["\\\]]/g, (one) => `\\${one}`);

/** A message (RFC 5424) with its length before it, so that no text in it can end it (RFC 5425 §4.3, RFC 6587 §3.4.1). */
export function syslogFrame(message: SyslogMessage): Buffer {
  const { severity, at, hostname, messageId, data, text } = message;
  const priority = FACILITY * 8 + SEVERITIES[severity];
  const header = [
    `<${priority}>1`,
    at.toISOString(),
    printable(hostname, 255),
    "gatehouse",
    "-",
    printable(messageId, 32),
  ].join(" ");
  const pairs = Object.entries(data).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const body = Buffer.from(`${header} [${DATA_ID}${pairs.join("")}] \u{feff}${text}`);
  return Buffer.concat([Buffer.from(`${body.byteLength} `), body]);
}
