// SPDX-License-Identifier: BSD-2-Clause
#include "tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "synward/secret_file.hpp"

namespace synward {

namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

/// OpenSSL's reason, of which a line needs one.
Error refused(const std::string& file) {
  const auto* why = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return Error{fmt::format("{}: {}", file, why != nullptr ? why : "OpenSSL does not take it")};
}

Expected<void> use_key(SSL_CTX* context, const std::string& path) {
  const auto file = open_secret_file(path);
  if (!file) {
    return file.error();
  }
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_fd(file->get(), BIO_NOCLOSE));
  // Nobody is there to be asked for a passphrase.
  const auto no_passphrase = [](char*, int, int, void*) { return -1; };
  const std::unique_ptr<EVP_PKEY, FreeKey> key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr)
                                                   : nullptr);
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return refused(path);
  }
  return {};
}

Expected<void> ask_for_certificates(SSL_CTX* context, const std::string& authority) {
  auto* names = SSL_load_client_CA_file(authority.c_str());
  if (names == nullptr || SSL_CTX_load_verify_locations(context, authority.c_str(), nullptr) != 1) {
    return refused(authority);
  }
  SSL_CTX_set_client_CA_list(context, names);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

}  // namespace

void TlsSessionFree::operator()(SSL* session) const { SSL_free(session); }
void TlsContext::Free::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

Expected<TlsContext> TlsContext::load(const ApiSettings::Tls& settings) {
  TlsContext made;
  made.context_.reset(SSL_CTX_new(TLS_server_method()));
  auto* context = made.context_.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    return refused("TLS");
  }
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(context, settings.certificate.c_str()) != 1) {
    return refused(settings.certificate);
  }
  if (auto used = use_key(context, settings.key); !used) {
    return used.error();
  }
  if (!settings.client_authority.empty()) {
    if (auto asked = ask_for_certificates(context, settings.client_authority); !asked) {
      return asked.error();
    }
  }
  return made;
}

TlsSession TlsContext::session(int fd) const {
  TlsSession session(SSL_new(context_.get()));
  if (!session || SSL_set_fd(session.get(), fd) != 1) {
    return {};
  }
  SSL_set_accept_state(session.get());
  return session;
}

}  // namespace synward
