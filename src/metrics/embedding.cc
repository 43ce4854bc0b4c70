#include "metrics/embedding.h"

#include <cblas.h>
#include <faiss/IndexFlat.h>
#include <omp.h>

#include <algorithm>
#include <cmath>

#include "understudy/context.h"
#include "understudy/random.h"

namespace understudy {
namespace {

constexpr std::int64_t kMostOneHot = 32;

// faiss starts threads of its own unless told not to; the setting belongs to the calling thread and is given back.
class SingleThread {
 public:
  SingleThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~SingleThread() { omp_set_num_threads(before_); }
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  int before_;
};

// OpenBLAS, which faiss computes with, has one setting for the whole process; it too is given back.
class SingleThreadBlas {
 public:
  SingleThreadBlas() : before_(openblas_get_num_threads()) { openblas_set_num_threads(1); }
  ~SingleThreadBlas() { openblas_set_num_threads(before_); }
  SingleThreadBlas(const SingleThreadBlas&) = delete;
  SingleThreadBlas& operator=(const SingleThreadBlas&) = delete;

 private:
  int before_;
};

double mean_of_column(const std::vector<double>& numbers, std::int64_t& count) {
  double sum = 0;
  count = 0;
  for (const double v : numbers) {
    if (!std::isfinite(v)) continue;
    sum += v;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

std::int64_t column_width(const ColumnSpec& spec) {
  if (is_numeric(spec.type)) return spec.nullable ? 2 : 1;
  return std::min(kMostOneHot, static_cast<std::int64_t>(spec.categories.size()) + 2);  // missing, undeclared
}

float distance_squared(const float* a, const float* b, std::int64_t width) {
  float sum = 0;
  for (std::int64_t i = 0; i < width; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace

RowEmbedding::RowEmbedding(const Table& train, std::vector<ColumnSpec> columns) : columns_(std::move(columns)) {
  for (const ColumnSpec& spec : columns_) {
    offsets_.push_back(width_);
    width_ += column_width(spec);
    std::int64_t count = 0;
    double squares = 0;
    double mean = 0;
    if (is_numeric(spec.type)) {
      const auto numbers = train.column(spec.name).numbers();
      mean = mean_of_column(numbers, count);
      for (const double v : numbers) squares += std::isfinite(v) ? (v - mean) * (v - mean) : 0;
    }
    means_.push_back(mean);
    scales_.push_back(squares > 0 ? 1 / std::sqrt(squares / static_cast<double>(count)) : 1);
  }
}

std::vector<float> RowEmbedding::points(const Table& table) const {
  std::vector<float> out(static_cast<std::size_t>(table.rows() * width_));
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = table.column(columns_[c].name);
    if (is_numeric(columns_[c].type)) {
      place_numbers(column, c, out);
    } else {
      place_categories(column, c, out);
    }
  }
  return out;
}

void RowEmbedding::place_numbers(const Column& column, std::size_t c, std::vector<float>& out) const {
  for (std::int64_t row = 0; row < column.size(); ++row) {
    float* at = out.data() + row * width_ + offsets_[c];
    const double v = column.is_valid(row) ? column.number(row) : std::nan("");
    at[0] = std::isfinite(v) ? static_cast<float>((v - means_[c]) * scales_[c]) : 0;
    if (columns_[c].nullable) at[1] = std::isfinite(v) ? 0 : 1;
  }
}

void RowEmbedding::place_categories(const Column& column, std::size_t c, std::vector<float>& out) const {
  const auto declared = static_cast<double>(columns_[c].categories.size());
  const std::int64_t width = column_width(columns_[c]);
  const bool one_hot = static_cast<std::int64_t>(declared) + 2 <= kMostOneHot;
  const float side = 1 / std::sqrt(2 * static_cast<float>(width));
  const Rng signs(0);
  for (std::int64_t row = 0; row < column.size(); ++row) {
    float* at = out.data() + row * width_ + offsets_[c];
    std::int64_t level = static_cast<std::int64_t>(declared);
    if (column.is_valid(row)) {
      const double code = column.number(row);
      level = code >= 0 && code < declared ? static_cast<std::int64_t>(code) : level + 1;
    }
    if (one_hot) {
      at[level] = std::sqrt(0.5F);
      continue;
    }
    const std::uint64_t bits = signs.stream("signs", static_cast<std::uint64_t>(level)).next();
    for (std::int64_t k = 0; k < width; ++k) at[k] = ((bits >> k) & 1U) != 0 ? side : -side;
  }
}

std::vector<double> nearest_distances(std::span<const float> queries, std::span<const float> base, std::int64_t width,
                                      int threads) {
  constexpr std::int64_t kBlock = 512;
  const SingleThread caller;
  const SingleThreadBlas blas;
  faiss::IndexFlatL2 index(width);
  index.add(static_cast<std::int64_t>(base.size()) / width, base.data());
  const std::int64_t count = static_cast<std::int64_t>(queries.size()) / width;
  std::vector<double> result(static_cast<std::size_t>(count));
  parallel_for((count + kBlock - 1) / kBlock, threads, [&](std::int64_t block) {
    const SingleThread worker;
    const std::int64_t first = block * kBlock;
    const std::int64_t n = std::min(kBlock, count - first);
    std::vector<float> rough(static_cast<std::size_t>(n));
    std::vector<std::int64_t> nearest(static_cast<std::size_t>(n));
    index.search(n, queries.data() + first * width, 1, rough.data(), nearest.data());
    for (std::int64_t i = 0; i < n; ++i) {
      const float* query = queries.data() + (first + i) * width;
      const float* found = base.data() + nearest[static_cast<std::size_t>(i)] * width;
      result[static_cast<std::size_t>(first + i)] = std::sqrt(distance_squared(query, found, width));
    }
  });
  return result;
}

}  // namespace understudy
