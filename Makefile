# podium: build, test, measure. Two commands are enough for a start:
#
# make demo        build, then let the shipped model answer both suites and print the scores
# make check       every test; green without a GPU, without a network, without Python
#
# make             build podium and its helpers (quiet; V=1 shows the commands)
# make deps        name the system packages that are missing, and install them when it may
# make check-asan  the tests under AddressSanitizer and UBSan (clang)
# make check-tsan  real runs with three threads under ThreadSanitizer (clang)
# make check-cuda  parity and engine tests, failing if there is no device
# make cuda        compile the CUDA objects only (needs nvcc, no device)
# make fuzz        every fuzz target for FUZZ_SECONDS each (clang)
# make bench       benchmarks, one table each
# make lint        format, clang-tidy, cppcheck, layers, banned names, sizes
# make format      let clang-format lay out what changed
# make clean       remove build/
# make help        this text
#
# Variables: CC=gcc|clang  MODE=release|asan|tsan|fuzz  CUDA=0|1  V=1  FUZZ_SECONDS=10  FUZZ_SEED=0 (random)
#            TESTS='suite/name*' (which tests)  REQUIRE=cuda,vectors (skips of these are failures)
MAKEFLAGS += -r --no-builtin-variables --no-print-directory
SHELL := /bin/sh
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

MODE ?= release
ifneq ($(filter asan tsan fuzz,$(MODE)),)
CC := clang
endif
ifneq ($(filter default undefined,$(origin CC)),)
CC := gcc
endif
CXX  := g++
NVCC ?= nvcc
CUDA ?= $(if $(shell command -v $(NVCC) 2>/dev/null),1,0)
CUSRC := $(if $(filter 1,$(CUDA)),$(wildcard kernels/cuda/*.cu))
HAS_CUDA := $(if $(CUSRC),1)
KIND := $(MODE)$(if $(filter release,$(MODE)),$(if $(filter gcc,$(CC)),,-$(CC)))$(if $(HAS_CUDA),-cuda)
OUT  := build/$(KIND)
Q    := $(if $(V),,@)
say  = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

CSTD := -std=gnu17
WARN := -Wall -Wextra -Wshadow -Wconversion -Wdouble-promotion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wformat=2 -Wundef -Werror
WARN.gcc   := -Wno-format-truncation -Wlogical-op -Wduplicated-cond
OPT.release := -O2 -g -ffp-contract=off
OPT.asan    := -O1 -g -fno-omit-frame-pointer -ffp-contract=off -fsanitize=address,undefined \
               -fno-sanitize-recover=all
OPT.tsan    := -O1 -g -ffp-contract=off -fsanitize=thread
OPT.fuzz    := -O1 -g -ffp-contract=off -fsanitize=fuzzer-no-link,address,undefined \
               -fno-sanitize-recover=all
CFLAGS  := $(CSTD) $(WARN) $(WARN.$(CC)) $(OPT.$(MODE)) -D_GNU_SOURCE -I.
LDFLAGS := $(OPT.$(MODE))
LDLIBS  := -lcjson -lpcre2-8 -lseccomp -lsqlite3 -lsodium -lyaml -lzip -lflint-arb -lflint -lgmp \
           -lm -pthread
ifdef HAS_CUDA
LDLIBS  += -L$(dir $(shell command -v $(NVCC)))../lib64 -lcublas -lcudart -lstdc++
endif

# Sources by folder; a new file needs no edit here. *_main.c are entry points of their own.
FOLDERS := base encoding kernels kernels/cpu engine datasets graders graders/math graders/sandbox \
           graders/terms graders/judge graders/task harness harness/strategy harness/store harness/report harness/trace
SRC     := $(foreach d,$(FOLDERS),$(wildcard $(d)/*.c))
MAINS   := $(filter %main.c,$(SRC))
LIBSRC  := $(filter-out %main.c $(if $(HAS_CUDA),kernels/cuda_absent.c),$(SRC))
OBJ     := $(LIBSRC:%.c=$(OUT)/%.o) $(CUSRC:%.cu=$(OUT)/%.cu.o)
# podium-box holds only what a sandbox needs: it must stay small, and load fast.
BOXSRC  := $(wildcard graders/sandbox/box_*.c) base/err.c base/str.c base/arena.c base/clock.c base/file.c \
           graders/sandbox/wire.c
# Without a dynamic linker it starts and forks faster; not every machine has the static libraries.
BOXSTATIC := $(if $(filter release,$(MODE)),$(shell echo 'int main(void) { return 0; }' | \
             $(CC) -static -x c -o /dev/null - -lseccomp 2>/dev/null && echo -static))
BOXOBJ  := $(patsubst %.c,$(OUT)/%.o,$(wildcard $(BOXSRC)))

BIN := $(if $(wildcard harness/main.c),$(OUT)/podium) \
       $(if $(wildcard graders/sandbox/box_main.c),$(OUT)/podium-box) \
       $(if $(wildcard graders/grader_main.c),$(OUT)/podium-grader)

TESTSRC := $(wildcard tests/support/*.c tests/unit/*/*.c tests/golden/*.c tests/parity/*.c \
             tests/properties/*.c tests/fault/*.c tests/fault/*/*.c tests/e2e/*.c)
TESTOBJ := $(TESTSRC:%.c=$(OUT)/%.o)
BENCHOBJ := $(patsubst %.c,$(OUT)/%.o,$(wildcard tests/bench/*.c))

all: $(BIN)

$(OUT)/podium: $(OUT)/harness/main.o $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/podium-box: $(BOXOBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) $(BOXSTATIC) -o $@ $^ -lseccomp -pthread

$(OUT)/podium-grader: $(OUT)/graders/grader_main.o $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(OUT)/podium-tests: $(TESTOBJ) $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcriterion -lcalcium

$(OUT)/podium-bench: $(BENCHOBJ) $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Instruction sets are chosen at start; only these files may use more than the baseline.
ISA = $(if $(filter %_avx2.c,$<),-mavx2 -mfma -mf16c) \
      $(if $(filter %_avx512.c,$<),-mavx2 -mfma -mf16c -mavx512f -mavx512bw -mavx512vl -mavx512dq)

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(ISA) -MMD -MP -c -o $@ $<

# Suites go into the binary by .incbin, which no compiler reports as a dependency.
$(OUT)/datasets/embedded.o: $(wildcard datasets/suites/*)
$(OUT)/graders/judge/call_driver.o: $(wildcard graders/judge/drivers/*)

# What a model's identity calls the build: a hash of everything that decides its tokens.
DECIDES  := $(sort $(wildcard $(foreach d,base encoding kernels kernels/cpu kernels/cuda engine,$(d)/*.[ch] $(d)/*.cu)))
BUILD_ID := $(shell cat $(DECIDES) | sha256sum | cut -c1-12)
$(OUT)/harness/local.o: CFLAGS += -DPODIUM_BUILD='"$(BUILD_ID)"'
$(OUT)/harness/local.o: $(DECIDES)

$(OUT)/%.cu.o: %.cu $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,NVCC,$<)
	$(Q)$(NVCC) -O2 -std=c++17 -arch=sm_90 -I. -fmad=false -MMD -MP -MF $(@:.o=.d) -c -o $@ $<

# Rebuild when the command line changes, not only when a file does.
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS)' | cmp -s - $@ || { echo '$(CC) $(CFLAGS)' > $@; \
	  echo '  $(KIND): $(CC)$(if $(HAS_CUDA), with CUDA, without CUDA)'; }
FORCE:

deps:
	@sh .ci/deps build
deps-check:
	@sh .ci/deps build check

# The flags above do not depend on what deps installs, so a second make is not needed for them;
# it is needed for the wildcards of a tree that another target may just have changed.
check: deps-check
	@$(MAKE) check-run
tests-build: $(BIN) $(OUT)/podium-tests
check-run: tests-build
	@sh tests/support/run.sh $(OUT) $(if $(TESTS),'$(TESTS)')
check-asan: deps-check
	@sh .ci/deps clang
	@$(MAKE) MODE=asan CUDA=0 check-run
check-tsan: deps
	@sh .ci/deps clang
	@$(MAKE) MODE=tsan CUDA=0 all
	@sh tests/support/tsan.sh build/tsan
check-cuda: deps-check
	@REQUIRE=cuda $(MAKE) CUDA=1 check-run
cuda: $(CUSRC:%.cu=$(OUT)/%.cu.o)
	@echo "$(words $(CUSRC)) CUDA objects compiled"

demo: deps
	@$(MAKE) all
	@sh tests/support/demo.sh $(OUT)

FUZZ_SECONDS ?= 10
FUZZERS := $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.c)))
fuzz: deps
	@sh .ci/deps clang
	@$(MAKE) MODE=fuzz CUDA=0 fuzz-run
fuzz-run: $(FUZZERS:%=$(OUT)/%)
	@sh tests/support/fuzz.sh $(OUT) $(FUZZ_SECONDS) $(FUZZERS)
$(OUT)/fuzz_%: $(OUT)/tests/fuzz/fuzz_%.o $(OBJ)
	$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

bench: deps
	@$(MAKE) bench-run
bench-run: $(BIN) $(OUT)/podium-bench
	$(OUT)/podium-bench $(BENCH)

HOUSE = $(shell git ls-files -co --exclude-standard '*.c' '*.h' '*.cu' '*.cuh')
TIDY  = $(SRC) $(TESTSRC)
lint:
	@sh .ci/deps lint
	$(Q)clang-format --dry-run -Werror $(HOUSE)
	$(Q)tests/lint/layers.sh && tests/lint/banned.sh && tests/lint/sizes.sh
	$(Q)cppcheck -q -j2 --error-exitcode=1 --inline-suppr --std=c11 -D_GNU_SOURCE \
	  --enable=warning,performance,portability --suppressions-list=tests/lint/cppcheck.txt -I. $(SRC)
	$(Q)printf '%s\n' $(SRC) | xargs -P2 -n4 tests/lint/tidy.sh $(CSTD) -D_GNU_SOURCE -I.
	@echo "lint: clean"
format:
	@clang-format -i $(HOUSE)

help:
	@sed -n '1,/^MAKEFLAGS/s/^# \{0,1\}//p' Makefile

clean:
	rm -rf build

.PHONY: all deps deps-check check tests-build check-run check-asan check-tsan check-cuda cuda demo \
        fuzz fuzz-run bench bench-run lint format help clean FORCE
-include $(OBJ:.o=.d) $(MAINS:%.c=$(OUT)/%.d) $(TESTOBJ:.o=.d) $(BENCHOBJ:.o=.d) \
         $(FUZZERS:%=$(OUT)/tests/fuzz/%.d)
