# autoresearch with git and bubblewrap: docker run --rm -it -v "$PWD:/work" IMAGE check
# The sandbox inside a container needs user namespaces: --security-opt seccomp=unconfined --security-opt systempaths=unconfined.
# Without them `sandbox: auto` runs without one; then the container is what keeps agents and trials in.
FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends git bubblewrap ca-certificates procps python3 \
  && rm -rf /var/lib/apt/lists/*
ARG VERSION=latest
RUN npm install --global "autoresearch@${VERSION}" && npm cache clean --force
USER node
# The project of the host may belong to another user id, which git would refuse; a run works in this folder alone.
RUN git config --global --add safe.directory /work
WORKDIR /work
ENTRYPOINT ["autoresearch"]
