#include "privacy/ledger_line.h"

#include <sodium.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/json.h"
#include "understudy/error.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

constexpr int kVersion = 2;
// A line ends with ,"chain":"<64 hex digits>"} and what stands before is what the hash is of.
constexpr std::string_view kChainKey = ",\"chain\":\"";
constexpr std::size_t kHashLength = 2 * crypto_hash_sha256_BYTES;
constexpr std::size_t kChainLength = kChainKey.size() + kHashLength + 2;

constexpr std::string_view kKinds[] = {"limit", "load", "look", "plan", "resume", "finish", "release", "declassify"};

template <std::size_t N>
std::string hex(const unsigned char (&bytes)[N]) {
  char text[2 * N + 1];
  sodium_bin2hex(text, sizeof text, bytes, N);
  return text;
}

std::string chain(std::string_view previous, std::string_view body) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(previous.data()), previous.size());
  crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(body.data()), body.size());
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, digest);
  return hex(digest);
}

// `{...}` -> `{...,"chain":"..."}` and a newline.
std::string chained(const ordered_json& object, std::string_view previous) {
  std::string line = object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  line.pop_back();
  const std::string hash = chain(previous, line);
  return line.append(kChainKey).append(hash).append("\"}\n");
}

// JSON has no infinity: what has no bound says "infinite".
ordered_json number(double value) { return std::isinf(value) ? ordered_json("infinite") : ordered_json(value); }

double number(const ordered_json& value) {
  if (value == "infinite") return std::numeric_limits<double>::infinity();
  return value.get<double>();
}

ordered_json to_json(const Limit& limit) {
  return {{"epsilon", limit.epsilon}, {"delta", limit.delta}, {"unit", limit.unit},
          {"neighbours", to_string(limit.neighbours)}};
}

Limit limit_from_json(const ordered_json& json) {
  return {.epsilon = json.at("epsilon"), .delta = json.at("delta"), .unit = json.at("unit"),
          .neighbours = parse_neighbours(json.at("neighbours").get_ref<const std::string&>())};
}

std::string known_kind(const ordered_json& line) {
  const std::string kind = line.at("kind");
  for (const std::string_view known : kKinds) {
    if (kind == known) return kind;
  }
  fail(ErrorKind::input, "its kind '{}' is not known here", kind);
}

Event event_from_json(const ordered_json& line) {
  Event event{.kind = known_kind(line), .part = line.at("part"), .purpose = line.at("purpose"),
              .side = line.at("side"), .epsilon = number(line.at("epsilon")), .delta = number(line.at("delta")),
              .when = line.value("when", "")};
  if (event.kind == "limit") event.limit = limit_from_json(line.at("limit"));
  if (event.kind == "plan") {
    event.plan = plan_from_json(line.at("plan"));
    event.cost = {.mu = number(line.at("cost").at("mu")), .delta = number(line.at("cost").at("delta"))};
  }
  return event;
}

[[noreturn]] void refuse(const std::string& path, std::size_t line, std::string_view why) {
  fail(ErrorKind::input,
       "the ledger '{}' line {}: {}; restore the file from a backup: without its lines nobody knows what was spent",
       path, line, why);
}

// Reads a text line by line.
class Reading {
 public:
  Reading(std::string_view text, const std::string& path) : text_(text), path_(path) {}

  LedgerLines all() {
    while (lines_.end < text_.size()) {
      const auto newline = text_.find('\n', lines_.end);
      if (newline == std::string_view::npos) {
        tail(text_.substr(lines_.end));
        break;
      }
      line(text_.substr(lines_.end, newline - lines_.end));
      lines_.end = newline + 1;
    }
    return std::move(lines_);
  }

 private:
  std::size_t number() const { return lines_.chains.size() + 1; }

  // What has no newline. A line whose chain is complete was written to its last byte, and counts: never less than was
  // spent. Anything shorter was cut off before it was acknowledged.
  void tail(std::string_view rest) {
    const auto key = rest.find(kChainKey);
    if (key == std::string_view::npos || rest.size() < key + kChainLength) return;
    line(rest);
    lines_.end = text_.size();
    lines_.unended = true;
  }

  void line(std::string_view whole) {
    if (nests_deeply(whole)) refuse(path_, number(), "its lists and objects lie too deep inside one another");
    if (lines_.chains.empty()) check_header(whole);
    lines_.chains.push_back(verified_chain(whole));
    if (lines_.chains.size() == 1) return;
    try {
      lines_.events.push_back(event_from_json(ordered_json::parse(whole)));
    } catch (const std::exception& error) {
      refuse(path_, lines_.chains.size(), fmt::format("it is not an event ({})", error.what()));
    }
  }

  std::string verified_chain(std::string_view whole) const {
    if (whole.size() < kChainLength) refuse(path_, number(), "it is cut short");
    const std::string_view body = whole.substr(0, whole.size() - kChainLength), end = whole.substr(body.size());
    if (!end.starts_with(kChainKey) || !end.ends_with("\"}")) refuse(path_, number(), "it does not end with its chain");
    std::string expected = chain(lines_.chains.empty() ? std::string_view{} : lines_.chains.back(), body);
    if (end.substr(kChainKey.size(), kHashLength) != expected) {
      refuse(path_, number(), "the chain of hashes breaks: this line or one before it was changed, removed or moved");
    }
    return expected;
  }

  // Says what a file is that is no ledger of this version, before its chain is looked at.
  void check_header(std::string_view first) const {
    const auto header = ordered_json::parse(first, nullptr, false);
    if (!header.is_object() || !header.contains("kind")) refuse(path_, 1, "it is not a ledger");
    if (!header.contains("chain")) {
      fail(ErrorKind::input,
           "the ledger '{0}' line 1 has no chain: it is of version 1, which this program does not read; move it away "
           "(mv '{0}' '{0}.v1') and a new ledger begins", path_);
    }
    if (header["kind"] != "ledger") refuse(path_, 1, "it is not the first line of a ledger");
    const auto version = header.value("version", ordered_json());
    if (version != kVersion) {
      fail(ErrorKind::input, "the ledger '{}' line 1 says version {}; this program reads version {}", path_,
           version.dump(), kVersion);
    }
  }

  std::string_view text_;
  const std::string& path_;
  LedgerLines lines_;
};

}  // namespace

std::string header_line() {
  if (sodium_init() < 0) fail(ErrorKind::internal, "the system gives no random bytes for a ledger's salt");
  unsigned char salt[32];
  randombytes_buf(salt, sizeof salt);
  return chained({{"kind", "ledger"}, {"version", kVersion}, {"salt", hex(salt)}}, "");
}

std::string event_line(const Event& event, std::string_view previous) {
  ordered_json line = {{"kind", event.kind}, {"part", event.part}, {"purpose", event.purpose}, {"side", event.side},
                       {"epsilon", number(event.epsilon)}, {"delta", number(event.delta)}};
  if (!event.when.empty()) line["when"] = event.when;
  if (event.limit) line["limit"] = to_json(*event.limit);
  if (event.plan) {
    line["plan"] = to_json(*event.plan);
    line["cost"] = {{"mu", number(event.cost.mu)}, {"delta", number(event.cost.delta)}};
  }
  return chained(line, previous);
}

std::string chain_of(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  return std::string(line.substr(line.size() - kHashLength - 2, kHashLength));
}

LedgerLines read_lines(std::string_view text, const std::string& path) { return Reading(text, path).all(); }

}  // namespace understudy
