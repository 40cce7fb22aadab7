// SPDX-License-Identifier: BSD-2-Clause
#include "kernels/synward_cookie.hpp"
#include "testbench.hpp"

int main(int argc, char** argv) {
  using namespace synward;
  const Bench<CookieQuestion, CookieSetting, CookieReply> bench = {synward_cookie, 4, 4};
  return run_bench(bench, argc, argv);
}
