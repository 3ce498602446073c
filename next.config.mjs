/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Refusals are real 401, 403 and 404 answers, rendered by unauthorized.tsx and forbidden.tsx.
  // The limit of a file of users; all else but a picture is held to 64 KiB before it comes here (server.ts).
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "4mb" } },
  // The image optimizer is an attack surface that nothing here needs (ATK-08).
  images: { unoptimized: true },
  // What is said arrives compiled (lib/platform/locale), so that no browser needs the parser of messages.
  turbopack: {
    resolveAlias: { "use-intl/format-message": "use-intl/format-message/format-only" },
  },
  // Titles depend on the language; crawlers and browsers alike get them in the head.
  htmlLimitedBots: /.*/,
  serverExternalPackages: [
    "@node-rs/argon2",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-trace",
    "pg",
    "pg-boss",
    "pino",
    "bcryptjs",
    "nodemailer",
    "oidc-provider",
    "prom-client",
    "@react-email/render",
    "undici",
    "@redis/client",
  ],
  // Read by name: what has to be in the database.
  outputFileTracingIncludes: { "/api/health/ready": ["./prisma/migrations/**"] },
  // Types are checked by `npm run check`; whoever starts the program need not wait for it.
  typescript: { ignoreBuildErrors: true },
};

export default config;
