// SPDX-License-Identifier: BSD-2-Clause
#include "top.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "figures.hpp"
#include "synward/registers.hpp"
#include "terminal.hpp"
#include "text.hpp"

namespace synward::tool {

namespace {

using nlohmann::json;

constexpr std::size_t kNameWidth = 26;
constexpr std::size_t kRateWidth = 10;
constexpr std::size_t kSnapshots = 120;

class Screen {
 public:
  /// `stale`: the last snapshot tells nothing of now.
  Screen(const json& history, bool stale, std::size_t width, std::size_t height)
      : history_(history), stale_(stale), width_(width), height_(height) {}

  void line(const std::string& text) {
    if (lines_ == height_) {
      ++left_out_;
      return;
    }
    last_ = out_.size();
    ++lines_;
    out_ += cut(text) + '\n';
  }
  /// Name, rate, total, and the course of the rate.
  void row(const std::string& name, const Figure& figure) {
    const auto course = rates(history_, figure);
    const auto total = figure(history_.back());
    const std::size_t used = kNameWidth + kRateWidth + 20;
    const std::size_t bars = width_ > used ? std::min(course.size(), width_ - used) : 0;
    const auto rate = stale_ ? std::string("-") : rate_text(course.empty() ? 0 : course.back());
    line(fmt::format("{:<{}}{:>{}}  {:>16}  {}", name, kNameWidth, rate, kRateWidth,
                     grouped(static_cast<std::uint64_t>(total)),
                     stale_ ? std::string() : sparkline(std::span(course).last(bars))));
  }
  /// How full a table is.
  void gauge(const char* name, double used, double limit) {
    constexpr std::size_t kCells = 30;
    const double share = limit > 0 ? std::clamp(used / limit, 0.0, 1.0) : 0;
    const auto full = static_cast<std::size_t>(std::lround(share * kCells));
    line(fmt::format("{:<10}[{}{}] {} of {} ({:.1f} %)", name, std::string(full, '#'), std::string(kCells - full, ' '),
                     grouped(static_cast<std::uint64_t>(used)), grouped(static_cast<std::uint64_t>(limit)),
                     100 * share));
  }
  /// Drops by reason, the most frequent now first; those that never happened are left out.
  void drops() {
    struct Reason {
      std::string name;
      Figure figure;
      double rate, total;
    };
    std::vector<Reason> reasons;
    for (std::size_t i = 0; i < reg::kDrops; ++i) {
      const auto figure = sum_of({std::string(reg::kCounterInfo[reg::kFirstDrop + i].name)});
      const auto course = rates(history_, figure);
      if (const double total = figure(history_.back()); total > 0) {
        reasons.push_back({std::string(reg::kDropNames[i]), figure, course.empty() ? 0 : course.back(), total});
      }
    }
    std::ranges::sort(reasons, [](const Reason& a, const Reason& b) {
      return std::pair(a.rate, a.total) > std::pair(b.rate, b.total);
    });
    for (const auto& reason : reasons) {
      row("  " + reason.name, reason.figure);
    }
  }

  /// What does not fit is told of in the last line.
  std::string text() && {
    if (left_out_ != 0 && height_ > 1) {
      out_.resize(last_);
      out_ += cut(fmt::format("({} more lines: the window is too low)", left_out_ + 1)) + '\n';
    }
    return std::move(out_);
  }

 private:
  /// Not more than the width, counted in characters of UTF-8.
  std::string cut(const std::string& text) const {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool begins = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
      if (begins && ++columns > width_) {
        return text.substr(0, at);
      }
    }
    return text;
  }

  const json& history_;
  bool stale_;
  std::size_t width_, height_, lines_ = 0, left_out_ = 0, last_ = 0;
  std::string out_;
};

const json& part(const json& object, const char* key) {
  static const json kNone = json::object();
  return object.is_object() && object.contains(key) ? object[key] : kNone;
}

/// Whether the last snapshot is older than two intervals, or of a card that is gone.
bool is_stale(const json& status) {
  const auto& history = part(status, "history");
  return card_lost(status) || value(history, "age_s") > 2 * std::max(value(history, "interval_s"), 1.0);
}

}  // namespace

std::string sparkline(std::span<const double> values) {
  static constexpr std::array<std::string_view, 8> kBars{"\u2581", "\u2582", "\u2583", "\u2584",
                                                         "\u2585", "\u2586", "\u2587", "\u2588"};
  const double most = values.empty() ? 0 : std::ranges::max(values);
  std::string line;
  for (const double one : values) {
    const double share = most > 0 ? one / most : 0;
    line += kBars[static_cast<std::size_t>(std::clamp(std::lround(share * 7), 0L, 7L))];
  }
  return line;
}

std::string top_screen(const json& status, const json& history, std::size_t width, std::size_t height) {
  Screen screen(history, is_stale(status), width, height);
  const auto& tables = part(status, "tables");
  const auto words = status_text(status);
  // The first lines of the status: daemon, card, secrets; then attacks and the pause.
  std::size_t begin = 0;
  for (int i = 0; begin < words.size(); ++i) {
    const auto end = words.find('\n', begin);
    if (i < 3 || words.compare(begin, 5, "pause") == 0 || words.compare(begin, 6, "bypass") == 0 ||
        words.compare(begin, 6, "ATTACK") == 0) {
      screen.line(words.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  if (!card_lost(status)) {
    screen.gauge("syncache", value(tables, "entries"), value(tables, "limit"));
    screen.gauge("flows", value(tables, "flows"), value(tables, "flow_limit"));
  }
  screen.line("");
  screen.line(fmt::format("{:<{}}{:>{}}  {:>16}", "frames", kNameWidth, "a second", kRateWidth, "since reset"));
  for (const auto& figure : figures()) {
    screen.row(figure.title, figure.of);
  }
  screen.drops();
  return std::move(screen).text();
}

std::string top(ApiClient& client, const TopOptions& options) {
  Terminal terminal(!options.batch);
  const auto path = fmt::format("/v1/history?last={}", kSnapshots);
  for (int shown = 0; options.count == 0 || shown < options.count; ++shown) {
    // A daemon that is started again is there in a moment; one that never was is not waited for.
    const bool needed = shown == 0 || options.batch;
    const auto status = client.get_json("/v1/status", needed);
    const auto history = status ? client.get_json(path, needed) : status;
    if (!history && needed) {
      return history.error().text;
    }
    const auto size = terminal.size();
    terminal.show(!history                                   ? history.error().text + "\nwaiting for it\n"
                  : history->is_array() && !history->empty() ? top_screen(*status, *history, size.columns, size.rows)
                                                             : std::string("waiting for the first snapshot\n"));
    const bool last = options.count != 0 && shown + 1 == options.count;
    if (!last && terminal.wait_for_quit(options.interval_s)) {
      break;
    }
  }
  return {};
}

}  // namespace synward::tool
