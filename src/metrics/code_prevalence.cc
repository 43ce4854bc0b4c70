#include "metrics/code_prevalence.h"

#include "metrics/code_shares.h"
#include "metrics/distribution.h"
#include "metrics/series.h"

namespace understudy {
namespace {

Distribution codes_per_cell(const CodeCells& cells) {
  Distribution result;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    result.add(static_cast<double>(cells.codes(cell).size()), cells.person(cell));
  }
  result.sort();
  return result;
}

std::vector<Finding> findings_of_sizes(const Evaluation& evaluation, const Context& context,
                                       const std::vector<ColumnSpec>& specs) {
  if (specs.empty()) return {};
  const auto views = views_of(evaluation);
  const auto describe = [&](Role role, std::size_t item) { return codes_per_cell({views[role], specs[item]}); };
  std::vector<Finding> findings;
  for (const auto& column : compare_items(evaluation, context, names_of(specs), describe, ks_distance)) {
    findings.push_back(make_finding("codes_per_cell_ks", {column.column},
                                    column_estimate(column, Against::holdout, 1), Better::lower,
                                    "Kolmogorov-Smirnov distance of synthetic from holdout cells in the number of "
                                    "codes; 0 is equal, the reference is what other real people score.",
                                    "nobody has a row"));
  }
  return findings;
}

}  // namespace

std::vector<Finding> evaluate_code_prevalence(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "code_prevalence");
  const auto specs = codes_columns(evaluation.train.schema);
  const auto find = [](const ColumnSpec& spec, const ByRole<CodeCells>& cells, const ByRole<Resamples>& resamples) {
    return share_findings(compare_shares(cells, spec.categories.size(), resamples, kWalkCodes), spec.name,
                          "code_prevalence", "cells (people, or rows of a series) with each code",
                          "nobody has a code");
  };
  auto findings = findings_of_columns(evaluation, context, specs, find);
  const auto sizes = findings_of_sizes(evaluation, context, specs);
  findings.insert(findings.end(), sizes.begin(), sizes.end());
  return findings;
}

}  // namespace understudy
