// Generator "halo": a hierarchical autoregressive language model (Theodorou, Xiao and Sun 2023, arXiv:2304.02169) over any schema.
//
// A subject is a sequence of multi-hot visits: the start, the labels (its statics and the number of its rows), then a visit for
// each row. A code of a codes column is a code; every number is cut into ranges, as in the paper's continuous variant, and each
// range is a code, as is each category and each range of the time since the row before; a missing value is the absence of codes
// (halo/visit_code.h). The network is halo/network.h, the drawing halo/sampler.h.
//
// Where a subject ends: the paper has an end code in the last visit. Here the number of rows is a label, so that its distribution is
// learnt as one and not as a product of one small chance for each visit, and the visits know how many are to come. Rows
// beyond the context are left out, in learning and in drawing, as published.
//
// Presets: `paper` and `paper-continuous` are the published sizes; `cpu` is small, for minutes on a processor. An option other than
// 0 overrides the preset. A condition on statics is met by drawing until enough subjects meet it.
#pragma once

#include <array>
#include <memory>

#include "generators/private_options.h"
#include "understudy/generator.h"

namespace understudy {

inline constexpr auto kHaloOptions = with_private_options(std::to_array<OptionSpec>({
    {"preset", OptionType::choice, "cpu", 0, 0, "cpu|paper|paper-continuous", "sizes and rates that the other options start from"},
    {"epochs", OptionType::integer, "0", 0, 100000, "", "times that every subject is learnt from; 0: the preset's, as for all below"},
    {"least_steps", OptionType::integer, "0", 0, 1e9, "", "steps of the optimiser, at least"},
    {"batch", OptionType::integer, "0", 0, 1e6, "", "subjects of a step"},
    {"layers", OptionType::integer, "0", 0, 256, "", "layers of the transformer"},
    {"heads", OptionType::integer, "0", 0, 1024, "", "heads of its attention; they divide the width"},
    {"width", OptionType::integer, "0", 0, 16384, "", "numbers in which a visit is remembered"},
    {"context", OptionType::integer, "0", 0, 100000, "", "visits at most, the start and the labels among them; further rows are left out"},
    {"bins", OptionType::integer, "0", 0, 1024, "", "ranges into which a number is cut"},
    {"learning_rate", OptionType::real, "0", 0, 1, "", "the highest"}}));

std::unique_ptr<Generator> make_halo();

}  // namespace understudy

// For src/generators/networks.h, which opens the shared object of the networks. The caller owns the generator.
extern "C" understudy::Generator* understudy_make_halo();
