// The source of ordinary builds. seeded_source.cc defines the same names; a program links one of the two.
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "privacy/noise/key_stream.h"
#include "privacy/noise/source.h"
#include "understudy/error.h"

namespace understudy {
namespace {

// What must never be the same in two processes, nor reach a core dump.
struct State {
  bool keyed;         // false in fresh memory, and in a child whose copy the kernel wiped
  pid_t process;
  KeyStream stream;
};

class SecureSource final : public NoiseSource {
 public:
  SecureSource() {
    if (sodium_init() < 0) {
      fail(ErrorKind::internal, "libsodium reports {}: no secure randomness; check the installation and the kernel's "
           "getrandom", "sodium_init() < 0");
    }
    void* page = mmap(nullptr, sizeof(State), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) fail(ErrorKind::internal, "no page for the noise source's key: {}", std::strerror(errno));
    state_ = static_cast<State*>(page);
#ifdef MADV_WIPEONFORK
    wiped_on_fork_ = madvise(page, sizeof(State), MADV_WIPEONFORK) == 0;
#endif
#ifdef MADV_DONTDUMP
    madvise(page, sizeof(State), MADV_DONTDUMP);
#endif
  }
  SecureSource(const SecureSource&) = delete;
  SecureSource& operator=(const SecureSource&) = delete;
  ~SecureSource() override {
    sodium_memzero(state_, sizeof(State));
    munmap(state_, sizeof(State));
  }

  void fill(std::span<std::uint8_t> bytes) override {
    // Where the kernel does not wipe the page in a child, the process number tells; that costs a system call.
    if (!state_->keyed || (!wiped_on_fork_ && state_->process != getpid())) rekey();
    state_->stream.take(bytes);
  }

 private:
  void rekey() {
    KeyStream::Key key;
    randombytes_buf(key.data(), key.size());  // the kernel's; libsodium ends the process when it has none
    state_->stream.rekey(key);
    sodium_memzero(key.data(), key.size());
    state_->process = getpid();
    state_->keyed = true;
  }

  State* state_ = nullptr;
  bool wiped_on_fork_ = false;
};

}  // namespace

std::unique_ptr<NoiseSource> make_noise_source(std::uint64_t) { return std::make_unique<SecureSource>(); }

bool noise_is_seeded() { return false; }

}  // namespace understudy
