# The whole shop in one image, `./scripts/run` in a container: for trying it out, not for production.
#   docker build -t shop . && docker run --rm -p 8000-8005:8000-8005 -v shop-data:/data shop
FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --disable-pip-version-check --root-user-action=ignore --require-hashes -r requirements.txt \
 && python -m compileall -q /usr/local/lib/python3.13/site-packages
COPY . .
RUN python -m compileall -q . \
 && useradd --system --uid 10000 --no-create-home shop \
 && install -d -o shop -g shop /data
USER shop
VOLUME /data
EXPOSE 8000-8005
STOPSIGNAL SIGTERM
CMD ["python", "-m", "suite", "up", "--host", "0.0.0.0", "--data", "/data"]
