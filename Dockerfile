# One image for every role of the product: `migrate`, `serve` and `work` are the same code with another verb.

# Front-end packages, by lock file, with install scripts off.
FROM node:22-bookworm-slim AS packages
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# A virtual environment with the product in it, and the assets built.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/tracker
COPY requirements/runtime.txt requirements/
RUN /opt/tracker/bin/pip install --require-hashes --only-binary :all: -r requirements/runtime.txt
COPY --from=packages /src/node_modules node_modules
COPY . .
RUN python -m tools.assets && /opt/tracker/bin/pip install --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin tracker
COPY --from=build /opt/tracker /opt/tracker
ENV PATH=/opt/tracker/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /tmp
EXPOSE 8000
ENTRYPOINT ["tracker"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
