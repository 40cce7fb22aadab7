// SPDX-License-Identifier: BSD-2-Clause
#include "terminal.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "synward/printable.hpp"

namespace synward::tool {

namespace {

constexpr const char* kAlternateScreen = "\033[?1049h\033[?25l";
constexpr const char* kOldScreen = "\033[?25h\033[?1049l";
constexpr const char* kHome = "\033[H";
constexpr const char* kClearRest = "\033[J";

volatile std::sig_atomic_t interrupted = 0;
void note_interrupt(int) { interrupted = 1; }

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  for (const int signal : {SIGINT, SIGTERM}) {
    ::sigaction(signal, &action, nullptr);
  }
}

}  // namespace

Terminal::Terminal(bool control) : control_(control && ::isatty(STDOUT_FILENO) == 1) {
  catch_signals();
  if (!control_) {
    return;
  }
  termios settings{};
  if (::tcgetattr(STDIN_FILENO, &settings) == 0) {
    before_ = settings;
    settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  }
  fmt::print("{}", kAlternateScreen);
}

Terminal::~Terminal() {
  if (control_) {
    fmt::print("{}", kOldScreen);
    std::fflush(stdout);
  }
  if (before_) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  }
}

Terminal::Size Terminal::size() const {
  winsize window{};
  if (control_ && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_row > 1) {
    return {window.ws_col, static_cast<std::size_t>(window.ws_row) - 1};
  }
  return {100, 1000};
}

void Terminal::show(const std::string& text) const {
  const auto screen = printable(text);
  if (!control_) {
    fmt::print("{}\n", screen);
  } else {
    // What a line had more before is cleared line by line, so that nothing flickers.
    std::string drawn = kHome;
    for (const char one : screen) {
      drawn += one == '\n' ? std::string("\033[K\n") : std::string(1, one);
    }
    fmt::print("{}{}", drawn, kClearRest);
  }
  std::fflush(stdout);
}

bool Terminal::wait_for_quit(double seconds) const {
  pollfd input{before_ ? STDIN_FILENO : -1, POLLIN, 0};
  const int ready = ::poll(&input, 1, static_cast<int>(std::max(seconds, 0.0) * 1000));
  if (interrupted != 0) {
    return true;
  }
  char key = 0;
  return ready > 0 && ::read(STDIN_FILENO, &key, 1) == 1 && key == 'q';
}

}  // namespace synward::tool
