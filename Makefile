# oneclick: a console and a service for fleets of simple buttons.  `make help` lists what
# a person types; src/README.md is the map of the code.

CFG     ?= release
BUILD   := build/$(CFG)
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:

# ---- the house: a floor may use only the floors after its sign (ground floor first) ----
FLOORS  := base data net model ui api store client console service
base    :=
data    := base
net     := base
model   := data base
ui      := data base
api     := model data base
store   := model data base
client  := api model net data base
console := client api model ui net data base
service := store api model net data base

PROGRAMS := oneclick oneclickd
oneclick  := console
oneclickd := service

# ---- what it needs: Debian and Ubuntu package, and how to see that it is there ----------
PKGS    := ncursesw libcurl json-c yaml-0.1 libuv talloc libutf8proc libssl libcrypto \
           sqlite3 libmosquitto libpcre2-8 gnutls
DEPS_BUILD := gcc make pkg-config libncurses-dev libcurl4-openssl-dev libjson-c-dev \
           libyaml-dev libuv1-dev libtalloc-dev uthash-dev libutf8proc-dev libssl-dev \
           libsqlite3-dev libmosquitto-dev libpcre2-dev \
           libgnutls28-dev
DEPS_CHECK := openssl libcmocka-dev libvterm-dev mosquitto mosquitto-clients awscli python3 python3-botocore \
           ncurses-term faketime ncurses-bin curl git clang libc6-dev locales systemd prometheus \
           python3-prometheus-client python3-aiosmtpd procps nginx haproxy
DEPS_LONG := libclang-rt-dev
DEPS_COVER := gcovr
DEPS_SHOTS := python3-pil fonts-dejavu-core
DEPS_BENCH := wrk tig

# ---- how it is compiled -----------------------------------------------------------------
CC      ?= gcc
WARN    := -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wwrite-strings -Wvla -Wundef -Wformat=2
ifneq ($(CI),)
WARN    += -Werror
endif
release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
debug   := -Og -g3
SAN     := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
TSAN    := -fsanitize=thread -fno-omit-frame-pointer
COVER   := --coverage -fprofile-update=atomic
asan    := -O1 -g3 $(SAN)
tsan    := -O1 -g3 $(TSAN)
# In GNU's C gcc knows fork and exec, and writes the counts down before them.
cover   := -O0 -g3 $(COVER) -std=gnu17
# libFuzzer is clang's; a target is linked with its main, all else only instrumented for it.
fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
           -fno-sanitize-recover=undefined -fno-omit-frame-pointer
ifeq ($(CFG),fuzz)
CC      := clang
endif
CFLAGS  ?= $($(CFG))
link_asan := $(SAN)
link_tsan := $(TSAN)
link_cover := $(COVER)
link_fuzz := -fsanitize=fuzzer,address,undefined
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
CPPFLAGS += -Iinclude -I$(BUILD)/gen -D_GNU_SOURCE -MMD -MP $(PKG_CFLAGS)
LDFLAGS += $(link_$(CFG)) -Wl,-z,relro,-z,now
LDLIBS  += $(PKG_LIBS) -lpthread -lm
VERSION := 0.1.0

src      = $(sort $(wildcard src/$1/*.c src/$1/*/*.c))
obj      = $(patsubst %.c,$(BUILD)/%.o,$(call src,$1))
lib      = $(BUILD)/lib$1.a
libs     = $(foreach f,$1,$(call lib,$f))
mains    = $(foreach p,$(PROGRAMS),src/$($p)/main.c)
UNIT     := $(sort $(wildcard tests/unit/*/*_test.c))
UNIT_BIN := $(patsubst %.c,$(BUILD)/%,$(UNIT))
CONTRACT := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/contract/*_test.c)))
TOOLS    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/tools/*.c)))
BENCHES  := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/*.c)))

FUZZ     := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/*/*.c)))
SHIMS    := $(foreach s,fail memory cut loose,$(BUILD)/tests/faults/$s.so)

.PHONY: help build run demo check check-long soak fuzz coverage check-lambda unit e2e bench \
        screenshots golden deps deps-check deps-long deps-cover house format clean install

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{printf "  make %-12s %s\n", $$1, $$2}'

## run: install what is missing, build, and open the console on its own local service
run: deps
	@$(MAKE) --no-print-directory -s build
	@build/oneclick

## demo: the console on a throw-away fleet with presses arriving
demo: deps
	@$(MAKE) --no-print-directory -s build
	@build/oneclick --demo

## build: both programs, to build/oneclick and build/oneclickd (CFG=release|debug|asan|tsan|cover)
build: $(foreach p,$(PROGRAMS),build/$p)

$(foreach p,$(PROGRAMS),build/$p): build/%: $(BUILD)/%
	@cp -f $< $@.new && mv -f $@.new $@

define program
$(BUILD)/$1: $(BUILD)/src/$($1)/main.o $(call libs,$($1) $($($1)))
	@echo "  LD    $$@"
	@$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$p)))

# A fuzz target alone replays what it is given; with CFG=fuzz libFuzzer is its main.
FUZZ_MAIN := $(BUILD)/tests/fuzz/fuzz.o $(if $(filter fuzz,$(CFG)),,$(BUILD)/tests/fuzz/replay.o)

# One archive a floor, so that a test of a floor links it and the floors below, no more.
define floor
$(call lib,$1): $(filter-out $(patsubst %.c,$(BUILD)/%.o,$(call mains)),$(call obj,$1))
	@rm -f $$@ && $(AR) rcs $$@ $$^
$(BUILD)/tests/unit/$1/%_test: $(BUILD)/tests/unit/$1/%_test.o $(call libs,$1 $($1))
	@echo "  LD    $$@"
	@$(CC) $(LDFLAGS) -o $$@ $$^ -lcmocka $(LDLIBS)
$(BUILD)/tests/fuzz/$1/%: $(BUILD)/tests/fuzz/$1/%.o $(FUZZ_MAIN) $(call libs,$1 $($1))
	@echo "  LD    $$@"
	@$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS)
endef
$(foreach f,$(FLOORS),$(eval $(call floor,$f)))

$(BUILD)/tests/contract/%_test: $(BUILD)/tests/contract/%_test.o $(call libs,store $(store))
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)
$(BUILD)/tests/tools/decide: $(BUILD)/tests/tools/decide.o $(call libs,service $(service))
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil
# Preloaded into the programs by the tests of faults, and never instrumented as they are.
# loose.so is cut.so for a program that syncs less.
$(BUILD)/tests/faults/fail.so $(BUILD)/tests/faults/cut.so: tests/faults/open.c
$(BUILD)/tests/faults/loose.so: tests/faults/cut.c tests/faults/open.c
$(BUILD)/tests/faults/%.so: tests/faults/%.c tests/faults/shim.c tests/faults/shim.h
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) -D_GNU_SOURCE $(PKG_CFLAGS) $(WARN) -O2 -g -fPIC -shared -o $@ $(filter %.c,$^)
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(call libs,service $(service))
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) -DONECLICK_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS) -c -o $@ $<

# Every theme that lies in themes/ is compiled in, as the text it is.
$(BUILD)/src/ui/theme.o $(BUILD)/src/ui/theme_list.o: $(BUILD)/gen/themes.inc
$(BUILD)/gen/themes.inc: $(sort $(wildcard themes/*.yaml)) tests/tools/embed.sh
	@mkdir -p $(@D)
	@sh tests/tools/embed.sh $(sort $(wildcard themes/*.yaml)) > $@

# And every product profile that lies in profiles/.
$(BUILD)/src/model/profile/shipped.o: $(BUILD)/gen/profiles.inc
$(BUILD)/gen/profiles.inc: $(sort $(wildcard profiles/*.yaml)) tests/tools/embed.sh
	@mkdir -p $(@D)
	@sh tests/tools/embed.sh $(sort $(wildcard profiles/*.yaml)) > $@

## check: install what is missing, build, and run every test
check: deps-check
	@tests/run.sh

## unit: the unit, contract and house tests alone
unit: deps-check
	@tests/run.sh unit

## check-long: kills, power cuts, failing calls, fuzzing, hostile peers, proxies: 40 minutes
check-long: deps-long
	@tests/long.sh

## soak: the same for SOAK_HOURS (4), with 10,000 kills and 10,000 power cuts
soak: deps-long
	@tests/soak.sh

## fuzz: each fuzz target for FUZZ_SECONDS (20)
fuzz: deps-long
	@$(MAKE) --no-print-directory -s CFG=fuzz fuzz-programs
	@tests/fuzz/run.py

## coverage: lines and branches that the tests reach, against tests/coverage.table
coverage: deps-cover
	@tests/coverage.sh

.PHONY: test-programs fuzz-programs
test-programs: $(foreach p,$(PROGRAMS),$(BUILD)/$p) $(SHIMS) $(TOOLS)
fuzz-programs: $(FUZZ)

.PHONY: test-parts
test-parts: $(UNIT_BIN) $(CONTRACT) $(TOOLS) $(SHIMS) $(FUZZ) $(foreach p,$(PROGRAMS),$(BUILD)/$p)

## check-lambda: callbacks at a real Lambda runtime from npm, which must be there
check-lambda: build
	@ONECLICK_BUILD=$(CURDIR)/build/release /usr/bin/python3 tests/lambda/lambda_test.py

## house: the tree's own law: floors, sizes, doors, headers that stand alone
house: check-headers
	@tests/house/floors.sh $(foreach f,$(FLOORS),"$f: $f $($f)")
	@tests/house/sizes.sh
	@tests/house/doors.sh
HEADERS := $(shell find include -name '*.h' 2>/dev/null)
.PHONY: check-headers
check-headers: $(patsubst %.h,$(BUILD)/%.ok,$(HEADERS))
$(BUILD)/%.ok: %.h
	@mkdir -p $(@D)
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(WARN) -fsyntax-only -x c $< && touch $@

# What another compiler warns of.
.PHONY: read-with-clang
read-with-clang: $(BUILD)/gen/themes.inc $(BUILD)/gen/profiles.inc
	@echo $(foreach f,$(FLOORS),$(call src,$f)) | xargs -n 16 -P $$(nproc) clang -fsyntax-only \
		$(filter-out -MMD -MP,$(CPPFLAGS)) -DONECLICK_VERSION='"$(VERSION)"' $(WARN)

## golden: write the golden screens and wire bodies anew; review the diff like code
golden: build test-parts
	@GOLDEN=write tests/run.sh golden

## bench: measure, as ratios against limits taken in the same run
bench: build $(BENCHES) $(TOOLS)
	@tests/bench/run.sh

## screenshots: screenshots/*.png from the demo fleet
screenshots: build $(TOOLS)
	@tests/tools/screenshots.sh

## deps: install what building needs (Debian, Ubuntu: root or sudo; elsewhere: print it)
deps:
	@tests/tools/deps.sh $(DEPS_BUILD)
deps-check:
	@tests/tools/deps.sh $(DEPS_BUILD) $(DEPS_CHECK)
deps-long: deps-check
	@tests/tools/deps.sh $(DEPS_LONG)
deps-cover: deps-check
	@tests/tools/deps.sh $(DEPS_COVER)
deps-shots:
	@tests/tools/deps.sh $(DEPS_SHOTS)
deps-bench:
	@tests/tools/deps.sh $(DEPS_BENCH)

## format: lay the code out as .clang-format says
format:
	@clang-format -i $$(git ls-files '*.c' '*.h')

## install: put programs, units and examples below PREFIX (default /usr/local)
PREFIX ?= /usr/local
UNITS   = $(PREFIX)/lib/systemd/system
SHARE   = $(PREFIX)/share/oneclick
install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(UNITS)
	install -m 755 build/oneclick build/oneclickd $(DESTDIR)$(PREFIX)/bin
	install -m 644 contrib/systemd/* $(DESTDIR)$(UNITS)
	sed -i 's#/usr/local/bin#$(PREFIX)/bin#' $(DESTDIR)$(UNITS)/oneclickd.service
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	for p in $(PROGRAMS); do tests/tools/man.sh build/$$p 1 $(VERSION) \
		> $(DESTDIR)$(PREFIX)/share/man/man1/$$p.1; done
	cd contrib && find . -type f ! -path './systemd/*' \
		-exec install -D -m 644 {} $(DESTDIR)$(SHARE)/{} \;

## clean: forget everything built
clean:
	rm -rf build

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
