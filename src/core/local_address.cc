#include "core/local_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>

namespace understudy {
namespace {

constexpr const char* kAnyPort = "9";

struct Free {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, Free>;

Addresses addresses_of(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  return Addresses(getaddrinfo(host.c_str(), kAnyPort, &wanted, &found) == 0 ? found : nullptr);
}

// The near end of a connected datagram socket: the system has chosen it by its routes.
std::string near_end(int socket, const addrinfo& far_end) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char text[NI_MAXHOST];
  const bool found = connect(socket, far_end.ai_addr, far_end.ai_addrlen) == 0 &&
                     getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                     getnameinfo(reinterpret_cast<sockaddr*>(&address), size, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0;
  return found ? text : "";
}

}  // namespace

std::string address_towards(const std::string& host) {
  const Addresses addresses = addresses_of(host);
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    const int descriptor = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
    if (descriptor < 0) continue;
    std::string address = near_end(descriptor, *one);
    close(descriptor);
    if (!address.empty()) return address;
  }
  return "";
}

}  // namespace understudy
