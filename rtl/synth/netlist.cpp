// SPDX-License-Identifier: BSD-2-Clause
#include "netlist.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace synward::synth {

namespace {

using Json = nlohmann::json;

std::string bit_name(const std::string& name, std::size_t bit, std::size_t width) {
  return width == 1 ? name : name + "[" + std::to_string(bit) + "]";
}

/// Takes the netlist in as it is read: as a document in memory, the core's would need ten times its size.
/// Where a value stands is in `path_`: modules, module, section, item, field, port.
class Reader : public Json::json_sax_t {
 public:
  Netlist take() {
    if (netlist_.top.empty()) throw std::runtime_error("no module is marked as the top");
    return std::move(netlist_);
  }

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) override { return true; }
  bool binary(Json::binary_t& /*value*/) override { return true; }
  bool number_integer(std::int64_t value) override { return number(value); }
  bool number_unsigned(std::uint64_t value) override { return number(static_cast<std::int64_t>(value)); }

  bool string(std::string& value) override {
    if (in("attributes", 4) && path_[3] == "top") is_top_ = true;
    if (in("ports", 5) && path_[4] == "direction") port_is_output_ = value == "output";
    if (in("cells", 5) && path_[4] == "type") cell_.type = value;
    if (in("cells", 6) && path_[4] == "port_directions") output_ports_[path_[5]] = value == "output";
    if (in_bits()) bits_.push_back(-1);
    return true;
  }

  bool key(std::string& value) override {
    path_.back() = value;
    return true;
  }
  bool start_object(std::size_t /*size*/) override {
    if (in("cells", 4)) cell_ = {.name = path_[3], .type = {}, .pins = {}};
    path_.emplace_back();
    return true;
  }
  bool end_object() override {
    path_.pop_back();
    if (in("cells", 4)) {
      for (Pin& pin : cell_.pins) pin.output = output_ports_[pin.port];
      module_.cells.push_back(std::move(cell_));
      output_ports_.clear();
    }
    if (in("ports", 4)) end_port();
    if (in("netnames", 4) && !hidden_) name_nets();
    if (path_.size() == 2 && path_[0] == "modules") end_module();
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    if (in_bits()) bits_.clear();
    return true;
  }
  bool end_array() override {
    if (in("cells", 6) && path_[4] == "connections") {
      for (std::size_t i = 0; i < bits_.size(); ++i) {
        cell_.pins.push_back({.port = path_[5], .bit = static_cast<int>(i), .net = bits_[i], .output = false});
      }
    }
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Json::exception& error) override {
    throw std::runtime_error(error.what());
  }

 private:
  bool in(const char* section, std::size_t depth) const {
    return path_.size() == depth && path_[0] == "modules" && path_[2] == section;
  }
  bool in_bits() const {
    return (in("cells", 6) && path_[4] == "connections") ||
           ((in("ports", 5) || in("netnames", 5)) && path_[4] == "bits");
  }
  bool number(std::int64_t value) {
    if (in("netnames", 5) && path_[4] == "hide_name") hidden_ = value != 0;
    if (in_bits()) bits_.push_back(static_cast<int>(value));
    return true;
  }
  void end_port() {
    auto& ports = port_is_output_ ? module_.outputs : module_.inputs;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      ports.push_back({.name = bit_name(path_[3], i, bits_.size()), .net = bits_[i]});
    }
  }
  void name_nets() {
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      if (bits_[i] < 0) continue;
      const auto net = static_cast<std::size_t>(bits_[i]);
      if (net >= module_.net_names.size()) module_.net_names.resize(net + 1);
      std::string& name = module_.net_names[net];
      if (name.empty() || path_[3].size() < name.size()) name = bit_name(path_[3], i, bits_.size());
    }
  }
  void end_module() {
    if (is_top_) {
      netlist_ = std::move(module_);
      netlist_.top = path_[1];
    }
    module_ = {};
    is_top_ = false;
  }

  std::vector<std::string> path_;
  Netlist netlist_, module_;
  bool is_top_ = false, port_is_output_ = false, hidden_ = false;
  Cell cell_;
  std::map<std::string, bool> output_ports_;
  std::vector<int> bits_;
};

}  // namespace

Netlist read_netlist(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + ": cannot read");
  try {
    Reader reader;
    Json::sax_parse(in, &reader);
    return reader.take();
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

}  // namespace synward::synth
