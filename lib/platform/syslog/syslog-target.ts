import "server-only";

export interface SyslogTarget {
  tls: boolean;
  host: string;
  port: number;
}

const TLS_OF: Record<string, boolean> = { "syslog+tls:": true, "syslog+tcp:": false };

/** Where `syslog+tls://host:port` or `syslog+tcp://host:port` leads; null for any other text. */
export function syslogTargetOf(text: string): SyslogTarget | null {
  const url = URL.parse(text);
  const tls = url === null ? undefined : TLS_OF[url.protocol];
  if (url === null || tls === undefined || url.hostname === "" || url.port === "") return null;
  const rest = [url.username, url.password, url.pathname.replace(/^\/$/, ""), url.search, url.hash];
  if (rest.some((part) => part !== "")) return null;
  return { tls, host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) };
}
