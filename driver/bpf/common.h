/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What every program includes, in the order that libbpf needs. */
#pragma once

/* clang-format off */
#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "handoff.h"
#include "kernel.h"
/* clang-format on */
