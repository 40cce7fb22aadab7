// SPDX-License-Identifier: BSD-2-Clause
#include "channel.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace synward {

Channel::State Channel::wait_or_end(int result, short events) {
  waits_for_ = events;
  if (!session_) {
    return result < 0 && (errno == EAGAIN || errno == EINTR) ? State::waiting : State::ended;
  }
  const int error = SSL_get_error(session_.get(), result);
  ERR_clear_error();  // of this thread; what is left there would be taken for the next session's
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
    return State::ended;
  }
  waits_for_ = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
  return State::waiting;
}

Channel::State Channel::read(std::string& to, std::size_t most) {
  std::array<char, 4096> part;
  const auto size = std::min(most, part.size());
  const auto got = session_ ? SSL_read(session_.get(), part.data(), static_cast<int>(size))
                            : static_cast<int>(recv(fd_.get(), part.data(), size, 0));
  if (got <= 0) {
    return wait_or_end(got, POLLIN);
  }
  to.append(part.data(), static_cast<std::size_t>(got));
  return State::ready;
}

Channel::State Channel::write(std::string_view& text) {
  constexpr std::size_t kAtOnce = 1 << 20;
  const auto size = std::min(text.size(), kAtOnce);
  const auto sent = session_ ? SSL_write(session_.get(), text.data(), static_cast<int>(size))
                             : static_cast<int>(send(fd_.get(), text.data(), size, MSG_NOSIGNAL));
  if (sent <= 0) {
    return wait_or_end(sent, POLLOUT);
  }
  text.remove_prefix(static_cast<std::size_t>(sent));
  return State::ready;
}

void Channel::end() {
  if (session_) {
    SSL_shutdown(session_.get());
    ERR_clear_error();
  }
  shutdown(fd_.get(), SHUT_WR);
}

}  // namespace synward
