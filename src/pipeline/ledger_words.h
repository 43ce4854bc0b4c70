// A ledger in words: for the command line and for reports.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "understudy/ledger.h"

namespace understudy {

// "epsilon 3 at delta 1e-06 for each person (add-remove)"
std::string limit_words(const Limit& limit);
// "2026-11-23 09:00 look at train: train gan (inside, not charged)"; one line, whatever the purpose holds.
std::string event_words(const Event& event);
// What was spent, and what is left where there is a limit: a sentence each.
std::vector<std::string> budget_words(const std::vector<Event>& events);

// All of it: where, limit, events, budget, head. Lines that end with newlines.
std::string ledger_words(const Ledger& ledger);
// The same as data (docs/formats/ledger.md).
nlohmann::ordered_json ledger_json(const Ledger& ledger);

}  // namespace understudy
