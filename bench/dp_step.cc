// One training step by subject beside a plain one: torch's own modules and optimiser against our blocks, norms, clipped
// sum, noise and optimiser. One thread and its processor time; what takes turns is compared by the median of the pairs.
//
//   bench_dp_step mlp|gru|transformer [subjects] [micro-batch] [repeats]
//     --device cuda      on the GPU, by the clock
//     --only plain       or private: this side alone, for its memory
//     --threads N        the private step with N threads beside one, by the clock
//   With the variables of docs/ranks.md in several processes: the private step over all beside rank 0 alone, by the clock.
#include <malloc.h>
#include <sys/resource.h>
#include <torch/optim/adam.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <optional>

#include "dp_networks.h"
#include "nn/adam.h"
#include "nn/c10d_ranks.h"
#include "nn/device.h"
#include "nn/passes.h"
#include "nn/serial.h"
#include "privacy/noise/noisy_total.h"
#include "understudy/error.h"
#include "understudy/ranks.h"

using namespace understudy;
using namespace understudy::nn;

namespace {

struct Wanted {
  std::string kind = "mlp", only;
  std::int64_t subjects = 512, micro_batch = 512;
  int repeats = 9, threads = 1;
  at::Device device = at::kCPU;
};

// The value after `flag`, taken out of the words.
std::optional<std::string> take(std::vector<std::string>& words, const std::string& flag) {
  const auto at = std::find(words.begin(), words.end(), flag);
  if (at == words.end() || at + 1 == words.end()) return std::nullopt;
  const std::string value = at[1];
  words.erase(at, at + 2);
  return value;
}

Wanted parse(std::vector<std::string> words) {
  Wanted wanted;
  if (const auto device = take(words, "--device")) wanted.device = parse_device(*device);
  wanted.only = take(words, "--only").value_or("");
  wanted.threads = std::stoi(take(words, "--threads").value_or("1"));
  if (!words.empty()) wanted.kind = words[0];
  if (wanted.kind == "transformer") wanted.subjects = 64, wanted.micro_batch = 16;
  if (words.size() > 1) wanted.subjects = std::stoll(words[1]);
  if (words.size() > 2) wanted.micro_batch = std::stoll(words[2]);
  if (words.size() > 3) wanted.repeats = std::stoi(words[3]);
  return wanted;
}

// Seconds that `work` takes on this clock, to the end of what it started on the device.
template <class Work>
double seconds(const at::Device& device, clockid_t clock, const Work& work) {
  const auto now = [&] {
    if (!device.is_cpu()) at::zeros({1}, device).item();
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double start = now();
  work();
  return now() - start;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Two ways in turns, the first two pairs not counted: medians of the times, and of their ratios.
struct Turns {
  double first, second, ratio;  // ratio: second over first
};
template <class First, class Second>
Turns turns(int repeats, const First& first, const Second& second) {
  std::vector<double> firsts, seconds, ratios;
  for (int i = -2; i < repeats; ++i) {
    const double a = first(), b = second();
    if (i < 0) continue;
    firsts.push_back(a), seconds.push_back(b), ratios.push_back(b / a);
  }
  return {median(firsts), median(seconds), median(ratios)};
}

class Bench {
 public:
  explicit Bench(const Wanted& wanted)
      : wanted_(wanted),
        pair_((wanted.kind == "mlp" ? mlp : wanted.kind == "gru" ? gru : transformer)(wanted.subjects, wanted.device)),
        theirs_(pair_.their_parameters, torch::optim::AdamOptions(1e-4)), ours_(pair_.ours.size(), {}),
        noise_(make_noise_source(2)), subjects_(static_cast<std::size_t>(wanted.subjects)),
        sum_(static_cast<std::size_t>(pair_.ours.size())) {
    std::iota(subjects_.begin(), subjects_.end(), 0);
  }

  void plain_step() {
    theirs_.zero_grad();
    for (std::int64_t first = 0; first < wanted_.subjects; first += wanted_.micro_batch) {
      pair_.theirs(pair_.x.narrow(0, first, wanted_.micro_batch)).square().sum().backward();
    }
    theirs_.step();
  }

  void private_step(ShardPool& pool, int threads = 1, Ranks* ranks = nullptr) {
    std::fill(sum_.begin(), sum_.end(), 0.0);
    const auto own = own_subjects(subjects_, ranks);
    add_clipped(pool, own, {.bound = 1, .micro_batch = wanted_.micro_batch}, on_tape(pair_.ours.flat(), pair_.loss), sum_);
    noisy_total(*noise_, sum_, 1.0, ranks, threads);
    const at::Tensor gradient = at::empty({pair_.ours.size()});
    scale_pass({gradient.data_ptr<float>(), sum_.size()}, sum_, 1 / static_cast<double>(subjects_.size()));
    ours_.step(pair_.ours.flat(), gradient.to(wanted_.device), 1e-4);
  }

  void compare_with_plain() {
    ShardPool pool(1);
    const clockid_t clock = wanted_.device.is_cpu() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
    const auto plain = [&] { return seconds(wanted_.device, clock, [&] { plain_step(); }); };
    const auto by_subject = [&] { return seconds(wanted_.device, clock, [&] { private_step(pool); }); };
    if (wanted_.only == "plain" || wanted_.only == "private") {
      const auto one = wanted_.only == "plain" ? turns(wanted_.repeats, plain, plain) : turns(wanted_.repeats, by_subject, by_subject);
      std::printf("%s %.1f ms", wanted_.only.c_str(), 1e3 * one.second);
      return;
    }
    const Turns found = turns(wanted_.repeats, plain, by_subject);
    std::printf("plain %.1f ms, private %.1f ms, ratio %.3f", 1e3 * found.first, 1e3 * found.second, found.ratio);
    if (wanted_.kind != "mlp") return;
    const Turns share = turns(wanted_.repeats, by_subject, [&] { return seconds(wanted_.device, clock, [&] { products(); }); });
    std::printf(", its matrix products alone %.1f ms, share %.2f", 1e3 * share.second, share.ratio);
  }

  void compare_threads() {
    ShardPool one(1), more(wanted_.threads);
    const auto with = [&](ShardPool& pool, int threads) {
      return seconds(wanted_.device, CLOCK_MONOTONIC, [&] { private_step(pool, threads); });
    };
    const Turns found = turns(wanted_.repeats, [&] { return with(more, wanted_.threads); }, [&] { return with(one, 1); });
    std::printf("%d threads %.1f ms, one %.1f ms, ratio %.2f", wanted_.threads, 1e3 * found.first, 1e3 * found.second, found.ratio);
  }

  void compare_ranks(Ranks& ranks) {
    ShardPool pool(1);
    std::string word;
    const auto together = [&] {
      ranks.share(word);  // all begin now
      return seconds(wanted_.device, CLOCK_MONOTONIC, [&] { private_step(pool, 1, &ranks); });
    };
    const auto alone = [&] { return seconds(wanted_.device, CLOCK_MONOTONIC, [&] { private_step(pool); }); };
    const Turns found = turns(wanted_.repeats, together, [&] { return ranks.rank() == 0 ? alone() : 1.0; });
    if (ranks.rank() != 0) return;
    std::printf("%d processes %.1f ms, one %.1f ms, ratio %.2f", ranks.size(), 1e3 * found.first, 1e3 * found.second, found.ratio);
  }

 private:
  // The matrix products that no training of the MLP can do without: forward, and back to weights and inputs.
  void products() {
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
      const std::int64_t rows = wanted_.micro_batch, in = widths[i], out = widths[i + 1];
      const auto matrix = [&](std::int64_t m, std::int64_t n) { return buffer_.narrow(0, 0, m * n).view({m, n}); };
      for (std::int64_t first = 0; first < wanted_.subjects; first += rows) {
        at::Tensor y = results_.narrow(0, 0, rows * out).view({rows, out}), w = results_.narrow(0, 0, out * in).view({out, in}),
                   x = results_.narrow(0, 0, rows * in).view({rows, in});
        at::mm_out(y, matrix(rows, in), matrix(out, in).t());
        at::mm_out(w, matrix(rows, out).t(), matrix(rows, in));
        if (i > 0) at::mm_out(x, matrix(rows, out), matrix(out, in));
      }
    }
  }

  Wanted wanted_;
  Pair pair_;
  torch::optim::Adam theirs_;
  nn::Adam ours_;
  std::unique_ptr<NoiseSource> noise_;
  std::vector<std::int64_t> subjects_;
  std::vector<double> sum_;
  at::Tensor buffer_ = at::ones({512 * std::max<std::int64_t>(wanted_.micro_batch, 512)}, wanted_.device);
  at::Tensor results_ = at::ones_like(buffer_);
};

}  // namespace

int main(int count, char** given) try {
  const Wanted wanted = parse({given + 1, given + count});
  const auto place = rendezvous_from_environment([](const char* name) -> const char* { return std::getenv(name); });
  const auto ranks = place ? join_ranks(*place) : nullptr;
  prepare(wanted.device);
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  use_one_thread();
  Bench bench(wanted);
  if (is_first(ranks.get())) {
    std::printf("%s: %lld subjects in %lld: ", wanted.kind.c_str(), static_cast<long long>(wanted.subjects), static_cast<long long>(wanted.micro_batch));
  }
  if (ranks) bench.compare_ranks(*ranks);
  else if (wanted.threads > 1) bench.compare_threads();
  else bench.compare_with_plain();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  if (is_first(ranks.get())) std::printf("; peak %ld MB\n", usage.ru_maxrss / 1024);
} catch (const Error& error) {
  std::fprintf(stderr, "bench_dp_step: %s\n", error.what());
  return 2;
}
