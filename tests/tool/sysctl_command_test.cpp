// SPDX-License-Identifier: BSD-2-Clause
// `synward sysctl` against a daemon's answers: what sysctl(8) prints, where, and its exit status.
#include "sysctl_command.hpp"

#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace synward::tool {
namespace {

using nlohmann::json;

/// Answers /v1/sysctl as a daemon with three sysctls does.
class Answers {
 public:
  Answers() {
    server_.set_address_family(AF_UNIX);
    server_.Get("/v1/sysctl", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(list_.dump(), "application/json");
    });
    server_.Put(R"(/v1/sysctl/(.+))", [this](const httplib::Request& request, httplib::Response& response) {
      put(request.matches[1], request.body, response);
    });
    server_.bind_to_port(path_.c_str(), 80);
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    for (int i = 0; i < 60'000 && !server_.is_running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~Answers() {
    server_.stop();
    thread_.join();
    std::filesystem::remove_all(directory_);
  }
  const std::string& path() const { return path_; }
  void lose_card() {
    list_[0]["value"] = nullptr;
    list_[0]["error"] = "net.a.one: there is no card";
  }

 private:
  static std::string make_directory() {
    std::string name = std::filesystem::temp_directory_path() / "synward-tool-XXXXXX";
    return ::mkdtemp(name.data());
  }
  void put(const std::string& name, const std::string& value, httplib::Response& response) {
    for (auto& one : list_) {
      if (one["name"] != name) continue;
      if (!one["writable"].get<bool>()) {
        response.status = 403;
        response.set_content(json{{"error", "oid '" + name + "' is a read only tunable"},
                                  {"tip", "Tunable values are set in the configuration"}}
                                 .dump(),
                             "application/json");
      } else if (value == "99") {
        response.status = 422;
        response.set_content(json{{"error", name + "=99: Invalid argument"}}.dump(), "application/json");
      } else {
        response.set_content(json{{"name", name}, {"old", one["value"]}, {"new", value}}.dump(), "application/json");
        one["value"] = value;
      }
      return;
    }
    response.status = 404;
    response.set_content(json{{"error", "unknown oid '" + name + "'"}}.dump(), "application/json");
  }

  json list_ = {{{"name", "net.a.one"},
                 {"value", "1"},
                 {"type", "integer"},
                 {"description", "The one."},
                 {"writable", true},
                 {"tunable", false}},
                {{"name", "net.a.size"},
                 {"value", "512"},
                 {"type", "integer"},
                 {"description", "A size."},
                 {"writable", false},
                 {"tunable", true}},
                {{"name", "net.b.word"},
                 {"value", "pass"},
                 {"type", "word"},
                 {"description", "A word."},
                 {"writable", true},
                 {"tunable", false}}};
  httplib::Server server_;
  std::string directory_ = make_directory(), path_ = directory_ + "/api.sock";
  std::thread thread_;
};

class Sysctl : public testing::Test {
 protected:
  SysctlOutput run_with(const SysctlOptions& options) { return sysctl_command(client_, options); }
  SysctlOutput run(std::vector<std::string> arguments) {
    SysctlOptions options;
    options.arguments = std::move(arguments);
    return run_with(options);
  }

  Answers answers_;

 private:
  ApiClient client_{answers_.path()};
};

TEST_F(Sysctl, ShowsNameAndValue) {
  const auto output = run({"net.a.one"});
  EXPECT_EQ(output.out, "net.a.one: 1\n");
  EXPECT_EQ(output.err, "");
  EXPECT_EQ(output.status, 0);
}

TEST_F(Sysctl, ABranchStandsForAllBelowIt) {
  EXPECT_EQ(run({"net.a"}).out, "net.a.one: 1\nnet.a.size: 512\n");
  EXPECT_EQ(run({"net.a.on"}).status, 1) << "a part of a name is no branch";
}

TEST_F(Sysctl, OptionsAreThoseOfSysctl) {
  SysctlOptions options;
  options.all = true;
  options.names = true;
  EXPECT_EQ(run_with(options).out, "net.a.one\nnet.a.size\nnet.b.word\n");
  options.names = false;
  options.values = true;
  EXPECT_EQ(run_with(options).out, "1\n512\npass\n");
  options.values = false;
  options.description = true;
  EXPECT_EQ(run_with(options).out, "net.a.one: The one.\nnet.a.size: A size.\nnet.b.word: A word.\n");
  options.description = false;
  options.equals = true;
  EXPECT_EQ(run_with(options).out, "net.a.one=1\nnet.a.size=512\nnet.b.word=pass\n");
  options.equals = false;
  options.tunables = true;
  EXPECT_EQ(run_with(options).out, "net.a.size: 512\n");
  options.tunables = false;
  options.writable = true;
  EXPECT_EQ(run_with(options).out, "net.a.one: 1\nnet.b.word: pass\n");
}

TEST_F(Sysctl, SetsAndShowsWhatChanged) {
  EXPECT_EQ(run({"net.a.one=0", "net.a.one"}).out, "net.a.one: 1 -> 0\nnet.a.one: 0\n");
}

TEST_F(Sysctl, WhatFailsDoesNotKeepTheRestFromBeingDone) {
  const auto output = run({"net.nobody", "net.a.one=99", "net.a.size=3", "net.b.word"});
  EXPECT_EQ(output.out, "net.a.one: 1\nnet.b.word: pass\n") << "a value that is refused shows the old one first";
  EXPECT_EQ(
      output.err,
      "sysctl: unknown oid 'net.nobody'\nsysctl: net.a.one=99: Invalid argument\nsysctl: oid 'net.a.size' is a read "
      "only tunable\nsysctl: Tunable values are set in the configuration\n");
  EXPECT_EQ(output.status, 3) << "how many failed";
}

TEST_F(Sysctl, WhatDescribesNeverSets) {
  SysctlOptions options;
  options.arguments = {"net.a.one=0"};
  options.description = true;
  EXPECT_EQ(run_with(options).out, "net.a.one: The one.\n");
  options.description = false;
  for (auto* flag : {&options.tunables, &options.writable}) {
    *flag = true;
    const auto output = run_with(options);
    EXPECT_EQ(output.out, "");
    EXPECT_EQ(output.err, "sysctl: Can't set variables when using -T or -W\n");
    EXPECT_EQ(output.status, 1);
    *flag = false;
  }
  EXPECT_EQ(run({"net.a.one"}).out, "net.a.one: 1\n");
}

TEST_F(Sysctl, TypesAndOtherBases) {
  SysctlOptions options;
  options.arguments = {"net.a.size", "net.b.word"};
  options.type = true;
  EXPECT_EQ(run_with(options).out, "net.a.size: unsigned integer\nnet.b.word: string\n");
  options.values = true;
  EXPECT_EQ(run_with(options).out, "unsigned integer\nstring\n");
  options.type = options.values = false;
  options.hex = true;
  EXPECT_EQ(run_with(options).out, "net.a.size: 0x00000200\nnet.b.word: pass\n");
  options.hex = false;
  options.binary = true;
  EXPECT_EQ(run_with(options).out, std::string("\0\2\0\0pass", 8));
}

TEST_F(Sysctl, TakesWhatSysctlTakesForAnArgument) {
  EXPECT_EQ(run({"net.a.one: 0"}).out, "net.a.one: 1 -> 0\n");
  EXPECT_EQ(run({"net.a.one = \"1\""}).out, "net.a.one: 0 -> 1\n");
  EXPECT_EQ(run({"net.a.one='0'"}).out, "net.a.one: 1 -> 0\n");
  EXPECT_EQ(run({"net.a=1"}).err, "sysctl: oid 'net.a' isn't a leaf node\n");
  EXPECT_EQ(run({""}).err, "sysctl: unknown oid ''\n");
  // A name is a name, whatever it means to HTTP.
  EXPECT_EQ(run({"net.a.one?x=1"}).err, "sysctl: unknown oid 'net.a.one?x'\n");
  EXPECT_EQ(run({"net.a.one\r\nX=1"}).status, 1);
  EXPECT_EQ(run({"net.a.one"}).out, "net.a.one: 0\n");
}

TEST_F(Sysctl, ReadsFiles) {
  const auto path = answers_.path() + ".conf";
  std::ofstream(path) << "# a comment\nnet.a.one=0  # another\n\nnet.b.word: \"drop\"\nnet.nobody=1\n";
  SysctlOptions options;
  options.files = {path};
  auto output = run_with(options);
  EXPECT_EQ(output.out, "net.a.one: 1 -> 0\nnet.b.word: pass -> drop\n");
  EXPECT_EQ(output.err, "sysctl: unknown oid 'net.nobody' at line 5\n");
  EXPECT_EQ(output.status, 1);
  options.ignore = true;
  EXPECT_EQ(run_with(options).status, 0);
  options.files = {"/nonexistent/sysctl.conf"};
  output = run_with(options);
  EXPECT_EQ(output.err, "sysctl: /nonexistent/sysctl.conf: No such file or directory\n");
  EXPECT_EQ(output.status, 1);
}

TEST_F(Sysctl, JsonHasAllThatIsKnown) {
  SysctlOptions options;
  options.json = true;
  options.arguments = {"net.b"};
  const auto shown = json::parse(run_with(options).out);
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0]["description"], "A word.");
}

TEST_F(Sysctl, AStateOfALostCardFailsAndIsNoEmptyLine) {
  answers_.lose_card();
  SysctlOptions options;
  options.values = true;
  options.arguments = {"net.a.one", "net.a.size"};
  const auto output = run_with(options);
  EXPECT_EQ(output.out, "512\n");
  EXPECT_EQ(output.err, "sysctl: net.a.one: there is no card\n");
  EXPECT_EQ(output.status, 1);
  options.names = true;
  EXPECT_EQ(run_with(options).out, "net.a.one\nnet.a.size\n");
}

TEST(SysctlWithoutDaemon, SaysThatNobodyListens) {
  ApiClient client("/nonexistent/synward.sock");
  SysctlOptions options;
  options.arguments = {"net.a"};
  const auto output = sysctl_command(client, options);
  EXPECT_EQ(output.status, 1);
  EXPECT_EQ(output.err, "sysctl: /nonexistent/synward.sock: No such file or directory; is synwardd running?\n");
}

}  // namespace
}  // namespace synward::tool
