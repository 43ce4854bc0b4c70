#include "pipeline/release.h"

#include <filesystem>

#include "core/files.h"
#include "understudy/error.h"
#include "understudy/pipeline.h"
#include "understudy/report.h"
#include "vault/release/seal.h"
#include "vault/release/verify.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;

void check_folder(const std::string& folder) {
  if (fs::exists(folder + "/statement.json") || !fs::exists(folder + "/release/statement.json")) return;
  fail(ErrorKind::usage, "'{}' is the folder of a run; its release is '{}/release'", folder, folder);
}

// Opening a ledger that is not there would make one.
Ledger existing_ledger(const std::string& path) {
  if (!fs::is_regular_file(path)) fail(ErrorKind::input, "--ledger '{}' is no file; name the data set's ledger", path);
  return Ledger(path);
}

}  // namespace

std::optional<SecretKey> open_key(const std::string& path) {
  if (path.empty()) return std::nullopt;
  return read_secret_key(path);
}

void write_papers(const std::string& folder, const StatementFacts& facts, const LedgerHead& head,
                  const std::optional<SecretKey>& key) {
  const SecretKey* signer = key ? &*key : nullptr;
  nlohmann::ordered_json statement = with_origin(make_statement(facts), head, signer);
  write_atomically(folder + "/statement.html", steward_page(statement));
  seal(folder, std::move(statement), signer);
}

void keygen(const std::string& path) { make_key(path); }

VerifyResult verify(const VerifyRequest& request) {
  check_folder(request.folder);
  VerifyOptions options;
  options.allow_unsigned = request.allow_unsigned;
  if (!request.key.empty()) options.key = read_public_key(request.key);
  std::optional<Ledger> ledger;
  if (!request.ledger.empty()) {
    ledger.emplace(existing_ledger(request.ledger));
    options.extends = [&](const LedgerHead& head) { return ledger->extends(head); };
  }
  const auto checks = verify_release(request.folder, options);
  VerifyResult result{.passed = passed(checks), .checks = nlohmann::ordered_json::array()};
  for (const Check& check : checks) {
    result.checks.push_back({{"name", check.name}, {"passed", check.passed}, {"words", check.words}});
  }
  return result;
}

}  // namespace understudy
