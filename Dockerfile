# One image for every process: docker-compose.yml says what each of them runs.
FROM node:24-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
# Which icons are needed is read from templates and code.
COPY . .
RUN node scripts/build-assets.mjs

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data OMS_DEMO=off OMS_HASHED_STATIC=on
WORKDIR /app
RUN useradd --system --uid 10001 oms && install --directory --owner=oms /data
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=assets /app/static/build static/build
# Collecting needs no secret and no server; the demo's settings serve.
RUN python scripts/translations.py compile && OMS_DEMO=on DATA_DIR=/tmp/build python manage.py prepare --static-only
USER oms
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10", "oms.wsgi:application"]
