# SPDX-License-Identifier: BSD-2-Clause
# For the Makefiles of vivado and vitis: a stamp for what each thing is made of. It is named by the files' contents, as
# what comes from an archive has no dates: another source, and what was made of it is made anew.
sum = $(firstword $(shell cd $(HERE)../../.. && cat $(1) 2>/dev/null | cksum))
KERNEL_STAMP := kernel-$(call sum,hls/synward/*.hpp hls/kernels/*.[ch]pp hls/vitis/*.sh hls/vitis/*.tcl hls/vitis/*.cfg \
  rtl/synward_records.svh).stamp
CARD_STAMP := card-$(call sum,rtl/*.sv* rtl/*/*.sv* rtl/board/sources.list rtl/board/*.tcl rtl/board/vivado/* \
  rtl/board/vitis/* constraints/*.xdc constraints/*/*).stamp
# Explicitly, or make would hold them for intermediate files.
$(KERNEL_STAMP) $(CARD_STAMP):
	rm -f $(firstword $(subst -, ,$@))-*.stamp
	touch $@
