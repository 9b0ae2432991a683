# The library as a server: the chat page, the HTTP API and /v1 on port 8321.
#   docker build -t evidentia .                                   quoting alone
#   docker build -t evidentia --build-arg EXTRAS=local,neo4j .    with the local model, and Neo4j as graph engine
#   docker run -p 8321:8321 -e EVIDENTIA_TOKEN=… -v "$PWD/docs:/documents:ro" -v evidentia:/data evidentia
FROM python:3.12-slim AS build
ARG EXTRAS=""
COPY . /source
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir "/source${EXTRAS:+[$EXTRAS]}"

FROM python:3.12-slim
RUN useradd --create-home --uid 1000 evidentia && mkdir /data /documents && chown evidentia /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH EVIDENTIA_LIBRARY=/data/library EVIDENTIA_CACHE=/data/cache
USER evidentia
VOLUME /data
EXPOSE 8321
# What lies below /documents is taken in first; the page says how to fill a library without any.
CMD ["sh", "-c", "if [ -n \"$(ls -A /documents)\" ]; then evidentia add /documents; fi; exec evidentia chat --host 0.0.0.0"]
