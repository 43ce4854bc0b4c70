// The ledger's file: locked, appended to, synced.
#pragma once

#include <string>

#include "privacy/ledger_line.h"

namespace understudy {

// As it is on disk now, under a shared lock; no lines when there is no file. ErrorKind::input as read_lines, and with
// the system's reason.
LedgerLines read_ledger(const std::string& path);

// Holds a ledger open and locked, for one append: what `lines` shows stays true until the append.
class LockedLedger {
 public:
  // Makes the file and its folder where there are none.
  explicit LockedLedger(const std::string& path);
  LockedLedger(const LockedLedger&) = delete;
  LockedLedger& operator=(const LockedLedger&) = delete;
  ~LockedLedger();

  const LedgerLines& lines() const { return lines_; }

  // Returns when the event is on disk, under this name. A torn tail is cut off first. On failure the line is cut off
  // again and ErrorKind::input has the system's reason. Returns the line's chain. Call once.
  std::string append(const Event& event);

 private:
  std::string text_for(const Event& event) const;
  void write_all(const std::string& text) const;
  void undo(std::size_t written_to) const;

  std::string path_;
  int descriptor_ = -1;
  LedgerLines lines_;
};

}  // namespace understudy
