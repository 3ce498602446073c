# What is built is laid out by scripts/image.mjs: the program, what it loads, a PostgreSQL for installations without one of
# their own, and no tool that builds. See docs/deploy.md.
FROM node:24.11.1-bookworm AS build
WORKDIR /src
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
COPY prisma prisma
COPY prisma.config.ts tsconfig.json ./
COPY scripts scripts
RUN npm install --no-save --no-audit --no-fund --include=dev --include=optional --ignore-scripts
RUN npm rebuild node esbuild
COPY . .
RUN node_modules/node/bin/node scripts/image.mjs /out/app
RUN strip --strip-unneeded -o /out/node node_modules/node/bin/node

FROM debian:12.12-slim
LABEL org.opencontainers.image.title="Gatehouse" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 gatehouse && useradd --uid 10001 --gid gatehouse --no-create-home --home-dir /data --shell /usr/sbin/nologin gatehouse && mkdir /data && chown gatehouse:gatehouse /data && chmod 700 /data
COPY --from=build /out/node /usr/local/bin/node
COPY --from=build /out/app /app
WORKDIR /app
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    PORT=3000 \
    HOST=0.0.0.0 \
    DATA_DIR=/data \
    GATEHOUSE_ENV_FILE=/data/.env.local
# Nothing else is written: run it with a read-only root and a /tmp in memory.
VOLUME /data
EXPOSE 3000
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health/live`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/start.mjs"]
