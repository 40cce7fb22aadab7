// SPDX-License-Identifier: BSD-2-Clause
#include "lint.hpp"

#include <fmt/format.h>
#include <llvm/ADT/SCCIterator.h>
#include <llvm/Analysis/CallGraph.h>
#include <llvm/IR/Module.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "recurrence.hpp"

namespace synward::meter {

namespace {

/// Where a pragma may stand: at the head of a function, in a function behind the declaration that it is about, or at
/// the head of a loop.
enum class Stand { head, body, loop };

struct PragmaRule {
  Stand stand;
  std::set<std::string> keys;
};

const std::map<std::string, PragmaRule>& pragma_rules() {
  static const std::map<std::string, PragmaRule> rules = {
      {"INTERFACE", {Stand::head, {"mode", "port", "register", "register_mode", "depth"}}},
      {"PIPELINE", {Stand::head, {"II", "style", "off"}}},
      {"DATAFLOW", {Stand::head, {"disable_start_propagation"}}},
      {"INLINE", {Stand::head, {"off", "recursive"}}},
      {"UNROLL", {Stand::loop, {"factor"}}},
      {"STREAM", {Stand::body, {"variable", "depth", "type"}}},
      {"BIND_STORAGE", {Stand::body, {"variable", "type", "impl", "latency"}}},
      {"AGGREGATE", {Stand::body, {"variable", "compact"}}},
      {"ARRAY_PARTITION", {Stand::body, {"variable", "type", "dim", "factor"}}},
      {"DEPENDENCE", {Stand::body, {"variable", "type", "direction", "dependent", "class"}}},
      {"RESET", {Stand::body, {"variable", "off"}}},
  };
  return rules;
}

/// Words that no kernel may hold, and why.
const std::map<std::string, const char*>& refused_words() {
  static const std::map<std::string, const char*> words = {{"new", "heap"},
                                                           {"delete", "heap"},
                                                           {"malloc", "heap"},
                                                           {"calloc", "heap"},
                                                           {"realloc", "heap"},
                                                           {"free", "heap"},
                                                           {"virtual", "virtual"},
                                                           {"dynamic_cast", "virtual"},
                                                           {"typeid", "virtual"},
                                                           {"throw", "exceptions"},
                                                           {"try", "exceptions"},
                                                           {"vector", "STL"},
                                                           {"deque", "STL"},
                                                           {"map", "STL"},
                                                           {"unordered_map", "STL"},
                                                           {"string", "STL"},
                                                           {"list", "STL"},
                                                           {"function", "STL"},
                                                           {"unique_ptr", "STL"},
                                                           {"shared_ptr", "STL"},
                                                           {"optional", "STL"},
                                                           {"tuple", "STL"},
                                                           {"array", "STL"},
                                                           {"queue", "STL"},
                                                           {"reinterpret_cast", "a cast that no tool need take"},
                                                           {"union", "union"},
                                                           {"goto", "goto"}};
  return words;
}

/// A piece of source: a word, a number, a sign, or a whole pragma.
struct Token {
  enum class Kind { word, number, sign, pragma };
  Kind kind;
  std::string text;
  unsigned line;
};

class Tokens {
 public:
  explicit Tokens(const std::string& text) : text_(text) {
    while (at_ < text_.size()) step();
  }
  const std::vector<Token>& all() const { return tokens_; }

 private:
  char here(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void step() {
    if (here() == '\n') {
      ++line_;
      ++at_;
    } else if (std::isspace(static_cast<unsigned char>(here())) != 0) {
      ++at_;
    } else if (here() == '/' && here(1) == '/') {
      while (at_ < text_.size() && here() != '\n') ++at_;
    } else if (here() == '/' && here(1) == '*') {
      const std::size_t end = std::min(text_.find("*/", at_ + 2), text_.size() - 2);
      line_ += static_cast<unsigned>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      at_ = end + 2;
    } else if (here() == '#') {
      directive();
    } else if (here() == '"' || here() == '\'') {
      quoted();
    } else {
      word_or_sign();
    }
  }

  void directive() {
    const unsigned line = line_;
    std::string whole;
    while (at_ < text_.size() && here() != '\n') {
      if (here() == '\\' && here(1) == '\n') {
        whole += ' ';
        ++line_;
        at_ += 2;
      } else {
        whole += text_[at_++];
      }
    }
    const std::size_t comment = whole.find("//");
    if (whole.rfind("#pragma", 0) == 0) tokens_.push_back({Token::Kind::pragma, whole.substr(7, comment - 7), line});
  }

  void quoted() {
    const char quote = here();
    for (++at_; at_ < text_.size() && here() != quote && here() != '\n'; ++at_) {
      if (here() == '\\') ++at_;
    }
    ++at_;
  }

  void word_or_sign() {
    const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    const std::size_t begin = at_;
    if (!part(here())) {
      tokens_.push_back({Token::Kind::sign, std::string(1, text_[at_++]), line_});
      return;
    }
    const bool number = std::isdigit(static_cast<unsigned char>(here())) != 0;
    while (at_ < text_.size() && (part(here()) || (number && here() == '\''))) ++at_;
    tokens_.push_back({number ? Token::Kind::number : Token::Kind::word, text_.substr(begin, at_ - begin), line_});
  }

  const std::string& text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::vector<Token> tokens_;
};

/// One HLS pragma: its name, and its keys with their values.
struct Pragma {
  std::string name;
  std::map<std::string, std::string> keys;
  unsigned line;

  std::string value(const std::string& key) const {
    const auto found = keys.find(key);
    return found == keys.end() ? std::string() : found->second;
  }
};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  return text;
}

/// None for a pragma of others, as once.
std::optional<Pragma> parse_pragma(const Token& token) {
  std::string text;
  for (const char c : token.text) text += c == '=' ? std::string(" = ") : std::string(1, c);
  std::vector<std::string> words;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(" \t", at)) != std::string::npos) {
    const std::size_t end = std::min(text.find_first_of(" \t", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  if (words.empty() || upper(words[0]) != "HLS") return std::nullopt;
  Pragma pragma{words.size() > 1 ? upper(words[1]) : std::string(), {}, token.line};
  for (std::size_t i = 2; i < words.size(); ++i) {
    const bool assigned = i + 2 < words.size() && words[i + 1] == "=";
    pragma.keys[words[i]] = assigned ? words[i + 2] : std::string();
    if (assigned) i += 2;
  }
  return pragma;
}

/// Reads a source from its first token to its last, with the blocks that are open.
class Reader {
 public:
  Reader(std::string file, const std::string& text) : file_(std::move(file)), tokens_(text) {}

  std::vector<Breach> read() {
    const std::vector<Token>& all = tokens_.all();
    for (at_ = 0; at_ < all.size(); ++at_) {
      const Token& token = all[at_];
      if (token.kind == Token::Kind::pragma) {
        pragma(token);
      } else if (token.text == "{") {
        open();
      } else if (token.text == "}") {
        close();
      } else {
        plain(token);
      }
    }
    return breaches_;
  }

 private:
  struct Block {
    enum class Kind { outer, type, function, loop, other };
    Kind kind;
    bool begun = false;  ///< a statement stands before
    bool pipeline = false;
    bool dataflow = false;
    unsigned line = 0;
    std::map<std::string, unsigned> arrays;  ///< declared here, not yet partitioned or bound, and the line
    std::set<std::string> names;             ///< words of its head and body
  };

  void report(unsigned line, const std::string& text) { breaches_.push_back({file_, line, text}); }

  Block* function() {
    const auto found = std::find_if(blocks_.rbegin(), blocks_.rend(),
                                    [](const Block& block) { return block.kind == Block::Kind::function; });
    return found == blocks_.rend() ? nullptr : &*found;
  }

  void open() {
    Block block{head_kind(), false, false, false, 0, {}, {}};
    block.line = tokens_.all()[at_].line;
    for (const Token& token : head_) block.names.insert(token.text);
    if (!blocks_.empty() && block.kind != Block::Kind::other) blocks_.back().begun = true;
    blocks_.push_back(block);
    head_.clear();
  }

  /// What the tokens before a brace make of it.
  Block::Kind head_kind() const {
    const auto has = [&](const char* word) {
      return std::any_of(head_.begin(), head_.end(), [&](const Token& token) { return token.text == word; });
    };
    const bool inside = std::any_of(blocks_.begin(), blocks_.end(),
                                    [](const Block& block) { return block.kind == Block::Kind::function; });
    if (inside) return has("for") || has("while") || has("do") ? Block::Kind::loop : Block::Kind::other;
    if (has("namespace") || has("extern")) return Block::Kind::outer;
    if (has("(") && !has("=")) return Block::Kind::function;
    return has("struct") || has("class") || has("enum") ? Block::Kind::type : Block::Kind::other;
  }

  void close() {
    if (blocks_.empty()) return report(tokens_.all()[at_].line, "has a } without a {");
    const Block block = blocks_.back();
    blocks_.pop_back();
    head_.clear();
    if (block.kind != Block::Kind::function || !block.pipeline) return;
    for (const auto& [name, line] : block.arrays) {
      report(line, fmt::format("array {} in a pipeline is neither partitioned nor bound to a memory", name));
    }
  }

  void plain(const Token& token) {
    const std::vector<Token>& all = tokens_.all();
    refuse(token);
    static const std::set<std::string> control = {"if", "for", "while", "do", "switch", "return"};
    if (Block* in = function()) {
      if (in->dataflow && control.count(token.text) != 0) {
        report(token.line, fmt::format("{}: a dataflow region has declarations and calls alone", token.text));
      }
      in->names.insert(token.text);
      // NAME [ after a type, that is: in a declaration.
      const bool subscript = at_ + 1 < all.size() && all[at_ + 1].text == "[";
      const bool declared = !head_.empty() && (head_.back().kind == Token::Kind::word || head_.back().text == ">") &&
                            head_.back().text != "return" && head_.front().text != "for";
      if (token.kind == Token::Kind::word && subscript && declared) in->arrays[token.text] = token.line;
    }
    if (token.text == "(") ++brackets_;
    if (token.text == ")") --brackets_;
    if (token.text == ";" && brackets_ <= 0) {
      if (!blocks_.empty()) blocks_.back().begun = true;
      head_.clear();
    } else {
      head_.push_back(token);
    }
  }

  void refuse(const Token& token) {
    const auto found = refused_words().find(token.text);
    if (token.kind != Token::Kind::word || found == refused_words().end()) return;
    // A name of the STL counts where it is one.
    if (std::string(found->second) == "STL" && (head_.size() < 3 || head_[head_.size() - 3].text != "std")) return;
    // free() is a call, free a name like others.
    const bool function = token.text == "free" || token.text.find("alloc") != std::string::npos;
    const std::vector<Token>& all = tokens_.all();
    if (function && (at_ + 1 >= all.size() || all[at_ + 1].text != "(")) return;
    report(token.line, fmt::format("{}: {}", token.text, found->second));
  }

  void pragma(const Token& token) {
    const std::optional<Pragma> found = parse_pragma(token);
    if (!found) return;
    const auto rule = pragma_rules().find(found->name);
    if (rule == pragma_rules().end()) return report(token.line, "unknown pragma " + found->name);
    for (const auto& [key, value] : found->keys) {
      const bool bare = value.empty() && (key == "true" || key == "false" || key == "complete");
      if (!bare && rule->second.keys.count(key) == 0) {
        report(token.line, fmt::format("pragma {} has no {}", found->name, key));
      }
    }
    place(*found, rule->second.stand);
  }

  void place(const Pragma& pragma, Stand stand) {
    Block* in = function();
    if (in == nullptr) return report(pragma.line, fmt::format("pragma {} stands outside a function", pragma.name));
    const Block& innermost = blocks_.back();
    if (stand == Stand::head && (&innermost != in || in->begun)) {
      return report(pragma.line, fmt::format("pragma {} does not stand at the head of its function", pragma.name));
    }
    if (stand == Stand::loop && (innermost.kind != Block::Kind::loop || innermost.begun)) {
      return report(pragma.line, fmt::format("pragma {} does not stand at the head of a loop", pragma.name));
    }
    if (stand == Stand::body) about_variable(pragma, *in);
    if (pragma.name == "INTERFACE" && pragma.value("port") != "return" && in->names.count(pragma.value("port")) == 0) {
      report(pragma.line, "pragma INTERFACE is about no argument: " + pragma.value("port"));
    }
    in->dataflow = in->dataflow || pragma.name == "DATAFLOW";
    in->pipeline = in->pipeline || (pragma.name == "PIPELINE" && pragma.keys.count("off") == 0);
  }

  void about_variable(const Pragma& pragma, Block& in) {
    const std::string whole = pragma.value("variable");
    const std::string name = whole.substr(0, whole.find('.'));
    if (name.empty() || in.names.count(name) == 0) {
      return report(pragma.line, fmt::format("pragma {} is about no variable: {}", pragma.name, whole));
    }
    if (pragma.name == "ARRAY_PARTITION" || pragma.name == "BIND_STORAGE") in.arrays.erase(name);
  }

  std::string file_;
  Tokens tokens_;
  std::size_t at_ = 0;
  std::vector<Token> head_;  ///< since the last statement or brace
  int brackets_ = 0;         ///< that are open
  std::vector<Block> blocks_;
  std::vector<Breach> breaches_;
};

}  // namespace

std::vector<Breach> lint_source(const std::string& file, const std::string& text) { return Reader(file, text).read(); }

namespace {

/// Variables of the pragmas of a source that `wanted` chooses.
template <typename F>
std::set<std::string> variables_of(const std::string& text, F&& wanted) {
  std::set<std::string> names;
  const Tokens tokens(text);
  for (const Token& token : tokens.all()) {
    if (token.kind != Token::Kind::pragma) continue;
    const std::optional<Pragma> pragma = parse_pragma(token);
    if (pragma && wanted(*pragma)) names.insert(pragma->value("variable"));
  }
  return names;
}

}  // namespace

std::set<std::string> freed_memories(const std::string& text) {
  return variables_of(text, [](const Pragma& pragma) {
    return pragma.name == "DEPENDENCE" && (pragma.keys.count("false") != 0 || pragma.value("dependent") == "false");
  });
}

std::set<std::string> block_memories(const std::string& text) {
  return variables_of(
      text, [](const Pragma& pragma) { return pragma.name == "BIND_STORAGE" && pragma.value("impl") == "bram"; });
}

std::vector<Breach> lint_module(const std::string& name, const llvm::Module& module) {
  std::vector<Breach> breaches;
  const auto report = [&](const std::string& text) { breaches.push_back({name, 0, text}); };
  if (module.getNamedGlobal("llvm.global_ctors") != nullptr) report("an object is constructed at run time: static");
  for (const llvm::GlobalVariable& global : module.globals()) {
    if (global.getName().startswith("_ZTV")) report("virtual functions: " + short_name(global.getName().str()));
    if (global.getName().startswith("_ZGV")) report("an object is constructed at run time: a static local");
  }
  for (const llvm::Function& function : module) {
    const llvm::StringRef symbol = function.getName();
    const bool heap = symbol.startswith("_Znw") || symbol.startswith("_Zna") || symbol == "malloc" ||
                      symbol == "calloc" || symbol == "realloc";
    if (heap) report("heap: " + short_name(symbol.str()));
  }
  llvm::CallGraph graph(const_cast<llvm::Module&>(module));
  for (auto group = llvm::scc_begin(&graph); !group.isAtEnd(); ++group) {
    if (!group.hasCycle()) continue;
    const auto named = std::find_if(group->begin(), group->end(),
                                    [](const llvm::CallGraphNode* node) { return node->getFunction() != nullptr; });
    if (named != group->end()) report("recursion: " + short_name((*named)->getFunction()->getName().str()));
  }
  return breaches;
}

}  // namespace synward::meter
