# Two commands do everything: `make demo` serves the page, `make test` proves it.
# Any Go since 1.21 will do: it fetches the toolchain named here through the module proxy.
export GOTOOLCHAIN := go1.27.4
export GOEXPERIMENT ?= simd

GO   ?= go
NPM  ?= npm
PORT ?= 8080
BIN  := tools/bin
WEB  := web/node_modules/.installed
GO_SOURCES := $(shell find core wasm tools -name '*.go' 2>/dev/null) go.mod go.sum
REACTOR := -buildmode=c-shared -trimpath -ldflags='-s -w'
# Go starts at build time. What it asks the environment then is settled for good: see web/engine/worker/core.ts.
PRESTART := $(GO) run ./wasm/prestart -env GOGC=off -memory 24

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: web ## build the page and serve it on http://localhost:$(PORT) with the shipped weights
	cd web && npx vite preview --port $(PORT) --strictPort

.PHONY: ddpm
ddpm: $(BIN)/ddpm ## build the command line, with SIMD, into tools/bin/ddpm

$(BIN)/ddpm: $(GO_SOURCES)
	$(GO) build -trimpath -o $@ ./tools/ddpm

.PHONY: wasm
wasm: web/build/engine.wasm web/build/engine-plain.wasm ## build the core for the browser, with and without SIMD

web/build/engine.wasm: $(GO_SOURCES)
	GOOS=wasip1 GOARCH=wasm $(GO) build $(REACTOR) -o $@.raw ./wasm/engine
	$(PRESTART) -o $@ $@.raw
	@rm $@.raw

web/build/engine-plain.wasm: $(GO_SOURCES)
	GOEXPERIMENT=nosimd GOOS=wasip1 GOARCH=wasm $(GO) build $(REACTOR) -o $@.raw ./wasm/engine
	$(PRESTART) -o $@ $@.raw
	@rm $@.raw

$(WEB): web/package.json web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund
	@touch $@

.PHONY: web dist
web: wasm $(WEB) ## build the static page into web/dist
	cd web && $(NPM) run --silent build
dist: web ## the same: a site for any host

.PHONY: single
single: wasm $(WEB) ## the whole page as one HTML file that opens from disk: web/single/ddpm.html
	cd web && npx vite build --mode single --logLevel warn
	@wc -c web/single/ddpm.html

.PHONY: serve serve-binary
serve: serve-binary ## a ddpm with the page inside, serving it on http://localhost:$(PORT)
	$(BIN)/ddpm-site serve --addr localhost:$(PORT)
serve-binary: dist
	$(GO) build -trimpath -tags site -o $(BIN)/ddpm-site ./tools/ddpm

# Cloudflare's tools: no account is needed but to deploy, and nothing is told to anyone.
WRANGLER := wasm/edge/node_modules/.installed
$(WRANGLER): wasm/edge/package.json wasm/edge/package-lock.json
	cd wasm/edge && $(NPM) ci --no-audit --no-fund
	@touch $@

wasm/edge/build/app.wasm: $(GO_SOURCES)
	cd wasm/edge && $(GO) run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o build
	GOOS=js GOARCH=wasm $(GO) build -trimpath -ldflags='-s -w' -o $@ ./wasm/edge

.PHONY: worker worker-dev worker-deploy
worker: dist wasm/edge/build/app.wasm ## build the Cloudflare Worker
worker-dev: worker $(WRANGLER) ## run it locally, in workerd
	cd wasm/edge && CLOUDFLARE_CF_FETCH_ENABLED=false WRANGLER_SEND_METRICS=false WRANGLER_SEND_ERROR_REPORTS=false npx wrangler dev --local --ip 127.0.0.1 --port $(PORT)
worker-deploy: worker $(WRANGLER) ## deploy it with wrangler, to your account
	cd wasm/edge && npx wrangler deploy

.PHONY: test
test: test-go test-wasm test-web ## everything: Go with and without SIMD, WebAssembly, the page in a real browser

.PHONY: lint
lint: ## gofmt and vet, for every platform the core is built for
	@unformatted=$$(gofmt -l core wasm tools); test -z "$$unformatted" || { echo "gofmt these: $$unformatted"; exit 1; }
	$(GO) vet ./...
	GOEXPERIMENT=nosimd $(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./core/...
	GOOS=wasip1 GOARCH=wasm $(GO) vet ./core/... ./wasm/...
	GOOS=js GOARCH=wasm $(GO) vet ./wasm/edge

.PHONY: test-go
test-go: lint
	$(GO) test ./...
	GOEXPERIMENT=nosimd $(GO) test ./...

# The core's own tests once more, as WebAssembly under wazero.
.PHONY: test-wasm
test-wasm: $(BIN)/wazero
	GOOS=wasip1 GOARCH=wasm $(GO) test -exec '$(CURDIR)/$(BIN)/wazero run -cachedir=$(CURDIR)/$(BIN)/wazero.cache -mount=$(CURDIR):$(CURDIR) -env-inherit' ./core/...

$(BIN)/wazero: go.mod
	$(GO) build -o $@ github.com/tetratelabs/wazero/cmd/wazero

.PHONY: test-web
test-web: web single worker $(WRANGLER) chromium
	cd web && $(NPM) test

# On Debian as root a missing Chromium is installed; elsewhere an installed browser is used.
.PHONY: chromium
chromium:
	@if [ -n "$$CHROME" ] || command -v chromium chromium-browser google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else echo "The browser tests need Chromium or Chrome: install one, or set CHROME=/path/to/it."; exit 1; fi

# Names and units are benchstat's: make -s bench COUNT=6 > new.txt; benchstat old.txt new.txt
BENCH     ?= .
BENCHTIME ?= 0.3s
COUNT     ?= 1
BENCHMARK := $(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -count $(COUNT) -timeout 1h

.PHONY: bench
bench: bench-native bench-wasm ## Go benchmarks of kernels, layers and networks, native and as WebAssembly

.PHONY: bench-native
bench-native:
	$(BENCHMARK) ./core/kernel ./core/unet ./core/bench ./tools/train

.PHONY: bench-wasm
bench-wasm:
	GOOS=wasip1 GOARCH=wasm $(BENCHMARK) -exec '$(CURDIR)/wasm/node.mjs' ./core/kernel ./core/unet ./core/bench

# onnxruntime's own installer fetches libraries for GPUs; the CPU's are in the package.
NODE_PEER := tools/bench/node/node_modules/.installed
$(NODE_PEER): tools/bench/node/package.json tools/bench/node/package-lock.json
	cd tools/bench/node && $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: bench-node
bench-node: $(BIN)/ddpm $(NODE_PEER) ## ddpm beside onnxruntime-node, in turns on the same networks
	node tools/bench/node/compare.mjs --ddpm $(BIN)/ddpm --digits weights/digits.safetensors --out $(BIN)/bench-node

# Ours beside onnxruntime-web and TensorFlow.js, which `make test` does not install: see web/bench.
PEERS     := web/bench/node_modules/.installed
NETWORKS  := base32 base64 base128 digits
NETS      := $(foreach n,$(NETWORKS),web/bench/build/$(n).safetensors web/bench/build/$(n).onnx)
BENCH_WEB ?=

.PHONY: bench-web
bench-web: wasm chromium $(WEB) $(PEERS) $(NETS) web/bench/build/bench.wasm ## ours beside other runtimes in one page; BENCH_WEB=--help for options
	cd web/bench && $(NPM) run --silent bench -- $(BENCH_WEB)

$(PEERS): web/bench/package.json web/bench/package-lock.json
	cd web/bench && $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

web/bench/build/bench.wasm: $(GO_SOURCES)
	GOOS=wasip1 GOARCH=wasm $(GO) build $(REACTOR) -o $@ ./wasm/bench

web/bench/build/digits.safetensors: weights/digits.safetensors
	@mkdir -p $(@D)
	cp $< $@

web/bench/build/%.safetensors: | $(BIN)/ddpm
	@mkdir -p $(@D)
	$(BIN)/ddpm init --net $* --out $@

web/bench/build/%.onnx: web/bench/build/%.safetensors | $(BIN)/ddpm
	$(BIN)/ddpm onnx --model $< --out $@

.PHONY: bench-forward
bench-forward: web chromium ## how long the slider's picture takes to the screen, in Chromium
	cd web && node tests/speed/run.mjs forward

.PHONY: bench-page
bench-page: web chromium ## what a returning visitor waits for, room by room: first picture, longest task, shifts; ROOMS=bound
	cd web && ROOMS='$(ROOMS)' LOADS='$(LOADS)' README='$(README)' node tests/speed/run.mjs page

.PHONY: bench-edge
bench-edge: worker $(WRANGLER) ## what the worker costs in processor time, in workerd
	cd web && node tests/speed/run.mjs edge

LOADER := tools/bench/serve/node_modules/.installed
$(LOADER): tools/bench/serve/package.json tools/bench/serve/package-lock.json
	cd tools/bench/serve && $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

BENCH_SERVE ?=

.PHONY: bench-serve
bench-serve: serve-binary $(LOADER) ## how many requests ddpm serve answers, and how fast; BENCH_SERVE="--readme README.md"
	node tools/bench/serve/load.mjs --ddpm $(BIN)/ddpm-site $(BENCH_SERVE)

# Debian's python3-torch, which another python3 on the path does not see.
PYTHON ?= /usr/bin/python3

# Lighthouse is large, so `make test` does not install it.
LIGHTHOUSE_TOOLS := web/lighthouse/node_modules/.installed
$(LIGHTHOUSE_TOOLS): web/lighthouse/package.json web/lighthouse/package-lock.json
	cd web/lighthouse && $(NPM) ci --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: lighthouse
lighthouse: web chromium $(LIGHTHOUSE_TOOLS) ## Lighthouse on every room, phone and desktop: scores, sizes, the longest task
	cd web/lighthouse && $(NPM) run --silent lighthouse

.PHONY: bench-train
bench-train: $(BIN)/ddpm ## ddpm beside PyTorch, training the same networks in turns; BENCH_TRAIN=--help for options
	PYTHONDONTWRITEBYTECODE=1 $(PYTHON) tools/compare/train.py --ddpm $(BIN)/ddpm --out $(BIN)/bench-train $(BENCH_TRAIN)

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BIN) web/build web/dist web/single web/node_modules web/bench/build web/bench/dist web/bench/node_modules web/lighthouse/node_modules tools/bench/node/node_modules tools/bench/serve/node_modules tools/avatars/node_modules wasm/edge/build wasm/edge/node_modules wasm/edge/.wrangler
