// SPDX-License-Identifier: BSD-2-Clause
#include "http_server.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <map>
#include <string_view>
#include <utility>

namespace synward {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestSleep{1'000};
constexpr seconds kRequestTime{10};  ///< to send a request, from its first byte on
constexpr seconds kAnswerTime{20};   ///< to take an answer
constexpr seconds kDrainTime{1};     ///< to see that it was refused
constexpr std::size_t kMostDrained = 65'536;
constexpr std::size_t kMostUnsent = 2 * 1024 * 1024;  ///< bytes of all answers that clients are slow to take
constexpr int kAcceptAtOnce = 64;                     ///< then those who are in have their turn
constexpr seconds kTellEvery{60};

/// Whether the bytes of an answer begin with a status of 400 or more.
bool is_refusal(std::string_view answer) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  return answer.starts_with(kVersion) && answer.size() > kVersion.size() && answer[kVersion.size()] >= '4';
}

/// Who is at the other end.
struct Client {
  std::string name;  ///< what shares go by
  std::optional<std::uint32_t> uid{};
};

Client local_client(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof peer) {
    return {"nobody known"};
  }
  return {fmt::format("user {}", peer.uid), peer.uid};
}

Client remote_client(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) {
    return {"nobody known"};
  }
  if (peer.ss_family != AF_INET6) {
    return {fmt::format("{:08x}", ntohl(reinterpret_cast<const sockaddr_in*>(&peer)->sin_addr.s_addr))};
  }
  // Who has an address of IPv6 has the 2^64 around it.
  constexpr std::size_t kNetwork = 8;
  const auto& address = reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_addr;
  return {std::string(reinterpret_cast<const char*>(&address), kNetwork)};
}

bool is_metrics(std::string_view target) { return target.substr(0, target.find('?')) == "/metrics"; }

}  // namespace

struct HttpServer::Connection {
  enum class State : std::uint8_t {
    reading,
    working,  ///< a thread has the request, or will have it
    writing,
    draining,  ///< the client was refused; what it still sends is not looked at
  };
  std::uint64_t id;
  Channel channel;
  Client client;
  Clock::time_point since;     ///< when it came, or had its last answer: what it sends in between makes it no younger
  Clock::time_point deadline;  ///< of what is under way
  State state = State::reading;
  short waits_for = POLLIN;
  std::string input{};  ///< not taken yet
  std::string output{};
  std::size_t sent = 0;  ///< of output
  std::size_t drained = 0;
  int requests_left = kRequestsOfConnection;
  bool last = false;  ///< ends with the answer
  bool refused = false;
  std::shared_ptr<std::atomic<bool>> gone = std::make_shared<std::atomic<bool>>(false);
};

HttpServer::HttpServer(Settings settings, std::function<ApiReply(const ApiRequest&)> handle)
    : settings_(std::move(settings)),
      codec_(std::move(handle)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      work_(settings_.door == Door::admin ? kThreads : kThreadsOfOne, [this] { eventfd_write(wake_.get(), 1); }) {
  threads_.emplace_back([this] { watch(); });
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads_.emplace_back([this, only_metrics = i == 0] { work(only_metrics); });
  }
}

void HttpServer::end() {
  ending_ = true;
  eventfd_write(wake_.get(), 1);
  work_.close();
}

HttpServer::~HttpServer() {
  end();
  for (auto& thread : threads_) {
    thread.join();
  }
}

void HttpServer::work(bool only_metrics) {
  while (const auto job = work_.next(only_metrics)) {
    std::string answer;
    try {
      answer = codec_.answer(job->request);
    } catch (const std::exception&) {
      answer = fault_answer({500, "internal error"});  // one client's request; the thread goes on
    }
    work_.finish(*job, std::move(answer));
  }
}

void HttpServer::watch() {
  while (!ending_) {
    auto fds = watched();
    poll(fds.data(), fds.size(), patience());
    eventfd_t count = 0;
    eventfd_read(wake_.get(), &count);
    auto seen = fds.begin() + 2;
    for (auto connection = connections_.begin(); connection != connections_.end(); ++seen) {
      connection = go_on(*connection, seen->revents) ? std::next(connection) : connections_.erase(connection);
    }
    take_answers();
    bound_answers();
    if (fds[0].revents != 0) {
      accept_clients();
    }
    tell_of_crowd();
  }
}

/// The listening socket, the eventfd, and the connections in their order.
std::vector<pollfd> HttpServer::watched() const {
  std::vector<pollfd> fds{{settings_.fd, POLLIN, 0}, {wake_.get(), POLLIN, 0}};
  for (const auto& connection : connections_) {
    // poll(2) always tells of a client that has hung up; to be told once is enough.
    const bool working = connection.state == Connection::State::working;
    fds.push_back(
        {working && *connection.gone ? -1 : connection.channel.fd(), working ? short{0} : connection.waits_for, 0});
  }
  return fds;
}

int HttpServer::patience() const {
  auto until = Clock::now() + kLongestSleep;
  for (const auto& connection : connections_) {
    if (connection.state != Connection::State::working) {
      until = std::min(until, connection.deadline);
    }
  }
  return static_cast<int>(std::max(std::chrono::ceil<milliseconds>(until - Clock::now()), milliseconds(0)).count());
}

/// What is to be done for a connection. False: it has ended.
bool HttpServer::go_on(Connection& connection, short events) {
  using enum Connection::State;
  if (connection.state == working) {
    if ((events & (POLLHUP | POLLERR)) != 0) {
      *connection.gone = true;
    }
    return true;
  }
  if (Clock::now() >= connection.deadline) {
    return false;
  }
  if (events == 0) {
    return true;
  }
  return connection.state == reading   ? read(connection)
         : connection.state == writing ? write(connection)
                                       : drain(connection);
}

bool HttpServer::read(Connection& connection) {
  constexpr std::size_t kMostRequest = kMostHead + kMostBody;
  while (connection.input.size() < kMostRequest) {
    const bool fresh = connection.input.empty();
    const auto state = connection.channel.read(connection.input, kMostRequest - connection.input.size());
    if (state != Channel::State::ready) {
      connection.waits_for = connection.channel.waits_for();
      return state == Channel::State::waiting;
    }
    if (fresh) {
      connection.deadline = Clock::now() + kRequestTime;
    }
    if (!take_request(connection)) {
      return false;
    }
    if (connection.state != Connection::State::reading) {
      return true;
    }
  }
  return true;
}

/// Hands on the request that the input begins with, if it is there as a whole.
bool HttpServer::take_request(Connection& connection) {
  auto read = read_head(connection.input);
  if (const auto* fault = std::get_if<RequestFault>(&read)) {
    connection.refused = true;
    return answer(connection, fault_answer(*fault), true);
  }
  auto* head = std::get_if<RequestHead>(&read);
  if (head == nullptr || connection.input.size() < head->size + head->body) {
    return true;
  }
  if (settings_.password != nullptr && !settings_.password->opens(head->authorization)) {
    connection.refused = true;
    return answer(connection,
                  fault_answer({401, "a password is needed"}, "WWW-Authenticate: Basic realm=\"synward\"\r\n"), true);
  }
  OPENSSL_cleanse(head->authorization.data(), head->authorization.size());
  hand_over(connection, std::move(*head));
  return true;
}

void HttpServer::hand_over(Connection& connection, RequestHead head) {
  auto body = connection.input.substr(head.size, head.body);
  connection.input.erase(0, head.size + head.body);
  connection.state = Connection::State::working;
  connection.last = head.close || --connection.requests_left == 0;
  const bool metrics = is_metrics(head.target);
  work_.add({connection.id,
             connection.client.name,
             metrics,
             {std::move(head), std::move(body), settings_.door == Door::admin, connection.client.uid,
              [this, gone = connection.gone] { return *gone || ending_; }, connection.last}});
}

void HttpServer::take_answers() {
  for (auto& done : work_.take_answers()) {
    const auto connection = std::ranges::find(connections_, done.connection, &Connection::id);
    if (connection != connections_.end() && !answer(*connection, std::move(done.bytes), connection->last)) {
      connections_.erase(connection);
    }
  }
}

bool HttpServer::answer(Connection& connection, std::string bytes, bool last) {
  ++answers_;
  refused_ += is_refusal(bytes) ? 1 : 0;
  connection.state = Connection::State::writing;
  connection.output = std::move(bytes);
  connection.sent = 0;
  connection.last = last;
  connection.since = Clock::now();
  connection.deadline = connection.since + kAnswerTime;
  return write(connection);
}

bool HttpServer::write(Connection& connection) {
  std::string_view left = std::string_view(connection.output).substr(connection.sent);
  while (!left.empty()) {
    const auto state = connection.channel.write(left);
    connection.sent = connection.output.size() - left.size();
    if (state != Channel::State::ready) {
      connection.waits_for = connection.channel.waits_for();
      return state == Channel::State::waiting;
    }
  }
  connection.output = {};
  connection.waits_for = POLLIN;
  if (connection.refused) {
    // To close while the client sends would take the answer from it.
    connection.channel.end();
    connection.input = {};
    connection.state = Connection::State::draining;
    connection.deadline = Clock::now() + kDrainTime;
    return true;
  }
  if (connection.last) {
    connection.channel.end();
    return false;
  }
  connection.state = Connection::State::reading;
  connection.deadline = Clock::now() + (connection.input.empty() ? kIdleBetweenRequests : kRequestTime);
  // The next request may have come with the one before.
  return connection.input.empty() || take_request(connection);
}

bool HttpServer::drain(Connection& connection) {
  auto state = Channel::State::ready;
  while (state == Channel::State::ready && connection.drained < kMostDrained) {
    std::string ignored;
    state = connection.channel.read(ignored, kMostDrained);
    connection.drained += ignored.size();
  }
  return state == Channel::State::waiting;
}

void HttpServer::accept_clients() {
  for (int i = 0; i < kAcceptAtOnce; ++i) {
    FileDescriptor arrived(accept4(settings_.fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (arrived) {
      admit(std::move(arrived));
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      // Without descriptors the client stays where it is; so that this is no busy loop:
      std::this_thread::sleep_for(milliseconds(10));
      return;
    }
  }
}

void HttpServer::admit(FileDescriptor fd) {
  auto client = settings_.door == Door::tcp ? remote_client(fd.get()) : local_client(fd.get());
  if (connections_.size() >= kConnections && !make_room(client.name)) {
    return;
  }
  TlsSession session;
  if (settings_.tls != nullptr) {
    session = settings_.tls->session(fd.get());
    if (!session) {
      return;
    }
  }
  const auto now = Clock::now();
  connections_.push_back({.id = ++last_id_,
                          .channel = Channel(std::move(fd), std::move(session)),
                          .client = std::move(client),
                          .since = now,
                          .deadline = now + kIdleBetweenRequests});
}

/// Ends a connection of the client that has the most, counted with the newcomer. False where the newcomer has.
bool HttpServer::make_room(const std::string& newcomer) {
  ++turned_away_;
  std::map<std::string, std::size_t> shares{{newcomer, 1}};
  for (const auto& connection : connections_) {
    ++shares[connection.client.name];
  }
  std::vector<std::pair<std::size_t, std::string>> largest;
  largest.reserve(shares.size());
  for (const auto& [client, connections] : shares) {
    largest.emplace_back(connections, client);
  }
  std::ranges::sort(largest, std::greater());
  for (const auto& [connections, client] : largest) {
    if (const auto idle = longest_idle(client); idle != connections_.end()) {
      connections_.erase(idle);
      return true;
    }
  }
  return false;
}

/// The connection of a client that has had no answer for the longest, and has no thread at work. Requests that wait for
/// one keep no place: who asks for much would fill the house with them.
HttpServer::Connections::iterator HttpServer::longest_idle(const std::string& client) {
  std::vector<Connections::iterator> all;
  for (auto one = connections_.begin(); one != connections_.end(); ++one) {
    if (one->client.name == client) {
      all.push_back(one);
    }
  }
  std::ranges::sort(all, {}, [](const auto& one) { return one->since; });
  const auto found = std::ranges::find_if(
      all, [this](const auto& one) { return one->state != Connection::State::working || work_.withdraw(one->id); });
  return found == all.end() ? connections_.end() : *found;
}

/// Who is slow to take answers does not fill the memory: the answer that has lain there for the longest makes way.
void HttpServer::bound_answers() {
  std::size_t unsent = 0;
  for (const auto& connection : connections_) {
    unsent += connection.output.size();
  }
  while (unsent > kMostUnsent) {
    auto oldest = connections_.end();
    std::size_t writers = 0;
    for (auto one = connections_.begin(); one != connections_.end(); ++one) {
      if (!one->output.empty()) {
        ++writers;
        oldest = oldest == connections_.end() || one->since < oldest->since ? one : oldest;
      }
    }
    if (writers < 2) {
      return;
    }
    unsent -= oldest->output.size();
    ++turned_away_;
    connections_.erase(oldest);
  }
}

void HttpServer::tell_of_crowd() {
  const auto now = Clock::now();
  const std::uint64_t all = turned_away_;
  if (all != told_ && now >= tell_next_) {
    tell_next_ = now + kTellEvery;
    if (settings_.crowded) {
      settings_.crowded(all - std::exchange(told_, all));
    }
  }
}

}  // namespace synward
