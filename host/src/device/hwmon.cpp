// SPDX-License-Identifier: BSD-2-Clause
#include "device/hwmon.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace synward {

namespace {

namespace fs = std::filesystem;

/// The first line of a file, or nothing.
std::string line_of(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    found.push_back(at->path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::vector<Sensor> read_hwmon(const std::string& device) {
  constexpr std::string_view kInput = "_input";
  std::vector<Sensor> sensors;
  for (const auto& folder : entries(fs::path(device) / "hwmon")) {
    for (const auto& file : entries(folder)) {
      const auto name = file.filename().string();
      if (!name.starts_with("temp") || !name.ends_with(kInput)) {
        continue;
      }
      const auto channel = name.substr(0, name.size() - kInput.size());
      const auto label = line_of(folder / (channel + "_label"));
      double millis = 0;
      if (std::ifstream in(file); in >> millis) {
        sensors.push_back({label.empty() ? line_of(folder / "name") + " " + channel : label, millis / 1000});
      }
    }
  }
  return sensors;
}

}  // namespace synward
