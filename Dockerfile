# syntax=docker/dockerfile:1

# The web clients, built from their locked packages.
FROM node:22-bookworm-slim AS clients
WORKDIR /src
COPY clients clients
COPY scripts/clients.py scripts/clients.py
RUN apt-get update && apt-get install -y --no-install-recommends python3 && python3 scripts/clients.py

# Build: the locked environment, with the project installed as a wheel (its migrations and clients inside).
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.8"
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/lvyi UV_PYTHON_DOWNLOADS=never
WORKDIR /src
# The dependencies first: this layer stays while only our code changes.
COPY pyproject.toml uv.lock hatch_build.py README.md LICENSE ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev --no-install-project
COPY alembic alembic
COPY app app
COPY --from=clients /src/app/_web app/_web
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev --no-editable

# Run: the same Python, no build tools, an account of its own, one writable folder.
FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/lvyi --create-home lvyi
COPY --from=build /opt/lvyi /opt/lvyi
ENV PATH=/opt/lvyi/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    LVYI_DATA_DIR=/var/lib/lvyi LVYI_DATABASE_URL=sqlite:////var/lib/lvyi/lvyi.sqlite3 LVYI_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/lvyi
VOLUME /var/lib/lvyi
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["lvyi"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
