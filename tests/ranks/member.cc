// One of several processes. Takes its place by the environment, does the task, and writes what came out, as bytes.
//   member TASK FILE PATIENCE-IN-SECONDS
// Exit code of the command line: 7 for ErrorKind::lost.
#include <ATen/ATen.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numeric>

#include "generators/networks.h"
#include "nn/blocks/linear.h"
#include "nn/clipped_sum.h"
#include "nn/noise.h"
#include "privacy/noise/noisy_total.h"
#include "understudy/error.h"

using namespace understudy;

namespace {

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// Sums of several lengths, of numbers that are not the same at any two ranks, and texts of several lengths.
std::string sums(Ranks* ranks) {
  std::string all;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{300001}}) {
    std::vector<float> values(size);
    Rng rng = Rng(5).stream("values", static_cast<std::uint64_t>(ranks->rank()));
    for (float& value : values) value = static_cast<float>(rng.normal());
    ranks->add_up(values);
    all += bytes_of(values);
    std::string text(size, static_cast<char>('a' + ranks->rank()));
    ranks->share(text);
    all += text;
  }
  return all;
}

// A network of more parameters than a block of noise, and its people.
struct World {
  World() : layer(parameters, "layer", 8, 300, rng), x(nn::normals(rng, 40, 8)) {}
  nn::SubjectLoss loss() const {
    return [this](nn::Tape& tape, std::span<const std::int64_t> subjects) {
      at::Tensor rows = at::zeros({static_cast<std::int64_t>(subjects.size()), 8});
      for (std::size_t i = 0; i < subjects.size(); ++i) {
        if (subjects[i] >= 0) rows[static_cast<std::int64_t>(i)].copy_(x[subjects[i]]);
      }
      return layer(tape, rows).square().sum();
    };
  }
  static std::vector<std::int64_t> people() {
    std::vector<std::int64_t> all(40);
    std::iota(all.begin(), all.end(), 0);
    return all;
  }
  Rng rng{1};
  nn::Parameters parameters;
  nn::Linear layer;
  at::Tensor x;
};

std::string clipped(Ranks* ranks) {
  const World world;
  nn::ShardPool pool(1);
  const auto source = make_noise_source(3);
  std::vector<double> sum(static_cast<std::size_t>(world.parameters.size()));
  const auto subjects = own_subjects(World::people(), ranks);
  nn::add_clipped(pool, subjects, {.bound = 1, .micro_batch = 6}, nn::on_tape(world.parameters.flat(), world.loss()), sum);
  noisy_total(*source, sum, 0.5, ranks);
  return bytes_of(sum);
}

std::string mean(Ranks* ranks) {
  const World world;
  nn::ShardPool pool(2);
  const at::Tensor flat = world.parameters.flat();
  const at::Tensor all = nn::mean_gradient(pool, flat, World::people(), 6, world.loss(), ranks);
  std::vector<double> values(all.data_ptr<float>(), all.data_ptr<float>() + all.numel());
  const auto number = [](std::int64_t shard) { return std::vector<at::Tensor>{at::full({2, 3}, static_cast<float>(shard))}; };
  const auto shards = pool.mean(5, number, ranks);
  values.push_back(shards[0].sum().item<double>());
  return bytes_of(values);
}

// Sums of the squares of each number's noise.
std::string squares(Ranks* ranks) {
  const auto source = make_noise_source(0);
  std::vector<double> squares(1500);
  for (int round = 0; round < 400; ++round) {
    std::vector<double> sum(squares.size());
    noisy_total(*source, sum, 1, ranks);
    for (std::size_t i = 0; i < sum.size(); ++i) squares[i] += sum[i] * sum[i];
  }
  return bytes_of(squares);
}

// Says after each sum that it is done; ends when a rank is lost.
std::string on_and_on(Ranks* ranks) {
  std::vector<float> values(100000);
  while (true) {
    ranks->add_up(values);
    if (write(STDOUT_FILENO, "+", 1) != 1) return "";
    usleep(1000);
  }
}

std::string nothing(Ranks*) { return "met"; }

std::string run(const std::string& task, std::chrono::milliseconds patience) {
  static const std::map<std::string, std::string (*)(Ranks*)> kTasks = {
      {"sums", sums}, {"clipped", clipped}, {"mean", mean}, {"squares", squares}, {"on-and-on", on_and_on}, {"nothing", nothing}};
  auto meeting = rendezvous_from_environment([](const char* name) { return std::getenv(name); });
  if (!meeting) return kTasks.at(task)(nullptr);
  meeting->start_patience = meeting->step_patience = patience;
  const auto ranks = open_ranks(*meeting);
  return kTasks.at(task)(ranks.get());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return static_cast<int>(ErrorKind::usage);
  try {
    const std::string result = run(argv[1], std::chrono::milliseconds(static_cast<int>(1000 * std::atof(argv[3]))));
    std::ofstream(argv[2], std::ios::binary) << result;
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return static_cast<int>(error.kind());
  }
}
