// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "synward/daemon_config.hpp"
#include "synward/expected.hpp"

namespace synward {

struct TlsSessionFree {
  void operator()(SSL* session) const;
};
/// The TLS of one connection.
using TlsSession = std::unique_ptr<SSL, TlsSessionFree>;

/// What the daemon shows of itself by TLS, and whom it lets in.
class TlsContext {
 public:
  /// Errors: "FILE: why". The key's file must be secret, see SecretFile.
  static Expected<TlsContext> load(const ApiSettings::Tls& settings);

  /// Takes a client's connection; none where there is no memory.
  TlsSession session(int fd) const;

 private:
  struct Free {
    void operator()(SSL_CTX* context) const;
  };
  std::unique_ptr<SSL_CTX, Free> context_;
};

}  // namespace synward
