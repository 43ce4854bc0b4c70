// The spine at 200,000 subject-days of the wearable simulator: how fast `gan` trains and samples, what matrix products
// of the same shapes would allow in the same process, and the peak memory.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "understudy/error.h"
#include "understudy/generator.h"
#include "understudy/simulator.h"

extern "C" void cblas_sgemm(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float* a, int lda,
                            const float* b, int ldb, float beta, float* c, int ldc);
extern "C" void openblas_set_num_threads(int threads);

namespace understudy {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Product {
  int rows, inner, columns;
  double operations() const { return 2.0 * rows * inner * columns; }
};

// Forward, gradient of the inputs and gradient of the weights of a perceptron on `rows` rows: three products a layer.
void add_passes(std::vector<Product>& products, int rows, const std::vector<int>& widths, int times) {
  for (int i = 0; i < times; ++i) {
    for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer) products.push_back({rows, widths[layer], widths[layer + 1]});
  }
}

// The products of one update of `gan` with the gradient penalty: the critic sees real, fake and mixed rows; the mixed
// ones go forward, back to the input and once more through both for the penalty's own gradient.
// `pack`: windows of a subject that the critic sees side by side.
std::vector<Product> products_of_step(const Options& options, int generator_inputs, int width, int conditions, int pack) {
  const int rows = 128, critic_inputs = pack * width + conditions, shards = static_cast<int>((options.integer("batch") + rows - 1) / rows);
  const int hidden = static_cast<int>(options.integer("hidden"));
  std::vector<int> generator = {generator_inputs}, critic = {critic_inputs};
  for (int i = 0; i < options.integer("layers"); ++i) {
    generator.push_back(hidden);
    critic.push_back(hidden);
  }
  generator.push_back(width);
  critic.push_back(1);
  std::vector<Product> products;
  for (int shard = 0; shard < shards; ++shard) {
    for (int turn = 0; turn < options.integer("critic_steps"); ++turn) {
      add_passes(products, pack * rows, generator, 1);
      add_passes(products, 2 * rows, critic, 3);
      add_passes(products, rows, critic, 6);
    }
    add_passes(products, pack * rows, generator, 3);
    add_passes(products, rows, critic, 2);
  }
  return products;
}

double product_seconds(const std::vector<Product>& products) {
  openblas_set_num_threads(1);
  std::vector<float> a(1 << 20, 0.5F), b(1 << 20, 0.25F), c(1 << 20);
  const auto multiply = [&] {
    for (const Product& p : products) {
      cblas_sgemm(101, 111, 111, p.rows, p.columns, p.inner, 1, a.data(), p.inner, b.data(), p.columns, 0, c.data(), p.columns);
    }
  };
  multiply();
  constexpr int kRepeats = 200;
  return seconds_of([&] { for (int i = 0; i < kRepeats; ++i) multiply(); }) / kRepeats;
}

int matrix_columns(const TensorFile& file, const std::string& name) { return static_cast<int>(file.tensor(name).shape.at(1)); }
int matrix_rows(const TensorFile& file, const std::string& name) { return static_cast<int>(file.tensor(name).shape.at(0)); }

void run(int steps, int threads) {
  constexpr std::int64_t kSubjects = 8300;  // about 200,000 days: some people stop early
  Context context;
  context.seed = 1;
  context.threads = threads;
  const SimulatorEntry& simulator = find_simulator("wearable");
  Cohort cohort = make_cohort(simulator.schema());
  const double simulated = seconds_of([&] { cohort = simulator.simulate(kSubjects, context, 0); });
  const auto days = static_cast<double>(cohort.series.rows());
  std::printf("simulate   %.0f subject-days in %.2f s\n", days, simulated);

  const std::string path = (std::filesystem::temp_directory_path() / ("understudy-bench-" + std::to_string(getpid()) + ".jsonl")).string();
  Ledger ledger(path);
  const Vault vault(std::move(cohort), ledger);
  const GeneratorEntry& entry = find_generator("gan");
  Options options(entry.options);
  const auto train = [&](int count) {
    options.set("steps", std::to_string(count));
    ModelPtr model;
    const double time = seconds_of([&] { model = std::get<Inside<ModelPtr>>(entry.make()->fit(vault, options, context, {})).value(); });
    return std::pair(model, time);
  };
  // Two lengths, so that reading, encoding and calibration cancel.
  const double short_time = train(steps / 4).second;
  const auto [model, long_time] = train(steps);
  const double step = (long_time - short_time) / (steps - steps / 4);
  const double fixed = long_time - step * steps;

  const TensorFile file = model->save();
  double limit = 0;
  const auto persons = static_cast<int>(options.integer("person_latent"));
  for (const std::string part : {"statics", "series"}) {
    const bool series = part == "series";
    const int inputs = matrix_columns(file, part + ".generator.0.weight");
    const int width = matrix_rows(file, part + ".generator." + std::to_string(options.integer("layers")) + ".weight");
    const int conditions = series ? inputs - static_cast<int>(options.integer("latent")) - persons : 0;
    limit += product_seconds(products_of_step(options, inputs, width, conditions, series && persons > 0 ? 2 : 1));
  }
  std::printf("train      %.2f ms a step (%.0f rows a second), %.2f s around it; products alone on one thread %.2f ms: share %.2f\n",
              1e3 * step, static_cast<double>(options.integer("batch")) / step, fixed, 1e3 * limit, limit / step);

  std::int64_t rows = 0;
  const double sampled = seconds_of([&] { rows = model->sample({kSubjects, {}}, context).series.rows(); });
  std::printf("sample     %lld rows in %.2f s: %.0f rows a second\n", static_cast<long long>(rows), sampled, static_cast<double>(rows) / sampled);
  std::printf("memory     peak %.0f MB\n", peak_megabytes());
  unlink(path.c_str());
}

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  try {
    understudy::run(argc > 1 ? std::atoi(argv[1]) : 400, argc > 2 ? std::atoi(argv[2]) : 2);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_spine: %s\n", error.what());
    return 1;
  }
}
