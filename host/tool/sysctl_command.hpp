// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "api_client.hpp"

namespace synward::tool {

/// The options of sysctl(8).
struct SysctlOptions {
  bool all = false;          ///< -a: all of them
  bool description = false;  ///< -d: descriptions in the place of values
  bool equals = false;       ///< -e: "name=value"
  bool names = false;        ///< -N: names alone
  bool values = false;       ///< -n: values alone
  bool quiet = false;        ///< -q: without some warnings
  bool type = false;         ///< -t: the type too
  bool tunables = false;     ///< -T: tunables alone
  bool writable = false;     ///< -W: what can be written while the card runs, alone
  bool binary = false;       ///< -b: values as the machine holds them
  bool hex = false;          ///< -x
  bool human = false;        ///< -h: digits in groups
  bool ignore = false;       ///< -i: unknown names are no failure
  bool json = false;
  bool save = false;                   ///< --save: what was set at run time, for the daemons to come
  std::vector<std::string> files;      ///< -f: of lines as the arguments
  std::vector<std::string> arguments;  ///< NAME or NAME=VALUE
};

/// What sysctl(8) prints to standard output and standard error, and its exit status.
struct SysctlOutput {
  std::string out, err;
  int status = 0;
};

/// Does what sysctl(8) does with the options. A name that is a branch stands for all below it. What fails does not keep
/// the rest from being done; the exit status is how many failed.
SysctlOutput sysctl_command(ApiClient& client, const SysctlOptions& options);

}  // namespace synward::tool
