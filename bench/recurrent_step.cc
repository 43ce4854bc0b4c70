// A step of a recurrent network (forward, backward, no optimiser): torch's own module against ours, plain, and by subject
// with norms and clipped sum. 64 inputs, 2 layers of 256, 48 steps, 512 subjects. The three take turns, one thread, by
// processor time; a ratio is the median of the turns' ratios.
//
//   bench_recurrent_step gru|lstm [turns]
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <torch/nn/modules/rnn.h>

#include "nn/blocks/gru.h"
#include "nn/blocks/lstm.h"
#include "nn/noise.h"
#include "nn/serial.h"
#include "nn/clipped_sum.h"
#include "nn/tape.h"

namespace understudy::nn {
namespace {

constexpr std::int64_t kSubjects = 512, kSteps = 48, kInputs = 64, kHidden = 256, kLayers = 2;

double processor_milliseconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

std::vector<double> ratios(const std::vector<double>& above, const std::vector<double>& below) {
  std::vector<double> result;
  for (std::size_t i = 0; i < above.size(); ++i) result.push_back(above[i] / below[i]);
  return result;
}

at::Tensor loss_of(const at::Tensor& output) { return output.select(1, kSteps - 1).square().sum(); }

template <class Theirs, class Ours>
class Steps {
 public:
  Steps(Theirs theirs, std::int64_t micro_batch) : micro_batch_(micro_batch), theirs_(std::move(theirs)) {
    x_ = normals(rng_, kSubjects, kSteps * kInputs).view({kSubjects, kSteps, kInputs});
  }

  void theirs() {
    theirs_->zero_grad();
    each([&](const at::Tensor& x) { loss_of(std::get<0>(theirs_->forward(x))).backward(); });
  }
  void plain() {
    each([&](const at::Tensor& x) {
      Tape tape = Tape::plain(parameters_.flat());
      tape.backward(loss_of(ours_(tape, x)));
      sum_.add_(tape.gradient());
    });
  }
  void by_subject() {
    each([&](const at::Tensor& x) {
      Tape tape(parameters_.flat(), micro_batch_);
      phases_[0] += processor_milliseconds([&] {
        const at::Tensor loss = loss_of(ours_(tape, x));
        tape.backward(loss);
      });
      at::Tensor squares;
      phases_[1] += processor_milliseconds([&] { squares = tape.squared_norms(); });
      phases_[2] += processor_milliseconds([&] { sum_.add_(tape.weighted_sum(clip_factors(squares, Clipping{}))); });
    });
  }

  std::vector<double> phases() { return std::exchange(phases_, {0, 0, 0}); }

 private:
  void each(const std::function<void(const at::Tensor&)>& work) {
    for (std::int64_t at = 0; at < kSubjects; at += micro_batch_) work(x_.narrow(0, at, micro_batch_));
  }

  std::int64_t micro_batch_;
  Rng rng_{1};
  at::Tensor x_;
  Theirs theirs_;
  Parameters parameters_;
  Ours ours_{parameters_, "ours", kInputs, kHidden, kLayers, rng_};
  at::Tensor sum_ = at::zeros_like(parameters_.flat());
  std::vector<double> phases_{0, 0, 0};  // milliseconds: the pass, the norms, the clipped sum
};

template <class Ours, class Theirs>
void compare(const Theirs& module, std::int64_t micro_batch, int turns) {
  Steps<Theirs, Ours> steps(module, micro_batch);
  std::vector<double> theirs, plain, by_subject;
  for (int turn = -1; turn < turns; ++turn) {
    const double a = processor_milliseconds([&] { steps.theirs(); }), b = processor_milliseconds([&] { steps.plain(); });
    const double c = processor_milliseconds([&] { steps.by_subject(); });
    if (turn < 0) {  // warm-up
      steps.phases();
      continue;
    }
    theirs.push_back(a), plain.push_back(b), by_subject.push_back(c);
  }
  const std::vector<double> phases = steps.phases();
  std::printf("micro-batch %3lld: torch's %.0f ms, plain %.0f (%.2f), by subject %.0f (%.2f; of our plain %.2f): ",
              static_cast<long long>(micro_batch), median(theirs), median(plain), median(ratios(plain, theirs)),
              median(by_subject), median(ratios(by_subject, theirs)), median(ratios(by_subject, plain)));
  std::printf("pass %.0f, norms %.0f, sum %.0f\n", phases[0] / turns, phases[1] / turns, phases[2] / turns);
}

void compare(const std::string& kind, std::int64_t micro_batch, int turns) {
  using torch::nn::GRUOptions, torch::nn::LSTMOptions;
  if (kind == "lstm") {
    compare<Lstm>(torch::nn::LSTM(LSTMOptions(kInputs, kHidden).num_layers(kLayers).batch_first(true)), micro_batch, turns);
  } else {
    compare<Gru>(torch::nn::GRU(GRUOptions(kInputs, kHidden).num_layers(kLayers).batch_first(true)), micro_batch, turns);
  }
}

}  // namespace
}  // namespace understudy::nn

int main(int argc, char** argv) {
  try {
    // Else the allocator gives large tensors back to the system after each use, and page faults cost a sixth of a step.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2147483647);
    understudy::nn::use_one_thread();
    const int turns = argc > 2 ? std::atoi(argv[2]) : 9;
    for (const std::int64_t micro_batch : {64, 512}) understudy::nn::compare(argc > 1 ? argv[1] : "gru", micro_batch, turns);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_recurrent_step: %s\n", error.what());
    return 1;
  }
}
