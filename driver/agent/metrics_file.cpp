// SPDX-License-Identifier: BSD-2-Clause
#include "metrics_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

namespace synward::driver {

namespace {

class Page {
 public:
  explicit Page(const std::string& interface) : label_(fmt::format("interface=\"{}\"", interface)) {}
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  void sample(std::string_view label, std::string_view value, double number) {
    text_ += fmt::format("{}{{{}{}}} {}\n", name_, label_,
                         label.empty() ? std::string() : fmt::format(",{}=\"{}\"", label, value), number);
  }
  void one(std::string_view name, std::string_view type, std::string_view help, double number) {
    family(name, type, help);
    sample({}, {}, number);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string label_, name_, text_;
};

}  // namespace

std::string metrics_text(const std::string& interface, const FateCounts& fates, const Announcer::Counts& counts,
                         std::chrono::milliseconds now) {
  Page page(interface);
  page.family("synward_agent_frames_total", "counter", "frames by what became of them, synward-agent(8)");
  for (unsigned fate = 0; fate < fates.size(); ++fate)
    page.sample("fate", fate_name(fate), static_cast<double>(fates[fate]));
  page.family("synward_agent_listeners", "gauge", "listeners by what the card may do with them");
  page.sample("hand_over", "protect", static_cast<double>(counts.protect));
  page.sample("hand_over", "pass", static_cast<double>(counts.pass));
  page.one("synward_agent_listeners_incomplete", "gauge", "1 where there are more than a table takes",
           counts.incomplete ? 1 : 0);
  page.one("synward_agent_heartbeats_total", "counter", "heartbeats sent, a frame each",
           static_cast<double>(counts.heartbeats));
  page.family("synward_agent_beacons_total", "counter", "beacons of the card's daemon");
  page.sample("result", "answered", static_cast<double>(counts.answered));
  page.sample("result", "ignored", static_cast<double>(counts.ignored));
  page.sample("result", "refused", static_cast<double>(counts.refused));
  if (counts.last_beacon)
    page.one("synward_agent_beacon_age_seconds", "gauge", "since the last beacon that was answered",
             static_cast<double>((now - *counts.last_beacon).count()) / 1000);
  return page.take();
}

Expected<void> write_metrics(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::ofstream file(fresh, std::ios::trunc);
  file << text << std::flush;
  if (!file) return Error{fmt::format("{}: {}", fresh, std::generic_category().message(errno))};
  file.close();
  std::error_code error;
  std::filesystem::rename(fresh, path, error);
  if (error) return Error{fmt::format("{}: {}", path, error.message())};
  return {};
}

}  // namespace synward::driver
