// Checking a release folder against its statement and the public key of whoever signed it.
//
//   const auto checks = verify_release("ward/release", {.key = read_public_key("hospital.pub")});
//   if (!passed(checks)) ...
//
// What is checked, each by a Check of its own: the folder holds plain files only; the statement is one, of a version
// that is known; it keeps the rule that without a guarantee it is stamped NOT PRIVATE; the signature holds and is of
// this key; every listed file is there and as it was; no other file is there; the ledger goes on from the one that the
// statement quotes. Nothing in the folder is believed before it was checked, and no path of the statement is opened.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "understudy/ledger.h"
#include "vault/release/keys.h"

namespace understudy {

inline constexpr std::string_view kStatementFormat = "understudy-statement";
inline constexpr int kStatementVersion = 2;
inline constexpr std::string_view kNotPrivate = "NOT PRIVATE";  // the stamp of what carries no guarantee

struct Check {
  std::string name;  // "folder", "statement", "promise", "signature", "files", "ledger"
  bool passed = false;
  std::string words;  // one sentence; names in it are quoted, without control characters
};

struct VerifyOptions {
  std::optional<PublicKey> key = {};
  bool allow_unsigned = false;  // hashes alone: they show damage, not forgery
  // Whether the data set's ledger goes on from this head (Ledger::extends); empty: not asked.
  std::function<bool(const LedgerHead&)> extends = {};
};

// ErrorKind::input when the folder cannot be read, ErrorKind::usage without a key unless unsigned ones are allowed.
// Whatever else is wrong is a check that did not pass.
std::vector<Check> verify_release(const std::string& folder, const VerifyOptions& options);
bool passed(const std::vector<Check>& checks);

}  // namespace understudy
