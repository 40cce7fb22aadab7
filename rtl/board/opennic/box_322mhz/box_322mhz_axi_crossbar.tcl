# SPDX-License-Identifier: BSD-2-Clause
# One slave: no crossbar. OpenNIC's build wants the file.
