import { afterEach, describe, expect, test } from "vitest";
import { sendSyslog } from "@/lib/platform/syslog/send-syslog";
import { syslogFrame } from "@/lib/platform/syslog/syslog-message";
import { syslogTargetOf } from "@/lib/platform/syslog/syslog-target";
import { aCertificate } from "@/tests/support/certificate";
import { aSyslogCollector, type SyslogCollector } from "@/tests/support/syslog-collector";

const collectors: SyslogCollector[] = [];
afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close();
});

async function collect(options: Parameters<typeof aSyslogCollector>[0] = {}) {
  const collector = await aSyslogCollector(options);
  collectors.push(collector);
  const target = { tls: options.certificate !== undefined, host: "127.0.0.1" };
  return { collector, target: { ...target, port: collector.port } };
}

const aFrame = (text: string) =>
  syslogFrame({
    severity: "warning" as const,
    at: new Date("2026-03-01T12:00:00.000Z"),
    hostname: "id.example.com",
    messageId: "session.created",
    text,
    data: {
      id: 'a "quoted] \\ one',
      seq: "7",
    },
  });

test("a message is written as RFC 5424 says, with its length in bytes before it (RFC 5425)", () => {
  const body =
    '<108>1 2026-03-01T12:00:00.000Z id.example.com gatehouse - session.created [gatehouse@32473 id="a \\"quoted\\] \\\\ one" seq="7"] \u{feff}über\n<13>1';
  expect(aFrame("über\n<13>1").toString()).toBe(`${Buffer.byteLength(body)} ${body}`);
});

test("a name of whatever letters fits into its place", () => {
  const frame = syslogFrame({
    severity: "informational",
    at: new Date(0),
    hostname: "",
    data: {},
    text: "",
    messageId: `ä b${"c".repeat(40)}`,
  });
  expect(frame.toString()).toContain(` - gatehouse - b${"c".repeat(31)} [`);
});

describe("sending", () => {
  test("returns when the collector has read everything", async () => {
    const { collector, target } = await collect();
    const texts = Array.from({ length: 500 }, (_, index) => `${index} ${"x".repeat(2_000)}`);
    await sendSyslog(target, texts.map(aFrame));
    expect(collector.messages.map((message) => message.split("\u{feff}")[1])).toEqual(texts);
  });

  test("fails when the collector goes away in the middle", async () => {
    const { target } = await collect({
      onConnection: (socket) => {
        socket.once("data", () => socket.resetAndDestroy());
        return true;
      },
    });
    const frames = Array.from({ length: 500 }, () => aFrame("x".repeat(20_000)));
    await expect(sendSyslog(target, frames)).rejects.toThrow(/ECONNRESET|EPIPE|early/);
  });

  test("fails when nobody is there", async () => {
    const { collector, target } = await collect();
    await collector.close();
    await expect(sendSyslog(target, [aFrame("x")])).rejects.toThrow("ECONNREFUSED");
  });

  test("over TLS goes to nobody whose certificate is not good for the name", async () => {
    const certificate = aCertificate();
    const { collector, target } = await collect({ certificate });
    await expect(sendSyslog(target, [aFrame("x")])).rejects.toThrow(/certificate/);
    expect(collector.messages).toEqual([]);
    await sendSyslog(target, [aFrame("x")], { ca: certificate.cert });
    await sendSyslog({ ...target, host: "localhost" }, [aFrame("y")], { ca: certificate.cert });
    expect(collector.messages).toHaveLength(2);
  });
});

test.each([
  ["syslog+tls://siem.example.com:6514", { tls: true, host: "siem.example.com", port: 6514 }],
  ["syslog+tcp://[::1]:601", { tls: false, host: "::1", port: 601 }],
  ["syslog+tls://siem.example.com", null],
  ["syslog+udp://siem.example.com:514", null],
  ["syslog+tls://user:secret@siem.example.com:6514", null],
  ["syslog+tls://siem.example.com:6514/path", null],
  ["siem.example.com:6514", null],
])("%s leads to %j", (text, target) => {
  expect(syslogTargetOf(text)).toEqual(target);
});
