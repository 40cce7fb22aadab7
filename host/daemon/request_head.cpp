// SPDX-License-Identifier: BSD-2-Clause
#include "request_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace synward {

namespace {

using Fault = std::optional<RequestFault>;

constexpr std::string_view kEndOfLine = "\r\n";
constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr int kBadRequest = 400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A character of a method or a field's name (RFC 9110, token).
bool is_token(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMarks.find(c) != std::string_view::npos;
}
bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_visible(char c) { return c > ' ' && c < 0x7f; }
/// What may stand in a field: no control character but the tab.
bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7f); }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

/// Takes the text up to `mark`, and the mark, from the front; all of it where there is no mark.
std::string_view take(std::string_view& text, std::string_view mark) {
  const auto end = std::min(text.find(mark), text.size());
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + mark.size(), text.size()));
  return taken;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    if (same(trimmed(take(list, ",")), word)) {
      return true;
    }
  }
  return false;
}

Fault read_line(std::string_view line, RequestHead& head) {
  const auto method = take(line, " ");
  const auto target = take(line, " ");
  const auto version = line;
  if (method.empty() || !std::ranges::all_of(method, is_token) || !target.starts_with('/') ||
      !std::ranges::all_of(target, is_visible)) {
    return RequestFault{kBadRequest, "not a request line"};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return RequestFault{505, "only HTTP/1.1"};
  }
  if (target.size() > kMostTarget) {
    return RequestFault{414, "too long a path"};
  }
  static constexpr std::array<std::string_view, 4> kMethods{"GET", "HEAD", "PUT", "POST"};
  if (std::ranges::find(kMethods, method) == kMethods.end()) {
    return RequestFault{405, "no such method here"};
  }
  head.method = method;
  head.target = target;
  head.close = version == "HTTP/1.0";
  return {};
}

/// The fields of a head, one after the other.
class FieldReader {
 public:
  explicit FieldReader(RequestHead& head) : head_(head), needs_host_(!head.close) {}

  Fault read(std::string_view line) {
    const auto colon = line.find(':');
    // A blank before the colon, or in the place of a name, is where readers of the past differ.
    if (colon == 0 || colon == std::string_view::npos || !std::ranges::all_of(line.substr(0, colon), is_token) ||
        !std::ranges::all_of(line.substr(colon + 1), is_text)) {
      return RequestFault{kBadRequest, "not a header field"};
    }
    return ++fields_ > kMostFields ? Fault({431, "too many header fields"})
                                   : take_field(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }

  Fault finish() const { return host_seen_ || !needs_host_ ? Fault() : Fault({kBadRequest, "Host: missing"}); }

 private:
  Fault take_field(std::string_view name, std::string_view value) {
    if (same(name, "Content-Length")) {
      return take_length(value);
    }
    if (same(name, "Transfer-Encoding")) {
      return RequestFault{501, "a body needs a Content-Length"};
    }
    if (same(name, "Expect")) {
      return RequestFault{417, "no Expect here"};
    }
    if (same(name, "Host")) {
      return once(host_seen_, "Host: more than one");
    }
    if (same(name, "Authorization")) {
      head_.authorization = value;
      return once(authorization_, "Authorization: more than one");
    }
    if (same(name, "Connection")) {
      head_.close = head_.close || has_word(value, "close");
    }
    return {};
  }

  Fault take_length(std::string_view value) {
    if (const auto fault = once(length_, "Content-Length: more than one")) {
      return fault;
    }
    if (value.empty() || !std::ranges::all_of(value, is_digit)) {
      return RequestFault{kBadRequest, "Content-Length: not a number"};
    }
    const auto read = std::from_chars(value.data(), value.data() + value.size(), head_.body);
    return read.ec != std::errc() || head_.body > kMostBody ? Fault({413, "too long a body"}) : Fault();
  }

  static Fault once(bool& seen, std::string_view otherwise) {
    return std::exchange(seen, true) ? Fault({kBadRequest, otherwise}) : Fault();
  }

  RequestHead& head_;
  std::size_t fields_ = 0;
  bool needs_host_;  ///< HTTP/1.0 knows none
  bool host_seen_ = false, length_ = false, authorization_ = false;
};

}  // namespace

ReadHead read_head(std::string_view bytes) {
  const auto end = bytes.substr(0, kMostHead).find(kEndOfHead);
  if (end == std::string_view::npos) {
    return bytes.size() >= kMostHead ? ReadHead(RequestFault{431, "too long a header"}) : ReadHead();
  }
  RequestHead head;
  head.size = end + kEndOfHead.size();
  auto lines = bytes.substr(0, end);
  if (const auto fault = read_line(take(lines, kEndOfLine), head)) {
    return *fault;
  }
  FieldReader fields(head);
  while (!lines.empty()) {
    if (const auto fault = fields.read(take(lines, kEndOfLine))) {
      return *fault;
    }
  }
  if (const auto fault = fields.finish()) {
    return *fault;
  }
  return head;
}

}  // namespace synward
