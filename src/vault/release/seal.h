// Sealing a release folder: its statement lists every file, and a signature stands beside the statement.
//
//   statement = with_origin(std::move(statement), ledger.head(), key);
//   ... write the pages that are made from the statement into the folder ...
//   seal(folder, std::move(statement), key);                 // statement.json, and statement.sig where there is a key
//
// The signature is over the bytes of statement.json exactly as they lie there, so nothing has to be brought into a
// canonical form (docs/formats/statement.md). Guarantee: no file of a sealed folder can be changed, added or removed
// without verify_release seeing it, unless by who has the secret key. Not guaranteed: that the files say what they
// should; that a release was not sealed twice. Assumption: nobody else writes into the folder meanwhile.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "understudy/ledger.h"
#include "vault/release/keys.h"

namespace understudy {

// The statement with `ledger` {length, head} and `key`, the fingerprint of the key that will sign; `key` may be
// nullptr: not signed.
nlohmann::ordered_json with_origin(nlohmann::ordered_json statement, const LedgerHead& head, const SecretKey* key);

// Adds `hash` {algorithm, key} and `files` to the statement and writes it. What an interrupted seal left is replaced.
// ErrorKind::input naming each thing in the folder that cannot be released: links, devices, empty folders, names that
// are no text; then no statement is written. ErrorKind::internal when with_origin named another key.
void seal(const std::string& folder, nlohmann::ordered_json statement, const SecretKey* key);

}  // namespace understudy
