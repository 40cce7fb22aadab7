// SPDX-License-Identifier: BSD-2-Clause
#include "live/live_network.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "synward/driver/kernel.hpp"
#include "synward/socket_device.hpp"

namespace synward::test {

namespace {

constexpr std::uint16_t kPort = 80;

void check(bool right, const std::string& what) {
  if (!right) throw std::system_error(errno, std::generic_category(), what);
}

bool ready(int fd, short events, int ms) {
  pollfd wait{fd, events, 0};
  return poll(&wait, 1, ms) == 1;
}

std::string file_of(const Namespace& where) { return fmt::format("/proc/{}/fd/{}", getpid(), where.fd()); }

/// A pair of interfaces that only carry frames.
void link_through(const Namespace& one, const char* at_one, const Namespace& other, const char* at_other) {
  one.shell(fmt::format("ip link add {} type veth peer name {} netns {}", at_one, at_other, file_of(other)));
  for (const auto& [end, name] : {std::pair{&one, at_one}, {&other, at_other}})
    end->shell(fmt::format("sysctl -qw net.ipv6.conf.{0}.disable_ipv6=1 && ip link set {0} txqueuelen 20000 up", name));
}

/// The interface eth0 of an end, and what it is linked to.
void link_to_card(const Namespace& card, const char* at_card, const Namespace& end, int host) {
  card.shell(fmt::format("ip link add {} type veth peer name eth0 netns {}", at_card, file_of(end)));
  card.shell(
      fmt::format("sysctl -qw net.ipv6.conf.{0}.disable_ipv6=1 && ip link set {0} txqueuelen 20000 up", at_card));
  end.shell(
      fmt::format("sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.accept_ra=0 && "
                  "ip address add 10.99.0.{0}/16 dev eth0 && ip address add fd00:99::{0}/64 dev eth0 nodad && "
                  "ip link set eth0 up",
                  host));
}

void write_key(const std::string& path, char digit) {
  std::ofstream file(path);
  check(chmod(path.c_str(), 0600) == 0, path);
  file << std::string(64, digit);
}

}  // namespace

namespace {

/// Namespaces of mounts go with their thread: this one has a bpf file system that nobody else sees.
class BpfFolder {
 public:
  BpfFolder() {
    check(mkdtemp(name_.data()) != nullptr, "mkdtemp");
    check(unshare(CLONE_NEWNS) == 0, "unshare");
    check(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "mount private");
    check(mount("bpf", name_.c_str(), "bpf", 0, nullptr) == 0, "mount bpf");
  }
  ~BpfFolder() {
    umount2(name_.c_str(), MNT_DETACH);
    rmdir(name_.c_str());
  }
  BpfFolder(const BpfFolder&) = delete;
  BpfFolder& operator=(const BpfFolder&) = delete;
  const std::string& name() const { return name_; }

 private:
  std::string name_ = "/tmp/synward-bpf-XXXXXX";
};

}  // namespace

const std::string& own_bpf_folder() {
  static const BpfFolder folder;
  return folder.name();
}

Namespace::Namespace() {
  std::thread([this] {
    if (unshare(CLONE_NEWNET) == 0) fd_ = FileDescriptor(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  }).join();
  check(static_cast<bool>(fd_), "a network namespace");
  shell("ip link set lo up");
}

void Namespace::run(const std::function<void()>& what) const {
  std::exception_ptr thrown;
  std::thread([&] {
    try {
      check(setns(fd_.get(), CLONE_NEWNET) == 0, "setns");
      what();
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
}

void Namespace::shell(const std::string& command) const {
  run([&] {
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
  });
}

std::string LiveNetwork::missing() {
  if (geteuid() != 0) return "needs root";
  const driver::KernelSupport support = driver::probe_kernel();
  return support.whole() ? "" : support.missing().front();
}

LiveNetwork::LiveNetwork(const std::string& core, const std::string& config, bool gro) : core_(core) {
  static int networks = 0;
  pins_ = fmt::format("{}/{}", own_bpf_folder(), ++networks);
  link_client(nullptr);
  link_to_card(card, "host", server, 2);
  server.shell(fmt::format("ethtool -K eth0 gro {}", gro ? "on" : "off"));
  if (gro) {
    // A veth pair hands frames over by NAPI only where the sender cuts them itself, and merges what comes one by one
    // only where it may wait for more.
    card.shell("ethtool -K host tso off");
    server.shell(
        "unshare -m sh -c 'mount -t sysfs sysfs /sys && cd /sys/class/net/eth0 && "
        "echo 500000 > gro_flush_timeout && echo 2 > napi_defer_hard_irqs'");
  }
  write_key(folder_.file("right.key"), '7');
  write_key(folder_.file("wrong.key"), '8');
  std::filesystem::copy_file(folder_.file("right.key"), folder_.file("handoff.key"));
  card_config_ = folder_.file("card.toml");
  write_card_config(fmt::format("[[service]]\naddress = \"any\"\nport = {}\nwscale = 10\n", kPort), config);
  start_card();
}

void LiveNetwork::write_card_config(const std::string& services, const std::string& config) const {
  std::ofstream(card_config_) << fmt::format("{}\n[handoff]\nkey_file = \"{}\"\n{}\n", services,
                                             folder_.file("right.key"), config);
}

void LiveNetwork::restart_card(const std::string& services, const std::string& config) {
  stop_card();
  write_card_config(services, config);
  start_card();
}

void LiveNetwork::link_client(const Namespace* way) const {
  if (way == nullptr) {
    link_to_card(card, "line", client, 1);
    return;
  }
  link_to_card(*way, "client", client, 1);
  link_through(card, "line", *way, "card");
}

void LiveNetwork::replace_line(const Namespace* way) {
  card.shell("ip link del line");
  if (!card_process_->says("line: the interface is gone")) throw std::runtime_error(card_process_->output());
  link_client(way);
  if (!card_process_->says("line: the interface is there again")) throw std::runtime_error(card_process_->output());
}

void LiveNetwork::start_card() {
  if (core_ == "bridge") {
    card.shell(
        "ip link add bridge type bridge && ip link set bridge up && ip link set line master bridge && "
        "ip link set host master bridge");
    return;
  }
  card.run([&] {
    card_process_ = std::make_unique<sim::Process>(
        std::vector<std::string>{SYNWARD_TOOL, "sim", "live", "--core", core_, "--line", "line", "--host", "host",
                                 "--config", card_config_, "--socket", folder_.file("card.sock")});
  });
  if (!card_process_->says("core is between")) throw std::runtime_error(card_process_->output());
}

void LiveNetwork::start_agent(bool right_keys) {
  std::filesystem::copy_file(folder_.file(right_keys ? "right.key" : "wrong.key"), folder_.file("handoff.key"),
                             std::filesystem::copy_options::overwrite_existing);
  run_agent({});
}

void LiveNetwork::start_agent_ahead() {
  std::filesystem::copy_file(folder_.file("wrong.key"), folder_.file("handoff.key"),
                             std::filesystem::copy_options::overwrite_existing);
  run_agent({"--former-key-file", folder_.file("right.key")});
}

void LiveNetwork::run_agent(const std::vector<std::string>& more) {
  std::vector<std::string> words{SYNWARD_AGENT, "run", "--interface", "eth0",
                                 "--pins",      pins_, "--key-file",  folder_.file("handoff.key")};
  words.insert(words.end(), more.begin(), more.end());
  server.run([&] { agent_ = std::make_unique<sim::Process>(words); });
  // Attached to it, or replaced at it; what is wrong says "eth0: ...".
  if (!agent_->says(" eth0\n")) throw std::runtime_error(agent_->output());
}

void LiveNetwork::reload_agent(bool right_keys) {
  std::filesystem::copy_file(folder_.file(right_keys ? "right.key" : "wrong.key"), folder_.file("handoff.key"),
                             std::filesystem::copy_options::overwrite_existing);
  kill(agent_->pid(), SIGHUP);
  if (!agent_->says("read anew")) throw std::runtime_error(agent_->output());
}

namespace {

std::string agent_says(const Namespace& where, const std::vector<std::string>& words) {
  std::vector<std::string> all{SYNWARD_AGENT};
  all.insert(all.end(), words.begin(), words.end());
  std::string output;
  where.run([&] {
    sim::Process agent(all);
    agent.wait();
    output = agent.output();
  });
  return output;
}

std::uint64_t fate_of(const Namespace& where, const std::string& interface, const std::string& pins,
                      const std::string& name) {
  const std::string status = agent_says(where, {"status", "--json", "--interface", interface, "--pins", pins});
  return nlohmann::json::parse(status).at("counters").at(name);
}

}  // namespace

LiveNetwork::~LiveNetwork() {
  if (!testing::Test::HasFailure()) return;
  try {
    fmt::print("{}", agent_says(server, {"status", "--interface", "eth0", "--pins", pins_}));
    std::fflush(stdout);
    for (const Namespace* where : {&server, &client})
      where->run([] { return std::system("ss -tan 2>/dev/null; nstat -as 2>/dev/null | grep -v ' 0 *0.0$'"); });
    if (card_process_) {
      const auto device = open_socket_device({.socket = folder_.file("card.sock")});
      const Counters counters = device ? read_counters(**device) : Counters{};
      for (std::size_t i = 0; i < counters.values.size(); ++i) {
        if (counters.values[i] != 0) fmt::print("{} {}\n", reg::kCounterInfo[i].name, counters.values[i]);
      }
    }
  } catch (const std::exception& error) {
    fmt::print("{}\n", error.what());
  }
}

void LiveNetwork::start_agent_at(const Namespace& where, const std::string& interface) {
  const std::string pins = fmt::format("{}-{}", pins_, others_.size());
  std::unique_ptr<sim::Process> process;
  where.run([&] {
    process = std::make_unique<sim::Process>(std::vector<std::string>{
        SYNWARD_AGENT, "run", "--interface", interface, "--pins", pins, "--key-file", folder_.file("right.key")});
  });
  if (!process->says(fmt::format(" {}\n", interface))) throw std::runtime_error(process->output());
  others_.push_back({&where, interface, pins, std::move(process)});
}

std::uint64_t LiveNetwork::fate(const std::string& name) const { return fate_of(server, "eth0", pins_, name); }

std::uint64_t LiveNetwork::fate_at(std::size_t agent, const std::string& name) const {
  const Other& other = others_.at(agent);
  return fate_of(*other.where, other.interface, other.pins, name);
}

std::string LiveNetwork::listeners() const {
  return agent_says(server, {"listeners", "--toml", "--interface", "eth0"});
}

Counters LiveNetwork::card_counters() const {
  const auto device = open_socket_device({.socket = folder_.file("card.sock")});
  if (!device) throw std::runtime_error(device.error().text);
  return read_counters(**device);
}

FileDescriptor listen_in(const Namespace& where, const Listening& how) {
  FileDescriptor fd;
  where.run([&] {
    fd = FileDescriptor(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, how.protocol));
    check(static_cast<bool>(fd), "socket");
    const auto set = [&](int level, int option, int value, const char* name) {
      if (value != 0) check(setsockopt(fd.get(), level, option, &value, sizeof value) == 0, name);
    };
    set(SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    set(SOL_SOCKET, SO_REUSEPORT, how.reuse_port ? 1 : 0, "SO_REUSEPORT");
    set(IPPROTO_IPV6, IPV6_V6ONLY, how.v6_only ? 1 : 0, "IPV6_V6ONLY");
    set(SOL_SOCKET, SO_RCVBUF, how.receive_buffer, "SO_RCVBUF");
    set(IPPROTO_TCP, TCP_WINDOW_CLAMP, how.window_clamp, "TCP_WINDOW_CLAMP");
    set(IPPROTO_TCP, TCP_MAXSEG, how.mss, "TCP_MAXSEG");
    set(IPPROTO_TCP, TCP_DEFER_ACCEPT, how.defer_s, "TCP_DEFER_ACCEPT");
    set(IPPROTO_TCP, TCP_FASTOPEN, how.fast_open, "TCP_FASTOPEN");
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(kPort);
    check(bind(fd.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) == 0, "bind");
    check(listen(fd.get(), how.backlog) == 0, "listen");
  });
  return fd;
}

FileDescriptor listen_live(const LiveNetwork& network, int backlog) {
  return listen_in(network.server, {.backlog = backlog});
}

FileDescriptor accept_live(const FileDescriptor& listener, int ms) {
  if (!ready(listener.get(), POLLIN, ms)) return {};
  return FileDescriptor(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
}

FileDescriptor connect_live(const LiveNetwork& network, bool v6, int ms, std::uint16_t port) {
  FileDescriptor fd;
  network.client.run([&] {
    fd = FileDescriptor(socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int one = 1;
    setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    const auto address = [&](const char* text4, const char* text6, std::uint16_t number, sockaddr_storage& out) {
      if (v6) {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(number);
        inet_pton(AF_INET6, text6, &in.sin6_addr);
        std::memcpy(&out, &in, sizeof in);
        return static_cast<socklen_t>(sizeof in);
      }
      sockaddr_in in{};
      in.sin_family = AF_INET;
      in.sin_port = htons(number);
      inet_pton(AF_INET, text4, &in.sin_addr);
      std::memcpy(&out, &in, sizeof in);
      return static_cast<socklen_t>(sizeof in);
    };
    sockaddr_storage own{}, to{};
    const socklen_t size = address("10.99.0.1", "fd00:99::1", port, own);
    address("10.99.0.2", "fd00:99::2", kPort, to);
    if (port != 0) check(bind(fd.get(), reinterpret_cast<sockaddr*>(&own), size) == 0, "bind");
    static_cast<void>(connect(fd.get(), reinterpret_cast<sockaddr*>(&to), size));  // what comes of it is seen below
    int error = 0;
    socklen_t length = sizeof error;
    if (!ready(fd.get(), POLLOUT, ms) || getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0 || error != 0)
      fd.close();
  });
  return fd;
}

bool send_all(const FileDescriptor& socket, const std::string& bytes, int ms) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    if (!ready(socket.get(), POLLOUT, ms)) return false;
    const ssize_t some = send(socket.get(), bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (some <= 0) return false;
    sent += static_cast<std::size_t>(some);
  }
  return true;
}

std::string receive(const FileDescriptor& socket, std::size_t size, int ms) {
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (got < size && ready(socket.get(), POLLIN, ms)) {
    const ssize_t some = recv(socket.get(), bytes.data() + got, size - got, MSG_DONTWAIT);
    if (some <= 0) break;
    got += static_cast<std::size_t>(some);
  }
  bytes.resize(got);
  return bytes;
}

tcp_info info_of(const FileDescriptor& socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  check(getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0, "TCP_INFO");
  return info;
}

void vanish(FileDescriptor socket) {
  const int on = 1;
  check(setsockopt(socket.get(), IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) == 0, "TCP_REPAIR");
}

}  // namespace synward::test
