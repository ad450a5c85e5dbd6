FROM node:24-bookworm-slim
WORKDIR /relance
COPY --chown=node:node . .
RUN mkdir -p /data && chown node:node /relance /data
USER node
RUN node scripts/build.mjs
ENV HOST=0.0.0.0 PORT=8080 RELANCE_HOME=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --start-period=60s CMD node -e "fetch('http://127.0.0.1:8080/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "scripts/start.mjs"]
