// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/output_file.hpp"

#include <gtest/gtest.h>

#include "files.hpp"

namespace synward::sim {
namespace {

TEST(OutputFile, replaces_the_old_file_only_on_commit) {
  const TemporaryFolder folder;
  const auto path = folder.file("a");
  write_text(path, "old");
  auto file = OutputFile::create(path);
  ASSERT_TRUE(file) << file.error().text;
  ASSERT_TRUE(file->write("new"));
  EXPECT_EQ(read_text(path), "old");
  ASSERT_TRUE(file->commit());
  EXPECT_EQ(read_text(path), "new");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a"});
}

TEST(OutputFile, unwritable_places_are_found_at_once) {
  const TemporaryFolder folder;
  const auto nowhere = folder.file("no/such/folder");
  const auto file = OutputFile::create(nowhere);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().text, nowhere + ": cannot write: No such file or directory");
  std::filesystem::create_directory(folder.file("folder"));
  EXPECT_FALSE(OutputFile::create(folder.file("folder")));
}

TEST(OutputFile, devices_are_written_directly) {
  auto file = OutputFile::create("/dev/null");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->write("x"));
  EXPECT_TRUE(file->commit());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(OutputFile, a_full_disk_shows) {
  auto file = OutputFile::create("/dev/full");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write("x"));
  const auto done = file->commit();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().text, "/dev/full: cannot write: No space left on device");
}

}  // namespace
}  // namespace synward::sim
