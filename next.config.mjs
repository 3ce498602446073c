/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Refusals are real 401, 403 and 404 answers, rendered by unauthorized.tsx and forbidden.tsx.
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "64kb" } },
  // The image optimizer is an attack surface that nothing here needs (ATK-08).
  images: { unoptimized: true },
  serverExternalPackages: [
    "@node-rs/argon2",
    "pg",
    "pg-boss",
    "pino",
    "bcryptjs",
    "nodemailer",
    "oidc-provider",
    "@react-email/render",
    "undici",
  ],
  // Types are checked by `npm run check`; whoever starts the program need not wait for it.
  typescript: { ignoreBuildErrors: true },
};

export default config;
