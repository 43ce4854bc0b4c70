// Which of this machine's addresses others reach it by.
#pragma once

#include <string>

namespace understudy {

// The numeric address that this machine has on the way to `host` (a name or an address); nothing is sent. Empty where the
// host has no address or no way leads there.
std::string address_towards(const std::string& host);

}  // namespace understudy
