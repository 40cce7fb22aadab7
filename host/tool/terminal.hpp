// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <termios.h>

#include <cstddef>
#include <optional>
#include <string>

namespace synward::tool {

/// The bars of a sparkline in ASCII.
std::string ascii_bars(const std::string& text);

/// Of the window at standard output; 0 where there is none.
std::size_t window_columns();
/// Whether what reads standard output takes more than ASCII: by the locale, and no dumb terminal.
bool shows_utf8();

/// A terminal that shows one screen after another. Its old state comes back with the destructor, also after SIGINT and
/// SIGTERM, which end wait_for_quit(), and while it is stopped (Ctrl-Z).
class Terminal {
 public:
  /// `control`: take keys at once and draw in place; only where standard output is a terminal that can (no dumb one).
  explicit Terminal(bool control);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  struct Size {
    std::size_t columns, rows;
  };
  /// Of the window; 100 x 1000 where there is none.
  Size size() const;
  void show(const std::string& text) const;
  /// Waits so long for q, Ctrl-C or SIGTERM; true if it came. Ends at once where there is something to draw anew: the
  /// window has another size, or the terminal is ours again.
  bool wait_for_quit(double seconds) const;

 private:
  void enter() const;
  void leave() const;
  void stop() const;

  bool control_, utf8_;
  std::optional<termios> before_;
};

}  // namespace synward::tool
