# Every way to build, run and check Kayoi. `make` lists them.
# CARGO_TARGET_DIR is cargo's own variable and is respected: nothing here names the target folder.

CARGO ?= cargo
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test page pictures verify-page bench-page lint gate fmt doc docs verify-place bench-place fuzz-place torture torture-queries bench-ingest damage \
	fuzz-decode fuzz-wire bench-questions soak test-cluster test-clients package sandbox accuracy accuracy-labelled bench-stays bench-aggregate bench-cluster attack audit nation coverage

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## build, the whole walk on a synthetic year, then serve it and a nation with the page (ARGS="--no-serve")
	@scripts/setup build
	@scripts/page build --if-possible
	$(CARGO) build -p kayoi-cli
	$(CARGO) run -q -p kayoi-cli -- demo $(ARGS)

# The dev profile, as in `demo`, so that what one has compiled the other uses.
test: ## all tests, with a real Kafka and psql (ARGS="-p kayoi-ingest" for less)
	@scripts/setup test
	@scripts/page build
	@scripts/test $(or $(ARGS),--workspace)

pictures: ## the pictures of the docs, of a server with a nation (KAYOI_URL, KAYOI_PG of it)
	@scripts/page build
	cd query/web && npm run pictures

verify-page: ## 50 towns and ten pictures of each page in a real browser (TOWNS=5 SNAPSHOTS=2 for less)
	@scripts/setup test
	@scripts/page build
	KAYOI_TOWNS=$(or $(TOWNS),50) KAYOI_SNAPSHOTS=$(or $(SNAPSHOTS),10) \
		scripts/test --workspace --test walk -- query::page --nocapture

bench-page: ## how long pages take on a slow network, and until they answer (KAYOI_URL, KAYOI_PG of a server)
	@scripts/page build
	cd query/web && npm run measure

page: ## check and build the page that people open (Node 20.19 or newer)
	@scripts/page check
	@scripts/page build

lint: ## all that can be checked without running: format, words, scripts, dependencies, clippy, documentation
	@scripts/gate lint

gate: ## what decides whether a change may go in: lint, examples and benches built, then all tests
	@scripts/gate all

fmt: ## format the code
	$(CARGO) fmt --all

doc: ## the API documentation, without a warning
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps

# mdBook makes `.html` of every link to a page; what leads out of the book stays Markdown.
docs: export PATH := $(or $(KAYOI_LINT_VENV),$(HOME)/.cache/kayoi/lint-venv)/bin:$(PATH)
docs: ## the book in both languages, in .kayoi/book, and whether its links lead somewhere
	@scripts/setup lint
	mdbook build docs/en
	mdbook build docs/ja
	@cp -r docs/pictures .kayoi/
	@sed -i -E 's|(href="(\.\./){3}[^"#]*)\.html|\1.md|g' .kayoi/book/*/*.html
	@python3 docs/check.py

verify-place: ## a billion points against h3o and every edge of N03 (POINTS=1000000 for less; KAYOI_TEST_DATA: borders)
	@scripts/setup build
	KAYOI_VERIFY_POINTS=$(or $(POINTS),1000000000) scripts/test --workspace --test verify -- --nocapture $(ARGS)

bench-place: ## placing beside ClickHouse, polars-h3, h3o and geo on the same points (KAYOI_TEST_DATA: borders)
	@scripts/setup build
	@$(CARGO) xtask bench-place $(ARGS)

fuzz-place: ## fuzz cells and the index for a minute each (SECONDS=600 for more)
	@scripts/setup build
	@$(CARGO) xtask fuzz geography "$(or $(SECONDS),60)" cell place

torture: ## 200 random faults with three brokers, then 50 on S3 (FAULTS=12 SECONDS=120 for less)
	@scripts/setup test
	KAYOI_TORTURE_FAULTS=$(or $(FAULTS),200) KAYOI_TORTURE_SECONDS=$(or $(SECONDS),3000) \
		$(CARGO) test --workspace --test torture -- --nocapture --test-threads 1 $(ARGS)

torture-queries: ## questions that bring other servers down, with a server's own limits; prints a table
	@scripts/setup test
	KAYOI_TORTURE_QUERY_SECONDS=30 scripts/test --workspace --test walk -- query::torture --nocapture --test-threads 1

soak: ## half an hour of mixed questions, clients that vanish and a release a minute (SECONDS=120 EVERY=10 for less)
	@scripts/setup test
	KAYOI_SOAK_SECONDS=$(or $(SECONDS),1800) KAYOI_SOAK_RELEASE_SECONDS=$(or $(EVERY),60) \
		scripts/test --workspace --test walk -- query::soak --nocapture

bench-questions: ## the named questions under load beside DuckDB, ClickHouse and PostgreSQL (KAYOI_URL, KAYOI_PG, KAYOI_LAKE of a server started anew)
	@PYTHONDONTWRITEBYTECODE=1 "$$(python3 tests/peers/install.py questions)" tests/bench/questions/run.py \
		--url "$(KAYOI_URL)" --pg "$(KAYOI_PG)" --lake "$(KAYOI_LAKE)" $(ARGS)

test-clients: ## QGIS, pgAdmin, Superset, DuckDB and drivers against a server (KAYOI_URL, KAYOI_PG, KAYOI_FLIGHT of it; ARGS="QGIS pgx" for less)
	@PYTHONDONTWRITEBYTECODE=1 python3 tests/clients/run.py --url "$(KAYOI_URL)" --pg "$(KAYOI_PG)" --flight "$(KAYOI_FLIGHT)" $(ARGS)

package: ## archive, Debian package, wheel, list of materials and checksums, checked, in .kayoi/package (ARGS="--binary FILE")
	@scripts/setup build
	@scripts/package all --into .kayoi/package $(ARGS)
	@python3 tests/package/check.py .kayoi/package

sandbox: ## the walk with a program as the image would run it (BINARY=FILE; as root)
	@scripts/sandbox $(BINARY)

test-cluster: ## a scheduler, executors, and faults, in a program built with the cluster (CLUSTER_FAULTS=50 for more, ARGS=faults_ for these alone)
	@scripts/setup build
	$(CARGO) clippy -p kayoi-cluster -p kayoi-cli --all-targets --features cluster -- -D warnings
	$(CARGO) test -p kayoi-cluster -p kayoi-cli --features cluster --lib --test cluster -- --nocapture --test-threads 1 $(ARGS)

attack: ## the attackers on 1,000 small worlds, canaries too (WORLDS=30 for less)
	@scripts/setup build
	KAYOI_ATTACK_WORLDS=$(or $(WORLDS),1000) $(CARGO) test --workspace --lib -- --nocapture attack

audit: ## tau-argus audits a release of 60 towns, and a threshold alone beside it (some 20 minutes)
	@scripts/setup test
	$(CARGO) build --workspace --bin kayoi
	KAYOI="$$($(CARGO) metadata --format-version 1 --no-deps | python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')/debug/kayoi" \
		tests/peers/audit.sh $(ARGS)

nation: ## what a release of a nation shows, by table and size of town, and how sure it is; prints a table
	@scripts/setup build
	KAYOI_PRINT_NATION=1 scripts/test --workspace --test walk -- release::nation --nocapture

coverage: ## how often intervals hold the truth, by kind, size of town and panel (ARGS="--panels 3 --ties-only" for less)
	@scripts/setup build
	$(CARGO) build --workspace --bin kayoi
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/accuracy "$$(python3 tests/peers/install.py bench)" tests/accuracy/coverage.py \
		--kayoi "$$($(CARGO) metadata --format-version 1 --no-deps | python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')/debug/kayoi" \
		$(ARGS)

bench-ingest: ## Kafka to Delta beside raw consumption, Spark and ClickHouse (ARGS="2000000 kayoi raw-kafka" for less)
	@scripts/setup test
	@$(CARGO) xtask bench-ingest $(ARGS)

damage: ## 30,000 damaged files of every format and packing, read (DAMAGES=1000 for less)
	@scripts/setup build
	KAYOI_DAMAGES=$(or $(DAMAGES),30000) $(CARGO) test --workspace --lib -- damage_tests

fuzz-decode: ## fuzz the decoders for a minute each (SECONDS=600 for more)
	@scripts/setup build
	@$(CARGO) xtask fuzz ingest "$(or $(SECONDS),60)" decode_json decode_avro decode_protobuf

fuzz-wire: ## a million spoilt messages of the Postgres protocol (MESSAGES=100000 CONNECTIONS=500 for less)
	@scripts/setup test
	KAYOI_FUZZ_MESSAGES=$(or $(MESSAGES),1000000) KAYOI_FUZZ_CONNECTIONS=$(or $(CONNECTIONS),5000) \
		$(CARGO) test --workspace --lib --test walk -- --nocapture what_passes_is_decoded spoilt_messages

accuracy: ## stays, nights, residences, ties against simulated truth, beside a plain SQL rule (ARGS="--rates 20 --seeds 7")
	@scripts/setup build
	@$(CARGO) xtask accuracy $(ARGS)

accuracy-labelled: ## residences of people who labelled their homes, beside HoWDe (KAYOI_TEST_DATA: the labels)
	@scripts/setup test
	@$(CARGO) xtask accuracy-labelled $(ARGS)

bench-stays: ## stays beside DuckDB, ClickHouse, Polars, trackintel and scikit-mobility (ARGS=1000000 for less)
	@scripts/setup build
	@$(CARGO) xtask bench-stays $(ARGS)

bench-aggregate: ## bytes, requests, memory and time of an aggregation by pieces, buckets, sizes (ARGS=200,400 for less)
	@scripts/setup build
	@$(CARGO) xtask bench-aggregate $(ARGS)

bench-cluster: ## an aggregation by one process, and by executors of a core each (ARGS="--devices 1000 --rounds 1" for less)
	@scripts/setup build
	@$(CARGO) xtask bench-cluster $(ARGS)
