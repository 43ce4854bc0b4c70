#include "core/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>

#include "understudy/error.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

// A fresh folder for each test.
class Files : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("files_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  fs::path folder_;
};

TEST_F(Files, WrittenIsRead) {
  const std::string content("a\0b\n", 4);
  write_atomically(path("x"), content);
  EXPECT_EQ(read_text(path("x")), content);
  write_atomically(path("x"), "");
  EXPECT_EQ(read_text(path("x")), "");
}

TEST_F(Files, LargeContentIsWhole) {
  const std::string content(3'000'001, 'q');
  write_atomically(path("x"), content);
  EXPECT_EQ(read_text(path("x")), content);
}

TEST_F(Files, OnlyTheOwnerMayRead) {
  write_atomically(path("x"), "secret");
  struct stat info {};
  ASSERT_EQ(stat(path("x").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 077, 0u);
}

TEST_F(Files, AFailedWriteKeepsTheOldFileAndLeavesNoPart) {
  write_atomically(path("x"), "old");
  EXPECT_THROW(write_atomically(path("x"),
                                [](const std::string& part) {
                                  std::ofstream(part) << "half";
                                  throw std::runtime_error("stop");
                                }),
               std::runtime_error);
  EXPECT_EQ(read_text(path("x")), "old");
  EXPECT_FALSE(fs::exists(path("x.part")));
}

TEST_F(Files, ErrorsNameThePath) {
  for (const auto& act : std::initializer_list<std::function<void()>>{
           [&] { read_text(path("none")); }, [&] { write_atomically(path("none/x"), "text"); }}) {
    try {
      act();
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      EXPECT_NE(std::string(error.what()).find(path("none")), std::string::npos);
    }
  }
}

// /dev/full refuses every byte with "no space left on device".
TEST_F(Files, AFullDiskIsReportedAndLeavesNothing) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "needs /dev/full";
  fs::create_symlink("/dev/full", path("x.part"));
  try {
    write_atomically(path("x"), "text");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_NE(std::string(error.what()).find("No space left"), std::string::npos);
  }
  EXPECT_FALSE(fs::exists(path("x")));
  EXPECT_FALSE(fs::is_symlink(path("x.part")));
}

TEST_F(Files, ANewFileReplacesNothing) {
  write_new(path("x"), "first");
  EXPECT_EQ(read_text(path("x")), "first");
  struct stat info {};
  ASSERT_EQ(stat(path("x").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  fs::create_symlink("nowhere", path("link"));
  for (const std::string& taken : {path("x"), path("link")}) {
    try {
      write_new(taken, "second");
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_NE(std::string(error.what()).find(taken), std::string::npos);
    }
    EXPECT_FALSE(fs::exists(taken + ".part"));
  }
  EXPECT_EQ(read_text(path("x")), "first");
  EXPECT_FALSE(fs::exists(path("nowhere")));
}

TEST_F(Files, Sha256IsThatOfTheStandard) {  // FIPS 180-4, examples
  const std::string abc = "abc";
  EXPECT_EQ(sha256(abc),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

}  // namespace
}  // namespace understudy
