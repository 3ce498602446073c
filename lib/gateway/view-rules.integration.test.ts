import { expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { orderRules } from "@/lib/gateway/choose-rule";
import { GatewayRule } from "@/lib/gateway/gateway-rule.schema";
import { listRules, tryRequest } from "@/lib/gateway/view-rules";
import { aCaller } from "@/tests/support/builders";

const aRule = (name: string, path: string) =>
  GatewayRule.parse({ name, host: "app.example", path, audience: "app", access: "signed-in" });
const book = orderRules([aRule("all", "/**"), aRule("admin", "/admin/**")]);

test.each([
  ["https://app.example/admin/x?y=1", "admin"],
  ["https://app.example", "all"],
  ["https://app.example?x", "all"],
  ["https://app.example/%61dmin", "unreadable"],
  ["https://app.example/x/../admin", "unreadable"],
  ["https://app.example/x#admin", "unreadable"],
  ["https://app.example/x?_method=PUT", "unreadable"],
  ["app.example/x", "unreadable"],
  ["ftp://app.example/x", "unreadable"],
  ["https://other.example/x", "host"],
  ["https://app.example/Admin", "case"],
])("who tries %s is told what a proxy would be: %s (F126)", async (address, told) => {
  const caller = await aCaller({ roles: ["Admin"] });
  const trial = await tryRequest(caller, book, { method: "GET", address });
  const found =
    trial.outcome === "chosen"
      ? trial.rule.name
      : trial.outcome === "none"
        ? trial.reason
        : trial.outcome;
  expect(found).toBe(told);
});

test("rules are shown in their order, and to nobody without the permission", async () => {
  const rules = await listRules(await aCaller({ roles: ["Admin"] }), book);
  expect(rules.map(({ name }) => name)).toEqual(["admin", "all"]);
  const stranger = await aCaller({ roles: ["User"] });
  await expect(listRules(stranger, book)).rejects.toBeInstanceOf(AccessDenied);
  const asked = { method: "GET", address: "https://app.example/" };
  await expect(tryRequest(stranger, book, asked)).rejects.toBeInstanceOf(AccessDenied);
});
