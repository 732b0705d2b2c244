# run: serve the site with demo content.  test: everything a change must pass.  bench, lint, format: as they say.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := umask 022 && $(BIN)/python -m pip install -qq --disable-pip-version-check
# A complete production environment, for the deployment check; nothing is connected to.
PRODUCTION := CONSILIUM_MODE=production ALLOWED_HOSTS=example.org DATABASE_URL=postgresql://localhost/none \
	EMAIL_URL=smtp://localhost SECRET_KEY=this-key-is-only-for-the-deployment-check-0123456789-abcdefghijklm

.PHONY: run test bench lint format browser

run: .venv/runtime
	@exec $(BIN)/python manage.py serve $(ARGS)

test: export CONSILIUM_DATA_DIR := $(CURDIR)/var/test
test: .venv/development browser
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@exec $(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup $(ARGS)

bench: .venv/development
	@exec $(BIN)/python -m benchmarks.run $(ARGS)

lint: .venv/development
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

format: .venv/development
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.venv/runtime: requirements.txt | $(BIN)/pip
	@echo "Installing requirements.txt."
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt requirements.txt | $(BIN)/pip
	@echo "Installing requirements-dev.txt."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ .venv/runtime

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Consilium needs Python 3.11 or newer.")'
	@umask 022 && $(PYTHON) -m venv .venv

# The browser tests drive Debian's Chromium, best its shell without a user interface; the fonts are for Chinese text.
browser:
	@test -x /usr/bin/chromium-headless-shell || test -x /usr/bin/chromium || { \
		packages="chromium-headless-shell fonts-liberation fonts-noto-cjk"; \
		if [ "$$(id -u)" = 0 ]; then sudo=; \
		elif sudo -n true 2>/dev/null; then sudo=sudo; \
		else echo "The browser tests need Chromium. As root: apt-get install $$packages" >&2; exit 1; fi; \
		echo "Installing $$packages."; \
		$$sudo apt-get -qq update && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $$packages >/dev/null; \
	}
