// SPDX-License-Identifier: BSD-2-Clause
// The pages for operators name all that there is.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "synward/attack.hpp"
#include "synward/counters.hpp"
#include "synward/metrics.hpp"
#include "synward/netstat.hpp"
#include "synward/number_text.hpp"
#include "synward/sysctl.hpp"
#include "synward/sysctl_page.hpp"

namespace synward {
namespace {

std::string read_page(const std::string& name) {
  std::ifstream in(PROJECT_ROOT "/" + name, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool has(const std::string& page, const std::string& text) { return page.find(text) != std::string::npos; }

/// As it stands in a table of Markdown.
std::string in_table(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  return escaped;
}

TEST(Docs, log_lines_has_every_event_and_note) {
  const auto page = read_page("docs/log-lines.md");
  for (const auto& event : reg::kEvents) {
    const auto function = event.function.empty() ? std::string("-") : std::string(event.function);
    EXPECT_TRUE(
        has(page, fmt::format("| {} | {} | {} | {} |", event.name, event.level, function, in_table(event.text))))
        << event.name;
  }
  for (const auto& note : reg::kNotes) {
    EXPECT_TRUE(has(page, fmt::format("| {} | {} |", note.name, note.text))) << note.name;
  }
}

TEST(Docs, statistics_has_every_counter) {
  const auto page = read_page("docs/statistics.md");
  for (const auto& line : kNetstatLines) {
    EXPECT_TRUE(has(page, fmt::format("| {} | {}.{} |", line.many, line.container, line.key))) << line.key;
  }
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    std::string_view path = reg::kCounterInfo[i].json;
    for (const std::string_view part : {"drops.", "counters."}) {
      // Tables of these leave it out; the one of Synward's own counters does not.
      if (path.starts_with(part) && !path.starts_with("counters.synward.")) {
        path.remove_prefix(part.size());
      }
    }
    EXPECT_TRUE(has(page, fmt::format("| {} |", path))) << path;
  }
}

TEST(Docs, attacks_has_every_class_and_its_limits) {
  const auto page = read_page("docs/attacks.md");
  const auto manual = read_page("host/man/synwardd.toml.5");
  for (const auto kind : kAllAttackClasses) {
    const auto& info = attack_info(kind);
    EXPECT_TRUE(has(page, fmt::format("| {} | {} |", info.name, info.counted))) << info.name;
    const auto limits = fmt::format(" | {}, {} |", grouped(static_cast<std::uint64_t>(info.limits.floor)),
                                    grouped(static_cast<std::uint64_t>(info.limits.ceiling)));
    const auto line = page.substr(page.find(fmt::format("| {} |", info.name)));
    EXPECT_TRUE(has(line.substr(0, line.find('\n')), limits)) << info.name;
    EXPECT_TRUE(has(manual, std::string(info.name))) << info.name;
  }
}

TEST(Docs, the_manual_has_every_sysctl) {
  const auto page = read_page("host/man/synwardd.toml.5");
  for (const auto& info : reg::kSysctls) {
    EXPECT_TRUE(has(page, fmt::format(".It Qq {}\n", info.name))) << info.name;
  }
  for (const auto& info : kHostSysctls) {
    EXPECT_TRUE(has(page, fmt::format(".It Qq {}\n{}\n", info.name, info.doc))) << info.name;
  }
  for (const auto& info : kLinuxSysctls) {
    EXPECT_TRUE(has(page, fmt::format(".It Qq {}\n{}\n", info.name, info.doc))) << info.name;
  }
}

TEST(Docs, the_page_of_metrics_is_current) { EXPECT_EQ(read_page("docs/metrics.md"), metrics_page()) << "./dev gen"; }

TEST(Docs, the_page_of_sysctls_is_current) { EXPECT_EQ(read_page("docs/sysctl.md"), sysctl_page()) << "./dev gen"; }

}  // namespace
}  // namespace synward
