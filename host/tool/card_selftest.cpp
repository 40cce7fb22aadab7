// SPDX-License-Identifier: BSD-2-Clause
#include "card_selftest.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <thread>

#include "cookie_probe.hpp"
#include "port_loopback.hpp"
#include "synward/card.hpp"
#include "synward/counters.hpp"
#include "synward/ports.hpp"
#include "synward/registers.hpp"

namespace synward::tool {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kAllOnes = 0xffffffff;
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kVerdicts{
    {{"passed", "passed"}, {"failed", "FAILED"}, {"not_offered", "not offered"}, {"not_run", "not run"}}};

std::string walk_scratch(Device& device) {
  const std::uint32_t before = device.read32(reg::kScratch);
  std::string fault;
  const auto holds = [&](std::uint32_t value) {
    device.write32(reg::kScratch, value);
    const std::uint32_t read = device.read32(reg::kScratch);
    if (read != value && fault.empty()) fault = fmt::format("{:#010x} was written, {:#010x} read", value, read);
  };
  for (unsigned bit = 0; bit < 32; ++bit) {
    holds(1U << bit);
    holds(~(1U << bit));
  }
  for (const std::uint32_t value : {0U, kAllOnes, 0x55555555U, 0xaaaaaaaaU}) holds(value);
  device.write32(reg::kScratch, before);
  return fault;
}

std::string identity_stays(Device& device) {
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t id = device.read32(reg::kId);
    if (id != reg::kDeviceId) return fmt::format("read {} of 1000 gave {:#010x}", i + 1, id);
  }
  return {};
}

/// Against what this program was made for. Nothing is written that the card would take.
std::string map_is_ours(Device& device) {
  for (const std::uint32_t offset : {reg::kSecretData, reg::kSecretCommit, reg::kTableControl, reg::kEventPop}) {
    if (const std::uint32_t word = device.read32(offset); word != 0) {
      return fmt::format("a word that is written alone, at {:#05x}, reads {:#010x}", offset, word);
    }
  }
  for (const auto& sysctl : reg::kSysctls) {
    const std::uint32_t value = device.read32(sysctl.offset);
    if (value < sysctl.min || value > sysctl.max) {
      return fmt::format("{} is {}, out of {}..{}", sysctl.name, value, sysctl.min, sysctl.max);
    }
  }
  device.write32(reg::kId, ~reg::kDeviceId);
  return device.read32(reg::kId) == reg::kDeviceId ? "" : "ID could be written";
}

std::string clock_runs(Device& device) {
  const auto patience = device.patience();
  const std::uint32_t before = device.read32(reg::kTimeMs);
  for (const auto end = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < end;) {
    std::this_thread::sleep_for(10ms);
    if (device.read32(reg::kTimeMs) != before) return {};
  }
  return fmt::format("TIME_MS stood still for {} s", patience.count());
}

std::string clock_is_set(Device& device) {
  const std::uint32_t hz = device.read32(reg::kClockHz);
  constexpr std::uint32_t kLeast = 281'000'000, kMost = 500'000'000;
  if (hz >= kLeast && hz <= kMost) return {};
  return fmt::format("CLOCK_HZ is {}: 100 Gb/s of every frame size need {} or more", hz, kLeast);
}

std::string tables_are_cleared(Device& device) {
  auto card = Card::identify(device);
  if (!card) return card.error().text;
  if (const auto loaded = card->load_tables(); !loaded) return loaded.error().text;
  const auto state = read_table_state(device);
  return state.entries == 0 ? "" : fmt::format("{} entries are left in the syncache", state.entries);
}

/// Keys of this moment that nobody keeps: whoever owns the card next draws its own.
std::string keys_are_taken(Device& device) {
  auto card = Card::identify(device);
  if (!card) return card.error().text;
  // A key of which a word is missing.
  constexpr std::uint32_t kRefused = 1U << 31;
  device.write32(reg::kSecretData, 1);
  device.write32(reg::kSecretCommit, static_cast<std::uint32_t>(reg::SecretCommit::cookie_rotate));
  const std::uint32_t rotations = card->read_secrets().rotations;
  if ((device.read32(reg::kSecretStatus) & kRefused) == 0) return "a key with three words missing was taken";
  for (unsigned round = 1; round <= 2; ++round) {
    Key key;
    if (const auto drawn = random_key(key); !drawn) return drawn.error().text;
    const unsigned parity = card->read_secrets().parity;
    if (const auto taken = card->write_key(key, reg::SecretCommit::cookie_rotate); !taken) return taken.error().text;
    const SecretState state = card->read_secrets();
    if (state.parity == parity || state.rotations != ((rotations + round) & 0xff)) {
      return fmt::format("rotation {} left parity {} and count {}", round, state.parity, state.rotations);
    }
  }
  return {};
}

std::string counters_are_latched(Device& device) {
  const Counters first = read_counters(device);
  for (std::size_t i = 0; i < reg::kCounters; ++i) {
    const std::uint32_t offset = reg::kCounter + 8 * static_cast<std::uint32_t>(i);
    if (device.read32(offset) != static_cast<std::uint32_t>(first.values[i])) {
      return fmt::format("counter {} changed without a snapshot", reg::kCounterInfo[i].name);
    }
  }
  return {};
}

/// Collects rows.
class Selftest {
 public:
  Selftest(Device& device, bool offline) : device_(device), offline_(offline) {}

  void run(std::string name, std::string (*test)(Device&)) {
    std::string fault = test(device_);
    const auto verdict = fault.empty() ? Verdict::passed : Verdict::failed;
    rows_.push_back({std::move(name), verdict, std::move(fault)});
  }
  void run_offline(std::string name, std::string (*test)(Device&)) {
    if (offline_) {
      run(std::move(name), test);
    } else {
      rows_.push_back({std::move(name), Verdict::not_run, "it would disturb traffic: --offline, where there is none"});
    }
  }
  void add(SelftestRow row) { rows_.push_back(std::move(row)); }
  std::vector<SelftestRow> take() { return std::move(rows_); }

 private:
  Device& device_;
  bool offline_;
  std::vector<SelftestRow> rows_;
};

void test_ports(Device& device, Selftest& test) {
  const auto ports = read_ports(device);
  if (!ports) {
    for (const auto* name : {"ports: registers", "line port: near-end loopback", "host port: near-end loopback",
                             "host port: frames through the loopback"}) {
      test.add({name, Verdict::not_offered, ports.error().text});
    }
    return;
  }
  test.add({"ports: registers", Verdict::passed, ""});
  test.run_offline("line port: near-end loopback", [](Device& card) { return link_in_loopback(card, kPorts[0]); });
  test.run_offline("host port: near-end loopback", [](Device& card) { return link_in_loopback(card, kPorts[1]); });
  test.run_offline("host port: frames through the loopback", frames_in_loopback);
}

void test_cookies(Device& device, bool offline, const std::string& interface, Selftest& test) {
  SelftestRow row{"cookies against OpenSSL", Verdict::not_run,
                  "no host puts a SYN on the line through the card: --offline, and --interface of one that is cabled "
                  "to the line port"};
  if (offline && !interface.empty()) {
    row.text = cookies_are_ours(device, interface);
    row.verdict = row.text.empty() ? Verdict::passed : Verdict::failed;
  }
  test.add(std::move(row));
}

void test_sensors(Device& device, Selftest& test) {
  std::string found;
  for (const auto& one : device.sensors()) {
    found += fmt::format("{}{} {:.0f} C", found.empty() ? "" : ", ", one.name, one.celsius);
  }
  const bool any = !found.empty();
  test.add({"temperatures", any ? Verdict::passed : Verdict::not_offered,
            any ? found : "neither XRT nor the kernel's hwmon tells any"});
}

}  // namespace

std::string not_ours(Device& device) {
  const auto card = Card::identify(device);
  return card ? "" : card.error().text;
}

std::vector<SelftestRow> selftest(Device& device, bool offline, const std::string& interface) {
  Selftest test(device, offline);
  test.run("identity, version, sizes", not_ours);
  auto rows = test.take();
  if (rows.front().verdict != Verdict::passed) return rows;
  test.add(std::move(rows.front()));
  test.run("register map: ranges, words written alone", map_is_ours);
  test.run("bus: 1000 reads", identity_stays);
  test.run("bus: SCRATCH, bit by bit", walk_scratch);
  test.run("clock fast enough", clock_is_set);
  test.run("clock runs", clock_runs);
  test_sensors(device, test);
  test.run_offline("memory: tables cleared", tables_are_cleared);
  test.run_offline("memory: counters latched", counters_are_latched);
  test.run_offline("secrets: taken, refused, rotated", keys_are_taken);
  test_ports(device, test);
  test_cookies(device, offline, interface, test);
  test.add({"transceivers: PRBS", Verdict::not_offered, "this image ties the CMAC's test patterns off"});
  if (const auto fault = device.fault()) test.add({"all transactions", Verdict::failed, fault->text});
  return test.take();
}

std::string selftest_text(const std::vector<SelftestRow>& rows) {
  std::string text;
  for (const SelftestRow& row : rows) {
    text += fmt::format("{:<12} {}{}{}\n", kVerdicts.at(static_cast<std::size_t>(row.verdict)).second, row.name,
                        row.text.empty() ? "" : ": ", row.text);
  }
  return text;
}

nlohmann::ordered_json selftest_json(const std::vector<SelftestRow>& rows) {
  auto list = nlohmann::ordered_json::array();
  for (const SelftestRow& row : rows) {
    list.push_back({{"test", row.name},
                    {"verdict", kVerdicts.at(static_cast<std::size_t>(row.verdict)).first},
                    {"text", row.text}});
  }
  return list;
}

}  // namespace synward::tool
