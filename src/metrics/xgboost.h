// Gradient-boosted trees: XGBoost's C API behind two calls. Single-threaded inside, so that the same data, options
// and seed give the same trees whatever the number of threads around it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "understudy/table.h"

namespace understudy {

// Row-major numbers, NaN where missing.
struct Features {
  std::vector<float> values;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

// Numbers of the given columns (categories by their index). No id or text columns.
Features features_of(const Table& table, std::span<const ColumnSpec> columns);
Features select_rows(const Features& features, std::span<const std::int64_t> rows);

struct BoostOptions {
  std::string objective = "binary:logistic";
  int rounds = 100;
  int depth = 4;
  double learning_rate = 0.1;
  std::uint64_t seed = 0;
};

class Booster {
 public:
  // One label per row. ErrorKind::internal with XGBoost's message when it refuses.
  static Booster train(const Features& features, std::span<const float> labels, const BoostOptions& options);
  // One number per row: a probability for binary:logistic.
  std::vector<float> predict(const Features& features) const;

 private:
  explicit Booster(std::shared_ptr<void> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<void> handle_;
};

}  // namespace understudy
