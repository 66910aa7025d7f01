# One image for all services; the command says which. Node runs TypeScript as it is, so only the page is built.
FROM node:24.21.0-bookworm-slim AS node
WORKDIR /app

# What npm has to know, and no more: as long as none of it changes, the packages come from the cache.
FROM node AS manifests
COPY package.json package-lock.json .npmrc ./
COPY libs libs
COPY services services
RUN find libs services -type f ! -name package.json -delete && find libs services -type d -empty -delete

FROM node AS packages
COPY --from=manifests /app ./
# Node itself is optional among the packages, for machines without one; here it is there.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts

# The page, built with what its own workspace names and no more.
FROM manifests AS page
RUN --mount=type=cache,target=/root/.npm npm ci --workspace @doorbuster/gateway --ignore-scripts
# Vite reads how the page's TypeScript is meant, and that begins with the house's own.
COPY tsconfig.json ./
COPY services/gateway/web services/gateway/web
RUN node_modules/.bin/vite build services/gateway/web

FROM node AS shop
# The one place where a service may write; a new volume takes its owner from here.
RUN install -d -o node -g node /var/lib/doorbuster
COPY --from=packages /app ./
COPY libs libs
COPY services services
COPY --from=page /app/services/gateway/web/dist services/gateway/web/dist
USER node
ENV HOST=0.0.0.0 PORT=8080 HEALTH_PORT=8081
EXPOSE 8080

# The customers, and the auditor after them: the load generator and its verdict.
FROM shop AS black-friday
COPY test/load test/load
COPY test/audit test/audit
COPY test/desk test/desk
ENTRYPOINT ["node", "test/load/demo.ts"]

FROM shop AS service
# Ready, as the service itself says; the slim image has neither curl nor wget.
HEALTHCHECK --interval=10s --timeout=5s --retries=5 --start-period=120s --start-interval=2s CMD ["node", "-e", "require('node:http').get({ host: '127.0.0.1', port: process.env.HEALTH_PORT, path: '/health/ready' }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# No shell in between, so that signals reach Node.
ENTRYPOINT ["node", "--max-old-space-size=256", "--max-semi-space-size=32", "--import", "./libs/service/src/telemetry.ts"]
CMD ["services/gateway/src/main.ts"]
