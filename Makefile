# The front door to the build; CMake does the work. `make help` lists the targets.
#   V=1            shows every command
#   CMAKE_ARGS=    more arguments to configure with, for example -DIVS_CRYPTO=psa
#   DEMO_ARGS=     arguments for the demo
#   BENCH_ARGS=    arguments for scripts/bench
BUILD  := build
PREFIX ?= /usr/local

# An outer -j is passed on by make itself; without one, all processors are used.
jobs = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))
build = $(MAKE) --no-print-directory -C $(BUILD) $(jobs) $(if $(V),VERBOSE=1)
quiet = $(if $(V),,>$(BUILD)/configure.log 2>&1 || { cat $(BUILD)/configure.log >&2; exit 1; })
define configure
{ command -v cmake >/dev/null || scripts/require --check build; } && mkdir -p $(BUILD) && \
cmake -S . -B $(BUILD) -G "Unix Makefiles" $(CMAKE_ARGS) $(quiet)
endef

# Pinned sources are not needed where the system's are used, by what is said now or was said before. Where it is now said in
# any way which ones, CMake brings what it then needs.
named = $(findstring IVS_SYSTEM_DEPS,$(CMAKE_ARGS))$(findstring IVS_DEPS_DIR,$(CMAKE_ARGS))
before = $(shell grep -sE '^IVS_SYSTEM_DEPS:[A-Z]+=(ON|1|TRUE|YES|Y)$$' $(BUILD)/CMakeCache.txt)
pinned = $(if $(named)$(before),,$(BUILD)/deps/versions)

.PHONY: all demo test deps deps-lock install check size cross firmware firmware-test ingest-test bench soak fuzz prove prove-selftest coverage analyse dist amalgamation clean distclean help configure
.DEFAULT_GOAL := all

all: $(if $(CMAKE_ARGS),configure,$(BUILD)/Makefile) ## build the libraries, the Lua module and the program
	@+$(build)

demo: ## set up what is missing and run the main job against the simulator, with no account
	@scripts/require build demo
	@+$(MAKE) --no-print-directory all
	@scripts/demo $(DEMO_ARGS)

test: ## set up what is missing and run all tests
	@scripts/require build demo test recipes
	@+$(MAKE) --no-print-directory all
	@scripts/run-tests $(BUILD)

deps: ## bring the pinned sources of the dependencies into build/deps
	@scripts/deps $(BUILD)/deps

deps-lock: ## pin the releases of the dependencies that the source index has now
	@scripts/deps --lock

# Not every shell takes "~" for the home behind "PREFIX=". New folders are for everybody, whatever the umask.
install: all ## install to DESTDIR and PREFIX (/usr/local)
	@umask 022 && DESTDIR="$(DESTDIR:~/%=$(HOME)/%)" cmake --install $(BUILD) --prefix "$(PREFIX:~/%=$(HOME)/%)" --strip

check: all ## check the source: include edges, banned names, generated files up to date
	@scripts/check-source $(BUILD)/libivs_core.a
	@scripts/generate.py --check

size: $(BUILD)/deps/versions ## measure flash, RAM and stack, and hold them against boards/SIZES.md
	@scripts/require build size
	@scripts/size

cross: $(if $(named),,$(BUILD)/deps/versions) ## build the libraries and a static program for another machine: make cross TARGET=x86_64-musl
	@scripts/require build
	@V=$(V) scripts/cross $(TARGET) $(CMAKE_ARGS)

firmware: ## build the firmware images of boards/ into build/firmware: make firmware BOARD=mps2-an386, or all
	@scripts/require build firmware
	@scripts/deps --firmware $(BUILD)/deps
	@V=$(V) scripts/firmware $(BOARD)

firmware-test: firmware ## run them in an emulator against the simulator, and print flash, RAM, stack and TLS memory
	@scripts/require firmware-test
	@/usr/bin/python3 tests/firmware/run.py $(BUILD)/firmware $(BOARD)

ingest-test: ## go live with ffmpeg over RTMPS, and show the simulator's console to a browser
	@scripts/require build demo test ingest
	@scripts/require --unpack $(BUILD)/packages rtmp-server
	@+$(MAKE) --no-print-directory all
	@/usr/bin/python3 tests/ingest/run.py $(BUILD)

bench: ## measure CPU time, memory and instructions, beside curl, aws, jsmn and lua-cjson
	@scripts/require build demo bench
	@+$(MAKE) --no-print-directory all
	@+$(build) ivs_bench
	@[ "$$(uname -m)" != x86_64 ] || scripts/cross x86_64-musl
	@scripts/bench $(BENCH_ARGS)

soak: ## make 100,000 calls under random faults (SOAK_CALLS=); memory and descriptors must stay
	@scripts/require build demo
	@+$(MAKE) --no-print-directory all
	@+$(build) ivs_soak

dist: ## make the source archive, the core in two files, a bill of materials and checksums, in build/dist
	@[ -x /usr/bin/python3 ] || scripts/require dist
	@scripts/dist $(BUILD)/dist

amalgamation: ## write the core as two files, build/amalgamation/ivs.c and ivs.h
	@[ -x /usr/bin/python3 ] || scripts/require dist
	@scripts/amalgamate $(BUILD)/amalgamation

fuzz: ## fuzz each harness of tests/fuzz for FUZZ_SECONDS (60), two at a time; FUZZ_HARNESSES= only these
	@scripts/require build demo fuzz
	@scripts/deps $(BUILD)/deps
	@mkdir -p $(BUILD)/fuzz && cmake -S . -B $(BUILD)/fuzz -G "Unix Makefiles" -DCMAKE_C_COMPILER=clang -DIVS_FUZZ=ON \
	  >$(BUILD)/fuzz/configure.log 2>&1 || { cat $(BUILD)/fuzz/configure.log >&2; exit 1; }
	@+$(MAKE) --no-print-directory -C $(BUILD)/fuzz $(jobs) $(if $(V),VERBOSE=1) ivs_fuzz
	@/usr/bin/python3 tests/fuzz/run.py --seconds $(or $(FUZZ_SECONDS),60) $(BUILD)/fuzz/tests/fuzz $(FUZZ_HARNESSES)

prove: $(BUILD)/deps/versions ## prove by CBMC what tests/prove says of memory and numbers; PROVE="names" only these
	@scripts/require build prove
	@scripts/prove $(PROVE)

prove-selftest: $(BUILD)/deps/versions ## each proof must fail for the code with a fault in it (PROVE="names")
	@scripts/require build prove
	@scripts/prove --selftest $(PROVE)

coverage: ## print which lines and branches the tests take; fails if there is one of the core that they do not
	@scripts/require build demo test coverage
	@scripts/deps $(BUILD)/deps
	@scripts/coverage $(BUILD)/coverage

analyse: ## run gcc -fanalyzer, clang-tidy, cppcheck with MISRA, and tests under sanitizers and valgrind (ANALYSE="tidy gcc")
	@scripts/require build demo test analyse
	@+$(MAKE) --no-print-directory all
	@scripts/analyse $(BUILD) $(ANALYSE)

clean: ## remove what was built; the sources of the dependencies and what it was configured with stay
	@[ ! -d $(BUILD) ] || find $(BUILD) -mindepth 1 -maxdepth 1 ! -name deps ! -name CMakeCache.txt -exec rm -rf {} +

distclean: ## remove all that was made
	@rm -rf $(BUILD)

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
	  printf 'make %-14s %s\n' "$$name" "$$text"; done

$(BUILD)/deps/versions: scripts/deps scripts/deps.lock
	@scripts/deps $(BUILD)/deps
	@touch $@

$(BUILD)/Makefile: | $(pinned)
	@$(configure)

configure: $(pinned)
	@$(configure)
