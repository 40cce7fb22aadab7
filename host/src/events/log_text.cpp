// SPDX-License-Identifier: BSD-2-Clause
#include "synward/log_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "synward/printable.hpp"

namespace synward {

namespace {

using nlohmann::json;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

/// The place of `word`, in small letters, whatever the text's are.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0) {
  const auto* end = text.data() + text.size();
  const auto* at = std::search(text.data() + std::min(from, text.size()), end, word.begin(), word.end(),
                               [](char a, char b) { return lower(a) == b; });
  return at == end ? std::string_view::npos : static_cast<std::size_t>(at - text.data());
}

/// The line at the front, taken away.
std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void add_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xc0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xe0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    text += '?';  // nothing that a log of a kernel is made of
  }
}

enum class Utf16 : std::uint8_t { none, little, big };

/// By its mark, or by the zeros that every other byte of a Latin text is.
Utf16 utf16_of(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe")) {
    return Utf16::little;
  }
  if (bytes.starts_with("\xfe\xff")) {
    return Utf16::big;
  }
  const auto sample = bytes.substr(0, 1024);
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    zeros[i % 2] += sample[i] == '\0' ? 1 : 0;
  }
  const auto most = sample.size() / 2;
  if (most < 4 || zeros[0] + zeros[1] < most * 3 / 4) {
    return Utf16::none;
  }
  return zeros[1] >= most * 3 / 4 && zeros[0] < most / 8   ? Utf16::little
         : zeros[0] >= most * 3 / 4 && zeros[1] < most / 8 ? Utf16::big
                                                           : Utf16::none;
}

std::string from_utf16(std::string_view bytes, bool big) {
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto low = static_cast<unsigned char>(bytes[i + (big ? 1 : 0)]);
    const auto high = static_cast<unsigned char>(bytes[i + (big ? 0 : 1)]);
    const auto code = static_cast<std::uint32_t>(high << 8 | low);
    if (code != 0xfeff && code != 0) {
      add_utf8(text, code);
    }
  }
  return text;
}

/// Whether it is nothing that somebody could read. Zeros are no sign: a log has them where the system crashed.
bool is_binary(std::string_view text) {
  std::size_t odd = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    odd += (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f' && byte != 0x1b) ? 1 : 0;
  }
  constexpr std::size_t kTolerated = 20;  // one byte in so many
  return odd * kTolerated > text.size();
}

int hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

std::string from_quoted_printable(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      plain += text[i];
    } else if (text.substr(i + 1, 1) == "\n" || text.substr(i + 1, 2) == "\r\n") {
      i += text[i + 1] == '\r' ? 2 : 1;
    } else if (i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      plain += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      plain += '=';
    }
  }
  return plain;
}

/// Lines of base64 from the front on; what is none, a boundary say, ends them.
std::string from_base64(std::string_view& text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string plain;
  std::uint32_t bits = 0;
  int count = 0;
  while (!text.empty()) {
    auto rest = text;
    auto line = take_line(rest);
    line = line.substr(0, line.find_last_not_of(" \r=") + 1);
    if (line.empty() || line.find_first_not_of(kDigits) != std::string_view::npos) {
      break;
    }
    for (const char c : line) {
      bits = bits << 6 | static_cast<std::uint32_t>(kDigits.find(c));
      count += 6;
      if (count >= 8) {
        count -= 8;
        plain += static_cast<char>(bits >> count & 0xff);
      }
    }
    text = rest;
  }
  return plain + '\n';
}

/// A mail's parts of base64 in the clear; everything else as it is.
std::string without_base64(std::string_view text) {
  constexpr std::string_view kHeader = "content-transfer-encoding: base64";
  std::string plain;
  for (auto at = find_word(text, kHeader); at != std::string_view::npos; at = find_word(text, kHeader)) {
    const auto empty = std::min(text.find("\n\n", at), text.find("\n\r\n", at));
    if (empty == std::string_view::npos) {
      break;
    }
    const auto body = empty + (text[empty + 1] == '\r' ? 3 : 2);
    plain += text.substr(0, body);
    text.remove_prefix(body);
    plain += from_base64(text);
  }
  return plain += text;
}

/// A character reference behind "&"; nothing where it is none.
std::optional<std::string> entity(std::string_view name) {
  struct Named {
    std::string_view name, text;
  };
  constexpr std::array<Named, 6> kNamed{
      {{"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};
  const auto* found = std::ranges::find(kNamed, name, &Named::name);
  if (found != kNamed.end()) {
    return std::string(found->text);
  }
  if (!name.starts_with('#') || name.size() < 2) {
    return std::nullopt;
  }
  const bool hex = lower(name[1]) == 'x';
  const auto digits = name.substr(hex ? 2 : 1);
  std::uint32_t code = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || code == 0) {
    return std::nullopt;
  }
  std::string text;
  add_utf8(text, code);
  return text;
}

/// Whether <name is one of HTML's, and no flag of TCP's.
bool is_tag(std::string_view name) {
  constexpr std::array<std::string_view, 44> kTags{
      "a",     "b",    "blockquote", "body",  "br", "cite", "code",  "dd",   "div",   "dl",   "dt",
      "em",    "font", "h1",         "h2",    "h3", "h4",   "head",  "hr",   "html",  "i",    "img",
      "kbd",   "li",   "link",       "meta",  "ol", "p",    "pre",   "samp", "small", "span", "strong",
      "style", "sub",  "table",      "tbody", "td", "th",   "title", "tr",   "tt",    "ul",   "wbr"};
  std::string small(name);
  std::ranges::transform(small, small.begin(), lower);
  return std::ranges::find(kTags, small) != kTags.end();
}

/// Tags taken out, which break lines where HTML's would, and references made characters.
std::string from_html(std::string_view text) {
  constexpr std::size_t kLongestTag = 2000, kLongestEntity = 10;
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const auto end = text.substr(i, kLongestEntity).find(';');
      if (const auto one = end == std::string_view::npos ? std::nullopt : entity(text.substr(i + 1, end - 1))) {
        plain += *one;
        i += end;
        continue;
      }
    } else if (text[i] == '<') {
      const auto end = text.substr(i, kLongestTag).find('>');
      const auto inside = end == std::string_view::npos ? std::string_view() : text.substr(i + 1, end - 1);
      const auto begin = inside.starts_with('/') ? std::size_t{1} : std::size_t{0};
      const auto name = inside.substr(begin, inside.find_first_of(" \t\r\n/", begin) - begin);
      if (is_tag(name)) {
        plain +=
            name == "br" || name == "BR" || name == "p" || name == "tr" || name == "li" || name == "div" ? "\n" : "";
        i += end;
        continue;
      }
    }
    plain += text[i];
  }
  return plain;
}

bool is_html(std::string_view text) {
  return std::ranges::any_of(
      std::array<std::string_view, 9>{"<html", "<pre", "<code", "<br", "<p>", "<div", "&lt;", "&gt;", "&#"},
      [text](std::string_view sign) { return find_word(text, sign) != std::string_view::npos; });
}

/// The objects of JSON in a text, one behind the other or in an array, line by line or not.
class Objects {
 public:
  explicit Objects(std::string_view text) : text_(text) {}

  /// The next one; nothing at the end.
  std::optional<std::string_view> next() {
    const auto begin = text_.find('{', at_);
    if (begin == std::string_view::npos) {
      return std::nullopt;
    }
    std::size_t depth = 0;
    bool quoted = false;
    for (auto i = begin; i < text_.size(); ++i) {
      const char c = text_[i];
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{') {
        ++depth;
      } else if (c == '}' && --depth == 0) {
        at_ = i + 1;
        return text_.substr(begin, at_ - begin);
      }
    }
    at_ = text_.size();
    return std::nullopt;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// The message of an object as loggers write them; journalctl gives bytes where it is no UTF-8.
std::optional<std::string> message_of(const json& object) {
  for (const auto* key : {"MESSAGE", "log", "message", "msg", "text"}) {
    const auto found = object.find(key);
    if (found == object.end()) {
      continue;
    }
    if (found->is_string()) {
      return found->get<std::string>();
    }
    if (found->is_array()) {
      std::string bytes;
      for (const auto& byte : *found) {
        bytes += byte.is_number_unsigned() ? static_cast<char>(byte.get<std::uint64_t>()) : '?';
      }
      return bytes;
    }
  }
  return std::nullopt;
}

std::string iso_text(double seconds) {
  constexpr double kLast = 253'402'300'799;  // of the year 9999
  if (!(seconds >= 0 && seconds <= kLast)) {
    return {};
  }
  const auto micros = static_cast<std::int64_t>(seconds * 1e6);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z ", fmt::gmtime(static_cast<std::time_t>(micros / 1'000'000)),
                     micros % 1'000'000);
}

/// Its time, as a line begins with it; nothing where it has none.
std::string time_of(const json& object) {
  if (const auto found = object.find("__REALTIME_TIMESTAMP"); found != object.end() && found->is_string()) {
    const auto text = found->get<std::string>();
    std::uint64_t micros = 0;
    std::from_chars(text.data(), text.data() + text.size(), micros);
    return iso_text(static_cast<double>(micros) / 1e6);
  }
  for (const auto* key : {"time", "@timestamp", "timestamp", "ts"}) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) {
      return found->get<std::string>() + ' ';
    }
    if (found != object.end() && found->is_number()) {
      return iso_text(found->get<double>());
    }
  }
  return {};
}

/// Lines of a log that is written as JSON; nothing where it is none: an event of a run has no message.
std::optional<std::string> from_json(std::string_view text) {
  Objects objects(text);
  std::string lines;
  bool any = false;
  for (auto one = objects.next(); one; one = objects.next()) {
    const auto object = json::parse(*one, nullptr, false);
    const auto message = object.is_object() ? message_of(object) : std::nullopt;
    if (!message && !any) {
      return std::nullopt;
    }
    any = true;
    lines += message ? time_of(object) + "kernel: " + *message + '\n' : std::string();
  }
  return any ? std::optional(lines) : std::nullopt;
}

bool is_quoted_printable(std::string_view text) {
  return find_word(text, "content-transfer-encoding: quoted-printable") != std::string_view::npos ||
         (text.find("=\n") != std::string_view::npos && text.find("=3D") != std::string_view::npos);
}

}  // namespace

Expected<std::string> readable_text(std::string bytes, const std::string& name, std::size_t most) {
  auto text = unpacked(std::move(bytes), name, most);
  if (!text) {
    return text;
  }
  if (const auto kind = utf16_of(*text); kind != Utf16::none) {
    *text = from_utf16(*text, kind == Utf16::big);
  }
  if (text->starts_with("\xef\xbb\xbf")) {
    text->erase(0, 3);
  }
  const bool empty = text->empty();
  std::erase(*text, '\0');
  if (is_binary(*text) || (text->empty() && !empty)) {
    return Error{fmt::format("{}: is no text", one_line(name))};
  }
  const auto first = text->find_first_not_of(" \t\r\n");
  if (first != std::string::npos && ((*text)[first] == '{' || (*text)[first] == '[')) {
    if (auto lines = from_json(*text)) {
      return std::move(*lines);
    }
    if ((*text)[first] == '{') {
      return text;
    }
  }
  *text = without_base64(*text);
  if (is_quoted_printable(*text)) {
    *text = from_quoted_printable(*text);
  }
  return is_html(*text) ? from_html(*text) : *text;
}

}  // namespace synward
