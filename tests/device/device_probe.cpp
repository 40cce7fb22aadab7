// SPDX-License-Identifier: BSD-2-Clause
// device_probe CONFIG.toml COMMAND...: opens the device of [device] and does what the tests want of a process of its
// own.
//   id, ports, scratch, counters, latency, apply=FILE, reopen=TIMES, deaf (to SIGTERM, SIGPIPE), hold=SECONDS (reads
//   until a fault comes)
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "synward/apply.hpp"
#include "synward/config.hpp"
#include "synward/counters.hpp"
#include "synward/device_config.hpp"
#include "synward/ports.hpp"
#include "synward/registers.hpp"
#include "synward/toml_reader.hpp"

namespace {

using namespace synward;
using Clock = std::chrono::steady_clock;

struct Probe {
  DeviceConfig config;
  std::unique_ptr<Device> device;
};

Expected<void> open(Probe& probe) {
  auto device = open_device(probe.config);
  if (!device) {
    return device.error();
  }
  probe.device = std::move(*device);
  return {};
}

template <typename... Args>
Expected<void> say(fmt::format_string<Args...> format, Args&&... args) {
  fmt::print("{}\n", fmt::format(format, std::forward<Args>(args)...));
  std::fflush(stdout);
  return {};
}

Expected<void> scratch(Device& device) {
  for (const std::uint32_t value : {0xdeadbeefU, 0U, 0x12345678U}) {
    device.write32(reg::kScratch, value);
    if (const auto read = device.read32(reg::kScratch); read != value) {
      return Error{fmt::format("scratch is {:#x}, not {:#x}", read, value)};
    }
  }
  return say("scratch holds");
}

Expected<void> say_ports(Device& device) {
  const auto ports = read_ports(device);
  if (!ports) {
    return say("no ports: {}", ports.error().text);
  }
  for (const auto& port : *ports) {
    if (const auto said = say("{} {:#x}", port.name, port.status); !said) {
      return said;
    }
  }
  return {};
}

Expected<void> latency(Device& device) {
  constexpr int kTimes = 2000;
  const auto mean_us = [](auto&& access) {
    const auto start = Clock::now();
    for (int i = 0; i < kTimes; ++i) {
      access();
    }
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count() / kTimes;
  };
  const double write = mean_us([&] { device.write32(reg::kScratch, 1); });
  const double read = mean_us([&] { device.read32(reg::kScratch); });
  return say("write {:.1f} us, read {:.1f} us", write, read);
}

Expected<void> apply_file(Device& device, const std::string& path) {
  const auto config = load_config(path);
  if (!config) {
    return config.error();
  }
  if (auto applied = apply(device, *config); !applied) {
    return applied;
  }
  return say("applied, secrets {:#x}", device.read32(reg::kSecretStatus) & 0x7fU);
}

Expected<void> reopen(Probe& probe, int times) {
  for (int i = 0; i < times; ++i) {
    probe.device.reset();
    if (auto opened = open(probe); !opened) {
      return opened;
    }
    if (auto said = say("id {:#x}", probe.device->read32(reg::kId)); !said) {
      return said;
    }
  }
  return {};
}

Expected<void> hold(Device& device, int seconds) {
  [[maybe_unused]] const auto said = say("holding");
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  while (!device.fault() && Clock::now() < end) {
    device.read32(reg::kId);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

Expected<void> carry_out(Probe& probe, const std::string& name, const std::string& value) {
  Device& device = *probe.device;
  if (name == "id") {
    return say("id {:#x}", device.read32(reg::kId));
  }
  if (name == "ports") {
    return say_ports(device);
  }
  if (name == "scratch") {
    return scratch(device);
  }
  if (name == "deaf") {
    // As daemons are, the one for a time, the other for good.
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    return {};
  }
  if (name == "counters") {
    return say("answered {}", read_counters(device)[reg::Counter::answered]);
  }
  if (name == "latency") {
    return latency(device);
  }
  if (name == "apply") {
    return apply_file(device, value);
  }
  if (name == "reopen") {
    return reopen(probe, std::atoi(value.c_str()));
  }
  if (name == "hold") {
    return hold(device, std::atoi(value.c_str()));
  }
  return Error{"no command " + name};
}

Expected<void> run(const std::string& path, int count, char** commands) {
  const auto table = load_toml(path);
  if (!table) {
    return table.error();
  }
  auto config = device_config_from_table(*table->at("device").as_table(), path);
  if (!config) {
    return config.error();
  }
  Probe probe{*config, nullptr};
  if (auto opened = open(probe); !opened) {
    return opened;
  }
  for (int i = 0; i < count; ++i) {
    const std::string command = commands[i];
    const auto equals = std::min(command.find('='), command.size());
    const auto value = equals == command.size() ? std::string() : command.substr(equals + 1);
    if (auto done = carry_out(probe, command.substr(0, equals), value); !done) {
      return done;
    }
    if (const auto fault = probe.device->fault()) {
      return *fault;
    }
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    return 2;
  }
  const auto done = run(argv[1], argc - 2, argv + 2);
  if (!done) {
    fmt::print(stderr, "device_probe: {}\n", done.error().text);
    return 1;
  }
  return 0;
}
