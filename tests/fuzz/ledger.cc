// A ledger file. An input is the file's lines, with or without their chains: it is read as it stands, and again with
// chains that hold, as somebody would forge it who knows the format. Events survive being written.
#include <sodium.h>

#include <nlohmann/json.hpp>

#include "privacy/ledger_line.h"
#include "target.h"

using namespace understudy;

namespace {

constexpr std::string_view kChain = ",\"chain\":\"";

std::string hash_of(const std::string& text) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  char hex[2 * sizeof digest + 1];
  return sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
}

// Every line with the chain that belongs to it, in place of its own.
std::string with_chains(std::string_view text) {
  std::string result, previous;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string body(line.substr(0, std::min(line.rfind(kChain), line.empty() ? 0 : line.size() - 1)));
    previous = hash_of(previous + body);
    result.append(body).append(kChain).append(previous).append("\"}\n");
  }
  return result;
}

void survive(const LedgerLines& lines) {
  std::string text = header_line(), previous = chain_of(text);
  for (const Event& event : lines.events) {
    const std::string line = event_line(event, previous);
    previous = chain_of(line);
    text += line;
  }
  const auto again = taken(ErrorKind::input, [&] { return read_lines(text, "again"); });
  require(again && again->events.size() == lines.events.size(), "events that cannot be read back:\n" + text);
  for (std::size_t i = 0; i < lines.events.size(); ++i) {
    require(event_line(again->events[i], "") == event_line(lines.events[i], ""), "an event that changed:\n" + text);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const std::string& text : {std::string(as_text(data, size)), with_chains(as_text(data, size))}) {
    const auto lines = taken(ErrorKind::input, [&] { return read_lines(text, "input"); });
    if (lines && !lines->chains.empty()) survive(*lines);
  }
  return 0;
}
