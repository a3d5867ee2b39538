# SPDX-License-Identifier: GPL-2.0-or-later
# Table of contents of the build. What is built lands under build/.
#
#   KREL=<release>  kernel to build the modules for (default: the running one)

KREL   ?= $(shell uname -r)
KDIR   ?= /lib/modules/$(KREL)/build
BUILD  ?= $(CURDIR)/build
PREFIX ?= /usr/local
KMOD   := $(BUILD)/kmod-$(KREL)
ROOMS  := core hw include vf-driver pf-driver

# Debian's 6.1 was built by gcc-12 and says so; use the compiler it names.
KCC    := $(shell sed -n 's/^CONFIG_CC_VERSION_TEXT="\([a-z0-9_-]*gcc-[0-9]*\).*/\1/p' \
		$(KDIR)/include/config/auto.conf 2>/dev/null | sed 's/^x86_64-linux-gnu-//')

.PHONY: all help modules test-modules programs unit check lab test demo bench install install-modules clean

all: modules programs	## modules and programs

help:	## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 26

modules:	## kernel modules for KREL, under build/kmod-KREL
	@test -d $(KDIR) || { echo "make: no kernel headers at $(KDIR): install linux-headers-$(KREL), or use lab/lab chroot" >&2; exit 1; }
	@mkdir -p $(KMOD)
	@for r in $(ROOMS); do mkdir -p $(KMOD)/$$r; (cd $$r && find . -name '*.[ch]' -o -name Kbuild -o -name '*.mk') \
		| (cd $$r && xargs -I{} sh -c 'cmp -s {} $(KMOD)/'$$r'/{} || install -D -m 644 {} $(KMOD)/'$$r'/{}'); done
	@cmp -s Kbuild $(KMOD)/Kbuild || cp Kbuild $(KMOD)/Kbuild
	+$(MAKE) -C $(KDIR) M=$(KMOD) W=1 $(if $(KCC),CC=$(KCC)) $(KARGS) modules
	@find $(KMOD) -name '*.ko' -exec strip --strip-debug {} +

test-modules:	## kernel modules of the lab tests for KREL, under build/kmod-KREL-tests
	@mkdir -p $(KMOD)-tests
	@cd tests/kmod && for f in *; do cmp -s $$f $(KMOD)-tests/$$f || cp $$f $(KMOD)-tests/; done
	+$(MAKE) -C $(KDIR) M=$(KMOD)-tests W=1 $(if $(KCC),CC=$(KCC)) modules

programs:	## library, guest and host programs, the lab's and the tests' own programs
	+$(MAKE) -C guest-lib BUILD=$(BUILD) all
	+$(MAKE) -C host-tools BUILD=$(BUILD) all
	+$(MAKE) -C lab BUILD=$(BUILD) all
	+$(MAKE) -C tests BUILD=$(BUILD) helpers
	+$(MAKE) -C bench BUILD=$(BUILD) $(BUILD)/bench/storing

unit:	## unit tests: plain, ASan+UBSan, TSan
	tests/run unit

check:	## the laws of the house: checkpatch, sparse, style, shell, ...
	tests/run check

lab:	## tests inside the virtual lab, on every kernel
	tests/run lab e2e

test:	## the whole suite, from a bare machine
	tests/run

demo:	## the product at work, in the virtual lab
	lab/demo

bench:	## the benchmark, quickly: this machine and the lab; a report in build/results
	bench/run

install: programs	## library, programs, manual pages, udev rule
	+$(MAKE) -C guest-lib BUILD=$(BUILD) PREFIX=$(PREFIX) install
	+$(MAKE) -C host-tools BUILD=$(BUILD) PREFIX=$(PREFIX) install
	+$(MAKE) -C packaging BUILD=$(BUILD) PREFIX=$(PREFIX) install

install-modules: modules	## modules into /lib/modules/KREL/updates
	+$(MAKE) -C $(KDIR) M=$(KMOD) INSTALL_MOD_DIR=updates/hpcap modules_install

clean:	## everything built here; the lab's cache stays (lab/lab clean)
	rm -rf $(BUILD)
