# Each target sets up what it needs. `make` alone says what there is.

BUILD_PACKAGES = build-essential pkg-config libwebkit2gtk-4.1-dev
RUN_PACKAGES   = $(BUILD_PACKAGES) xdg-utils
TEST_PACKAGES  = $(BUILD_PACKAGES) xvfb xauth webkit2gtk-driver gnome-keyring dbus
# A Node that is here already is left alone.
NODE_PACKAGES  = $(shell command -v npm >/dev/null || echo nodejs npm)

# The page's own kind of poller runs on Node, and valgrind counts instructions.
BENCH_PACKAGES = build-essential valgrind $(shell command -v node >/dev/null || echo nodejs)
SEEDS = 100000
# Which of the window's figures: all of them begin so.
WINDOW = the_windows
# Of each of the five targets.
FUZZ_SECONDS = 1800

.PHONY: help run demo package prove-package test soak fuzz mutants audit bench bench-window lint test-rust test-ui types screenshots

help:
	@echo "make run       start the console on the sandbox (without a display: the demo)"
	@echo "make demo      the sandbox and eight customers on the command line"
	@echo "make test      everything that must pass"
	@echo "make bench     measure what watching costs (37 minutes on a quiet machine), then make bench-window"
	@echo "make bench-window  measure what the window costs and how fast it is, an hour of changes included"
	@echo "               (WINDOW=the_windows_start or the_windows_changes: some minutes each)"
	@echo "make soak      $(SEEDS) simulated runs of the desk (SEEDS=N for more), which is then killed"
	@echo "               3,250 times, thousands of failing disks under its journal, 50 million links,"
	@echo "               10 million answers, a failing network, and make fuzz, mutants and audit"
	@echo "make fuzz      five fuzzers, $(FUZZ_SECONDS) s each (FUZZ_SECONDS=N)"
	@echo "make mutants   faults put into the code on purpose, of which the tests must find each"
	@echo "make audit     what is built in: sources, licences, advisories, a bill of materials (needs the network)"
	@echo "make screenshots  take the pictures of the documentation anew"
	@echo "make package   a .deb and an .rpm with checksums and bills of materials, in target/package"
	@echo "make prove-package  install, use, upgrade and remove the .deb in a Debian of its own (root, network)"
	@echo "make types     write ui/types anew from the Rust types"

ifeq ($(shell uname -s)$(DISPLAY)$(WAYLAND_DISPLAY),Linux)
run:
	@echo "There is no display here, so the demo runs on the command line instead."
	@$(MAKE) --no-print-directory demo
else
run:
	@.ci/install $(RUN_PACKAGES)
	@echo "Building; the first time takes some minutes."
	cargo run --locked -p enrollment-console
endif

demo:
	@.ci/install build-essential
	cargo run --locked -p enrollment-watch -- demo

package: src-tauri/packaging/node_modules
	@.ci/install $(BUILD_PACKAGES)
	.ci/package

prove-package: src-tauri/packaging/node_modules
	@.ci/install $(TEST_PACKAGES)
	.ci/prove-package

src-tauri/packaging/node_modules: src-tauri/packaging/package.json
	@.ci/install $(NODE_PACKAGES)
	npm --prefix src-tauri/packaging install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

test: lint test-rust test-ui

lint:
	@.ci/install $(TEST_PACKAGES) $(NODE_PACKAGES)
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets

# What the checks of the page are made with; nothing of it ships.
node_modules: package.json
	@.ci/install $(NODE_PACKAGES)
	npm install --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

# One build of everything first: what the tests add to Tauri would otherwise build it twice. The
# generated types go beside the committed ones, and must be the same.
test-rust: node_modules
	cargo build --locked --workspace --all-targets
	rm -rf target/ui-types
	TS_RS_EXPORT_DIR=$(CURDIR)/target/ui-types cargo test --locked --workspace
	@diff -r target/ui-types ui/types || { echo "ui/types is stale: run make types" >&2; exit 1; }

soak:
	@.ci/install $(TEST_PACKAGES)
	cargo test --locked -p enrollment-core --test simulation -- --seeds $(SEEDS)
	cargo test --locked -p enrollment-core --test crash -- --soak
	cargo test --locked -p enrollment-core --test disk -- --soak
	cargo test --locked -p enrollment-core --test network -- --rounds 500
	cargo test --locked -p enrollment-attacks --test links -- --count 50000000
	cargo test --locked -p enrollment-attacks --test answers -- --count 10000000
	cargo build --locked --workspace --all-targets
	cargo test --locked -p enrollment-console --test console a_million -- --ignored --nocapture
	@$(MAKE) --no-print-directory fuzz mutants audit

fuzz:
	@.ci/install build-essential
	.ci/fuzz $(FUZZ_SECONDS)

mutants:
	@.ci/install build-essential
	.ci/mutants

audit:
	@.ci/install build-essential
	.ci/audit

test-ui: node_modules
	npm run --silent check
	npm run --silent test

types:
	rm -f ui/types/*.ts
	cargo test --locked -p enrollment-core --lib export_bindings

screenshots:
	@.ci/install $(TEST_PACKAGES)
	cargo build --locked --workspace --all-targets
	cargo test --locked -p enrollment-console --test console pictures -- --ignored

# Both programs first: `cargo run` builds only the one it runs. ARGS="--help" lists what can be asked.
bench:
	@.ci/install $(BENCH_PACKAGES)
	cargo build --locked --profile bench-run -p enrollment-bench
	cargo run --locked --profile bench-run -p enrollment-bench -- run $(ARGS)
	@$(MAKE) --no-print-directory bench-window

# What ships, in a window: nothing else should run meanwhile.
bench-window:
	@.ci/install $(TEST_PACKAGES)
	cargo build --locked --profile bench-run --features custom-protocol -p enrollment-console --bins --examples
	cargo test --locked --profile bench-run --features custom-protocol -p enrollment-console --test console -- \
	  --ignored --nocapture --test-threads 1 $(WINDOW)
