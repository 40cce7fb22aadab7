// SPDX-License-Identifier: BSD-2-Clause
// Changes of services at run time, and how they are kept.
#include "service_edits.hpp"

#include <gtest/gtest.h>

#include "settings_store.hpp"
#include "synward/toml_reader.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

using What = ServiceEdit::What;

Service service(std::string_view toml) {
  auto read = parse_service(toml);
  EXPECT_TRUE(read) << read.error().text;
  return read ? *read : Service{};
}
std::string refusal(ServiceEdits& edits, What what, const Service& one, const std::vector<Service>& configured) {
  const auto made = edits.make({what, one}, configured);
  return made ? "" : made.error().text;
}

const std::vector<Service>& configured() {
  static const std::vector<Service> services{service("address=\"203.0.113.7\"\nport=443"),
                                             service("address=\"any\"\nport=80\nmode=\"pass\"")};
  return services;
}

TEST(ServiceEdits, are_made_one_by_one_and_checked) {
  ServiceEdits edits;
  const auto six = service("address=\"2001:db8::7\"\nport=443\nmss6=1420\nowner=\"root\"\noptions={ecn=false}");
  EXPECT_EQ(refusal(edits, What::add, six, configured()), "");
  EXPECT_EQ(refusal(edits, What::add, six, configured()), "2001:db8::7 port 443: there is one already");
  EXPECT_EQ(refusal(edits, What::pass, configured()[0], configured()), "");
  EXPECT_EQ(refusal(edits, What::protect, configured()[1], configured()), "");
  const auto held = edits.applied(configured());
  ASSERT_EQ(held.size(), 3U);
  EXPECT_EQ(held[0].mode, ServiceMode::pass);
  EXPECT_EQ(held[1].mode, ServiceMode::protect);
  EXPECT_EQ(held[2], six);
  EXPECT_EQ(refusal(edits, What::del, service("address=\"any\"\nport=\"any\""), configured()),
            "any port any: there is no such service");
  EXPECT_EQ(refusal(edits, What::del, configured()[0], configured()), "");
  EXPECT_EQ(refusal(edits, What::pass, configured()[0], configured()),
            "203.0.113.7 port 443: there is no such service");
  EXPECT_EQ(refusal(edits, What::del, six, configured()), "");
  EXPECT_EQ(refusal(edits, What::del, configured()[1], configured()), "the last service cannot go; it can pass");
  EXPECT_EQ(edits.applied(configured()).size(), 1U);
}

TEST(ServiceEdits, are_as_many_as_a_configuration_may_have) {
  ServiceEdits edits;
  for (std::size_t i = configured().size(); i < kMaxServices; ++i) {
    auto one = configured()[0];
    one.port = static_cast<std::uint16_t>(1000 + i);
    ASSERT_EQ(refusal(edits, What::add, one, configured()), "");
  }
  auto more = configured()[0];
  more.port = 9;
  EXPECT_EQ(refusal(edits, What::add, more, configured()), "more than 32 services");
}

TEST(ServiceEdits, what_a_new_configuration_names_is_as_it_says) {
  ServiceEdits edits;
  const auto added = service("address=\"198.51.100.1\"\nport=22");
  ASSERT_TRUE(edits.make({What::add, added}, configured()));
  ASSERT_TRUE(edits.make({What::pass, configured()[0]}, configured()));
  ASSERT_TRUE(edits.make({What::del, configured()[1]}, configured()));
  edits.forget(configured());
  auto expected = configured();
  expected.push_back(added);
  EXPECT_EQ(edits.applied(configured()), expected);
}

TEST(ServiceEdits, are_read_as_they_were_written) {
  ServiceEdits edits;
  const auto all = service(
      "address=\"2001:db8::7\"\nport=\"any\"\nmode=\"drop\"\nmss4=1000\nmss6=1001\npath_mss4=1002\npath_mss6=1003\n"
      "wscale=3\nwindow=1234\nttl=9\ntos=8\nowner=\"ro\\\"ot\"\n"
      "options={window_scale=false, sack=true, timestamps=false, ecn=true}");
  ASSERT_TRUE(edits.make({What::add, all}, configured()));
  ASSERT_TRUE(edits.make({What::add, service("address=\"any\"\nport=1")}, configured()));
  ASSERT_TRUE(edits.make({What::del, configured()[1]}, configured()));
  const auto table = parse_toml(edits.toml(), "f");
  ASSERT_TRUE(table) << table.error().text << edits.toml();
  const auto read = ServiceEdits::read(*table, "f");
  ASSERT_TRUE(read) << read.error().text << edits.toml();
  EXPECT_EQ(read->applied(configured()), edits.applied(configured())) << edits.toml();
  EXPECT_EQ(read->applied({}).size(), 2U);
}

TEST(ServiceEdits, errors_name_the_key_alone) {
  EXPECT_EQ(parse_service("address=\"any\"\nport=1\nttl=900").error().text, "ttl: 900 is out of range, allowed 1..255");
  EXPECT_EQ(parse_service("port=1").error().text, "address: missing, an IPv4 or IPv6 address or \"any\"");
  EXPECT_FALSE(parse_service("address=\"any\"\nport=1\nbogus=1"));
  EXPECT_FALSE(parse_service("address = "));
}

TEST(SettingsStore, keeps_services_and_a_bypass_apart_from_sysctls) {
  const TemporaryFolder folder;
  const auto state = folder / "state";
  SettingsStore store(state);
  Sysctls sysctls;
  ASSERT_TRUE(sysctls.set("net.inet.tcp.syncache.rexmtlimit", 1));
  ServiceEdits edits;
  ASSERT_TRUE(edits.make({What::pass, configured()[0]}, configured()));
  EXPECT_EQ(*store.save(edits), state + "/services.toml");
  ASSERT_TRUE(store.keep(sysctls));
  ASSERT_TRUE(store.keep(std::optional(Bypass{1'800'000'000.5, "user \"0\""})));
  ServiceEdits more = edits;
  ASSERT_TRUE(more.make({What::add, service("address=\"any\"\nport=1")}, configured()));
  ASSERT_TRUE(store.keep(more));
  {
    // The daemon was killed.
    SettingsStore next(state);
    const auto found = next.find();
    EXPECT_EQ(found.services.applied(configured()), more.applied(configured()));
    EXPECT_EQ(found.values.texts(), sysctls.texts());
    ASSERT_TRUE(found.bypass);
    EXPECT_EQ(found.bypass->since, 1'800'000'000.5);
    EXPECT_EQ(found.bypass->by, "user \"0\"");
    // What it began with is not lost by the first change of something else.
    ASSERT_TRUE(next.keep(Sysctls()));
    EXPECT_EQ(SettingsStore(state).find().services.applied(configured()), more.applied(configured()));
    next.forget_kept();
  }
  const auto found = SettingsStore(state).find();
  EXPECT_EQ(found.services.applied(configured()), edits.applied(configured())) << "saved for good";
  EXPECT_TRUE(found.bypass) << "until it is switched off";
  ASSERT_TRUE(store.keep(std::optional<Bypass>()));
  EXPECT_FALSE(SettingsStore(state).find().bypass);
  // What cannot be read any more is on.
  folder.write("state/bypass.toml", "since = ");
  EXPECT_TRUE(SettingsStore(state).find().bypass);
  folder.write("state/services.toml", "[[service]]\naddress=\"any\"\nport=1\nowner=\"nobody-of-this-name\"\n");
  const auto wrong = SettingsStore(state).find();
  EXPECT_TRUE(wrong.services.empty());
  EXPECT_NE(wrong.words.front().find("there is no user \"nobody-of-this-name\""), std::string::npos);
}

}  // namespace
}  // namespace synward
