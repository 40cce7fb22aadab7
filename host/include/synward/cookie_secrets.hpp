// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "synward/device.hpp"
#include "synward/event.hpp"
#include "synward/secrets.hpp"

namespace synward {

/// The cookie secrets that a card has and those that it had: rotates them, and tells whose cookie a refused ACK
/// brought. The keys lie in memory that is neither swapped nor dumped, and are cleansed behind their use.
class CookieSecrets {
 public:
  static constexpr std::size_t kRemembered = 40;  ///< retired secrets: ten minutes of 15 s each

  /// `set` is what the card has. Throws std::runtime_error where OpenSSL has no SipHash or there is no memory.
  explicit CookieSecrets(const SecretSet& set);
  CookieSecrets(const CookieSecrets&) = delete;
  CookieSecrets& operator=(const CookieSecrets&) = delete;
  ~CookieSecrets();

  /// Puts `fresh` in the place of the card's older key and retires that one. `now` in s, on the clock of the events.
  /// Error: the card refused it; then nothing changes here either.
  Expected<void> rotate(Device& device, const Key& fresh, double now);
  /// Puts `fresh` into slot 0 or 1 of the card and retires what was there; which slot makes new cookies stays. `now` as
  /// and error as of rotate().
  Expected<void> put(Device& device, unsigned slot, const Key& fresh, double now);
  /// False where the operating system did not allow the memory to be locked.
  bool locked() const;

  /// Sets `cookie` and `late_s` of an event whose ACK brought no cookie that the card would take (events 7, 8 and 9);
  /// others stay as they are. A wrong key fits by chance once in 16.7 million / 42.
  void explain(LogEvent& event) const;

 private:
  struct Memory;
  void replace(unsigned slot, const Key& fresh, double now);

  std::unique_ptr<Memory> memory_;
};

}  // namespace synward
