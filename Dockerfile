# One image for every Airflow service of docker-compose.yml and for the `observatoire` command.
# Python 3.11: the version requirements.production.lock was resolved for.
FROM python:3.11.15-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/app/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    OBSERVATOIRE_HOME=/var/lib/observatoire \
    GX_ANALYTICS_ENABLED=false

# Fixed ids: the owner of the state directory on the host (see docs/en/runbooks/deploy.md).
RUN groupadd --gid 10001 observatoire \
 && useradd --uid 10001 --gid 10001 --create-home --home-dir /opt/airflow \
            --shell /usr/sbin/nologin observatoire \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/observatoire

# --no-deps: the lock is the whole closure, and pip alone cannot match `sqlalchemy[asyncio]`
# to a hashed `sqlalchemy` line; `pip check` then proves that nothing is missing.
# Wheels only: nothing is compiled here, so no compiler is needed.
COPY requirements.production.lock /tmp/
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
        -r /tmp/requirements.production.lock \
 && pip check

# The project runs from its source tree (it finds dbt/ and data/demo/ beside itself), owned by
# root and never written to. Folder by folder: what is not named here (.env, var/) stays out.
WORKDIR /app
COPY pyproject.toml ./
COPY data/demo/ data/demo/
COPY warehouse/ warehouse/
COPY secrecy/ secrecy/
COPY expectations/ expectations/
COPY ingestion/ ingestion/
COPY dbt/ dbt/
COPY publication/ publication/
COPY observatoire/ observatoire/
COPY dags/ dags/

# The console script, from its declaration in pyproject.toml: installing the project would
# fetch a build backend that no lock covers.
RUN printf '%s\n' \
        '#!/usr/local/bin/python' \
        'import sys, tomllib' \
        'from importlib.metadata import EntryPoint' \
        'scripts = tomllib.load(open("/app/pyproject.toml", "rb"))["project"]["scripts"]' \
        'sys.exit(EntryPoint("observatoire", scripts["observatoire"], "console_scripts").load()())' \
        > /usr/local/bin/observatoire \
 && chmod 0755 /usr/local/bin/observatoire

USER observatoire
CMD ["observatoire", "--help"]
