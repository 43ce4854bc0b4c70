// A small vocabulary for the tests of halo: labels and rows of known groups.
#pragma once

#include "generators/halo/records.h"
#include "generators/model_file.h"

namespace understudy::testing {

// Labels: a category of 3, and the number of rows (0 to 4). Rows: a code of two, and a number in ranges that may be missing.
struct HaloWorld {
  HaloWorld() : specs_of_labels{{.name = "ward", .type = ColumnType::category, .categories = {"a", "b", "c"}, .nullable = false}},
                specs_of_rows{{.name = "found", .type = ColumnType::codes, .categories = {"x", "y"}},
                              {.name = "rate", .type = ColumnType::integer, .minimum = 0, .maximum = 7}},
                labels(code_of_labels(), 0), visits(code_of_rows(), 0) {
    labels = VisitCode(code_of_labels(), visits.codes());
    shape.codes = visits.codes() + labels.codes();
  }

  std::vector<double> chances() const {
    std::vector<double> result = visits.chances();
    result.insert(result.end(), labels.chances().begin(), labels.chances().end());
    return result;
  }

  RowCode code_of_labels() const {
    Table table(specs_of_labels);
    table.resize(30);
    for (std::int64_t row = 0; row < 30; ++row) table.column(0).set_number(row, static_cast<double>(row % 3));
    Column counts(ColumnType::integer);
    counts.resize(30);
    for (std::int64_t row = 0; row < 30; ++row) counts.set_number(row, static_cast<double>(row % 5));
    ColumnSpec count;
    count.type = ColumnType::integer;
    count.nullable = false;
    return {specs_of_labels, learn_marginals(specs_of_labels, table), Bins(count, learn_marginal(count, counts, {.min_values = 0}))};
  }

  RowCode code_of_rows() const {
    Table table(specs_of_rows);
    table.resize(80);
    for (std::int64_t row = 0; row < 80; ++row) {
      if (row % 2 == 0) table.column(0).set_codes(row, row % 4 == 0 ? std::vector<std::int32_t>{0} : std::vector<std::int32_t>{0, 1});
      if (row % 5 != 0) table.column(1).set_number(row, static_cast<double>(row % 8));
    }
    return {specs_of_rows, learn_marginals(specs_of_rows, table)};
  }

  std::vector<ColumnSpec> specs_of_labels, specs_of_rows;
  VisitCode labels, visits;
  HaloShape shape{.context = 6, .layers = 2, .heads = 2, .width = 8, .slope = 0.2};
};

}  // namespace understudy::testing
