#include "privacy/shared_ledger.h"

#include <nlohmann/json.hpp>

#include "privacy/ledger_line.h"

namespace understudy {
namespace {

void do_at_rank_0(Ranks& ranks, const std::function<void()>& work) {
  at_rank_0(&ranks, [&] {
    work();
    return std::string();
  });
}

Reservation reserve_at_rank_0(Ranks& ranks, const std::function<Reservation()>& work) {
  const auto made = nlohmann::json::parse(at_rank_0(&ranks, [&] {
    const Reservation reservation = work();
    return nlohmann::json{{"id", reservation.id}, {"mu", reservation.cost.mu}, {"delta", reservation.cost.delta},
                          {"finished", reservation.finished}}.dump();
  }));
  return {.id = made["id"], .cost = {.mu = made["mu"], .delta = made["delta"]}, .finished = made["finished"]};
}

// Events as a ledger of their own.
std::string text_of(const std::vector<Event>& events) {
  std::string text = header_line();
  std::string chain = chain_of(text);
  for (const Event& event : events) {
    const std::string line = event_line(event, chain);
    chain = chain_of(line);
    text += line;
  }
  return text;
}

}  // namespace

SharedLedger::SharedLedger(const std::string& path, std::function<std::string()> clock, Ranks& ranks)
    : Ledger(path, std::move(clock)), ranks_(ranks) {}

void SharedLedger::append(Event event) {
  do_at_rank_0(ranks_, [&] { Ledger::append(std::move(event)); });
}

void SharedLedger::declare(const Limit& limit) {
  do_at_rank_0(ranks_, [&] { Ledger::declare(limit); });
}

Reservation SharedLedger::reserve(const Plan& plan, const std::string& part) {
  return reserve_at_rank_0(ranks_, [&] { return Ledger::reserve(plan, part); });
}

Reservation SharedLedger::resume(const Plan& plan, const std::string& part, const std::string& id) {
  return reserve_at_rank_0(ranks_, [&] { return Ledger::resume(plan, part, id); });
}

void SharedLedger::finish(const std::string& part, const std::string& id, const std::string& digest) {
  do_at_rank_0(ranks_, [&] { Ledger::finish(part, id, digest); });
}

std::vector<Event> SharedLedger::events() const {
  return read_lines(at_rank_0(&ranks_, [&] { return text_of(Ledger::events()); }), path()).events;
}

LedgerHead SharedLedger::head() const {
  const auto head = nlohmann::json::parse(at_rank_0(&ranks_, [&] {
    const LedgerHead here = Ledger::head();
    return nlohmann::json{{"length", here.length}, {"hash", here.hash}}.dump();
  }));
  return {.length = head["length"], .hash = head["hash"]};
}

bool SharedLedger::extends(const LedgerHead& head) const {
  return at_rank_0(&ranks_, [&] { return std::string(Ledger::extends(head) ? "yes" : "no"); }) == "yes";
}

std::unique_ptr<Ledger> open_ledger(const std::string& path, std::function<std::string()> clock, Ranks* ranks) {
  if (ranks == nullptr) return std::make_unique<Ledger>(path, std::move(clock));
  return std::make_unique<SharedLedger>(path, std::move(clock), *ranks);
}

}  // namespace understudy
