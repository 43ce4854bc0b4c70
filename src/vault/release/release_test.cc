// Keys, sealing and verification. A release that was touched in any way must not pass.
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/files.h"
#include "testing/kind_of.h"
#include "vault/release/contents.h"
#include "vault/release/keys.h"
#include "vault/release/seal.h"
#include "vault/release/verify.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

class Release : public testing::Test {
 protected:
  Release() : root_(fs::path(testing::TempDir()) / fmt::format("release_{}_{}", getpid(), name())) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "release/synthetic");
    write("synthetic/ward.csv", "id,age\n1,50\n");
    write("statement.html", "<p>page</p>");
    make_key(key_path());
  }
  ~Release() override { fs::remove_all(root_); }

  static std::string name() { return testing::UnitTest::GetInstance()->current_test_info()->name(); }
  std::string folder() const { return (root_ / "release").string(); }
  std::string key_path() const { return (root_ / "key").string(); }
  std::string in(const std::string& path) const { return folder() + "/" + path; }
  void write(const std::string& path, const std::string& content) const {
    std::ofstream(in(path), std::ios::binary) << content;
  }
  SecretKey secret() const { return read_secret_key(key_path()); }
  PublicKey key() const { return read_public_key(key_path() + ".pub"); }

  static ordered_json statement() {
    return {{"format", "understudy-statement"},
            {"version", 2},
            {"stamp", ""},
            {"guarantee", {{"limit", {{"epsilon", 1.0}, {"delta", 1e-6}}}}}};
  }
  void seal_signed(const ordered_json& text = statement()) const {
    const SecretKey signer = secret();
    seal(folder(), with_origin(text, {7, "abc"}, &signer), &signer);
  }
  void seal_unsigned() const { seal(folder(), with_origin(statement(), {7, "abc"}, nullptr), nullptr); }
  bool holds() const { return passed(verify_release(folder(), {.key = key()})); }
  // Whether the check of this name passed.
  static bool check(const std::vector<Check>& checks, const std::string& wanted) {
    for (const Check& each : checks) {
      if (each.name == wanted) return each.passed;
    }
    ADD_FAILURE() << "no check " << wanted;
    return false;
  }
  bool check(const std::string& wanted) const { return check(verify_release(folder(), {.key = key()}), wanted); }

  fs::path root_;
};

TEST_F(Release, AKeyIsTheOwnersAloneAndNeverWrittenOver) {
  struct stat info{};
  ASSERT_EQ(stat(key_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::string before = read_text(key_path());
  EXPECT_EQ(kind_of([&] { make_key(key_path()); }), ErrorKind::usage);
  EXPECT_EQ(read_text(key_path()), before);
  fs::remove(key_path());  // the public half alone is in the way too
  EXPECT_EQ(kind_of([&] { make_key(key_path()); }), ErrorKind::usage);
  EXPECT_FALSE(fs::exists(key_path()));
}

TEST_F(Release, KeysDifferAndArePairs) {
  make_key((root_ / "other").string());
  EXPECT_EQ(secret().public_key(), key());
  EXPECT_FALSE(read_public_key((root_ / "other.pub").string()) == key());
  EXPECT_EQ(fingerprint(key()).size(), 32u);
  EXPECT_EQ(read_text(key_path() + ".pub").substr(0, 19), "understudy-ed25519 ");
}

TEST_F(Release, WrongKeyFilesAreRefused) {
  EXPECT_EQ(kind_of([&] { read_public_key(key_path()); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { read_public_key(in("statement.html")); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { read_public_key(in("none")); }), ErrorKind::input);
  fs::permissions(key_path() + ".pub", fs::perms::owner_read);
  EXPECT_EQ(kind_of([&] { read_secret_key(key_path() + ".pub"); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { read_secret_key(folder()); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { read_secret_key(in("none")); }), ErrorKind::input);
  std::ofstream(key_path(), std::ios::app) << "x";
  EXPECT_EQ(kind_of([&] { secret(); }), ErrorKind::input);
}

TEST_F(Release, ASecretKeyThatOthersMayReadIsRefused) {
  fs::permissions(key_path(), fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(kind_of([&] { secret(); }), ErrorKind::usage);
}

TEST_F(Release, APublicKeyMayComeByMail) {
  std::string text = read_text(key_path() + ".pub");
  text.insert(text.size() - 1, "\r");
  std::ofstream(root_ / "mailed.pub") << text;
  EXPECT_EQ(read_public_key((root_ / "mailed.pub").string()), key());
}

// RFC 8032, section 7.1, test 2.
TEST(ReleaseKeys, SignaturesAreThoseOfTheStandard) {
  std::array<std::uint8_t, 32> seed;
  sodium_hex2bin(seed.data(), 32, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", 64, nullptr,
                 nullptr, nullptr);
  const SecretKey key(seed.data());
  EXPECT_EQ(key.public_key().bytes[0], 0x3d);
  EXPECT_EQ(key.public_key().bytes[31], 0x0c);
  const std::string line = sign(key, "\x72");
  EXPECT_EQ(line,
            "understudy-signature "
            "kqAJqfDUyrhyDoILX2QlQKKye1QWUD+Ps3YiI+vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA==\n");
  EXPECT_TRUE(signature_holds(key.public_key(), "\x72", line));
  EXPECT_FALSE(signature_holds(key.public_key(), "\x73", line));
}

TEST_F(Release, WhatWasSealedHolds) {
  seal_signed();
  const auto checks = verify_release(folder(), {.key = key()});
  for (const Check& each : checks) EXPECT_TRUE(each.passed) << each.name << ": " << each.words;
  EXPECT_EQ(checks.size(), 5u);
  const auto text = ordered_json::parse(read_text(in("statement.json")));
  ASSERT_EQ(text["files"].size(), 2u);
  EXPECT_EQ(text["files"][0]["path"], "statement.html");
  EXPECT_EQ(text["files"][1]["path"], "synthetic/ward.csv");
  EXPECT_EQ(text["files"][1]["bytes"], 12);
  EXPECT_EQ(text["ledger"], (ordered_json{{"length", 7}, {"head", "abc"}}));
  EXPECT_EQ(text["key"], fingerprint(key()));
  EXPECT_TRUE(passed(verify_release(folder() + "/", {.key = key()})));
  seal_signed();  // again, as a run that was interrupted does
  EXPECT_TRUE(holds());
}

TEST_F(Release, EveryFlippedBitOfEveryFileShows) {
  seal_signed();
  int flips = 0;
  for (const char* file : {"statement.json", "statement.sig", "statement.html", "synthetic/ward.csv"}) {
    const std::string before = read_text(in(file));
    for (std::size_t i = 0; i < before.size(); ++i) {
      std::string after = before;
      after[i] = static_cast<char>(after[i] ^ (1 << (i % 8)));
      write(file, after);
      EXPECT_FALSE(holds()) << file << " byte " << i;
      ++flips;
    }
    for (const std::string& after : {before + "\n", before.substr(0, before.size() - 1), std::string()}) {
      write(file, after);
      EXPECT_FALSE(holds()) << file << " of " << after.size() << " bytes";
    }
    write(file, before);
  }
  EXPECT_GT(flips, 500);
  EXPECT_TRUE(holds());
}

TEST_F(Release, AddedAndRemovedFilesShow) {
  seal_signed();
  write("synthetic/more.csv", "");
  EXPECT_FALSE(check("files"));
  fs::remove(in("synthetic/more.csv"));
  EXPECT_TRUE(holds());
  fs::create_directory(in("inside"));
  EXPECT_FALSE(check("folder"));
  write("inside/statement.json", "{}");  // a paper's name elsewhere is a file as any other
  EXPECT_FALSE(check("files"));
  fs::remove_all(in("inside"));
  EXPECT_TRUE(holds());
  fs::rename(in("synthetic/ward.csv"), in("synthetic/ward2.csv"));
  EXPECT_FALSE(check("files"));
}

TEST_F(Release, LinksAndDevicesShowAndAreNotFollowed) {
  seal_signed();
  fs::rename(in("synthetic/ward.csv"), root_ / "ward.csv");
  fs::create_symlink(root_ / "ward.csv", in("synthetic/ward.csv"));
  EXPECT_FALSE(check("folder"));
  EXPECT_FALSE(check("files"));
  fs::remove(in("synthetic/ward.csv"));
  ASSERT_EQ(mkfifo(in("synthetic/ward.csv").c_str(), 0600), 0);  // reading it would wait for ever
  EXPECT_FALSE(check("folder"));
  fs::remove(in("synthetic/ward.csv"));
  fs::rename(root_ / "ward.csv", in("synthetic/ward.csv"));
  EXPECT_TRUE(holds());
  fs::create_directory_symlink("..", in("synthetic/up"));
  EXPECT_FALSE(check("folder"));
  fs::remove(in("synthetic/up"));
  fs::rename(in("statement.json"), root_ / "statement.json");
  fs::create_symlink(root_ / "statement.json", in("statement.json"));
  EXPECT_FALSE(check("statement"));
}

TEST_F(Release, WhatCannotBeReleasedIsNotSealed) {
  fs::create_symlink("/etc/hostname", in("link"));
  EXPECT_EQ(kind_of([&] { seal_signed(); }), ErrorKind::input);
  EXPECT_FALSE(fs::exists(in("statement.json")));
  fs::remove(in("link"));
  fs::create_directory(in("empty"));
  EXPECT_EQ(kind_of([&] { seal_signed(); }), ErrorKind::input);
  fs::remove(in("empty"));
  for (const std::string odd : {"line\nbreak", "\xff",
                                "\xc2\x9b"
                                "1m"}) {
    write(odd, "");
    EXPECT_EQ(kind_of([&] { seal_signed(); }), ErrorKind::input);
    fs::remove(in(odd));
  }
  write("h\xc3\xb6he.csv", "");
  seal_signed();
  EXPECT_TRUE(holds());
  fs::remove_all(in("synthetic"));
  EXPECT_FALSE(holds());
}

TEST(ReleaseNames, MustBePlainText) {
  EXPECT_NO_THROW(check_release_name("ward h\xc3\xb6he 2026"));
  for (const char* name : {"", ".", "..", "a/b", "a\nb", "\xff", "\x7f"}) {
    EXPECT_EQ(kind_of([&] { check_release_name(name); }), ErrorKind::usage) << name;
  }
}

TEST_F(Release, AnotherKeyDoesNotHold) {
  make_key((root_ / "other").string());
  const PublicKey other = read_public_key((root_ / "other.pub").string());
  seal_signed();
  EXPECT_FALSE(check(verify_release(folder(), {.key = other}), "signature"));
  // Signed with a key that the statement does not name.
  const SecretKey stranger = read_secret_key((root_ / "other").string());
  write("statement.sig", sign(stranger, read_text(in("statement.json"))));
  EXPECT_FALSE(check(verify_release(folder(), {.key = other}), "signature"));
  EXPECT_EQ(kind_of([&] { seal(folder(), with_origin(statement(), {}, nullptr), &stranger); }), ErrorKind::internal);
}

TEST_F(Release, UnsignedOnesPassOnlyWhereAllowed) {
  seal_signed();
  seal_unsigned();  // the signature of an earlier seal does not stay
  EXPECT_FALSE(fs::exists(in("statement.sig")));
  EXPECT_FALSE(check("signature"));
  EXPECT_TRUE(passed(verify_release(folder(), {.allow_unsigned = true})));
  EXPECT_TRUE(passed(verify_release(folder(), {.key = key(), .allow_unsigned = true})));
  EXPECT_EQ(kind_of([&] { verify_release(folder(), {}); }), ErrorKind::usage);
  write("synthetic/ward.csv", "id,age\n1,51\n");
  EXPECT_FALSE(passed(verify_release(folder(), {.allow_unsigned = true})));
}

TEST_F(Release, ABadSignatureDoesNotPassAsUnsigned) {
  seal_signed();
  write("statement.sig", "understudy-signature AAAA\n");
  EXPECT_FALSE(passed(verify_release(folder(), {.allow_unsigned = true})));
}

TEST_F(Release, AnUnknownVersionIsNotJudged) {
  for (const ordered_json& version : {ordered_json(1), ordered_json(3), ordered_json("2"), ordered_json(nullptr)}) {
    ordered_json text = statement();
    text["version"] = version;
    seal_signed(text);
    EXPECT_FALSE(check("statement")) << version;
  }
}

TEST_F(Release, NoGuaranteeNeedsTheStampAndTheStampNoGuarantee) {
  ordered_json text = statement();
  text["stamp"] = "NOT PRIVATE";
  seal_signed(text);
  EXPECT_FALSE(check("promise"));
  text["guarantee"] = nullptr;
  seal_signed(text);
  EXPECT_TRUE(holds());
  text["stamp"] = "";
  seal_signed(text);
  EXPECT_FALSE(check("promise"));
}

TEST_F(Release, ALedgerThatWasCutBackShows) {
  seal_signed();
  const auto with = [&](bool extends) {
    LedgerHead asked;
    const auto checks = verify_release(folder(), {.key = key(), .extends = [&](const LedgerHead& head) {
                                                    asked = head;
                                                    return extends;
                                                  }});
    EXPECT_EQ(asked.length, 7);
    EXPECT_EQ(asked.hash, "abc");
    return check(checks, "ledger");
  };
  EXPECT_TRUE(with(true));
  EXPECT_FALSE(with(false));
}

TEST_F(Release, DamagedStatementsAreChecksThatFailNotErrors) {
  seal_signed();
  const auto good = ordered_json::parse(read_text(in("statement.json")));
  const auto broken = [&](const char* at, const ordered_json& value) {
    ordered_json text = good;
    text[ordered_json::json_pointer(at)] = value;
    return text.dump();
  };
  const std::string entry = R"({"path": "a", "bytes": 1, "hash": ""})";
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string("null"), std::string("\xff"), std::string(100000, '['),
        broken("/files", 3), broken("/files", {3}), broken("/files/0/path", "../../key"), broken("/files/0/bytes", -1),
        broken("/files/0/bytes", "11"), broken("/files/0/bytes", 1e300), broken("/hash/key", "00"),
        broken("/hash/key", std::string(66, 'a')), broken("/hash/algorithm", "md5"), broken("/hash", nullptr),
        broken("/files/1", good["files"][0]), broken("/format", {1}), broken("/guarantee/limit", 3)}) {
    write("statement.json", text);
    EXPECT_FALSE(
        passed(verify_release(folder(), {.allow_unsigned = true, .extends = [](const LedgerHead&) { return true; }})))
        << text.substr(0, 80);
    write("statement.sig", sign(secret(), text));
    EXPECT_FALSE(holds()) << text.substr(0, 80);
    fs::remove(in("statement.sig"));
  }
  fs::remove(in("statement.json"));
  EXPECT_FALSE(passed(verify_release(folder(), {.allow_unsigned = true})));
  EXPECT_EQ(kind_of([&] { verify_release(in("none"), {.allow_unsigned = true}); }), ErrorKind::input);
  EXPECT_EQ(kind_of([&] { verify_release(in("statement.html"), {.allow_unsigned = true}); }), ErrorKind::input);
}

TEST_F(Release, WordsQuoteNamesWithoutControlCharacters) {
  seal_signed();
  write("a\x1b[2Jb", "");
  for (const Check& each : verify_release(folder(), {.key = key()})) {
    EXPECT_EQ(each.words.find('\x1b'), std::string::npos);
    if (each.name == "folder") {
      EXPECT_NE(each.words.find("a\\u001b[2Jb"), std::string::npos) << each.words;
    }
  }
}

// The same bytes in two releases do not show the same hash; anybody with the statement can still test a guess.
TEST_F(Release, HashesOfTwoReleasesCannotBeCompared) {
  seal_signed();
  const auto first = ordered_json::parse(read_text(in("statement.json")));
  seal_signed();
  const auto second = ordered_json::parse(read_text(in("statement.json")));
  EXPECT_NE(first["files"][1]["hash"], second["files"][1]["hash"]);
  EXPECT_NE(first["hash"]["key"], second["hash"]["key"]);
}

// hashlib.blake2b(b"abc", key=bytes(range(32)), digest_size=32).hexdigest()
TEST_F(Release, HashesAreKeyedBlake2b) {
  HashKey numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::uint8_t>(i);
  const fs::path other = root_ / "abc";
  fs::create_directory(other);
  std::ofstream(other / "x") << "abc";
  const Contents contents = scan_release(other.string(), numbers);
  ASSERT_EQ(contents.files.size(), 1u);
  EXPECT_EQ(contents.files[0].hash, "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

}  // namespace
}  // namespace understudy
