// SPDX-License-Identifier: BSD-2-Clause
// A library to preload: XRT's hw_emu shim sleeps ten seconds when an xclbin is loaded, and up to ten when the device is
// closed. Here sleep(3) takes two milliseconds, whatever it is asked for; XRT itself stays as it is.
#include <ctime>

extern "C" __attribute__((visibility("default"))) unsigned int sleep(unsigned int) {
  const timespec nap{0, 2'000'000};
  nanosleep(&nap, nullptr);
  return 0;
}
