#include "metrics/xgboost.h"

#include <xgboost/c_api.h>

#include <cmath>
#include <limits>
#include <utility>

#include "understudy/error.h"

namespace understudy {
namespace {

using Handle = std::shared_ptr<void>;

void check(int status, std::string_view call) {
  if (status != 0) fail(ErrorKind::internal, "XGBoost, {}: {}", call, XGBGetLastError());
}

Handle make_matrix(const Features& features) {
  const std::string array =
      fmt::format(R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
                  reinterpret_cast<std::uintptr_t>(features.values.data()), features.rows, features.columns);
  DMatrixHandle raw = nullptr;
  check(XGDMatrixCreateFromDense(array.c_str(), R"({"missing":NaN,"nthread":1})", &raw), "reading features");
  return Handle(raw, [](void* handle) { XGDMatrixFree(handle); });
}

Handle make_booster(void* matrix, const BoostOptions& options) {
  BoosterHandle raw = nullptr;
  check(XGBoosterCreate(&matrix, 1, &raw), "making a booster");
  Handle booster(raw, [](void* handle) { XGBoosterFree(handle); });
  const std::pair<const char*, std::string> parameters[] = {
      {"verbosity", "0"},
      {"nthread", "1"},
      {"tree_method", "hist"},
      {"objective", options.objective},
      {"max_depth", std::to_string(options.depth)},
      {"eta", fmt::format("{}", options.learning_rate)},
      {"seed", std::to_string(options.seed % std::numeric_limits<std::int32_t>::max())}};
  for (const auto& [name, value] : parameters) check(XGBoosterSetParam(raw, name, value.c_str()), name);
  return booster;
}

}  // namespace

Features features_of(const Table& table, std::span<const ColumnSpec> columns) {
  Features result;
  result.rows = table.rows();
  result.columns = static_cast<std::int64_t>(columns.size());
  result.values.resize(static_cast<std::size_t>(result.rows) * columns.size());
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto numbers = table.column(columns[c].name).numbers();
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      const auto number = static_cast<float>(numbers[row]);
      result.values[row * columns.size() + c] =
          std::isfinite(number) ? number : std::numeric_limits<float>::quiet_NaN();
    }
  }
  return result;
}

Features select_rows(const Features& features, std::span<const std::int64_t> rows) {
  Features result;
  result.rows = static_cast<std::int64_t>(rows.size());
  result.columns = features.columns;
  for (const std::int64_t row : rows) {
    const auto begin = features.values.begin() + row * features.columns;
    result.values.insert(result.values.end(), begin, begin + features.columns);
  }
  return result;
}

Booster Booster::train(const Features& features, std::span<const float> labels, const BoostOptions& options) {
  const Handle matrix = make_matrix(features);
  check(XGDMatrixSetFloatInfo(matrix.get(), "label", labels.data(), labels.size()), "setting labels");
  Handle booster = make_booster(matrix.get(), options);
  for (int round = 0; round < options.rounds; ++round) {
    check(XGBoosterUpdateOneIter(booster.get(), round, matrix.get()), "training");
  }
  return Booster(std::move(booster));
}

std::vector<float> Booster::predict(const Features& features) const {
  const Handle matrix = make_matrix(features);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* values = nullptr;
  constexpr char kConfig[] =
      R"({"type":0,"training":false,"iteration_begin":0,"iteration_end":0,"strict_shape":false})";
  check(XGBoosterPredictFromDMatrix(handle_.get(), matrix.get(), kConfig, &shape, &dimensions, &values), "predicting");
  return {values, values + features.rows};
}

}  // namespace understudy
