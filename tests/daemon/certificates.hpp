// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "temporary_folder.hpp"

namespace synward {

/// A key and a certificate for it, in files of a test's folder: its own authority, or made by another.
class Identity {
 public:
  Identity(const TemporaryFolder& folder, const std::string& name, const Identity* authority = nullptr)
      : certificate(folder / name + ".pem"),
        key(folder / name + ".key"),
        pair_(EVP_EC_gen("P-256"), EVP_PKEY_free),
        signed_(X509_new(), X509_free) {
    constexpr long kHour = 3'600;
    X509_set_version(signed_.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(signed_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(signed_.get()), -kHour);
    X509_gmtime_adj(X509_getm_notAfter(signed_.get()), kHour);
    X509_set_pubkey(signed_.get(), pair_.get());
    auto* subject = X509_get_subject_name(signed_.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(signed_.get(),
                         authority != nullptr ? X509_get_subject_name(authority->signed_.get()) : subject);
    extend(NID_basic_constraints, authority != nullptr ? "CA:FALSE" : "critical,CA:TRUE");
    extend(NID_subject_alt_name, "IP:127.0.0.1");
    X509_sign(signed_.get(), (authority != nullptr ? *authority : *this).pair_.get(), EVP_sha256());
    folder.write(name + ".pem", pem([this](BIO* bio) { PEM_write_bio_X509(bio, signed_.get()); }));
    folder.write(name + ".key", pem([this](BIO* bio) {
                   PEM_write_bio_PrivateKey(bio, pair_.get(), nullptr, nullptr, 0, nullptr, nullptr);
                 }));
  }

  std::string certificate, key;  ///< paths

 private:
  void extend(int what, const char* value) {
    auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    X509_add_ext(signed_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <typename Write>
  static std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    write(bio.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair_;
  std::unique_ptr<X509, decltype(&X509_free)> signed_;
};

}  // namespace synward
