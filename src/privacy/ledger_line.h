// The lines of a ledger file and the chain that ties each to those before it (docs/formats/ledger.md).
//
//   std::string text = header_line();
//   text += event_line(event, read_lines(text, path).chains.back());
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "understudy/ledger.h"

namespace understudy {

struct LedgerLines {
  std::vector<Event> events;        // of every line but the first
  std::vector<std::string> chains;  // hash of every line, the first included
  std::size_t end = 0;              // bytes of whole lines; what follows is a torn tail
  bool unended = false;             // the last whole line lacks its newline
};

// The first line of a new ledger, with a fresh salt: nobody can guess a short ledger from the hash that a release
// quotes.
std::string header_line();
// `previous`: the chain of the line before.
std::string event_line(const Event& event, std::string_view previous);
// The chain of a whole line.
std::string chain_of(std::string_view line);

// Verifies the chain. A tail that is no whole line and has no newline is left out: it was never acknowledged.
// ErrorKind::input naming `path`, the line and the cure for everything else that is not as it was written.
LedgerLines read_lines(std::string_view text, const std::string& path);

}  // namespace understudy
