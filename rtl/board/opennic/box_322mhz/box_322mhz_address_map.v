// SPDX-License-Identifier: BSD-2-Clause
// The box's registers are all the card's; OpenNIC's build wants a file and a module of this name.
module box_322mhz_address_map;
endmodule
