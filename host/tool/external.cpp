// SPDX-License-Identifier: BSD-2-Clause
#include "external.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace synward::tool {

std::string run_external(const std::string& name, char** arguments) {
  std::string program = "synward-" + name;
  std::vector<char*> argv{program.data()};
  for (; *arguments != nullptr; ++arguments) {
    argv.push_back(*arguments);
  }
  argv.push_back(nullptr);
  std::error_code ignored;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / program;
  ::execv(beside.c_str(), argv.data());
  ::execvp(program.c_str(), argv.data());
  return fmt::format("{}: {}; it comes with the simulation", program, std::strerror(errno));
}

}  // namespace synward::tool
