// SPDX-License-Identifier: BSD-2-Clause
#include "terminal.hpp"

#include <fmt/format.h>
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "synward/printable.hpp"

namespace synward::tool {

namespace {

constexpr const char* kAlternateScreen = "\033[?1049h\033[?25l";
constexpr const char* kOldScreen = "\033[?25h\033[?1049l";
constexpr const char* kHome = "\033[H";
constexpr const char* kClearRest = "\033[J";

volatile std::sig_atomic_t interrupted = 0, to_stop = 0;
void note_signal(int signal) {
  interrupted = signal == SIGINT || signal == SIGTERM ? 1 : interrupted;
  to_stop = signal == SIGTSTP ? 1 : to_stop;
}

/// SIGWINCH too: it ends the wait for a key.
void catch_signals(bool control) {
  struct sigaction action {};
  action.sa_handler = note_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGWINCH, SIGTSTP}) {
    if (control || signal == SIGINT || signal == SIGTERM) {
      ::sigaction(signal, &action, nullptr);
    }
  }
}

bool can_draw() {
  const char* name = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && name != nullptr && *name != '\0' && std::string_view(name) != "dumb";
}

}  // namespace

std::size_t window_columns() {
  winsize window{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 ? window.ws_col : 0;
}

bool shows_utf8() {
  std::setlocale(LC_CTYPE, "");
  const char* name = std::getenv("TERM");
  const bool dumb = ::isatty(STDOUT_FILENO) == 1 && name != nullptr && std::string_view(name) == "dumb";
  return !dumb && std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
}

std::string ascii_bars(const std::string& text) {
  constexpr std::string_view kBar = "\xe2\x96";  // of U+2581 to U+2588, with a third byte from 0x81 on
  constexpr std::string_view kSigns = "_.:-=+*#";
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto third = i + 2 < text.size() ? static_cast<unsigned char>(text[i + 2]) : 0U;
    if (std::string_view(text).substr(i, 2) == kBar && third >= 0x81 && third <= 0x88) {
      plain += kSigns[third - 0x81];
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

Terminal::Terminal(bool control) : control_(control && can_draw()), utf8_(shows_utf8()) {
  catch_signals(control_);
  if (!control_) {
    return;
  }
  termios settings{};
  if (::tcgetattr(STDIN_FILENO, &settings) == 0) {
    before_ = settings;
  }
  enter();
}

void Terminal::enter() const {
  if (before_) {
    auto settings = *before_;
    settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
  }
  fmt::print("{}", kAlternateScreen);
  std::fflush(stdout);
}

void Terminal::leave() const {
  fmt::print("{}", kOldScreen);
  std::fflush(stdout);
  if (before_) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
  }
}

/// Leaves the terminal to others until somebody has us go on.
void Terminal::stop() const {
  to_stop = 0;
  leave();
  ::raise(SIGSTOP);
  enter();
}

Terminal::~Terminal() {
  if (control_) {
    leave();
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
  const auto screen = utf8_ ? printable(text) : ascii_bars(printable(text));
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
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::milliseconds(static_cast<int>(std::max(seconds, 0.0) * 1000));
  bool keys = before_.has_value();
  while (interrupted == 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd input{keys ? STDIN_FILENO : -1, POLLIN, 0};
    const int ready = ::poll(&input, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (to_stop != 0) {
      stop();
    }
    if (ready <= 0) {
      break;  // the time is over, or a signal came
    }
    char key = 0;
    const bool read = ::read(STDIN_FILENO, &key, 1) == 1;
    if (read && key == 'q') {
      return true;
    }
    keys = read;  // at the end of the input there are no more
  }
  return interrupted != 0;
}

}  // namespace synward::tool
