#include "vault/release/seal.h"

#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"
#include "vault/release/contents.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

std::string in(const std::string& folder, std::string_view name) { return fmt::format("{}/{}", folder, name); }

void remove_old_papers(const std::string& folder) {
  std::error_code absent;
  for (const std::string_view name : {kStatementFile, kSignatureFile}) {
    std::filesystem::remove(in(folder, name), absent);
    std::filesystem::remove(in(folder, name) + ".part", absent);
  }
}

ordered_json files_of(const Contents& contents) {
  ordered_json files = ordered_json::array();
  for (const ReleaseFile& file : contents.files) {
    files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"hash", file.hash}});
  }
  return files;
}

ordered_json key_name(const SecretKey* key) {
  return key == nullptr ? ordered_json(nullptr) : ordered_json(fingerprint(key->public_key()));
}

}  // namespace

ordered_json with_origin(ordered_json statement, const LedgerHead& head, const SecretKey* key) {
  statement["ledger"] = {{"length", head.length}, {"head", head.hash}};
  statement["key"] = key_name(key);
  return statement;
}

void seal(const std::string& folder, ordered_json statement, const SecretKey* key) {
  if (!statement.contains("ledger") || !statement.contains("key") || statement["key"] != key_name(key)) {
    fail(ErrorKind::internal, "a statement is sealed with the key that with_origin named");
  }
  remove_old_papers(folder);
  const HashKey hash_key = random_hash_key();
  const Contents contents = scan_release(folder, hash_key);
  if (!contents.problems.empty()) {
    fail(ErrorKind::input, "the release folder {} holds what cannot be released: {}; remove it", in_quotes(folder),
         fmt::join(contents.problems, ", "));
  }
  statement["hash"] = {{"algorithm", "BLAKE2b-256"}, {"key", to_hex(hash_key)}};
  statement["files"] = files_of(contents);
  const std::string text = statement.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  write_atomically(in(folder, kStatementFile), text);
  if (key != nullptr) write_atomically(in(folder, kSignatureFile), sign(*key, text));
}

}  // namespace understudy
