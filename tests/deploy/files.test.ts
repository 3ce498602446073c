import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { listVariables } from "@/lib/platform/list-variables";
import { SECRET_VARIABLES } from "@/lib/platform/secret-files";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

/** The instructions of the Dockerfile, each on one line, without comments. */
const INSTRUCTIONS = read("Dockerfile")
  .replaceAll(/^#.*$/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n")
  .filter((line) => line.trim() !== "");
const LAST_STAGE = INSTRUCTIONS.slice(
  INSTRUCTIONS.findLastIndex((line) => line.startsWith("FROM")),
);

const KNOWN = new Set([
  ...listVariables({}).map(({ name }): string => name),
  ...SECRET_VARIABLES.map((name) => `${name}_FILE`),
  "GATEHOUSE_ENV_FILE",
  "NEXT_TELEMETRY_DISABLED",
]);

test("the image runs as nobody special, is watched, and is built on named releases (F143)", () => {
  const bases = INSTRUCTIONS.filter((line) => line.startsWith("FROM")).map(
    (line) => line.split(" ")[1] ?? "",
  );
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/:\d+\.\d+/);
  expect(LAST_STAGE).toContain("USER 10001:10001");
  expect(LAST_STAGE.filter((line) => line.startsWith("HEALTHCHECK"))).toHaveLength(1);
  expect(LAST_STAGE.filter((line) => line.startsWith("VOLUME"))).toEqual(["VOLUME /data"]);
  const order = (start: string) => LAST_STAGE.findIndex((line) => line.startsWith(start));
  // Nothing after it could run as root, and nothing before it starts the program.
  expect(order("USER")).toBeGreaterThan(LAST_STAGE.findLastIndex((line) => line.startsWith("RUN")));
  expect(order("CMD")).toBeGreaterThan(order("USER"));
  expect(LAST_STAGE.filter((line) => line.startsWith("COPY"))).toSatisfy((lines: string[]) =>
    lines.every((line) => line.includes("--from=build /out/")),
  );
});

test("no secret is part of an image, nor of its context (F143)", () => {
  const given = INSTRUCTIONS.filter((line) => /^(?:ENV|ARG)/.test(line)).join("\n");
  for (const name of SECRET_VARIABLES) expect(given).not.toContain(name);
  const ignored = read(".dockerignore").split("\n");
  for (const entry of [
    ".env*",
    ".git",
    ".data",
    "node_modules",
    "*.pem",
    "*.key",
    "*.dump",
    "secrets",
  ]) {
    expect(ignored).toContain(entry);
  }
});

test("every RUN and COPY of the build names what is there", () => {
  for (const line of INSTRUCTIONS.filter(
    (each) => each.startsWith("COPY") && !each.includes("--from"),
  )) {
    for (const source of line.split(" ").slice(1, -1))
      expect(existsSync(path.join(ROOT, source))).toBe(true);
  }
  expect(INSTRUCTIONS.join("\n")).toContain("scripts/image.mjs /out/app");
});

interface Service {
  image?: string;
  command?: string[];
  healthcheck?: { test: string[] };
  tmpfs?: string[];
  depends_on?: Record<string, { condition: string }>;
  read_only?: boolean;
  user?: string;
  cap_drop?: string[];
  ports?: string[];
  security_opt?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
}
interface Compose {
  services: Record<string, Service>;
  secrets?: Record<string, { file: string }>;
}
const compose = (file: string) => parse(read(file), { merge: true }) as Compose;

test.each(["compose.yaml", "compose.embedded.yaml"])(
  "%s: nothing writes to its own root or may become more than it is, and every variable exists",
  (file) => {
    const { services } = compose(file);
    for (const [name, service] of Object.entries(services)) {
      expect([name, service.read_only]).toEqual([name, true]);
      expect([name, service.security_opt]).toEqual([name, ["no-new-privileges:true"]]);
      expect([name, service.image]).not.toEqual([name, undefined]);
      // Options within brackets are folders of their own unless they are quoted.
      for (const folder of service.tmpfs ?? []) expect(folder).toMatch(/^\//);
      if (!service.image?.startsWith("gatehouse:")) {
        expect(service.image).toMatch(/:\d+\.\d+\.?\d*-/);
        continue;
      }
      expect(service.cap_drop).toEqual(["ALL"]);
      for (const variable of Object.keys(service.environment ?? {}))
        expect(KNOWN).toContain(variable);
    }
  },
);

test("two instances share one database behind one way in, and its secrets are files", () => {
  const { services, secrets = {} } = compose("compose.yaml");
  const apps = Object.entries(services).filter(([, { image }]) => image?.startsWith("gatehouse:"));
  expect(apps).toHaveLength(2);
  const [[, first], [, second]] = apps as [[string, Service], [string, Service]];
  expect(first).toEqual(second);
  const caddyfile = read("deploy/Caddyfile");
  for (const [name, { ports }] of apps) {
    expect(ports).toBeUndefined();
    expect(caddyfile).toContain(`${name}:3000`);
  }
  const made = read("deploy/make-secrets.sh");
  for (const [name, { file }] of Object.entries(secrets)) {
    expect(file).toBe(`./secrets/${name}`);
    expect(made).toContain(name);
  }
});

test("both count requests in one Redis, which keeps nothing, drops nothing, and is waited for by nobody", () => {
  const { services } = compose("compose.yaml");
  const redis = services["redis"];
  const command = redis?.command?.join(" ") ?? "";
  expect(command).toContain("--appendonly no");
  expect(command).toContain("--save ''");
  expect(command).toContain("--maxmemory-policy noeviction");
  // Not among the words of the command itself, which every process of the machine may read.
  expect(command).toContain("requirepass %s");
  expect(command).toContain("redis-server /data/redis.conf");
  expect(redis?.healthcheck?.test.join(" ")).toContain("redis-cli ping");
  expect(redis?.ports).toBeUndefined();
  for (const app of [services["app-1"], services["app-2"]]) {
    expect(app?.environment?.["REDIS_URL_FILE"]).toBe("/run/secrets/redis_url");
    expect(app?.secrets).toContain("redis_url");
    expect(app?.depends_on?.["redis"]).toEqual({ condition: "service_started" });
  }
  expect(redis?.secrets).toEqual(["redis_password"]);
});

test("the embedded one is reached from this machine alone", () => {
  expect(compose("compose.embedded.yaml").services["gatehouse"]?.ports).toEqual([
    "127.0.0.1:3000:3000",
  ]);
});

const OBJECTS = globSync("deploy/kubernetes/*.yaml", { cwd: ROOT }).flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  }),
);
const ofKind = (kind: string) => OBJECTS.find((object) => object.kind === kind);

test("in Kubernetes the program is nobody special, cannot write, is asked how it is, and is drained (F143, FLT-06)", () => {
  expect(OBJECTS.map(({ kind }) => kind).toSorted()).toEqual([
    "ConfigMap",
    "Deployment",
    "Ingress",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Secret",
    "Service",
  ]);
  const { spec } = ofKind("Deployment").spec.template;
  const [container] = spec.containers;
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  expect(container.livenessProbe.httpGet.path).toBe("/api/health/live");
  expect(container.readinessProbe.httpGet.path).toBe("/api/health/ready");
  expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(
    8 + container.lifecycle.preStop.sleep.seconds,
  );
  expect(ofKind("Deployment").spec.strategy.rollingUpdate.maxUnavailable).toBe(0);
  const named = [
    ...container.env.map(({ name }: { name: string }) => name),
    ...Object.keys(ofKind("ConfigMap").data),
  ];
  for (const name of named) expect(KNOWN).toContain(name);
  for (const name of SECRET_VARIABLES) expect(named).not.toContain(name);
  const files = container.env.map(({ value }: { value: string }) => path.basename(value));
  expect(Object.keys(ofKind("Secret").stringData).toSorted()).toEqual(files.toSorted());
});

test("no file for a deployment has a secret in it", () => {
  for (const object of OBJECTS.filter(({ kind }) => kind === "Secret")) {
    expect(new Set(Object.values(object.stringData))).toEqual(new Set([""]));
  }
});

test("where no process lasts, the work in the background is called for, within what an answer may take (F144)", () => {
  const vercel = JSON.parse(read("vercel.json")) as {
    crons: { path: string; schedule: string }[];
    functions: Record<string, { maxDuration: number }>;
  };
  expect(vercel.crons).toEqual([{ path: "/api/cron", schedule: "* * * * *" }]);
  const budget = /BUDGET_SECONDS = seconds\((\d+)\)/.exec(read("app/api/cron/cron.ts"))?.[1];
  expect(vercel.functions["app/**/*"]?.maxDuration).toBeGreaterThan(Number(budget));
});
