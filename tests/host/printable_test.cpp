// SPDX-License-Identifier: BSD-2-Clause
// Text of others on its way to a terminal, and files that are none.
#include "synward/printable.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "synward/explain_file.hpp"
#include "synward/secret_file.hpp"
#include "synward/text_file.hpp"
#include "synward/toml_reader.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

TEST(Printable, what_cannot_be_seen_is_spelled_out) {
  EXPECT_EQ(printable("plain, \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\n\tgoes on"),
            "plain, \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\n\tgoes on");
  EXPECT_EQ(one_line("a\r\n\tb"), R"(a\x0d\x0a\x09b)");
  EXPECT_EQ(printable("\x1b[31m\x07\x7f"), R"(\x1b[31m\x07\x7f)");
  EXPECT_EQ(printable(std::string("\0", 1)), R"(\x00)");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J\xc2\x85"),
            R"(\xc2\x9b2J\xc2\x85)")
      << "C1";
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "drow"),
            R"(\xe2\x80\xaedrow)")
      << "right to left";
  for (const auto* wrong : {"\xff", "\xc3", "\xc0\x9b", "\xe0\x80\x9b", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x9b"}) {
    EXPECT_TRUE(printable(wrong).starts_with("\\x")) << printable(wrong);
    EXPECT_EQ(printable(wrong).size(), 4 * std::string_view(wrong).size());
  }
}

TEST(Printable, events_of_a_file_bring_no_escapes_into_an_error) {
  const TemporaryFolder folder;
  for (const auto* text :
       {R"({"event":"x\u001b[31mred\u0007"})", R"({"event":"ack_spurious","foreign":"1.2.3.4\u001b[2J\r\nforged"})"}) {
    const auto refused = explain_file(folder.write("e.json", text), false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text, one_line(refused.error().text));
    EXPECT_NE(refused.error().text.find("\\x1b["), std::string::npos) << refused.error().text;
  }
  const auto odd = folder.write("odd\x1b[2Jname", "{");
  EXPECT_EQ(explain_file(odd, false).error().text.find('\x1b'), std::string::npos);
}

TEST(TextFile, pipes_devices_and_huge_files_end_in_one_line) {
  const TemporaryFolder folder;
  const auto pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {pipe, std::string("/dev/zero")}) {
    const auto refused = load_toml(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text, path + ": is not a regular file");
  }
  EXPECT_EQ(load_toml(folder / "").error().text, folder / "" + ": Is a directory");
  EXPECT_EQ(explain_file("/dev/zero", false).error().text, "/dev/zero: is not a regular file");
  const auto path = folder.write("long", std::string(2'049, ' '));
  EXPECT_EQ(read_text_file(path, 2'048).error().text, path + ": is larger than 2 KiB");
  EXPECT_EQ(read_text_file(path, 2'049)->size(), 2'049U);
}

TEST(SecretFile, lies_where_nobody_else_can_replace_it) {
  const TemporaryFolder folder;
  ASSERT_EQ(mkdir((folder / "open").c_str(), 0700), 0);
  const auto path = folder.write("open/key", "x");
  EXPECT_TRUE(open_secret_file(path));
  ASSERT_EQ(chmod((folder / "open").c_str(), 0777), 0);
  const auto refused = open_secret_file(path);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text,
            folder / "open" + ": has mode 0777, others could replace what lies in it (chmod go-w FOLDER)");
}

}  // namespace
}  // namespace synward
