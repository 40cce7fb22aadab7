// SPDX-License-Identifier: BSD-2-Clause
// Nothing: the plugin takes the box's bus as it is. Box offset 0x0000 to 0x0fff: docs/registers.md.
