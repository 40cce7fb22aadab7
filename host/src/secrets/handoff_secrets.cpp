// SPDX-License-Identifier: BSD-2-Clause
#include "synward/handoff_secrets.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace synward {

Expected<HandoffSecrets> HandoffSecrets::read(const std::string& path) {
  auto file = MasterKey::read(path);
  if (!file) {
    return file.error();
  }
  HandoffSecrets secrets(std::move(*file));
  for (const auto& [info, key] :
       std::array<std::pair<std::string_view, Key*>, 3>{{{"synward mark_key", &secrets.mark_key_},
                                                         {"synward control_key", &secrets.control_key_},
                                                         {"synward channel_key", &secrets.channel_key_}}}) {
    if (auto made = derive_key(secrets.file_.bytes(), info, *key); !made) {
      return made.error();
    }
  }
  return secrets;
}

Expected<void> HandoffSecrets::write(Card& card) const {
  if (auto written = card.write_key(mark_key_, reg::SecretCommit::mark_key); !written) {
    return written;
  }
  return card.write_key(control_key_, reg::SecretCommit::control_key);
}

}  // namespace synward
