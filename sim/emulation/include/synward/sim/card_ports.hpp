// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>

#include "synward/device.hpp"
#include "synward/port_registers.hpp"
#include "synward/sim/card.hpp"

namespace synward::sim {

/// What is plugged into a card's cages: for tests and demonstrations, not for the card's owner.
class Cables {
 public:
  Cables() = default;
  Cables(const Cables&) = delete;
  Cables& operator=(const Cables&) = delete;
  virtual ~Cables() = default;
  /// The cable of the port whose registers are at `base`.
  virtual void plug(std::uint32_t base, bool in) = 0;
};

/// The registers of both network ports, as rtl/board/synward_port has them, around a card without any. A model of the
/// registers alone: frames go on whatever a link says, and a link that may come up is up at once.
class CardPorts final : public Device, public Cables {
 public:
  /// Both cables are in, and the far ends want RS-FEC. `core` must outlive this.
  explicit CardPorts(Device& core) : core_(core) {}

  std::uint32_t read32(std::uint32_t offset) override;
  void write32(std::uint32_t offset, std::uint32_t value) override;
  std::uint32_t space() const override { return kCardSpace; }
  std::optional<Error> fault() const override { return core_.fault(); }
  std::optional<std::uint32_t> clock_hz() const override { return core_.clock_hz(); }

  void plug(std::uint32_t base, bool in) override;
  /// Whether the far end wants RS-FEC, and whether it receives us.
  void far_end(std::uint32_t base, bool fec, bool receives);
  void count(std::uint32_t base, port_reg::Counter counter, std::uint32_t more);
  /// Whether the port sends to itself.
  bool looped(std::uint32_t base) const;
  /// From power-up.
  void reset();

 private:
  struct Port {
    bool plugged = true, far_fec = true, far_receives = true, was_up = true;
    std::uint32_t control = port_reg::kControlEnable | port_reg::kControlFec | port_reg::kControlWithPeer;
    std::array<std::uint32_t, port_reg::kCounters> counters{};

    bool wants(std::uint32_t field) const { return (control & field) != 0; }
    bool lit() const;
    bool aligned() const;
    bool up() const;
    void settle();
  };
  Port& at(std::uint32_t base) { return ports_[base == kLinePort ? 0 : 1]; }
  const Port& at(std::uint32_t base) const { return ports_[base == kLinePort ? 0 : 1]; }
  std::uint32_t status(const Port& port) const;
  std::uint32_t read(const Port& port, std::uint32_t offset) const;

  Device& core_;
  std::array<Port, 2> ports_{};
};

/// What a port in loopback sends comes back on it; what others send goes nowhere. Takes the card's sink. `ports` must
/// outlive the card.
void wire_loopbacks(Card& card, const CardPorts& ports);

}  // namespace synward::sim
