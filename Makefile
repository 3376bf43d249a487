# The commands of this repository; each is a script in scripts/, which tells more with --help or in its first lines.
.DEFAULT_GOAL := help
.PHONY: help setup check fix test test-all bench sessions soak fuzz tarball pkg docs demo proxy advisories release-check clean

help: ## Lists these commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Installs what building and testing need, or names the command that does.
	@scripts/setup test

check: ## Checks format, lints, types and documentation.
	@scripts/setup build
	@scripts/check

fix: ## Repairs the format of all sources.
	@scripts/setup build
	@scripts/check --fix

test: ## Runs the checks and all tests: Rust, wasm in Node.js and Chromium, JavaScript, the package.
	@scripts/test

test-all: ## Runs what `make test` runs, and the tests that take long.
	@scripts/test --long

bench: ## Measures the package against the vendors' SDKs and hand-written clients; ONLY=build for a part of it.
	@scripts/bench $(if $(ONLY),--only=$(ONLY))

sessions: ## Prints the table of one token shared by processes, tabs and clients, beside each on its own.
	@scripts/sessions

soak: ## Loads the package for 15 minutes under random faults; MINUTES=3 for shorter.
	@scripts/soak --minutes $(or $(MINUTES),15)

fuzz: ## Fuzzes the core, each target for a minute; SECONDS=600 for longer, TARGETS="json sign" for some of them.
	@scripts/fuzz --seconds $(or $(SECONDS),60) $(TARGETS)

tarball: ## Prints the table of every runtime and bundler that the packed package is tried in.
	@scripts/tarball --long

pkg: ## Builds the npm package into pkg/ and tells its size.
	@scripts/setup build
	@scripts/pkg

docs: ## Writes the API reference into artifacts/reference/.
	@scripts/setup build
	@node_modules/.bin/typedoc

demo: ## Opens the console page with a simulated platform; PORT=8080 chooses the port, Ctrl-C stops.
	@scripts/demo

proxy: ## Opens the console page with a real platform, by nginx with your client certificate; alone it says how.
	@scripts/proxy

advisories: ## Asks which crates and npm packages have known vulnerabilities; needs a way to the internet.
	@scripts/setup release
	@scripts/check-advisories

release-check: ## Says whether this commit can be released; makes the tarball and the list of its crates (SBOM).
	@scripts/release-check

clean: ## Removes all that was built, but not the tools.
	rm -rf target pkg www/dist artifacts
