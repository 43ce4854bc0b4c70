#include "metrics/code_cooccurrence.h"

#include "metrics/code_shares.h"

namespace understudy {

std::vector<Finding> evaluate_code_cooccurrence(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "code_cooccurrence");
  const auto find = [](const ColumnSpec& spec, const ByRole<CodeCells>& cells, const ByRole<Resamples>& resamples) {
    const auto [frequent, codes] = frequent_codes(cells, spec.categories.size());
    const auto walk_pairs = [width = codes](const CodeCells& all, const auto& chance, const auto& occurs) {
      for (std::size_t cell = 0; cell < all.size(); ++cell) {
        chance(all.person(cell));
        const auto here = all.codes(cell);
        for (std::size_t a = 0; a < here.size(); ++a) {
          const std::size_t line = static_cast<std::size_t>(here[a]) * width;
          for (std::size_t b = a + 1; b < here.size(); ++b) occurs(line + static_cast<std::size_t>(here[b]));
        }
      }
    };
    return share_findings(compare_shares(frequent, codes * codes, resamples, walk_pairs), spec.name, "code_pair",
                          "cells (people, or rows of a series) with each pair of codes", "nobody has two codes");
  };
  return findings_of_columns(evaluation, context, codes_columns(evaluation.train.schema), find);
}

}  // namespace understudy
