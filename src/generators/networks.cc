#include "generators/networks.h"

#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <vector>

#include "understudy/error.h"

namespace understudy {
namespace {

constexpr const char* kFile = "libunderstudy_networks.so";

std::vector<std::string> candidates() {
  std::vector<std::string> paths;
  Dl_info here;
  if (dladdr(reinterpret_cast<const void*>(&open_network_generator), &here) != 0 && here.dli_fname != nullptr) {
    std::error_code none;
    const auto folder = std::filesystem::canonical(here.dli_fname, none).parent_path();
    for (const auto& path : {folder / kFile, folder / ".." / "lib" / kFile}) {
      if (!folder.empty() && std::filesystem::exists(path, none)) paths.push_back(path.string());
    }
  }
  paths.emplace_back(kFile);
  return paths;
}

// RTLD_LOCAL keeps torch's symbols to itself. Errors still cross: their type is compared by name.
void* open_networks() {
  std::string reasons;
  for (const std::string& path : candidates()) {
    if (void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return handle;
    reasons += (reasons.empty() ? "" : "; ") + std::string(dlerror());
  }
  fail(ErrorKind::usage,
       "networks need {}, which cannot be opened ({}); build it with UNDERSTUDY_NETWORKS=ON and put it beside "
       "libunderstudy.so, or choose generators and metrics without a network",
       kFile, reasons);
}

// Calls `symbol`, which returns a new Part.
template <class Part, class... Arguments>
std::unique_ptr<Part> open_part(const char* symbol, const Arguments&... arguments) {
  static void* const networks = open_networks();
  void* const address = dlsym(networks, symbol);
  if (address == nullptr) fail(ErrorKind::internal, "{} has no '{}': it is of another version", kFile, symbol);
  return std::unique_ptr<Part>(reinterpret_cast<Part* (*)(const Arguments&...)>(address)(arguments...));
}

}  // namespace

std::unique_ptr<Generator> open_network_generator(const char* symbol) { return open_part<Generator>(symbol); }

std::unique_ptr<Learner> open_network_learner() { return open_part<Learner>("understudy_make_learner"); }

std::unique_ptr<Ranks> open_ranks(const Rendezvous& rendezvous) {
  return open_part<Ranks>("understudy_open_ranks", rendezvous);
}

}  // namespace understudy
