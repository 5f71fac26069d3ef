# Thin lines over tools/dev.py, which needs nothing but Python and works without make.
PYTHON ?= python3
DEV = $(PYTHON) tools/dev.py

.PHONY: help setup run test test-full check bench lock docs screenshots
help:        ## show these lines
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'
setup:       ## lay .venv, fetch the chart library, compile translations
	@$(DEV) setup
run:         ## set up and start the demo zone (PORT=8760)
	@$(DEV) run $(if $(PORT),--port $(PORT))
test:        ## style, types, imports, migrations, then the quick tests on SQLite
	@$(DEV) test
test-full:   ## everything on PostgreSQL, with browser, kill and fuzz tests
	@$(DEV) test-full
check:       ## style, types, imports and migrations only
	@$(DEV) check
bench:       ## run one benchmark (NAME=start)
	@$(DEV) bench $(NAME)
lock:        ## renew the lock files (needs uv and npm)
	@$(DEV) lock
docs:        ## renew docs/reference from the code
	@$(DEV) docs
screenshots: ## take the pictures of docs/images (needs Chromium)
	@$(DEV) screenshots
