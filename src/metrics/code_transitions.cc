#include "metrics/code_transitions.h"

#include "metrics/code_shares.h"

namespace understudy {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// Calls visit(cell before, cell) for neighbours among a person's cells that have codes.
template <class Visit>
void for_each_step(const CodeCells& cells, const Visit& visit) {
  std::size_t before = kNone;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    if (cells.codes(cell).empty()) continue;
    if (before != kNone && cells.person(before) == cells.person(cell)) visit(before, cell);
    before = cell;
  }
}

// A walk (code_shares.h) over steps; the key is earlier code * codes + later code.
auto steps_between(std::size_t codes) {
  return [codes](const CodeCells& cells, const auto& chance, const auto& occurs) {
    for_each_step(cells, [&](std::size_t before, std::size_t cell) {
      chance(cells.person(cell));
      for (const std::int32_t earlier : cells.codes(before)) {
        const std::size_t line = static_cast<std::size_t>(earlier) * codes;
        for (const std::int32_t later : cells.codes(cell)) occurs(line + static_cast<std::size_t>(later));
      }
    });
  };
}

// A walk over the codes that could come back; key 0 is that one does.
auto recurrences(std::size_t vocabulary) {
  return [vocabulary](const CodeCells& cells, const auto& chance, const auto& occurs) {
    std::vector<std::size_t> seen(vocabulary, kNone);  // the last person with the code
    for_each_step(cells, [&](std::size_t before, std::size_t cell) {
      for (const std::int32_t code : cells.codes(before)) seen[static_cast<std::size_t>(code)] = cells.person(cell);
      for (const std::int32_t code : cells.codes(cell)) {
        chance(cells.person(cell));
        if (seen[static_cast<std::size_t>(code)] == cells.person(cell)) occurs(0);
      }
    });
  };
}

}  // namespace

std::vector<Finding> evaluate_code_transitions(const Evaluation& evaluation, const Context& context) {
  check_evaluation(evaluation, "code_transitions");
  auto specs = codes_columns(evaluation.train.schema);
  std::erase_if(specs, [&](const ColumnSpec& spec) { return spec.is_static || !evaluation.train.schema.has_series(); });
  const auto find = [](const ColumnSpec& spec, const ByRole<CodeCells>& cells, const ByRole<Resamples>& resamples) {
    const std::string absence = "nobody has two rows with codes";
    const auto [frequent, codes] = frequent_codes(cells, spec.categories.size());
    auto findings = share_findings(compare_shares(frequent, codes * codes, resamples, steps_between(codes)), spec.name,
                                   "code_step", "steps to the next row with each pair of an earlier and a later code",
                                   absence);
    const Kept one{{0}, 1};
    const auto recurrence = tally_shares(cells, one, resamples, recurrences(spec.categories.size()));
    findings.push_back(make_finding("code_recurrence_difference", {spec.name},
                                    column_estimate(compare_tallies(recurrence).mean, Against::holdout, 1),
                                    Better::lower,
                                    "Difference between synthetic and holdout people in the share of later codes that "
                                    "stood in an earlier row; 0 is equal, the reference is what other real people "
                                    "score.",
                                    absence));
    return findings;
  };
  return findings_of_columns(evaluation, context, specs, find);
}

}  // namespace understudy
