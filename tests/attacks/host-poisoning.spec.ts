import { expect, test } from "../../e2e/support/fixtures";
import { send } from "../../e2e/support/http";
import { sendRaw } from "../support/raw-socket";
import { causeEveryMail, KINDS, mailsSince } from "./every-mail";

// ATK-36: whoever can make our mails and redirects name another host gets the
// link that was meant for its owner. All of them are built from APP_URL.

const EVIL = "evil.example";

function poisons(own: string): Record<string, Record<string, string>> {
  const { host } = new URL(own);
  return {
    Host: { host: EVIL },
    "Host with our port": { host: `${EVIL}:${new URL(own).port}` },
    "Host with a user name": { host: `${host}@${EVIL}` },
    "Host with a suffix": { host: `${host}.${EVIL}` },
    "X-Forwarded-Host": { "x-forwarded-host": EVIL },
    "X-Forwarded-Proto": { "x-forwarded-proto": "https", "x-forwarded-port": "4443" },
    Forwarded: { forwarded: `for=192.0.2.1;host=${EVIL};proto=https` },
    "X-Host and relatives": {
      "x-host": EVIL,
      "x-original-host": EVIL,
      "x-http-host-override": EVIL,
    },
    "all together": {
      host: EVIL,
      "x-forwarded-host": `${EVIL}, ${host}`,
      "x-forwarded-server": EVIL,
      forwarded: `host=${EVIL}`,
    },
  };
}

for (const poison of Object.keys(poisons("http://localhost:1"))) {
  test(`${poison} does not reach the link of a mail`, async ({ gatehouse, clientAddress }) => {
    const { url, database } = gatehouse;
    const headers = { origin: url, "x-forwarded-for": clientAddress, ...poisons(url)[poison] };
    const since = (await mailsSince(database, new Date(0))).at(-1)?.createdAt ?? new Date(0);
    await causeEveryMail(gatehouse, headers);
    const mails = await mailsSince(database, since);
    expect([...new Set(mails.map(({ kind }) => kind))].sort()).toEqual(KINDS);
    for (const { kind, subject, text, html } of mails) {
      const all = `${subject}\n${text}\n${html}`;
      expect(all, kind).not.toContain(EVIL);
      const links = all.match(/https?:\/\/[^\s"<]+/g) ?? [];
      const origins = [...new Set(links.map((link) => new URL(link).origin))];
      expect(origins, kind).toEqual(links.length === 0 ? [] : [url]);
      expect(text, kind).toContain(`an account at ${new URL(url).host},`);
    }
  });

  test(`${poison} does not reach a redirect or a page`, async ({ gatehouse }) => {
    const headers = poisons(gatehouse.url)[poison] ?? {};
    for (const path of [
      "/account/profile",
      "/invoices/",
      "/sign-in",
      "/setup",
      "/",
      "/developers",
      "/api/v1/me",
      "/api/v1/openapi.json",
      "/api/auth/callback/google?state=x",
      "/none",
    ]) {
      for (const cookie of ["", `gatehouse_session=${"A".repeat(43)}`]) {
        const answer = await send(gatehouse.url, { path, headers: { ...headers, cookie } });
        const told = `${path}: ${answer.status} ${answer.headers.location}`;
        expect(answer.status, told).toBeLessThan(500);
        const location = answer.headers.location ?? "/";
        expect(new URL(location, gatehouse.url).origin, told).toBe(gatehouse.url);
        expect(answer.text, told).not.toContain(EVIL);
      }
    }
  });
}

test("an absolute target and a second Host are refused", async ({ gatehouse }) => {
  for (const bytes of [
    `GET http://${EVIL}/account/profile HTTP/1.1\r\nHost: ${EVIL}\r\n\r\n`,
    `GET /account/profile HTTP/1.1\r\nHost: ${new URL(gatehouse.url).host}\r\nHost: ${EVIL}\r\n\r\n`,
  ]) {
    const raw = await sendRaw(gatehouse.url, bytes);
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    expect(raw).not.toContain(EVIL);
  }
});
