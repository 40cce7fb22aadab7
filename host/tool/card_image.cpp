// SPDX-License-Identifier: BSD-2-Clause
#include "card_image.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "synward/printable.hpp"

namespace synward::tool {

namespace {

constexpr std::size_t kHead = 1024;  ///< bytes of an image in which its kind and part stand

}  // namespace

Expected<std::vector<std::string>> image_command(const ImageRequest& request) {
  const auto wrong = [&request](const std::string& why) {
    return Error{fmt::format("{}: {}", printable(request.file), why)};
  };
  std::ifstream in(request.file, std::ios::binary);
  std::string head(kHead, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  if (head.empty()) return wrong("cannot be read, or is empty");

  if (head.compare(0, 7, "xclbin2") == 0) {
    if (head.find("u55c") == std::string::npos) return wrong("an xclbin for another platform than a U55C's");
    if (request.keep) return wrong("an xclbin is loaded at each start, by the daemon; nothing is kept in the flash");
    if (request.bdf.empty()) return wrong("an xclbin needs --bdf");
    return std::vector<std::string>{"xbutil", "program", "-d", request.bdf, "-u", request.file};
  }
  const auto vivado = [&](const char* script) -> Expected<std::vector<std::string>> {
    const auto path = std::filesystem::path(request.scripts) / script;
    if (request.scripts.empty() || !std::filesystem::is_regular_file(path)) {
      return wrong(fmt::format("needs --scripts, the folder with {} (rtl/board/vivado)", script));
    }
    return std::vector<std::string>{"vivado",  "-mode",       "batch",    "-nojournal", "-nolog",
                                    "-source", path.string(), "-tclargs", request.file};
  };
  if (head.find("xcu55c") != std::string::npos && head.find("synward_u55c") != std::string::npos) {
    if (request.keep) return wrong("the flash takes the .mcs of the same build");
    return vivado("program.tcl");
  }
  if (head[0] == ':' && head.find_first_not_of(":0123456789ABCDEFabcdef\r\n") == std::string::npos) {
    if (!request.keep) return wrong("an .mcs is for the flash: synward card flash");
    return vivado("flash.tcl");
  }
  return wrong("no image for a U55C of ours: neither .bit of synward_u55c, nor .mcs, nor .xclbin");
}

Expected<void> run_command(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (const int error = posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ); error != 0) {
    return Error{fmt::format("{}: {}", command.front(), std::strerror(error))};
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Error{
        fmt::format("{} did not succeed; the card has what it had, or nothing: synward card info", command.front())};
  }
  return {};
}

}  // namespace synward::tool
