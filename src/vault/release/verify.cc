#include "vault/release/verify.h"

#include <sodium.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/files.h"
#include "core/json.h"
#include "understudy/error.h"
#include "vault/release/contents.h"

namespace understudy {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::uintmax_t kLongest = std::uintmax_t{64} << 20;  // bytes of a statement
constexpr std::size_t kShown = 5;                              // names in one sentence

// What the checks need of a statement, taken out with its types checked.
struct Listed {
  HashKey hash_key{};
  std::vector<ReleaseFile> files;
};

struct Papers {
  std::optional<std::string> statement;  // the bytes; absent: no such file, or too long
  std::optional<std::string> signature;
  ordered_json parsed;
};

std::optional<std::string> read_paper(const std::string& folder, std::string_view name) {
  const std::string path = fmt::format("{}/{}", folder, name);
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::regular) return std::nullopt;
  if (fs::file_size(path, error) > kLongest || error) return std::nullopt;
  return read_text(path);
}

Papers read_papers(const std::string& folder) {
  Papers papers{read_paper(folder, kStatementFile), read_paper(folder, kSignatureFile), nullptr};
  if (papers.statement) papers.parsed = parse_json<ordered_json>(*papers.statement);
  return papers;
}

std::optional<std::string> text_at(const ordered_json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || it == object.end() || !it->is_string()) return std::nullopt;
  return it->get<std::string>();
}

std::optional<std::int64_t> integer_at(const ordered_json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || it == object.end() || !it->is_number_integer()) return std::nullopt;
  return it->get<std::int64_t>();
}

const ordered_json& member(const ordered_json& object, const char* key) {
  static const ordered_json kNone;
  const auto it = object.is_object() ? object.find(key) : object.end();
  return !object.is_object() || it == object.end() ? kNone : *it;
}

std::optional<HashKey> parse_hash_key(const ordered_json& hash) {
  const auto text = text_at(hash, "key");
  HashKey key;
  std::size_t length = 0;
  if (text_at(hash, "algorithm") != "BLAKE2b-256" || !text) return std::nullopt;
  if (sodium_hex2bin(key.data(), key.size(), text->data(), text->size(), nullptr, &length, nullptr) != 0)
    return std::nullopt;
  return length == key.size() ? std::optional(key) : std::nullopt;
}

// Nothing when `hash` or `files` is not what docs/formats/statement.md says.
std::optional<Listed> parse_listed(const ordered_json& statement) {
  const auto key = parse_hash_key(member(statement, "hash"));
  const ordered_json& files = member(statement, "files");
  if (!key || !files.is_array()) return std::nullopt;
  Listed listed{*key, {}};
  for (const ordered_json& entry : files) {
    const auto path = text_at(entry, "path"), hash = text_at(entry, "hash");
    const auto bytes = integer_at(entry, "bytes");
    if (!path || !hash || !bytes || *bytes < 0) return std::nullopt;
    if (!listed.files.empty() && *path <= listed.files.back().path) return std::nullopt;  // sorted, none twice
    listed.files.push_back({*path, static_cast<std::uint64_t>(*bytes), *hash});
  }
  return listed;
}

Check check_statement(const Papers& papers, bool listed) {
  if (!papers.statement) return {"statement", false, "There is no statement.json; this is no release folder."};
  if (text_at(papers.parsed, "format") != kStatementFormat) {
    return {"statement", false, "statement.json is no statement of Understudy."};
  }
  const auto version = integer_at(papers.parsed, "version");
  if (version != kStatementVersion) {
    return {"statement", false,
            fmt::format("statement.json has version {}; this program knows version {}.",
                        version ? fmt::format("{}", *version) : "none", kStatementVersion)};
  }
  if (!listed) return {"statement", false, "The list of files in statement.json is damaged."};
  return {"statement", true, "statement.json is a statement of a known version."};
}

Check check_promise(const ordered_json& statement) {
  const ordered_json& guarantee = member(statement, "guarantee");
  const auto stamp = text_at(statement, "stamp");
  if (guarantee.is_null() != (stamp == kNotPrivate)) {
    return {"promise", false, "The statement must either give a guarantee or be stamped NOT PRIVATE."};
  }
  if (guarantee.is_null()) return {"promise", true, "The release is NOT PRIVATE: it carries no guarantee."};
  const ordered_json &limit = member(guarantee, "limit"), &epsilon = member(limit, "epsilon"),
                     &delta = member(limit, "delta");
  if (!epsilon.is_number() || !delta.is_number())
    return {"promise", false, "The guarantee in the statement is damaged."};
  return {"promise", true,
          fmt::format(
              "The release promises epsilon {:.4g} and delta {:.4g}, with everything else that this data set released.",
              epsilon.get<double>(), delta.get<double>())};
}

Check check_signature(const Papers& papers, const VerifyOptions& options) {
  if (!papers.signature) {
    const bool allowed = options.allow_unsigned;
    return {"signature", allowed,
            allowed ? "The release is not signed, which was allowed: its hashes show damage, not forgery."
                    : "The release is not signed."};
  }
  if (!is_signature(*papers.signature)) return {"signature", false, "statement.sig holds no signature."};
  if (!options.key) return {"signature", true, "The release is signed, but no key was given to check it with."};
  const std::string name = fingerprint(*options.key);
  if (!signature_holds(*options.key, papers.statement.value_or(""), *papers.signature)) {
    return {"signature", false, fmt::format("The signature is not one of key {} over this statement.", name)};
  }
  if (text_at(papers.parsed, "key") != name) {
    return {"signature", false, fmt::format("The statement names another key than {}, which signed it.", name)};
  }
  return {"signature", true, fmt::format("Signed with key {}.", name)};
}

// "a", "b", "c" and 4 more
std::string some_of(const std::vector<std::string>& names) {
  const std::size_t shown = std::min(names.size(), kShown);
  const std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  return shown == names.size() ? text : fmt::format("{} and {} more", text, names.size() - shown);
}

Check check_files(const Listed& listed, const Contents& found) {
  std::map<std::string, std::pair<const ReleaseFile*, const ReleaseFile*>> pairs;  // listed, found
  for (const ReleaseFile& file : listed.files) pairs[file.path].first = &file;
  for (const ReleaseFile& file : found.files) pairs[file.path].second = &file;
  std::vector<std::string> changed, missing, added, sentences;
  for (const auto& [path, pair] : pairs) {
    if (pair.second == nullptr)
      missing.push_back(in_quotes(path));
    else if (pair.first == nullptr)
      added.push_back(in_quotes(path));
    else if (*pair.first != *pair.second)
      changed.push_back(in_quotes(path));
  }
  if (!changed.empty()) sentences.push_back(fmt::format("Changed: {}.", some_of(changed)));
  if (!missing.empty()) sentences.push_back(fmt::format("Missing: {}.", some_of(missing)));
  if (!added.empty()) sentences.push_back(fmt::format("Added: {}.", some_of(added)));
  if (!sentences.empty()) return {"files", false, fmt::format("{}", fmt::join(sentences, " "))};
  return {"files", true,
          fmt::format("All {} files are as they were sealed, and there is no other.", listed.files.size())};
}

Check check_folder(const Contents& found) {
  if (found.problems.empty()) return {"folder", true, "The folder holds plain files only."};
  return {"folder", false, fmt::format("The folder holds what no release holds: {}.", some_of(found.problems))};
}

Check check_ledger(const ordered_json& statement, const VerifyOptions& options) {
  const ordered_json& quote = member(statement, "ledger");
  const auto length = integer_at(quote, "length");
  const auto head = text_at(quote, "head");
  if (!length || !head || *length < 0) return {"ledger", false, "The statement quotes no ledger."};
  if (!options.extends({*length, *head})) {
    return {"ledger", false,
            fmt::format("The ledger does not go on from the {} lines that the statement quotes: it was cut back, "
                        "changed, or is another data set's.",
                        *length)};
  }
  return {"ledger", true, fmt::format("The ledger goes on from the {} lines that the statement quotes.", *length)};
}

}  // namespace

std::vector<Check> verify_release(const std::string& folder, const VerifyOptions& options) {
  if (!options.key && !options.allow_unsigned) {
    fail(ErrorKind::usage,
         "a release is verified with a public key: give --key PUB, or --allow-unsigned to check hashes alone");
  }
  const Papers papers = read_papers(folder);
  const auto listed = parse_listed(papers.parsed);
  const Contents found = scan_release(folder, listed ? listed->hash_key : HashKey{});
  std::vector<Check> checks{check_folder(found), check_statement(papers, listed.has_value()),
                            check_promise(papers.parsed), check_signature(papers, options)};
  if (listed) checks.push_back(check_files(*listed, found));
  if (options.extends) checks.push_back(check_ledger(papers.parsed, options));
  return checks;
}

bool passed(const std::vector<Check>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.passed; });
}

}  // namespace understudy
