// The papers of a release: the statement, the page made from it, and the signature.
#pragma once

#include <optional>
#include <string>

#include "pipeline/statement.h"
#include "vault/release/keys.h"

namespace understudy {

// The key that will sign, read before any record is; nothing for an empty path.
std::optional<SecretKey> open_key(const std::string& path);

// The last step of a release: writes statement.html, statement.json and, with a key, statement.sig into `folder`, which
// holds everything else that leaves. `head` is the ledger's now, after the looks that the release came from.
void write_papers(const std::string& folder, const StatementFacts& facts, const LedgerHead& head,
                  const std::optional<SecretKey>& key);

}  // namespace understudy
