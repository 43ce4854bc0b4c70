#include "nn/c10d_ranks.h"

#include "understudy/error.h"

#ifdef USE_C10D_GLOO  // cmake/parts.cmake: where Gloo's headers are

#include <ATen/ATen.h>

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "core/local_address.h"
#include "nn/pipe_signal.h"

namespace understudy::nn {
namespace {

// c10d's reasons go on with stack traces.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string reason_of(const std::exception& error) {
  const auto* traced = dynamic_cast<const c10::Error*>(&error);
  return first_line(traced != nullptr ? traced->what_without_backtrace() : error.what());
}

class C10dRanks final : public Ranks {
 public:
  explicit C10dRanks(const Rendezvous& rendezvous) : meeting_(rendezvous) {
    const std::string place = fmt::format("all ranks at {}:{}", meeting_.host, meeting_.port);
    attempt(place, [&] {
      const WithoutPipeSignal quiet;  // inherited by the threads that c10d starts
      meet();
    });
  }

  int rank() const override { return meeting_.rank; }
  int size() const override { return meeting_.size; }

  void add_up(std::span<float> values) override {
    if (values.empty()) return;
    attempt("the sum over all ranks", [&] {
      std::vector<at::Tensor> tensors = {at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kFloat)};
      group_->allreduce(tensors)->wait();
    });
  }

  void share(std::string& bytes) override {
    attempt("what rank 0 shares", [&] {
      auto size = static_cast<std::int64_t>(bytes.size());
      from_rank_0(at::from_blob(&size, {1}, at::kLong));
      bytes.resize(static_cast<std::size_t>(size));
      if (size > 0) from_rank_0(at::from_blob(bytes.data(), {size}, at::kByte));
    });
  }

 private:
  void meet() {
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(meeting_.port);
    options.isServer = meeting_.rank == 0;
    options.numWorkers = static_cast<std::size_t>(meeting_.size);
    options.timeout = meeting_.start_patience;
    const auto store = c10::make_intrusive<c10d::TCPStore>(meeting_.host, options);
    auto gloo = c10d::ProcessGroupGloo::Options::create(meeting_.step_patience);
    gloo->devices.push_back(device());
    gloo->threads = 1;  // calls come one after the other
    group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store, meeting_.rank, meeting_.size, gloo);
  }

  std::shared_ptr<gloo::transport::Device> device() const {
    using Gloo = c10d::ProcessGroupGloo;
    if (!meeting_.interface.empty()) return Gloo::createDeviceForInterface(meeting_.interface);
    const std::string address = address_towards(meeting_.host);
    return address.empty() ? Gloo::createDefaultDevice() : Gloo::createDeviceForHostname(address);
  }

  void from_rank_0(const at::Tensor& tensor) {
    std::vector<at::Tensor> tensors = {tensor};
    group_->broadcast(tensors)->wait();
  }

  template <class Work>
  void attempt(const std::string& what, const Work& work) {
    if (!broken_.empty()) lost(what, broken_);
    try {
      work();
    } catch (const std::exception& error) {
      broken_ = reason_of(error);
      lost(what, broken_);
    }
  }

  [[noreturn]] void lost(const std::string& what, const std::string& reason) const {
    fail(ErrorKind::lost,
         "rank {} of {} waited for {} in vain ({}); start all ranks again with the same command: training continues from "
         "its checkpoint", meeting_.rank, meeting_.size, what, reason);
  }

  Rendezvous meeting_;
  std::string broken_;  // why no call works any more
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace

std::unique_ptr<Ranks> join_ranks(const Rendezvous& rendezvous) { return std::make_unique<C10dRanks>(rendezvous); }

}  // namespace understudy::nn

#else

namespace understudy::nn {

std::unique_ptr<Ranks> join_ranks(const Rendezvous& rendezvous) {
  fail(ErrorKind::usage,
       "this build trains in one process, and was started as rank {} of {}; build it where Gloo's headers are (libgloo-dev), "
       "or start one process", rendezvous.rank, rendezvous.size);
}

}  // namespace understudy::nn

#endif

understudy::Ranks* understudy_open_ranks(const understudy::Rendezvous& rendezvous) {
  return understudy::nn::join_ranks(rendezvous).release();
}
