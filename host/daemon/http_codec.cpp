// SPDX-License-Identifier: BSD-2-Clause
#include "http_codec.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

namespace synward {

namespace {

/// A request to read, and an answer that is written.
class TextStream : public httplib::Stream {
 public:
  explicit TextStream(std::string_view request) : left_(request) {}

  std::string take_answer() { return std::move(answer_); }

  bool is_readable() const override { return !left_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* ptr, size_t size) override {
    const auto taken = std::min(size, left_.size());
    std::memcpy(ptr, left_.data(), taken);
    left_.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* ptr, size_t size) override {
    answer_.append(ptr, size);
    return static_cast<ssize_t>(size);
  }
  // Nobody asks by address: who a client is, the system tells.
  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip.clear();
    port = 0;
  }
  void get_local_ip_and_port(std::string& ip, int& port) const override { get_remote_ip_and_port(ip, port); }
  socket_t socket() const override { return -1; }

 private:
  std::string_view left_;
  std::string answer_;
};

bool brings_body(const RequestHead& head) { return head.method == "PUT" || head.method == "POST"; }

/// The request as httplib gets it.
std::string told(const HttpRequest& request) {
  const auto& head = request.head;
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", head.method, head.target);
  // The body of a GET means nothing.
  return brings_body(head) ? fmt::format("{}Content-Length: {}\r\n\r\n{}", text, request.body.size(), request.body)
                           : text + "\r\n";
}

/// What the thread answers now.
thread_local const HttpRequest* asked = nullptr;

}  // namespace

std::string fault_answer(const RequestFault& fault, std::string_view field) {
  const auto body = fmt::format("{{\"error\":\"{}\"}}", fault.why);
  return fmt::format(
      "HTTP/1.1 {} Refused\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
      fault.status, field, body.size(), body);
}

class HttpCodec::Server : public httplib::Server {
 public:
  explicit Server(std::function<ApiReply(const ApiRequest&)> handle) : handle_(std::move(handle)) {
    Get(".*", [this](const httplib::Request& request, httplib::Response& response) { reply(request, response); });
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader&) { reply(request, response); };
    Put(".*", with_body);
    Post(".*", with_body);
    set_keep_alive_max_count(kRequestsOfConnection);
    set_keep_alive_timeout(kIdleBetweenRequests.count());
    set_exception_handler([](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
      response.status = 500;
      response.set_content("{\"error\":\"internal error\"}", "application/json");
    });
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) {
        response.set_content(fmt::format("{{\"error\":\"HTTP status {}\"}}", response.status), "application/json");
      }
    });
  }

  std::string answer(const HttpRequest& request) {
    const auto text = told(request);
    TextStream stream(text);
    asked = &request;
    bool closed = false;
    process_request(stream, request.last, closed, nullptr);
    asked = nullptr;
    return stream.take_answer();
  }

 private:
  void reply(const httplib::Request& request, httplib::Response& response) {
    // httplib leaves the body out where only the head is asked for.
    const auto method = request.method == "HEAD" ? "GET" : request.method;
    ApiRequest for_api{method,       request.path, {},         brings_body(asked->head) ? asked->body : std::string(),
                       asked->admin, asked->uid,   asked->gone};
    for (const auto& [key, value] : request.params) {
      for_api.query.emplace(key, value);
    }
    auto answer = handle_(for_api);
    response.status = answer.status;
    response.body = std::move(answer.body);
    response.set_header("Content-Type", answer.type);
    if (answer.incomplete) {
      response.set_header("Synward-Incomplete", "1");
    }
    if (answer.again) {
      response.set_header("Retry-After", "1");
    }
  }

  std::function<ApiReply(const ApiRequest&)> handle_;
};

HttpCodec::HttpCodec(std::function<ApiReply(const ApiRequest&)> handle)
    : server_(std::make_unique<Server>(std::move(handle))) {}

HttpCodec::~HttpCodec() = default;

std::string HttpCodec::answer(const HttpRequest& request) { return server_->answer(request); }

}  // namespace synward
