// Writing to a connection whose other end is gone raises SIGPIPE, which ends the process. Libraries that do so expect the
// program to ignore it; ours may be a part of any program, so its settings stay as they are.
#pragma once

#include <pthread.h>

#include <csignal>
#include <ctime>

namespace understudy::nn {

// Holds the signal back from this thread, and for ever from the threads that it starts meanwhile.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;
  ~WithoutPipeSignal() {
    const timespec now{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &now);  // else it would arrive with the old mask
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_, before_;
};

}  // namespace understudy::nn
